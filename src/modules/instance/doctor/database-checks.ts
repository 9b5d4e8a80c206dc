import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import { addressIn, scopeOf } from '../../../common/http/network-scope.js';
import { outageKind } from '../../../common/errors/outage.js';
import type { Config } from '../../../config/config.js';
import { poolOf } from '../../../database/connection/connection-pool.js';
import { isClockWrong } from '../../../database/connection/readiness-probe.js';
import { UnsupportedDatabase } from '../../../database/connection/wait-for-database.errors.js';
import type { OpenDatabase } from '../../../database/open-database.js';
import { migrationsOf } from '../../../database/schema/migration.js';
import { SCHEMA_FILES } from '../../../database/schema/schema-files.js';
import { readSchemaState } from '../../../database/schema/schema-state.js';
import { SchemaTooNew, SchemaTooOld } from '../../../database/schema/schema-state.errors.js';
import { DoctorReadModel } from './doctor.read-model.js';
import { found, foundIf, ok, type Problem, type Result } from './problems.js';

/** Opens a database without changing its schema; `print` gets what a start would log about it. */
export type Open = (
  database: Config['database'],
  options: { print: (line: string) => void; signal: AbortSignal },
) => Promise<OpenDatabase>;

const LONGEST_CONNECT_SECONDS = 5;

/** The database of requests, and that of migrations where it has a URL of its own. `opened` gets the first one. */
export async function checkDatabase(
  { database }: Config,
  { open, opened, signal }: { open: Open; opened: (database: OpenDatabase) => void; signal: AbortSignal },
): Promise<Result[]> {
  if (database.url === null && !existsSync(join(database.dataDirectory, 'postgres', 'PG_VERSION')))
    return [found('database_not_created', `There is no database in ${database.dataDirectory}.`)];
  const connectSeconds = Math.min(database.limits.connectSeconds, LONGEST_CONNECT_SECONDS);
  const settings = { ...database, limits: { ...database.limits, connectSeconds } };
  const hasOwn = database.directUrl !== database.url;
  const ofRequests = await examine({ ...settings, directUrl: database.url }, '', open, signal);
  if (ofRequests.database) opened(ofRequests.database);
  if (!hasOwn) return ofRequests.results;
  const direct = { ...settings, url: database.directUrl };
  const ofMigrations = await examine(direct, 'DATABASE_DIRECT_URL: ', open, signal);
  await ofMigrations.database?.close();
  return [...ofRequests.results, ...ofMigrations.results];
}

type Examined = { readonly database: OpenDatabase | null; readonly results: Result[] };

async function examine(
  settings: Config['database'],
  prefix: string,
  open: Open,
  signal: AbortSignal,
): Promise<Examined> {
  const lines: string[] = [];
  try {
    const isEmbedded = settings.url === null;
    const database = await open(settings, { print: (line) => void (isEmbedded || lines.push(line)), signal });
    const ignored = lines.map((line) => found('database_limits_ignored', `${prefix}${line}`));
    const results = await examineOpen(database.dataSource, settings, prefix);
    return { database, results: [...results, ...ignored] };
  } catch (error) {
    return { database: null, results: [found(problemOf(error), `${prefix}${messageOf(error)}`)] };
  }
}

async function examineOpen(
  dataSource: DataSource,
  settings: Config['database'],
  prefix: string,
): Promise<Result[]> {
  const model = new DoctorReadModel(dataSource);
  const client = await poolOf(dataSource).connect();
  const { backendPid, isEncrypted } = observe(client);
  client.release();
  const server = await model.readServer();
  const state = {
    server,
    isEncrypted,
    isPooled: server.backendPid !== backendPid,
    rights: await model.readRights(),
    milliseconds: await model.measureRoundTripMs(),
  };
  return judge(state, settings).map((result) => ({ ...result, message: `${prefix}${result.message}` }));
}

type State = {
  readonly server: Awaited<ReturnType<DoctorReadModel['readServer']>>;
  readonly rights: Awaited<ReturnType<DoctorReadModel['readRights']>>;
  readonly isEncrypted: boolean;
  readonly isPooled: boolean;
  readonly milliseconds: number;
};

