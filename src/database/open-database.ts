import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import { required } from '../common/required.js';
import type { Config } from '../config/config.js';
import type { ConnectionLimits } from './connection/connection-limits.js';
import { startEmbeddedPostgres } from './embedded/postgres.js';
import type { MigrateOptions } from './migrate.js';
import type { RetryOptions } from './retry-outages.js';
import { unlessAborted } from './unless-aborted.js';
import { waitForDatabase } from './wait-for-database.js';

/**
 * A migrated database with its pool; `close` also stops the embedded server. `failure` is aborted with the reason when
 * the embedded server ended and is not restarted any more.
 */
export type OpenDatabase = { dataSource: DataSource; close: () => Promise<void>; failure: AbortSignal };

/** Migrates the database, or checks that it is migrated. */
export type Prepare = (dataSource: DataSource, options: MigrateOptions) => Promise<void>;

type OpenOptions = {
  createDataSource: (url: string, poolSize: number, limits: ConnectionLimits) => DataSource;
  prepare: Prepare;
  /** Of the embedded database, only one server may be open (`isServer` of startEmbeddedPostgres). */
  isServer: boolean;
  print: (line: string) => void;
  /** If aborted before the database is open, the call throws the reason and stops what it has started. */
  signal: AbortSignal;
};

export async function openDatabase(
  config: Config['database'],
  { createDataSource, prepare, isServer, print, signal }: OpenOptions,
): Promise<OpenDatabase> {
  const embedded = config.url === null ? await startEmbedded(config, { isServer, log: print, signal }) : null;
  const url = required(config.url ?? embedded?.url, 'the URL of the database');
  const dataSource = createDataSource(url, config.poolSize, config.limits);
  const options = { ...config, directUrl: config.directUrl ?? url, print, signal };
  const close = async () => {
    // At once, since a request that does not end may hold a connection until PostgreSQL stops.
    await Promise.all([dataSource.isInitialized && dataSource.destroy(), embedded?.stop()]);
  };
  try {
    await unlessAborted(
      signal,
      connect(dataSource, config, options).then(() => prepare(dataSource, options)),
    );
    return { dataSource, close, failure: embedded?.failure ?? new AbortController().signal };
  } catch (error) {
    // Running migrations are cut off, since closing would wait for their connections; each is its own transaction.
    await (signal.aborted ? embedded?.stop() : close());
    throw error;
  }
}

/** Names the setting at fault; the messages of PostgreSQL contain no password. */
async function connect(
  dataSource: DataSource,
  config: Config['database'],
  options: RetryOptions,
): Promise<DataSource> {
  if (config.url === null) return dataSource.initialize();
  try {
    await waitForDatabase(config.url, config.limits, options);
    return await dataSource.initialize();
  } catch (cause) {
    throw new Error(`the database of DATABASE_URL cannot be used: ${(cause as Error).message}`, { cause });
  }
}

const startEmbedded = (
  config: Config['database'],
  options: { isServer: boolean; log: (line: string) => void; signal: AbortSignal },
) =>
  startEmbeddedPostgres({
    directory: join(config.dataDirectory, 'postgres'),
    password: required(config.embeddedPassword, 'the password of the embedded database'),
    durable: true,
    ...options,
  });
