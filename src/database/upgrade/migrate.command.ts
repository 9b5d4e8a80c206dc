import { type AdminCommand, AdminCommandError, type AdminOptions } from '../../common/admin-commands.js';
import { migrate, undoLastMigration } from '../schema/migrate.js';
import type { OpenDatabase, Prepare } from '../open-database.js';
import { type Migration, migrationsOf } from '../schema/migration.js';
import { findLastApplied, readSchemaState, reversible } from '../schema/schema-state.js';

/** Of `migrate --dry-run`, so that a script can see that there is work to do. */
const PENDING = 3;

/** Opens the database of this environment, prepared by the function. */
type Open = (prepare: Prepare, print: (line: string) => void) => Promise<OpenDatabase>;

const DRY_RUN = { 'dry-run': { type: 'boolean' } } as const;

/** `npm run admin -- migrate`: applies the migrations that a starting server would apply. */
export class MigrateCommand implements AdminCommand {
  readonly name = 'migrate';
  readonly purpose =
    'Applies the pending migrations, as a starting server does. --dry-run lists them: exit code 0 none, 3 some.';
  readonly usage = '[--dry-run]';
  readonly options = DRY_RUN;

  constructor(private readonly open: Open) {}

  async run(options: AdminOptions, print: (line: string) => void): Promise<void> {
    await (options['dry-run'] === true ? this.list(print) : this.apply(print));
  }

  private async apply(print: (line: string) => void): Promise<void> {
    const onApplied = (name: string) => print(`Applied ${name}`);
    const database = await this.open(
      (dataSource, given) => migrate(dataSource, { ...given, onApplied }),
      print,
    );
    await database.close();
    print('The schema is that of this version.');
  }

  private async list(print: (line: string) => void): Promise<void> {
    const database = await this.open(() => Promise.resolve(), print);
    try {
      const { dataSource } = database;
      const { pending, newer } = await readSchemaState(dataSource, migrationsOf(dataSource));
      if (newer.length > 0)
        print(`${newer.length} migration(s) of a newer version are applied, the last ${newer.at(-1)}.`);
      if (pending.length === 0) return print('No migration is pending.');
      for (const step of pending) print(describe(step));
      throw new AdminCommandError(`${pending.length} migration(s) pending.`, { exitCode: PENDING });
    } finally {
      await database.close();
    }
  }
}

function describe({
  name,
  breaksOlderVersions = false,
  irreversible,
}: Pick<Migration, 'name' | 'breaksOlderVersions' | 'irreversible'>): string {
  const notes = [
    ...(breaksOlderVersions ? ['stop all servers of older versions first'] : []),
    ...(irreversible === undefined ? [] : ['cannot be undone']),
  ];
  return notes.length === 0 ? name : `${name} (${notes.join('; ')})`;
}

/** `npm run admin -- migrate:down`: undoes the migration that was applied last. */
export class MigrateDownCommand implements AdminCommand {
  readonly name = 'migrate:down';
  readonly purpose =
    'Undoes the last migration, with all data in columns and tables that it added. --dry-run names it.';
  readonly usage = '[--dry-run]';
  readonly options = DRY_RUN;

  constructor(private readonly open: Open) {}

  async run(options: AdminOptions, print: (line: string) => void): Promise<void> {
    const isDryRun = options['dry-run'] === true;
    const database = await this.open(async (dataSource, given) => {
      const name = await findLastApplied(dataSource);
      if (name === null) throw new AdminCommandError('No migration is applied.');
      const migration = reversible(name, migrationsOf(dataSource));
      if (isDryRun) return print(`Would undo ${name}`);
      await undoLastMigration(dataSource, migration, given);
      print(`Undid ${name}. A server of this version applies it again when it starts.`);
    }, print);
    await database.close();
  }
}