function judge(
  { server, rights, isEncrypted, isPooled, milliseconds }: State,
  { url, poolSize }: Config['database'],
) {
  const roundTrip = `${milliseconds.toFixed(1)} ms`;
  const problems = [
    ...foundIf(server.isStandby, 'database_read_only', 'The database accepts no changes.'),
    ...judgeRights(rights),
    ...foundIf(!isEncrypted && isElsewhere(url), 'database_unencrypted', 'The connection is not encrypted.'),
    ...foundIf(milliseconds > 10, 'database_slow', `A round trip takes ${roundTrip}.`),
    ...foundIf(
      !isPooled && server.connections < poolSize + 5,
      'database_few_connections',
      `PostgreSQL allows ${server.connections}; DATABASE_POOL_SIZE is ${poolSize}.`,
    ),
  ];
  if (problems.some(({ status }) => status === 'error')) return problems;
  const encryption = isEncrypted ? 'encrypted' : 'not encrypted';
  const facts = [url === null ? 'embedded' : encryption, ...(isPooled ? ['through a pooler'] : [])];
  const version = server.version.split(' ', 1).join();
  return [ok(`PostgreSQL ${version}, ${facts.join(', ')}, ${roundTrip} per round trip.`), ...problems];
}

const judgeRights = ({ mayCreate, unreadable, foreign }: State['rights']): Result[] => [
  ...foundIf(
    unreadable > 0,
    'database_rights_missing',
    `Tables that the role may not read and change: ${unreadable}.`,
  ),
  ...foundIf(
    unreadable === 0 && foreign > 0,
    'database_rights_missing',
    `Tables of other roles, which migrations cannot change: ${foreign}.`,
  ),
  ...foundIf(mayCreate === false, 'database_rights_missing', 'The role may create no tables in the schema.'),
];

/** `backendPid` is the number that the server, or a pooler, has announced. */
const observe = (client: object) => {
  const { processID, connection } = client as {
    processID: number;
    connection: { stream: { encrypted?: boolean } };
  };
  return { backendPid: processID, isEncrypted: connection.stream.encrypted === true };
};

/** Not on this machine, by its address; the host of a socket is a folder. */
function isElsewhere(url: string | null): boolean {
  if (url === null) return false;
  const parsed = new URL(url);
  const address = addressIn(parsed);
  const isSocket =
    parsed.hostname === '' || parsed.hostname.includes('%2F') || parsed.searchParams.has('host');
  return !isSocket && (address === null || scopeOf(address) !== 'loopback');
}

const TLS = /^(?:ERR_TLS|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|ERR_SSL|EPROTO)|does not support SSL/;

function problemOf(error: unknown): Problem {
  const codes = codesOf(error);
  const message = (error as Error).message;
  if (chainOf(error).some((each) => each instanceof UnsupportedDatabase)) return 'database_too_old';
  if (codes.some((code) => code.startsWith('28'))) return 'database_login_refused';
  if (codes.some((code) => code === '3D000')) return 'database_missing';
  if (codes.some((code) => TLS.test(code)) || /SSL|certificate/i.test(message)) return 'database_tls_failed';
  return outages(error) ? 'database_unreachable' : 'database_unusable';
}

const chainOf = (error: unknown): unknown[] =>
  error instanceof Error ? [error, ...chainOf(error.cause)] : [];

const outages = (error: unknown): boolean => chainOf(error).some((each) => outageKind(each) !== null);

const codesOf = (error: unknown): string[] =>
  chainOf(error).flatMap((each) => {
    const { code, driverError } = each as { code?: string; driverError?: { code?: string } };
    return [code, driverError?.code].filter((one) => one !== undefined);
  });

/** Errors of a connection to several addresses have no text. */
const messageOf = (error: unknown): string => {
  const { message } = error as Error;
  return /[^:\s]\s*$/.test(message) ? message : `${message}${codesOf(error).join(', ')}`;
};

export async function checkClock({ dataSource }: OpenDatabase): Promise<Result[]> {
  const aheadMs = await new DoctorReadModel(dataSource).measureClockMs();
  const seconds = Math.round(Math.abs(aheadMs) / 1000);
  const direction = aheadMs > 0 ? 'ahead of' : 'behind';
  if (isClockWrong(aheadMs))
    return [found('clock_differs', `This machine is ${seconds} s ${direction} the database.`)];
  return [ok(`Differs from that of the database by ${seconds} s.`)];
}

export async function checkMigrations({ dataSource }: OpenDatabase): Promise<Result[]> {
  const migrations = migrationsOf(dataSource);
  try {
    const { pending, newer } = await readSchemaState(dataSource, migrations);
    const next = pending[0]?.name ?? '';
    const total = migrations.length + SCHEMA_FILES.length;
    if (pending.length > 0)
      return [found('migrations_pending', `${pending.length} of ${total} are pending, first ${next}.`)];
    if (newer.length > 0)
      return [found('schema_newer', `${newer.length} of a newer version are applied, last ${newer.at(-1)}.`)];
    return [ok(`All ${migrations.length} are applied.`)];
  } catch (error) {
    if (error instanceof SchemaTooNew)
      return [found('schema_too_new', `A newer version has applied ${error.migration}.`)];
    if (error instanceof SchemaTooOld) return [found('migrations_pending', `${error.message}.`)];
    throw error;
  }
}
