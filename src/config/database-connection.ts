import { accessSync, constants } from 'node:fs';
import { InvalidVariable } from './environment.errors.js';
import type { VariableReader } from './variable-readers.js';

/** What applies to every connection, however the URL was given. */
export type ConnectionSettings = {
  readonly POSTGRES_SCHEMA: string | null;
  readonly POSTGRES_TLS: boolean;
  readonly POSTGRES_TLS_CLIENT_CERT_PATH: string | null;
  readonly POSTGRES_TLS_CLIENT_KEY_PATH: string | null;
  readonly SSL_CERT_FILE: string | null;
};

/** The modes of libpq that connections can have after negotiation, in their order of strength. */
const MODES = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'] as const;
type Mode = (typeof MODES)[number];

/** Other spellings: of JDBC, which libpq accepts too, and of node-postgres. */
const SPELLINGS: Readonly<Record<string, Mode>> = {
  true: 'require',
  1: 'require',
  false: 'disable',
  0: 'disable',
  'no-verify': 'require',
};

/** The schema that PostgreSQL has by default; the settings of the role and the database decide about it. */
const DEFAULT_SCHEMA = 'public';

/** The schema that every connection has to use; null: that of the role or the database. */
export const schemaOf = ({ POSTGRES_SCHEMA: schema }: ConnectionSettings): string | null =>
  schema === DEFAULT_SCHEMA ? null : schema;

/**
 * The URL with TLS and schema as node-postgres needs them, where they have the meaning of libpq
 * (docs/contract/installation.md#tls-to-the-database).
 *
 * @throws InvalidVariable if the settings contradict each other or a file cannot be read
 */
export function connectionUrl(given: string, settings: ConnectionSettings): string {
  const url = new URL(given);
  setTls(url.searchParams, settings);
  setSchema(url.searchParams, schemaOf(settings));
  return url.href;
}

function setTls(parameters: URLSearchParams, settings: ConnectionSettings): void {
  const client = takeClientFiles(parameters, settings);
  const root = takeParameter(parameters, 'sslrootcert');
  const given = takeMode(parameters);
  const isTlsWanted = settings.POSTGRES_TLS || client.sslcert !== null;
  const mode = given === 'disable' ? given : effectiveMode(given, root, settings);
  if (mode === 'disable' && isTlsWanted)
    throw new InvalidVariable('sslmode=disable contradicts TLS settings');
  if (mode === null && !isTlsWanted) return;
  parameters.set('sslmode', mode ?? 'prefer');
  if (mode === 'disable') return;
  parameters.set('uselibpqcompat', 'true');
  const files = { sslrootcert: rootFor(mode ?? 'prefer', root, settings), ...client };
  for (const [name, path] of Object.entries(files)) {
    if (path !== null) parameters.set(name, readable(name, path));
  }
}

/** Null if the URL says nothing. */
function takeMode(parameters: URLSearchParams): Mode | null {
  const ssl = takeParameter(parameters, 'ssl');
  const text = takeParameter(parameters, 'sslmode') ?? ssl;
  if (text === null) return null;
  const mode = SPELLINGS[text] ?? MODES.find((known) => known === text);
  if (mode === undefined) throw new InvalidVariable(`sslmode must be one of ${MODES.join(', ')}`);
  return mode;
}

/** Null: encrypted if the server can. */
function effectiveMode(given: Mode | null, root: string | null, settings: ConnectionSettings): Mode | null {
  if (root === 'system' && given !== null && given !== 'verify-full') {
    throw new InvalidVariable('sslrootcert=system needs sslmode=verify-full');
  }
  const isOptional = given === null || given === 'allow' || given === 'prefer';
  if (isOptional && settings.POSTGRES_TLS) return 'verify-full';
  return given ?? (root === null ? null : 'verify-full'); // libpq would ignore the root
}

/** Of libpq, which encrypts with `require` alone, and verifies as soon as there is a root certificate. */
function rootFor(mode: Mode, root: string | null, settings: ConnectionSettings): string | null {
  if (mode === 'verify-full') return root === 'system' ? null : root; // the authorities of Node and SSL_CERT_FILE
  if (root !== null) return root;
  const isVerified = mode === 'verify-ca' || (mode === 'require' && settings.POSTGRES_TLS);
  if (isVerified && settings.SSL_CERT_FILE !== null) return settings.SSL_CERT_FILE;
  if (mode === 'verify-ca') throw new InvalidVariable('sslmode=verify-ca needs sslrootcert or SSL_CERT_FILE');
  return null;
}

function takeClientFiles(parameters: URLSearchParams, settings: ConnectionSettings) {
  const sslcert = takeParameter(parameters, 'sslcert') ?? settings.POSTGRES_TLS_CLIENT_CERT_PATH;
  const sslkey = takeParameter(parameters, 'sslkey') ?? settings.POSTGRES_TLS_CLIENT_KEY_PATH;
  if ((sslcert === null) !== (sslkey === null)) {
    throw new InvalidVariable('sslcert and sslkey need each other');
  }
  return { sslcert, sslkey };
}

/** Keeps the other options, which end with it. */
function setSchema(parameters: URLSearchParams, schema: string | null): void {
  if (schema === null) return;
  const options = [parameters.get('options'), `-c search_path="${schema}"`].filter(Boolean);
  parameters.set('options', options.join(' '));
}

function takeParameter(parameters: URLSearchParams, name: string): string | null {
  const value = parameters.get(name);
  parameters.delete(name);
  return value === '' ? null : value;
}

/** The path of a file that this process may read; node-postgres reads it again for each connection. */
export const readablePath: VariableReader<string> = (path) => {
  try {
    accessSync(path, constants.R_OK);
    return path;
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    throw new InvalidVariable(`the file cannot be read: ${code}`, { cause: error });
  }
};

function readable(name: string, path: string): string {
  try {
    return readablePath(path);
  } catch (error) {
    throw new InvalidVariable(`${name}: ${(error as Error).message}`, { cause: error });
  }
}
