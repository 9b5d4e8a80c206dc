import 'reflect-metadata';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import pg from 'pg';
import { makeApp } from '../../src/app.setup.js';
import { Config, loadConfig } from '../../src/config/config.js';
import { makeDataSource } from '../../src/data-source.js';
import { Bootstrap } from '../../src/modules/instance/index.js';
import { Api } from './api.js';
import { Given } from './given.js';
import { cloneDatabase } from './test-database.js';

export const ADMIN = { email: 'admin@example.com', password: 'Correct-Horse-Battery' };

/** The environment of a test server; a test overrides what it is about. Limits that would meet a busy test are off. */
const ENVIRONMENT = {
  BASIC_AUTH_JWT_SECRET: 'a-secret-that-is-only-used-in-tests',
  API_KEY_SALT: 'a-salt-that-is-only-used-in-tests',
  INITIAL_ORG_ADMIN_EMAIL: ADMIN.email,
  INITIAL_ORG_ADMIN_PASSWORD: ADMIN.password,
  FF_ORG_CREATION_DISABLED: 'false',
  RATE_LIMIT_INVITE_BATCHES_PER_MINUTE: '0',
  RATE_LIMIT_LOGINS_PER_MINUTE: '0',
  RATE_LIMIT_LOGINS_PER_EMAIL_PER_MINUTE: '0',
  DATA_DIR: tmpdir(),
};

/** A real server on a real port and a database of its own; `sql` looks behind the API. */
export type TestApp = {
  api: Api;
  given: Given;
  config: Config;
  url: string;
  databaseUrl: string;
  sql: <Row extends pg.QueryResultRow>(text: string, values?: unknown[]) => Promise<Row[]>;
  app: NestFastifyApplication;
  close: () => Promise<void>;
};

/**
 * The clone is migrated already. TypeORM would load the migrations with an `import()` that V8 keeps for the first test
 * file of a worker; in the next one Jest refuses it.
 */
const migratedDataSource = (url: string) => makeDataSource(url, 20).setOptions({ migrations: [] });

/** The same hashing at a hundredth of the cost: tests make thousands of accounts. */
const cheapPasswords = (config: Config): Config => ({
  ...config,
  basicAuth: { ...config.basicAuth, hashing: { memoryKib: 256, passes: 1 } },
});

export async function startTestApp(
  environment: Record<string, string | undefined> = {},
  existingDatabaseUrl?: string,
): Promise<TestApp> {
  const databaseUrl = existingDatabaseUrl ?? (await cloneDatabase());
  const config = cheapPasswords(loadConfig({ ...ENVIRONMENT, DATABASE_URL: databaseUrl, ...environment }));
  const app = await makeApp(config, await migratedDataSource(databaseUrl).initialize());
  await app.get(Bootstrap).run();
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 2 });
  const api = new Api(url);
  const sql: TestApp['sql'] = async (text, values) => (await pool.query(text, values)).rows;
  const close = async () => {
    await app.close();
    await pool.end();
  };
  return { api, given: new Given(api, sql), config, url, databaseUrl, sql, app, close };
}
