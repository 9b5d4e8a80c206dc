import { AdminCommandError } from '../../common/admin-commands.js';

/** The file cannot be read, is not a backup, is damaged, or needs another version. */
export class UnusableBackup extends AdminCommandError {
  readonly code = 'unusable_backup';

  constructor(path: string, problem: string, options?: ErrorOptions) {
    super(`${path} ${problem}. Nothing was changed.`, options);
  }
}

/** The file to write exists already, or the operating system refuses to write it. */
export class BackupNotWritten extends AdminCommandError {
  readonly code = 'backup_not_written';

  constructor(path: string, problem: string, options?: ErrorOptions) {
    super(`${path} ${problem}`, options);
  }
}

/** Restoring would mix two installations. */
export class DatabaseNotEmpty extends AdminCommandError {
  readonly code = 'database_not_empty';

  constructor(count: number, first: string) {
    super(
      `The database is not empty: it has ${count} tables, views or sequences, among them ${first}. ` +
        'Restore into a new, empty database. Nothing was changed.',
    );
  }
}

/** The schema is not the one that this version writes. */
export class OtherSchema extends AdminCommandError {
  readonly code = 'other_schema';

  constructor(problem: string) {
    super(`The database schema is not that of this version: ${problem}.`);
  }
}

/** Secrets of this environment are not those of the installation that was backed up. */
export class OtherSecrets extends AdminCommandError {
  readonly code = 'other_secrets';

  constructor(problems: readonly string[]) {
    super(
      `These secrets are not those of the backup: ${problems.join('; ')}. ` +
        'Set them to the earlier values, or restore with --accept-other-secrets. Nothing was changed.',
    );
  }
}
