import { hkdfSync, scryptSync } from 'node:crypto';

/** Characters of a secret that is used as it is. */
const LONG_ENOUGH = 32;

/** Part of the derivation: another value ends all sessions. */
const LABEL = 'tenantry: secret of sessions';

/** About a tenth of a second and 32 MiB for each guess. */
const SCRYPT = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 2 ** 20 };

export const isShort = (secret: string): boolean => secret.length < LONG_ENOUGH;

/** A short secret is stretched, so that guessing it takes longer; a long one is used as it is. */
export const sessionSecretFrom = (secret: string): string =>
  isShort(secret) ? scryptSync(secret, LABEL, 32, SCRYPT).toString('base64url') : secret;

/** The same on all replicas, which share the salt; tells nothing about it (RFC 5869). */
export const sessionSecretOfSalt = (salt: string): string =>
  Buffer.from(hkdfSync('sha256', sessionSecretFrom(salt), '', LABEL, 32)).toString('base64url');
