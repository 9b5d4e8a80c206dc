import 'reflect-metadata';
import type { Config } from './config/config.js';
import { loadSecrets } from './config/secrets-file.js';
import { assertMigrated } from './database/migrate.js';
import { openDatabase } from './database/open-database.js';
import { createDataSource } from './data-source.js';
import { surviveLogFailures } from './log-streams.js';
import { readSettings } from './read-settings.js';

/**
 * Runs `npm run admin -- <command>` in the application, without a server. Requires an installation that a server has
 * started, so that a mistyped DATA_DIR does not create another one.
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
    const app = await createApp(config, database.dataSource, ['error']); // warnings belong in the server's log
    const code = await app.get(AdminCommands).run(process.argv.slice(2), print);
    await app.close();
    return code;
  } finally {
    await database.close();
  }
}

/** Commands such as `audit:verify` may run long, but a missing database is reported at once. */
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
    process.stderr.write(`The command failed: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  },
);
