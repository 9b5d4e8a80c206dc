import { InvalidVariable } from './environment.errors.js';
import { type Parser, readablePath } from './parsers.js';

const SCHEME = /^postgres(?:ql)?:\/\//;

const OTHER_SCHEME = /^[a-z][a-z\d+.-]*:\/\//i;

/** Host, port, database and parameters; the host is an address, a name, or the escaped folder of a socket. */
const TARGET = String.raw`(?:\[[\da-f:.]+\]|[\w.%-]*)(?::\d+)?(?:\/[^/?#@]*)?(?:\?(?:[a-z_]+=[^#]*)?)?`;

/** With user and password escaped, the last `@` before the first of `/ ? #` ends them. */
const ESCAPED = new RegExp(`^(?<credentials>[^/?#]*)@(?<target>${TARGET})$`, 'i');

const WITHOUT_CREDENTIALS = new RegExp(`^(?<target>${TARGET})$`, 'i');

/**
 * A URL, or what the chart writes: without scheme, and with user and password as the operator typed them
 * (docs/contract/installation.md#database). Returns the URL with both escaped.
 */
export const postgresUrl: Parser<string> = (value) => {
  const [scheme] = SCHEME.exec(value) ?? [];
  const parts = scheme === undefined ? partsWithoutScheme(value) : partsOf(value.slice(scheme.length));
  const { credentials, target = '' } = parts ?? {};
  const url = `${scheme ?? 'postgres://'}${credentials === undefined ? '' : `${escaped(credentials)}@`}${target}`;
  if (target === '' || !URL.canParse(url) || decodedOrNull(target) === null) {
    throw new InvalidVariable('must be a URL: postgres://user:password@host:port/database');
  }
  return url;
};

type Parts = { credentials?: string; target?: string } | undefined;

const partsOf = (text: string): Parts =>
  (ESCAPED.exec(text) ?? WITHOUT_CREDENTIALS.exec(text))?.groups ?? unescapedParts(text);

const partsWithoutScheme = (text: string): Parts =>
  OTHER_SCHEME.test(text) ? undefined : (ESCAPED.exec(text)?.groups ?? unescapedParts(text));

/** Otherwise the last `@` that leaves a host ends them. */
function unescapedParts(text: string): Parts {
  for (let at = text.length; at > 0;) {
    at = text.lastIndexOf('@', at - 1);
    const target = text.slice(at + 1);
    if (at >= 0 && WITHOUT_CREDENTIALS.test(target)) return { credentials: text.slice(0, at), target };
  }
  return undefined;
}

/** The password begins after the first colon, and may hold more of them. */
function escaped(credentials: string): string {
  const [user = '', ...password] = credentials.split(':');
  return [user, ...(password.length > 0 ? [password.join(':')] : [])]
    .map((part) => encodeURIComponent(unescapeWhereValid(part)))
    .join(':');
}

/** `%` that begins no escaped character is a percent sign. */
function unescapeWhereValid(text: string): string {
  return text.replace(/(?:%[\da-f]{2})+/gi, (escapes) => decodedOrNull(escapes) ?? escapes);
}

function decodedOrNull(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

/** What applies to every connection, however the URL was given. */
export type ConnectionSettings = {
  readonly database: {
    readonly password: string | null;
    readonly schema: string | null;
    readonly tls: {
      readonly isRequired: boolean;
      readonly clientCertificatePath: string | null;
      readonly clientKeyPath: string | null;
    };
  };
  readonly trustedCertificatesFile: string | null;
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
export const schemaOf = ({ database: { schema } }: ConnectionSettings): string | null =>
  schema === DEFAULT_SCHEMA ? null : schema;

/**
 * The URL with password, TLS and schema as node-postgres needs them, where they have the meaning of libpq
 * (docs/contract/installation.md#tls-to-the-database).
 *
 * @throws InvalidVariable if the settings contradict each other or a file cannot be read
 */
export function connectionUrl(given: string, settings: ConnectionSettings): string {
  const url = new URL(given);
  setPassword(url, settings);
  setTls(url.searchParams, settings);
  setSchema(url.searchParams, schemaOf(settings));
  return url.href;
}

/** As a parameter, which a URL without a host can have, too. */
function setPassword({ password, searchParams }: URL, { database }: ConnectionSettings): void {
  const hasOwn = password !== '' || searchParams.has('password');
  if (!hasOwn && database.password !== null) searchParams.set('password', database.password);
}

function setTls(parameters: URLSearchParams, settings: ConnectionSettings): void {
  const client = takeClientFiles(parameters, settings);
  const root = takeParameter(parameters, 'sslrootcert');
  const given = takeMode(parameters);
  const isTlsWanted = settings.database.tls.isRequired || client.sslcert !== null;
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
  if (isOptional && settings.database.tls.isRequired) return 'verify-full';
  return given ?? (root === null ? null : 'verify-full'); // libpq would ignore the root
}

/** Of libpq, which encrypts with `require` alone, and verifies as soon as there is a root certificate. */
function rootFor(mode: Mode, root: string | null, settings: ConnectionSettings): string | null {
  if (mode === 'verify-full') return root === 'system' ? null : root; // the authorities of Node and SSL_CERT_FILE
  if (root !== null) return root;
  const isVerified = mode === 'verify-ca' || (mode === 'require' && settings.database.tls.isRequired);
  if (isVerified && settings.trustedCertificatesFile !== null) return settings.trustedCertificatesFile;
  if (mode === 'verify-ca') throw new InvalidVariable('sslmode=verify-ca needs sslrootcert or SSL_CERT_FILE');
  return null;
}

function takeClientFiles(parameters: URLSearchParams, settings: ConnectionSettings) {
  const sslcert = takeParameter(parameters, 'sslcert') ?? settings.database.tls.clientCertificatePath;
  const sslkey = takeParameter(parameters, 'sslkey') ?? settings.database.tls.clientKeyPath;
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

function readable(name: string, path: string): string {
  try {
    return readablePath(path);
  } catch (error) {
    throw new InvalidVariable(`${name}: ${(error as Error).message}`, { cause: error });
  }
}
