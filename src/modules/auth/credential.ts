/** What a caller shows to be recognised. Whether it is valid is not known yet. */
export type Credential = { kind: 'api-key' | 'session-token' | 'cookie'; value: string };

type Headers = Readonly<Record<string, string | string[] | undefined>>;
type Cookie = { readToken(header: string | undefined): string | null };

const BEARER = /^Bearer +(\S+)$/i;
const KEY_PREFIX = 'lsv2_';

/**
 * The credential of a request, from headers with lower-case names (as Node gives them). `X-API-Key` wins over
 * `Authorization: Bearer`, which carries a session token or a key; a client that sends either means it, and a cookie
 * that its browser adds does not count. Basic is for logging in, it is none here.
 */
export function credentialOf(headers: Headers, cookie: Cookie): Credential | null {
  const key = single(headers['x-api-key']);
  if (key) return { kind: 'api-key', value: key };
  const bearer = BEARER.exec(single(headers.authorization) ?? '')?.[1];
  if (bearer) return { kind: bearer.startsWith(KEY_PREFIX) ? 'api-key' : 'session-token', value: bearer };
  const token = cookie.readToken(single(headers['cookie']) ?? undefined);
  return token === null ? null : { kind: 'cookie', value: token };
}

/** An empty header is an absent one, and so is a repeated one: nobody can say which was meant. */
export function single(header: string | string[] | undefined): string | null {
  return typeof header === 'string' ? header.trim() || null : null;
}
