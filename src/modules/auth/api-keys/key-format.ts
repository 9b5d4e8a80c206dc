import { hash, randomBytes } from 'node:crypto';

/** A personal access token acts for its owner, a service key for itself. */
export type ApiKeyKind = 'pat' | 'service';

const PREFIXES: Record<ApiKeyKind, string> = { pat: 'lsv2_pt_', service: 'lsv2_sk_' };
const API_KEY = /^((lsv2_pt_|lsv2_sk_)[0-9a-f]{32})_([0-9a-f]{10})$/;

/**
 * A new key (contract decision 10): prefix, 128 random bits as 32 hex digits, `_`, and a checksum of 10 hex digits.
 * Shown to its owner once; only `secretDigest` of it is stored.
 */
export function newApiKey(kind: ApiKeyKind): string {
  const body = PREFIXES[kind] + randomBytes(16).toString('hex');
  return `${body}_${checksum(body)}`;
}

/**
 * What kind of key the text is; null when it is none or was mistyped, which takes no query to find out.
 * It says nothing about whether the key was ever issued.
 */
export function parseApiKey(text: string): { kind: ApiKeyKind } | null {
  const [, body, prefix, given] = API_KEY.exec(text) ?? [];
  // An ordinary comparison: anybody can compute the checksum, so its time gives nothing away.
  if (body === undefined || checksum(body) !== given) return null;
  return { kind: prefix === PREFIXES.pat ? 'pat' : 'service' };
}

/** How a key is shown in lists: `lsv2_pt_1a2b...9f0e`, prefix, first four and last four digits. */
export function shortKey(key: string): string {
  return `${key.slice(0, PREFIXES.pat.length + 4)}...${key.slice(-4)}`;
}

/** The first 10 hex digits of SHA-256 over all that stands before the last `_`. */
function checksum(body: string): string {
  return hash('sha256', body, 'hex').slice(0, 10);
}
