/** The credential of a request, not validated yet. */
export type Credential = { kind: 'api-key' | 'session-token' | 'cookie'; value: string };

type Headers = Readonly<Record<string, string | string[] | undefined> & { cookie?: string | undefined }>;
type Cookie = { readToken(header: string | undefined): string | null };

const BEARER = /^Bearer +(\S+)$/i;
const KEY_PREFIX = 'lsv2_';

/**
 * Reads the credential from headers with lower-case names. `X-API-Key` wins over `Authorization: Bearer`, which carries
 * a session token or a key; both win over a cookie, which the browser adds by itself. Basic is for login only.
 */
export function credentialOf(headers: Headers, cookie: Cookie): Credential | null {
  const key = single(headers['x-api-key']);
  if (key) return { kind: 'api-key', value: key };
  const bearer = BEARER.exec(single(headers.authorization) ?? '')?.[1];
  if (bearer) return { kind: bearer.startsWith(KEY_PREFIX) ? 'api-key' : 'session-token', value: bearer };
  const token = cookie.readToken(headers.cookie);
  return token === null ? null : { kind: 'cookie', value: token };
}

/** Null for an absent, empty or repeated header; a repeated one is ambiguous. */
export function single(header: string | string[] | undefined): string | null {
  return typeof header === 'string' ? header.trim() || null : null;
}
