const MAX_LENGTH = 200; // characters

/** A value of the provider's response for the log: one line, of limited length, without control characters. */
export function printable(value: unknown): string {
  if (typeof value !== 'string') return 'none';
  return JSON.stringify(value.slice(0, MAX_LENGTH).replace(/[^\x20-\x7e]/g, '?'));
}

/** An error code as the standards write them; other text, which may contain personal data, is 'unknown'. */
export const errorCode = (value: unknown): string =>
  typeof value === 'string' && /^[a-z][a-z0-9_]{0,63}$/i.test(value) ? value : 'unknown';
