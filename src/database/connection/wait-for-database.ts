import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { first } from '../../common/collections.js';
import { outageKind } from '../../common/errors/outage.js';
import { clientLimits, type ConnectionLimits, DatabaseClient, sessionLimits } from './database-client.js';
import type { CurrentCredentials } from './current-credentials.js';
import { UnsupportedDatabase, UnusableDatabase } from './wait-for-database.errors.js';

/**
 * Resolves when a PostgreSQL responds that can store every text, and no pooler in front of it loses prepared statements.
 *
 * @throws the last failure after `waitSeconds`, a permanent failure at once
 * @throws UnusableDatabase
 */
export const waitForDatabase = (url: string, expected: Expected, options: RetryOptions): Promise<void> =>
  retryOutages(() => assertUsable(url, expected, options.print), options);

/** `number` is null where the engine has no such setting. */
type Server = { version: string; number: number | null; encoding: string };
const SERVER = `
  select version() as version, current_setting('server_encoding') as encoding,
    (select setting::int from pg_settings where name = 'server_version_num') as number`;

/** Some put their names behind that of PostgreSQL. */
const OTHER_ENGINES = /^(?!PostgreSQL )|-YB-|Redshift|Greenplum|Materialize|QuestDB/;
const OLDEST = 150_000;

/** What connections are opened with, of which a pooler may ignore the limits and the schema. `schema` null: any. */
type Expected = {
  limits: ConnectionLimits;
  schema: string | null;
  credentials: CurrentCredentials | null;
};

async function assertUsable(url: string, expected: Expected, print: (line: string) => void): Promise<void> {
  const { limits, schema } = expected;
  const client = await connect(url, expected);
  try {
    const { version, number, encoding } = first((await client.query<Server>(SERVER)).rows);
    if (OTHER_ENGINES.test(version) || number === null || number < OLDEST)
      throw new UnsupportedDatabase(version);
    if (encoding !== 'UTF8')
      throw new UnusableDatabase(`its encoding is ${encoding}; create it with encoding UTF8`);
    if (schema !== null) await assertSchema(client, schema);
    await assertPreparedStatements(client, url, expected);
    await reportIgnoredLimits(client, limits, print);
    await client.end();
  } finally {
    client.destroy();
  }
}

/** A separate connection; one that is accepted but gets no response times out like any other. */
async function connect(url: string, { limits, credentials }: Expected): Promise<DatabaseClient> {
  const client = new DatabaseClient({
    ...clientLimits(limits),
    connectionString: url,
    credentials,
    silenceMs: limits.connectSeconds * 1000,
    application_name: 'tenantry start',
  });
  try {
    await client.connect();
    return client;
  } catch (error) {
    client.destroy();
    throw explainRefusedParameter(error, limits);
  }
}

/** The parameters that a connection is opened with; PgBouncer knows none of them. */
type LimitName = keyof ReturnType<typeof sessionLimits>;

/** PgBouncer's message, with SQLSTATE 08P01 as for an outage. */
const REFUSED = /^unsupported startup parameter(?: in options)?: (\S+)/;

/** Converts PgBouncer's refusal of a parameter to UnusableDatabase; returns any other error unchanged. */
function explainRefusedParameter(error: unknown, limits: ConnectionLimits): unknown {
  const [, parameter] = REFUSED.exec((error as Error).message) ?? [];
  if (parameter === undefined) return error;
  return new UnusableDatabase(
    `its pooler refuses the parameter ${parameter}; set ignore_startup_parameters = ` +
      `${[...Object.keys(sessionLimits(limits)), 'search_path'].join(', ')} ` +
      'in pgbouncer.ini (docs/postgresql.md#pgbouncer)',
    { cause: error },
  );
}

/**
 * Logs the limits that a pooler was told to ignore and does not set on its connections.
 *
 * @param client opened with these limits
 */
