import { isUtf8 } from 'node:buffer';
import type { DomainError } from '../../../common/errors/domain-error.js';
import type { LoginLane } from '../../../common/secrets/password-hasher.js';
import type { StartedSession } from '../../sessions/index.js';

export type LoginCredentials = { email: string; password: string };

export type LoginAttempt = {
  /** Null if the password is wrong. */
  start(password: string, lane: LoginLane): Promise<StartedSession | null>;
  recordRefusal(error: DomainError): Promise<void>;
};

const BASIC = /^Basic +([A-Za-z0-9+/]+={0,2})$/i;

/**
 * From HTTP Basic in UTF-8 (RFC 7617: the user name ends at the first colon), else from a JSON body; null if malformed.
 */
export function loginCredentials(authorization: string | undefined, body: unknown): LoginCredentials | null {
  const encoded = BASIC.exec(authorization ?? '')?.[1];
  return encoded ? fromBasic(encoded) : fromBody(body);
}

function fromBasic(encoded: string): LoginCredentials | null {
  const bytes = Buffer.from(encoded, 'base64');
  const text = isUtf8(bytes) ? bytes.toString('utf8') : '';
  const colon = text.indexOf(':');
  return colon > 0 ? { email: text.slice(0, colon), password: text.slice(colon + 1) } : null;
}

function fromBody(body: unknown): LoginCredentials | null {
  const { email, password } = (body ?? {}) as Record<string, unknown>;
  return typeof email === 'string' && typeof password === 'string' ? { email, password } : null;
}
