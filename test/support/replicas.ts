import type { Pool } from 'pg';
import { Api } from './api.js';
import { Fixtures } from './fixtures.js';
import { pg } from './postgres-client.js';
import { JWT_SECRET, startTestApp, type TestApp } from './test-app.js';

const REPLICAS = 3;
/** All test files share the connections of one PostgreSQL. */
const SMALL_POOL = { DATABASE_POOL_SIZE: '6', TEST_LOOK_EVERY_MS: '500' };

/** Several servers on one database. */
export type Replicas = Pick<TestApp, 'api' | 'fixtures' | 'sql' | 'close'> & {
  /** The first of them, which `api` and `fixtures` use. */
  url: string;
  urls: readonly string[];
};

/** @param databaseUrl for `sql`, as another program would use it: no server takes part or is waited for */
export function replicasAt(
  urls: readonly string[],
  databaseUrl: string,
  stop: () => Promise<unknown>,
): Replicas {
  const [url] = urls;
  if (url === undefined) throw new Error('there is no server');
  const pool: Pool = new pg.Pool({ connectionString: databaseUrl, max: 2 });
  pool.on('error', () => undefined); // the database may be stopped
  const api = new Api(url);
  const sql: Replicas['sql'] = async (text, values) => (await pool.query(text, values)).rows;
  const close = async () => {
    await stop();
    await pool.end();
  };
  return { url, urls, api, sql, close, fixtures: new Fixtures(api, sql, JWT_SECRET) };
}

/** Three servers in the process of this worker. Only the first gets a `PORT`. */
export async function startReplicas(
  environment: Record<string, string | undefined> = {},
  existingDatabaseUrl?: string,
): Promise<Replicas & { databaseUrl: string }> {
  const settings = { ...SMALL_POOL, ...environment };
  const first = await startTestApp(settings, existingDatabaseUrl);
  const { databaseUrl } = first;
  const servers = [first];
  while (servers.length < REPLICAS)
    servers.push(await startTestApp({ ...settings, PORT: undefined }, databaseUrl));
  const stop = async () => {
    for (const server of servers) await server.close();
  };
  const urls = servers.map(({ url }) => url);
  return { ...replicasAt(urls, databaseUrl, stop), databaseUrl };
}
