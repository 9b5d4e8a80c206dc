import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { built } from './built.ts';

/** A temporary PostgreSQL with the durability settings of production. */
export type Postgres = {
  /** Creates an empty database and returns its URL. */
  createDatabase: (name: string) => Promise<string>;
  stop: () => Promise<void>;
};

export async function startPostgres(): Promise<Postgres> {
  const { startEmbeddedPostgres } = await built<typeof import('../src/database/embedded/postgres.js')>(
    'database/embedded/postgres',
  );
  const folder = mkdtempSync(join(tmpdir(), 'tenantry-bench-'));
  chmodSync(folder, 0o755); // as root, PostgreSQL runs as another user
  const directory = join(folder, 'postgres');
  const server = await startEmbeddedPostgres({ directory, password: 'bench', durable: true });
  return {
    createDatabase: async (name) => {
      await withClient(server.url, (client) => client.query(`create database ${name}`));
      return Object.assign(new URL(server.url), { pathname: `/${name}` }).href;
    },
    stop: async () => {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Runs `work` with one connection and closes it afterwards. */
export async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
