/** What a caller shows to be recognised. Whether it is valid is not known yet. */
export type Credential = { kind: 'api-key'; value: string } | { kind: 'session-token'; value: string };

type Headers = Readonly<Record<string, string | string[] | undefined>>;

const BEARER = /^Bearer +(\S+)$/i;
const KEY_PREFIX = 'lsv2_';

/**
 * The credential of a request, from headers with lower-case names (as Node gives them). `X-API-Key` wins over
 * `Authorization: Bearer`, which carries a session token or a key. Basic is for logging in, it is none here.
 */
export function credentialOf(headers: Headers): Credential | null {
  const key = single(headers['x-api-key']);
  if (key) return { kind: 'api-key', value: key };
  const bearer = BEARER.exec(single(headers.authorization) ?? '')?.[1];
  if (!bearer) return null;
  return { kind: bearer.startsWith(KEY_PREFIX) ? 'api-key' : 'session-token', value: bearer };
}

/** An empty header is an absent one, and so is a repeated one: nobody can say which was meant. */
export function single(header: string | string[] | undefined): string | null {
  return typeof header === 'string' ? header.trim() || null : null;
}
