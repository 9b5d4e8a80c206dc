import { randomBytes, scryptSync, timingSafeEqual } from 'node:crypto';
import type { Config } from '../../config/config.js';

/** `neededFor`: what does not work when the restored installation has another value; null if nothing that matters. */
type Secret = { readonly name: string; readonly value: string; readonly neededFor: string | null };

const secretsOf = ({ apiKeys, audit, basicAuth }: Config): Secret[] => [
  {
    name: 'API_KEY_SALT',
    value: apiKeys.salt,
    neededFor:
      'API keys and SCIM tokens are valid, and secrets of webhooks and log streams can be read, only with the same',
  },
  {
    name: 'AUDIT_SEAL_SECRET (API_KEY_SALT if unset)',
    value: audit.sealSecret,
    neededFor: 'the audit log is verified, and its old entries are removed, only with the same',
  },
  // Signs sessions, which are not restored. Networks of recent logins are looked up by a digest under it.
  { name: 'BASIC_AUTH_JWT_SECRET', value: basicAuth.jwtSecret, neededFor: null },
];

/** By the names of the secrets in the environment; the digests cannot be reversed. */
export type Fingerprints = { readonly salt: string; readonly digests: Readonly<Record<string, string>> };

const SALT_BYTES = 16;
const DIGEST_BYTES = 32;

/** scrypt, so that a secret that an operator chose cannot be guessed quickly from the file. */
const digestOf = (salt: string, { name, value }: Secret): Buffer =>
  scryptSync(value, `${salt} ${name}`, DIGEST_BYTES);

export function fingerprintsOf(config: Config): Fingerprints {
  const salt = randomBytes(SALT_BYTES).toString('hex');
  const digests = secretsOf(config).map((secret) => [secret.name, digestOf(salt, secret).toString('hex')]);
  return { salt, digests: Object.fromEntries(digests) };
}

export type SecretCheck = Omit<Secret, 'value'> & { readonly isSame: boolean };

/** Compares the secrets of this environment with those of the installation that was backed up. */
export const compareSecrets = ({ salt, digests }: Fingerprints, config: Config): SecretCheck[] =>
  secretsOf(config).map((secret) => {
    const stored = Buffer.from(digests[secret.name] ?? '', 'hex');
    const own = digestOf(salt, secret);
    const isSame = stored.length === own.length && timingSafeEqual(stored, own);
    return { name: secret.name, isSame, neededFor: secret.neededFor };
  });
