import { type AdminCommand, AdminCommandError, type AdminOptions } from '../../common/admin-commands.js';
import { undoLastMigration } from '../schema/migrate.js';
import type { OpenDatabase, Prepare } from '../open-database.js';
import { migrationsOf } from '../schema/migration.js';
import { findLastApplied, reversible } from '../schema/schema-state.js';

/** `npm run admin -- migrate:down`: undoes the migration that was applied last. */
export class MigrateDownCommand implements AdminCommand {
  readonly name = 'migrate:down';
  readonly purpose =
    'Undoes the last migration, with all data in columns and tables that it added. --dry-run names it.';
  readonly usage = '[--dry-run]';
  readonly options = { 'dry-run': { type: 'boolean' } } as const;

  /** @param open opens the database of this environment, prepared by the function */
  constructor(
    private readonly open: (prepare: Prepare, print: (line: string) => void) => Promise<OpenDatabase>,
  ) {}

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
