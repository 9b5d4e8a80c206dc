import { readFileSync } from 'node:fs';
import { InvalidVariable } from './environment.errors.js';

/** Variables whose value may be in a file instead, which `NAME_FILE` names (docs/contract/installation.md#secrets). */
const SECRETS: ReadonlySet<string> = new Set([
  'DATABASE_URL',
  'POSTGRES_DATABASE_URI',
  'DATABASE_DIRECT_URL',
  'INITIAL_ORG_ADMIN_PASSWORD',
  'BOOTSTRAP_SERVICE_KEY',
  'BOOTSTRAP_SCIM_TOKEN',
  'BASIC_AUTH_JWT_SECRET',
  'OAUTH_CLIENT_ID',
  'OAUTH_CLIENT_SECRET',
  'OAUTH_CLIENT_PRIVATE_KEY',
  'OAUTH_ISSUER_URL',
  'API_KEY_SALT',
  'X_SERVICE_AUTH_JWT_SECRET',
  'AUDIT_SEAL_SECRET',
  'SMTP_URL',
  'HTTPS_PROXY',
]);

/** The names under which the value of a variable may be given, itself first. */
export const spellingsOf = (variable: string): string[] =>
  SECRETS.has(variable) ? [variable, `${variable}_FILE`] : [variable];

/** Whether the variable holds the path of the file with a secret, not the secret. */
export const namesSecretFile = (variable: string): boolean =>
  variable.endsWith('_FILE') && SECRETS.has(variable.slice(0, -'_FILE'.length));

/**
 * The content of a file, without the line break at its end that editors and `echo` add.
 *
 * @throws InvalidVariable also if it is empty, as a file that something else has yet to write
 */
export function textOfFile(path: string): string {
  const text = read(path).replace(/\r?\n$/, '');
  if (text === '') throw new InvalidVariable('the file is empty');
  return text;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    throw new InvalidVariable(`the file cannot be read: ${code}`, { cause: error });
  }
}
