import 'reflect-metadata';
import type { Config } from './config/config.js';
import { loadSecrets } from './config/secrets-file.js';
import { assertMigrated } from './database/migrate.js';
import { openDatabase } from './database/open-database.js';
import { createDataSource } from './data-source.js';
import { surviveLogFailures } from './log-streams.js';
import { readSettings } from './read-settings.js';

/**
 * `npm run admin -- <command>`: the application as the server makes it, which listens to nobody and does one thing. Only
 * where a server was started: a mistyped DATA_DIR is not to become another installation.
 */
async function run(): Promise<number> {
  const config = readSettings(loadSecrets);
  const database = await openDatabase(forCommand(config.database), {
    createDataSource,
    prepare: assertMigrated,
    print: () => undefined,
    signal: new AbortController().signal,
  });
  try {
    const { createApp } = await import('./app.setup.js');
    const { AdminCommands } = await import('./common/admin/admin-commands.js');
    const app = await createApp(config, database.dataSource, ['error']); // warnings are for the server's log
    const code = await app.get(AdminCommands).run(process.argv.slice(2), print);
    await app.close();
    return code;
  } finally {
    await database.close();
  }
}

/** A command such as `audit:verify` takes as long as the data is large; somebody waits to hear that there is no database. */
const forCommand = (database: Config['database']): Config['database'] => ({
  ...database,
  waitSeconds: 0,
  limits: { ...database.limits, statementSeconds: 0, idleInTransactionSeconds: 0 },
});

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

surviveLogFailures();
run().then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    process.stderr.write(`It failed: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  },
);
