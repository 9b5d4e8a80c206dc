import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import { required } from '../common/collections.js';
import type { Config } from '../config/config.js';
import type { ConnectionLimits } from './connection/database-client.js';
import { CurrentCredentials } from './connection/current-credentials.js';
import { negotiateTls } from './connection/negotiate-tls.js';
import { startEmbeddedPostgres } from './embedded/postgres.js';
import type { MigrateOptions } from './schema/migration-runner.js';
import { type RetryOptions, retryOutages, waitForDatabase } from './connection/wait-for-database.js';
import { unlessAborted } from '../common/background/lifecycle.js';

/**
 * A migrated database with its pool; `close` also stops the embedded server. `failure` is aborted with the reason when
 * the embedded server ended and is no longer restarted.
 */
export type OpenDatabase = { dataSource: DataSource; close: () => Promise<void>; failure: AbortSignal };

/** Migrates the database, or checks that it is migrated. */
export type Prepare = (dataSource: DataSource, options: MigrateOptions) => Promise<void>;

type OpenOptions = {
  createDataSource: (
    url: string,
    poolSize: number,
    limits: ConnectionLimits,
    credentials: CurrentCredentials | null,
  ) => DataSource;
  prepare: Prepare;
  /** Of the embedded database, only one server may be open (`isServer` of startEmbeddedPostgres). */
  isServer: boolean;
  print: (line: string) => void;
  /** Called when the embedded PostgreSQL was launched: work that needs no database fills the wait for it. */
  onLaunched?: () => void;
  /** If aborted before the database is open, the call throws the reason and stops what it has started. */
  signal: AbortSignal;
};

export async function openDatabase(
  config: Config['database'],
  { createDataSource, prepare, isServer, print, onLaunched = () => undefined, signal }: OpenOptions,
): Promise<OpenDatabase> {
  const embedded =
    config.url === null ? await startEmbedded(config, { isServer, log: print, onLaunched, signal }) : null;
  const credentials = embedded ? null : new CurrentCredentials(config.readUrls);
  const { url, directUrl } = embedded
    ? { url: embedded.url, directUrl: embedded.url }
    : await unlessAborted(signal, reach(config, credentials, { ...config, print, signal }));
  const dataSource = createDataSource(url, config.poolSize, config.limits, credentials);
  const close = async () => {
    // At once, since a request that does not end may hold a connection until PostgreSQL stops.
    await Promise.all([dataSource.isInitialized && dataSource.destroy(), embedded?.stop()]);
  };
  try {
    const opened = dataSource.initialize();
    await unlessAborted(
      signal,
      opened.then(() => prepare(dataSource, { ...config, directUrl, print, signal })),
    );
    return { dataSource, close, failure: embedded?.failure ?? new AbortController().signal };
  } catch (error) {
    // Running migrations are cut off, since closing would wait for their connections; each is its own transaction.
    await (signal.aborted ? embedded?.stop() : close());
    throw error;
  }
}

/**
 * The URLs of a database that responds, with the TLS that it offers. An error names the setting at fault; the messages of
 * PostgreSQL contain no password.
 */
async function reach(
  { url: given, directUrl: givenDirectUrl, limits, schema }: Config['database'],
  credentials: CurrentCredentials | null,
  options: RetryOptions,
): Promise<{ url: string; directUrl: string }> {
  const negotiated = (each: string) => retryOutages(() => negotiateTls(each, limits.connectSeconds), options);
  try {
    const url = await negotiated(required(given, 'the URL of the database'));
    await waitForDatabase(url, { limits, schema, credentials }, options);
    const directUrl = givenDirectUrl === given ? url : await negotiated(givenDirectUrl ?? url);
    return { url, directUrl };
  } catch (cause) {
    throw new Error(`the database of DATABASE_URL cannot be used: ${(cause as Error).message}`, { cause });
  }
}

const startEmbedded = (
  config: Config['database'],
  options: { isServer: boolean; log: (line: string) => void; onLaunched: () => void; signal: AbortSignal },
) =>
  startEmbeddedPostgres({
    directory: join(config.dataDirectory, 'postgres'),
    password: required(config.embeddedPassword, 'the password of the embedded database'),
    durable: true,
    ...options,
  });
