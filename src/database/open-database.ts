import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import type { Config } from '../config/config.js';
import { startEmbeddedPostgres } from './embedded/postgres.js';
import { migrate } from './migrate.js';

/** A migrated database with its pool; `close` also stops the embedded server. */
export type OpenDatabase = { dataSource: DataSource; close: () => Promise<void> };

export async function openDatabase(
  config: Config['database'],
  makeDataSource: (url: string, poolSize: number) => DataSource,
  say: (line: string) => void,
): Promise<OpenDatabase> {
  const embedded = config.url === null ? await startEmbedded(config, say) : null;
  const dataSource = makeDataSource(config.url ?? embedded!.url, config.poolSize);
  const close = async () => {
    if (dataSource.isInitialized) await dataSource.destroy();
    await embedded?.stop();
  };
  try {
    await dataSource.initialize();
    await migrate(dataSource);
    return { dataSource, close };
  } catch (error) {
    await close();
    throw error;
  }
}

const startEmbedded = (config: Config['database'], log: (line: string) => void) =>
  startEmbeddedPostgres({
    directory: join(config.dataDirectory, 'postgres'),
    password: config.embeddedPassword!,
    durable: true,
    log,
  });
