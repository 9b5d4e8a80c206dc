import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { ServerNotReady, SessionTaken } from './session.errors.js';

/** How to connect to the server. */
export interface ServerAddress {
  readonly port: number;
  readonly password: string;
}

// Arbitrary distinct numbers; no other code takes advisory locks in the database `postgres`.
const IN_USE_LOCK = 19840001;
const CREATE_DATABASE_LOCK = 19840002;
const ONLY_SERVER_LOCK = 19840003;

// SQLSTATE classes and codes, PostgreSQL manual, Appendix A. Class 57P: starting up or shutting down.
const OPERATOR_INTERVENTION = '57P';
const CANNOT_CONNECT_NOW = '57P03';
const INVALID_PASSWORD = '28P01';

const WRONG_PASSWORD =
  'its password is not the stored one; restore the earlier password, or remove the folder for an empty database';

/**
 * Opens the session that marks the server as used by this process. Its advisory locks end with the process, even if it
 * is killed: unlike a file with a process id, they cannot be left behind.
 *
 * @param isExclusive only one such session may exist; others that are not exclusive do not count
 * @throws ServerNotReady if a retry may succeed
 * @throws SessionTaken
 */
export async function openSession(address: ServerAddress, isExclusive: boolean): Promise<pg.Client> {
  const session = clientOf(address, isExclusive ? `${EXCLUSIVE_SESSION}${process.pid}` : 'tenantry session');
  try {
    await session.connect();
    await session.query('select pg_advisory_lock_shared($1)', [IN_USE_LOCK]);
    if (isExclusive) await becomeOnlyServer(session);
    await createDatabaseOnce(session);
    return session;
  } catch (error) {
    await session.end().catch(() => undefined);
    throw explainConnectionError(error);
  }
}

/** True if no process holds a session; new sessions then wait until the server has stopped. */
export async function tryBecomeOnlyUser(address: ServerAddress): Promise<boolean> {
  const client = clientOf(address, 'tenantry session');
  await client.connect();
  const { rows } = await client.query<{ alone: boolean }>('select pg_try_advisory_lock($1) as alone', [
    IN_USE_LOCK,
  ]);
  if (rows[0]?.alone) return true; // held until the server ends the session
  await client.end();
  return false;
}

function clientOf({ port, password }: ServerAddress, name: string): pg.Client {
  const client = new pg.Client({
    host: '127.0.0.1',
    port,
    user: 'tenantry',
    password,
    database: 'postgres', // a session in `tenantry` would block cloning or dropping it
    ssl: false,
    connectionTimeoutMillis: 5_000,
    application_name: name,
  });
  client.on('error', () => undefined); // queries report the loss of the server
  return client;
}

/** The end of its name is the id of the process. */
const EXCLUSIVE_SESSION = 'tenantry server ';
/** How long PostgreSQL may take to notice that the process of the last session was killed. */
const TAKEOVER_MS = 1000;

async function becomeOnlyServer(session: pg.Client): Promise<void> {
  for (const end = performance.now() + TAKEOVER_MS; ; await pause(50)) {
    const { rows } = await session.query<{ isTaken: boolean; holder: string | null }>(
      `select not pg_try_advisory_lock($1) as "isTaken", (
         select application_name from pg_locks join pg_stat_activity using (pid)
         where locktype = 'advisory' and classid = 0 and objid = $1 and objsubid = 1 and granted and pid <> pg_backend_pid()
       ) as holder`,
      [ONLY_SERVER_LOCK],
    );
    const [{ isTaken, holder }] = rows as [(typeof rows)[0]];
    if (!isTaken) return;
    if (performance.now() >= end)
      throw new SessionTaken(Number(holder?.slice(EXCLUSIVE_SESSION.length)) || null);
  }
}

async function createDatabaseOnce(session: pg.Client): Promise<void> {
  await session.query('select pg_advisory_lock($1)', [CREATE_DATABASE_LOCK]);
  const { rowCount } = await session.query("select from pg_database where datname = 'tenantry'");
  if (rowCount === 0) await session.query('create database tenantry template template0');
  await session.query('select pg_advisory_unlock($1)', [CREATE_DATABASE_LOCK]);
}

function explainConnectionError(error: unknown): unknown {
  if (error instanceof SessionTaken) return error;
  const code = sqlState(error);
  if (code === INVALID_PASSWORD) return new Error(WRONG_PASSWORD, { cause: error });
  return code === undefined || code.startsWith(OPERATOR_INTERVENTION)
    ? new ServerNotReady(code === CANNOT_CONNECT_NOW, error)
    : error;
}

/** `undefined` for connection errors: refused, closed, timed out. */
function sqlState(error: unknown): string | undefined {
  return error instanceof pg.DatabaseError ? error.code : undefined;
}
