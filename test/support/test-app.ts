import type { QueryResultRow } from 'pg';
import { settlingQueries } from './settling-queries.js';
import { Api } from './api.js';
import { Fixtures } from './fixtures.js';
import { pg } from './postgres-client.js';
import { countsOf, startServer, stopServer } from './server-host.js';
import { cloneDatabase } from './test-database.js';

export const ADMIN = { email: 'admin@example.com', password: 'Correct-Horse-Battery' };
export const JWT_SECRET = 'a-secret-that-is-only-used-in-tests';
export const API_KEY_SALT = 'a-salt-that-is-only-used-in-tests';

/** The environment of a test server, which a test may override. Limits that a busy test would reach are off. */
const ENVIRONMENT = {
  BASIC_AUTH_JWT_SECRET: JWT_SECRET,
  API_KEY_SALT,
  INITIAL_ORG_ADMIN_EMAIL: ADMIN.email,
  INITIAL_ORG_ADMIN_PASSWORD: ADMIN.password,
  FF_ORG_CREATION_DISABLED: 'false',
  RATE_LIMIT_REQUESTS_PER_MINUTE: '0',
  RATE_LIMIT_INVITE_BATCHES_PER_MINUTE: '0',
  RATE_LIMIT_INVITED_ADDRESSES_PER_HOUR: '0',
  RATE_LIMIT_LOGINS_PER_MINUTE: '0',
  RATE_LIMIT_LOGINS_OF_NEW_NETWORKS_PER_MINUTE: '0',
  RATE_LIMIT_LOGINS_PER_EMAIL_PER_MINUTE: '0',
};

/** A real server on a real port with a separate database; `sql` queries the database directly. */
export type TestApp = {
  api: Api;
  fixtures: Fixtures;
  url: string;
  databaseUrl: string;
  sql: <Row extends QueryResultRow>(text: string, values?: unknown[]) => Promise<Row[]>;
  /** How many times the server has acquired a database connection so far. */
  queries: () => Promise<number>;
  /** How many statements it has sent so far, `begin` and `commit` included. */
  statements: () => Promise<number>;
  /** How many round trips to the database these statements needed. */
  roundTrips: () => Promise<number>;
  close: () => Promise<void>;
};

/** Listens on a free port unless the environment names one. */
export async function startTestApp(
  environment: Record<string, string | undefined> = {},
  existingDatabaseUrl?: string,
): Promise<TestApp> {
  const databaseUrl = existingDatabaseUrl ?? (await cloneDatabase());
  const settings = { ...ENVIRONMENT, ...environment };
  const { url } = await startServer(databaseUrl, settings);
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 2 });
  // `end` of the pool does not wait until its connections are closed: PostgreSQL may stop first, which would end Jest.
  pool.on('error', () => undefined);
  const api = new Api(url);
  const sql = settlingQueries(pool, databaseUrl);
  const close = async () => {
    await stopServer(url);
    await pool.end();
  };
  return {
    ...{
      api,
      fixtures: new Fixtures(api, sql, settings.BASIC_AUTH_JWT_SECRET),
      url,
      databaseUrl,
      sql,
      close,
    },
    queries: async () => (await countsOf(url)).queries,
    statements: async () => (await countsOf(url)).statements,
    roundTrips: async () => (await countsOf(url)).roundTrips,
  };
}
