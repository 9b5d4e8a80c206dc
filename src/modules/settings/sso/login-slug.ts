import { randomBytes } from 'node:crypto';

const MAX_LENGTH = 40; // characters

/** A readable, unique name for an organization's login page. */
export function loginSlug(displayName: string): string {
  const words = displayName.toLowerCase().match(/[a-z0-9]+/g) ?? ['org'];
  const name = words.join('-').slice(0, MAX_LENGTH).replace(/-$/, '');
  return `${name}-${randomBytes(5).toString('hex')}`;
}
