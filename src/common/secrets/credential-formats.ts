import { createHmac, hash, randomBytes, randomInt } from 'node:crypto';

/** A personal access token acts for its owner, a service key for itself. */
export type ApiKeyKind = 'pat' | 'service';

const PREFIXES: Record<ApiKeyKind, string> = { pat: 'lsv2_pt_', service: 'lsv2_sk_' };
const API_KEY = /^((lsv2_pt_|lsv2_sk_)[0-9a-f]{32})_([0-9a-f]{10})$/;

/**
 * Generates a key: prefix, 128 random bits as 32 hex digits, `_`, and a checksum of 10 hex digits
 * (docs/contract/keys.md#key-format). Shown once; only its `secretDigest` is stored.
 */
export function newApiKey(kind: ApiKeyKind): string {
  const body = PREFIXES[kind] + randomBytes(16).toString('hex');
  return `${body}_${checksumOf(hash('sha256', body, 'hex'))}`;
}

/** `sha256`: of the key without its checksum, in hex. It identifies the key in memory, and is not stored. */
export type ParsedApiKey = { readonly kind: ApiKeyKind; readonly sha256: string };

/**
 * Null if the text is malformed or mistyped. Needs no query and does not reveal whether the key was ever issued.
 */
export function parseApiKey(text: string): ParsedApiKey | null {
  const [, body, prefix, given] = API_KEY.exec(text) ?? [];
  if (body === undefined) return null;
  const sha256 = hash('sha256', body, 'hex');
  // Not constant-time: anyone can compute the checksum, so timing reveals nothing.
  if (checksumOf(sha256) !== given) return null;
  return { kind: prefix === PREFIXES.pat ? 'pat' : 'service', sha256 };
}

/** The short form for lists: prefix, first four and last four digits, as in `lsv2_pt_1a2b...9f0e`. */
export function shortKey(key: string): string {
  return `${key.slice(0, PREFIXES.pat.length + 4)}...${key.slice(-4)}`;
}

/** The first 10 hex digits of the SHA-256 of everything before the last `_`. */
const checksumOf = (sha256: string): string => sha256.slice(0, 10);

/** The prefixes of what the authorization server issues; none begins with that of a key. */
export const OAUTH_PREFIXES = {
  AccessToken: 'tnt_at_',
  RefreshToken: 'tnt_rt_',
  AuthorizationCode: 'tnt_ac_',
  DeviceCode: 'tnt_dc_',
} as const;

const ACCESS_TOKEN = /^tnt_at_[\w-]{43}$/;

/** Whether the text has the form of an access token; avoids a query for other texts. */
export const looksLikeAccessToken = (text: string): boolean => ACCESS_TOKEN.test(text);

const SCIM_PREFIX = 'lsv2_scim_';
const SECRET_BYTES = 32; // 43 characters of base64url
const SCIM_TOKEN = /^lsv2_scim_[\w-]{43}$/;

/** A new token, shown to its creator once; only its digest is stored (docs/contract/keys.md#key-format). */
export const newScimToken = (): string => SCIM_PREFIX + randomBytes(SECRET_BYTES).toString('base64url');

/** Whether the text has the form of a token; avoids a query for other texts. */
export const looksLikeScimToken = (text: string): boolean => SCIM_TOKEN.test(text);

/** How lists show a token: prefix, first four and last four characters. */
export const shortScimToken = (token: string): string =>
  `${token.slice(0, SCIM_PREFIX.length + 4)}...${token.slice(-4)}`;

/** The secret of a confidential client, shown once; only its `secretDigest` is stored. */
export const newClientSecret = (): string => `tnt_cs_${randomBytes(SECRET_BYTES).toString('base64url')}`;

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** `oc_`: a client of an organization; `dcr_`: one that registers itself. No secret. */
export const newClientId = (prefix: 'oc_' | 'dcr_'): string =>
  prefix + Array.from({ length: 32 }, () => BASE62[randomInt(BASE62.length)]).join('');

/**
 * The stored form of a secret: 32 bytes of HMAC-SHA-256 under a secret of the installation. Secrets are looked up by
 * this digest in an index; timing reveals only digests, which cannot be computed without `salt`.
 */
export function secretDigest(salt: string, secret: string): Buffer {
  return createHmac('sha256', salt).update(secret).digest();
}
