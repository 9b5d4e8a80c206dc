import pg from 'pg';
import type { Cluster } from './cluster.js';

/** PostgreSQL runs, but this process cannot use it; a retry would not help. The message is for the operator. */
class UnusableServer extends Error {}

// Arbitrary distinct numbers; no other code takes advisory locks in the database `postgres`.
const IN_USE_LOCK = 19840001;
const ONLY_SERVER_LOCK = 19840003;

const INVALID_PASSWORD = '28P01'; // SQLSTATE, PostgreSQL manual, Appendix A

const WRONG_PASSWORD =
  'its password is not the stored one; restore the earlier password, or remove the folder for an empty database';
const STOP_OTHER = 'stop that server, or set DATA_DIR to another directory';

/** At least as long as PostgreSQL takes to notice that the process of a session was killed. */
const LOCK_TIMEOUT_MS = 300;

/** The end of its name is the id of the process. */
const SERVER_SESSION = 'tenantry server ';

/**
 * Opens the session that marks PostgreSQL as used by this process: its advisory locks end with the process, even if it
 * is killed. Returns why a retry may succeed instead, as while PostgreSQL starts or stops.
 *
 * @throws UnusableServer
 */
export async function openSession(
  { password, isServer }: Cluster,
  port: number,
): Promise<pg.Client | string> {
  const session = new pg.Client({
    host: '127.0.0.1',
    port,
    user: 'tenantry',
    password,
    database: 'postgres', // a session in `tenantry` would block cloning or dropping it
    ssl: false,
    connectionTimeoutMillis: 5_000,
    lock_timeout: LOCK_TIMEOUT_MS,
    application_name: isServer ? `${SERVER_SESSION}${process.pid}` : 'tenantry session',
  });
  session.on('error', () => undefined); // queries report the loss of the server
  try {
    await session.connect();
    await session.query('select pg_advisory_lock_shared($1)', [IN_USE_LOCK]);
    if (isServer) await becomeOnlyServer(session);
    await createDatabaseOnce(session);
    return session;
  } catch (error) {
    await session.end().catch(() => undefined);
    if (error instanceof UnusableServer) throw error;
    if ((error as { code?: string }).code !== INVALID_PASSWORD) return String(error);
    throw new UnusableServer(WRONG_PASSWORD, { cause: error });
  }
}

/** True if no other process holds a session; new sessions then wait until PostgreSQL has stopped. */
export async function tryBecomeOnlyUser(session: pg.Client): Promise<boolean> {
  await session.query('select pg_advisory_unlock_shared($1)', [IN_USE_LOCK]);
  return session.query('select pg_advisory_lock($1)', [IN_USE_LOCK]).then(
    () => true, // held until the session ends
    () => false,
  );
}

async function becomeOnlyServer(session: pg.Client): Promise<void> {
  await session.query('select pg_advisory_lock($1)', [ONLY_SERVER_LOCK]).catch(async () => {
    const { rows } = await session.query<{ name: string }>(
      `select application_name as name from pg_stat_activity
       where starts_with(application_name, $1) and pid <> pg_backend_pid() order by backend_start`,
      [SERVER_SESSION],
    );
    const holder = rows[0]?.name.slice(SERVER_SESSION.length) ?? 'unknown';
    throw new UnusableServer(`it is in use by another server (process ${holder}); ${STOP_OTHER}`);
  });
}

/** If another process creates it at the same moment, this fails, and a retry finds it. */
async function createDatabaseOnce(session: pg.Client): Promise<void> {
  const { rowCount } = await session.query("select from pg_database where datname = 'tenantry'");
  if (rowCount === 0) await session.query('create database tenantry template template0');
}
