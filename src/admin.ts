import 'reflect-metadata';
import type { DataSource } from 'typeorm';
import { AdminCommands, needsApplication, unknownCommand } from './common/admin-commands.js';
import { createErrorLog, surviveLogFailures } from './common/logging/server-log.js';
import type { Config } from './config/config.js';
import {
  loadOrCreateSecrets,
  type LoadSecrets,
  loadSecrets,
  type Secrets,
  UnusableSecretsFile,
} from './common/secrets/secrets-file.js';
import { InvalidEnvironment } from './config/environment.errors.js';
import { BackupCommand } from './database/backup/backup.command.js';
import { RestoreCommand } from './database/backup/restore.command.js';
import type { RetryOptions } from './database/connection/wait-for-database.js';
import { assertMigrated, ensureSchema } from './database/schema/migrate.js';
import type { MigrateOptions } from './database/schema/migration-runner.js';
import { openDatabase, type OpenDatabase, type Prepare } from './database/open-database.js';
import { MigrateCommand, MigrateDownCommand } from './database/upgrade/migrate.command.js';
import { createDataSource } from './data-source.js';
import { DoctorCommand } from './modules/instance/doctor/doctor.command.js';
import { loadSettings, readSettings } from './process/read-settings.js';

/**
 * Runs `npm run admin -- <command>` without a server. Requires an installation that a server has started, so that a
 * mistyped DATA_DIR does not create another database; only `migrate` and `restore` may begin with an empty database.
 */
async function run(args: readonly string[]): Promise<number> {
  const ownCommands = [
    backup(),
    restore(),
    doctor(),
    new MigrateCommand(openToMigrate),
    new MigrateDownCommand(openToMigrate),
  ];
  const standalone = new AdminCommands();
  standalone.add(...ownCommands);
  const [name = 'help'] = args;
  if (standalone.has(name)) return standalone.run(args, print);
  if (!needsApplication(name)) {
    print(`${unknownCommand(name)} "npm run admin -- help" lists the commands.`);
    return 2;
  }

  const config = readSettings(loadSecrets);
  const database = await open(config, assertMigrated);
  try {
    const { createApp } = await import('./app.setup.js');
    const app = await createApp(config, database.dataSource, createErrorLog());
    const commands = app.get(AdminCommands);
    commands.add(...ownCommands);
    const code = await commands.run(args, print);
    await app.close();
    return code;
  } finally {
    await database.close();
  }
}

/** These work on the database without the application, which needs the schema of its own version. */
const backup = () =>
  new BackupCommand(async () => {
    const config = readSettings(loadSecrets);
    return { config, database: await open(config, assertMigrated) };
  }, interrupted);

/** Aborted by the first signal to stop; a second one ends the process. */
function interrupted(): AbortSignal {
  const stop = new AbortController();
  for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const)
    process.once(name, () => stop.abort(new Error(`it was interrupted by ${name}`)));
  return stop.signal;
}

const restore = () =>
  new RestoreCommand({
    settings: (createSecrets) => readSettings(createSecrets ? loadOrCreateSecrets : loadSecrets),
    open: (config) => open(config, createSchema),
  });

/** Before anything that a broken installation may lack. */
const doctor = () =>
  new DoctorCommand(() => ({
    ...settingsOrFailure(),
    open: (database, options) =>
      openDatabase(
        { ...database, waitSeconds: 0 },
        { createDataSource, prepare: () => Promise.resolve(), isServer: false, ...options },
      ),
  }));

function settingsOrFailure(): { config: Config | null; failure: unknown } {
  try {
    const { config, missing } = withoutSecrets(loadSettings);
    return { config, failure: missing };
  } catch (error) {
    if (!(error instanceof InvalidEnvironment || error instanceof UnusableSecretsFile)) throw error;
    return { config: null, failure: error };
  }
}

async function createSchema(dataSource: DataSource, { schema }: MigrateOptions): Promise<void> {
  if (schema !== null) await ensureSchema((...query) => dataSource.query(...query), schema);
}

/**
 * A running server and a command use the embedded database together. Commands such as `audit:verify` may run long, past
 * the limits of a pooler; `migrate` alone waits for a missing database.
 */
function open({ database }: Config, prepare: Prepare, options: Partial<RetryOptions> = {}) {
  const { waitSeconds = 0, print: log = () => {}, signal = new AbortController().signal } = options;
  const limits = { ...database.limits, statementSeconds: 0, idleInTransactionSeconds: 0 };
  return openDatabase(
    { ...database, url: database.directUrl, waitSeconds, limits },
    { createDataSource, prepare, isServer: false, print: log, signal },
  );
}

/** Waits for the database as a starting server does: it may be started by the same deployment. */
function openToMigrate(prepare: Prepare, log: (line: string) => void): Promise<OpenDatabase> {
  const config = migrationSettings();
  const { waitSeconds } = config.database;
  return open(config, prepare, { waitSeconds, print: log, signal: interrupted() });
}

/** Migrations need no secret but the password of the embedded database, which a started server has created. */
function migrationSettings(): Config {
  const { config, missing } = withoutSecrets(readSettings);
  if (config.database.url === null && missing !== null) throw missing;
  return config;
}

/** Also without stored secrets; `missing` says why there are none. */
function withoutSecrets(read: (secretsIn: LoadSecrets) => Config): {
  config: Config;
  missing: UnusableSecretsFile | null;
} {
  let missing: UnusableSecretsFile | null = null;
  const config = read((directory) => {
    try {
      return loadSecrets(directory);
    } catch (error) {
      if (!(error instanceof UnusableSecretsFile)) throw error;
      missing = error;
      return NO_SECRETS;
    }
  });
  return { config, missing };
}

const NO_SECRETS: Secrets = { basicAuthJwtSecret: '', apiKeySalt: '', databasePassword: '' };

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

surviveLogFailures();
run(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    process.stderr.write(`The command failed: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  },
);
