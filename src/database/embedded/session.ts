import pg from 'pg';

/** How to connect to the server. */
export interface ServerAddress {
  readonly port: number;
  readonly password: string;
}

// Arbitrary distinct numbers; no other code takes advisory locks in the database `postgres`.
const IN_USE_LOCK = 19840001;
const CREATE_DATABASE_LOCK = 19840002;

// SQLSTATE classes and codes, PostgreSQL manual, Appendix A. Class 57P: starting up or shutting down.
const OPERATOR_INTERVENTION = '57P';
const CANNOT_CONNECT_NOW = '57P03';
const INVALID_PASSWORD = '28P01';

const WRONG_PASSWORD =
  'its password is not the stored one; restore the earlier password, or remove the folder for an empty database';

/** The session cannot be opened yet; callers may wait and retry. */
export class ServerNotReady extends Error {
  /** True during crash recovery, which may take long. */
  readonly isStarting: boolean;

  constructor(cause: unknown) {
    super(`PostgreSQL does not answer: ${String(cause)}`, { cause });
    this.isStarting = sqlState(cause) === CANNOT_CONNECT_NOW;
  }
}

/**
 * Opens the session that marks the server as used by this process. Its shared advisory lock ends with the process, even
 * if it is killed, so no reference count can become wrong.
 *
 * @throws ServerNotReady if a retry may succeed
 */
export async function openSession(address: ServerAddress): Promise<pg.Client> {
  const session = clientOf(address);
  try {
    await session.connect();
    await session.query('select pg_advisory_lock_shared($1)', [IN_USE_LOCK]);
    await createDatabaseOnce(session);
    return session;
  } catch (error) {
    await session.end().catch(() => undefined);
    throw explainConnectionError(error);
  }
}

/** True if no process holds a session; new sessions then wait until the server has stopped. */
export async function tryBecomeOnlyUser(address: ServerAddress): Promise<boolean> {
  const client = clientOf(address);
  await client.connect();
  const { rows } = await client.query<{ alone: boolean }>('select pg_try_advisory_lock($1) as alone', [
    IN_USE_LOCK,
  ]);
  if (rows[0]?.alone) return true; // held until the server ends the session
  await client.end();
  return false;
}

function clientOf({ port, password }: ServerAddress): pg.Client {
  const client = new pg.Client({
    host: '127.0.0.1',
    port,
    user: 'tenantry',
    password,
    database: 'postgres', // a session in `tenantry` would block cloning or dropping it
    ssl: false,
    connectionTimeoutMillis: 5_000,
    application_name: 'tenantry session',
  });
  client.on('error', () => undefined); // queries report the loss of the server
  return client;
}

async function createDatabaseOnce(session: pg.Client): Promise<void> {
  await session.query('select pg_advisory_lock($1)', [CREATE_DATABASE_LOCK]);
  const { rowCount } = await session.query("select from pg_database where datname = 'tenantry'");
  if (rowCount === 0) await session.query('create database tenantry template template0');
  await session.query('select pg_advisory_unlock($1)', [CREATE_DATABASE_LOCK]);
}

function explainConnectionError(error: unknown): unknown {
  const code = sqlState(error);
  if (code === INVALID_PASSWORD) return new Error(WRONG_PASSWORD, { cause: error });
  return code === undefined || code.startsWith(OPERATOR_INTERVENTION) ? new ServerNotReady(error) : error;
}

/** `undefined` for connection errors: refused, closed, timed out. */
function sqlState(error: unknown): string | undefined {
  return error instanceof pg.DatabaseError ? error.code : undefined;
}