async function reportIgnoredLimits(
  client: DatabaseClient,
  limits: ConnectionLimits,
  print: (line: string) => void,
): Promise<void> {
  const wantedMs = sessionLimits(limits);
  const wanted = (Object.keys(wantedMs) as LimitName[]).filter((name) => wantedMs[name] > 0);
  const { rows } = await client.query<{ name: LimitName }>(
    `select name from pg_settings where name = any($1) and setting = '0' order by name`,
    [wanted],
  );
  if (rows.length === 0) return;
  const statements = rows.map(({ name }) => `set ${name} = ${wantedMs[name]}`).join('; ');
  print(
    'The pooler ignores limits of connections, which are off therefore (docs/postgresql.md#pgbouncer); ' +
      `add to the database in pgbouncer.ini: connect_query='${statements}'`,
  );
}

/**
 * A pooler may be told to ignore the parameter; its connections then have another schema.
 *
 * @param client opened with the schema
 * @throws UnusableDatabase
 */
async function assertSchema(client: DatabaseClient, schema: string): Promise<void> {
  const { rows } = await client.query<{ path: string[] }>(
    `select parse_ident(trim(split_part(current_setting('search_path'), ',', 1))) as path`,
  );
  if (first(rows).path[0] !== schema)
    throw new UnusableDatabase(
      `its pooler ignores POSTGRES_SCHEMA; set it for the role: alter role … set search_path = "${schema}" ` +
        '(docs/postgresql.md#pgbouncer)',
    );
}

/** For the case that another client uses the pooler's connection at the same time. */
const ATTEMPTS = 5;
const HAS_STATEMENT = 'exists (select from pg_prepared_statements where name = $1)';

/**
 * A pooler that supports prepared statements in transaction mode renames them. If it does not rename them, they exist
 * for another client, too, unless each client has a connection of its own, as in session mode.
 *
 * @throws UnusableDatabase
 */
async function assertPreparedStatements(
  client: DatabaseClient,
  url: string,
  expected: Expected,
): Promise<void> {
  const name = `tenantry_${randomUUID()}`;
  const text = `select pg_backend_pid() as pid, ${HAS_STATEMENT} as "keepsName"`;
  const { rows } = await client.query<{ pid: number; keepsName: boolean }>({ name, text, values: [name] });
  const { pid, keepsName } = first(rows);
  if (!keepsName || pid === client.backendPid) return;
  const other = await connect(url, expected);
  try {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++)
      if (await hasStatement(other, name))
        throw new UnusableDatabase(
          'its pooler runs in transaction mode without prepared statements; ' +
            'set max_prepared_statements = 500 in pgbouncer.ini (docs/postgresql.md#pgbouncer)',
        );
  } finally {
    other.destroy();
  }
}

async function hasStatement(client: DatabaseClient, name: string): Promise<boolean> {
  const { rows } = await client.query<{ found: boolean }>(`select ${HAS_STATEMENT} as found`, [name]);
  return first(rows).found;
}

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5000;

/** Invalid credentials or no such database: a retry cannot help. PostgreSQL, Appendix A. */
const PERMANENT = /^(28|3D)/;

export type RetryOptions = {
  waitSeconds: number;
  print: (line: string) => void;
  /** If aborted, the last failure is thrown. */
  signal: AbortSignal;
};

/**
 * The result of `work`, which is repeated with backoff while it fails with an outage of the database. Logs once for each
 * kind of outage why it waits.
 *
 * @throws the last failure after `waitSeconds`, any other failure at once
 */
export async function retryOutages<T>(
  work: () => Promise<T>,
  { waitSeconds, print, signal }: RetryOptions,
): Promise<T> {
  const end = performance.now() + waitSeconds * 1000;
  const reported = new Set<string>();
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    try {
      return await work();
    } catch (error) {
      const kind = outageKind(error);
      const remainingMs = end - performance.now();
      if (kind === null || PERMANENT.test(kind) || remainingMs <= 0 || signal.aborted) throw error;
      if (!reported.has(kind)) print(waitingFor(kind, error as Error, remainingMs));
      reported.add(kind);
      await pause(Math.min(pauseMs, remainingMs), undefined, { signal }).catch(() => undefined);
    }
  }
}

const waitingFor = (kind: string, { message }: Error, remainingMs: number) =>
  `Waiting for the database, at most ${Math.ceil(remainingMs / 1000)} s (${kind}: ${message})`;
