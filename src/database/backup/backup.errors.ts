import { AdminCommandError } from '../../common/admin/admin-command.errors.js';

/** The file is not one that `npm run admin -- backup` has written. */
export class NotABackup extends AdminCommandError {
  readonly code = 'not_a_backup';

  constructor(path: string) {
    super(`${path} is not a backup of Tenantry. Nothing was changed.`);
  }
}

/** The file is truncated, or a byte of it was changed. */
export class DamagedBackup extends AdminCommandError {
  readonly code = 'damaged_backup';

  constructor(path: string, problem: string, options?: ErrorOptions) {
    super(`${path} is damaged: ${problem}. Nothing was changed.`, options);
  }
}

/** This version cannot read the format of the file, or does not know its schema. */
export class UnsupportedBackup extends AdminCommandError {
  readonly code = 'unsupported_backup';

  constructor(path: string, problem: string) {
    super(`${path} cannot be restored by this version: ${problem}. Nothing was changed.`);
  }
}

/** The file to write exists already. */
export class BackupFileExists extends AdminCommandError {
  readonly code = 'backup_file_exists';

  constructor(path: string) {
    super(`${path} exists. Choose another name, or replace it with --overwrite.`);
  }
}

/** The operating system refuses to read or to write the file. */
export class UnusableBackupFile extends AdminCommandError {
  readonly code = 'unusable_backup_file';

  constructor(path: string, verb: 'read' | 'written', cause: unknown) {
    super(`${path} cannot be ${verb}: ${(cause as Error).message}`, { cause });
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

/** The bytes end before the expected ones, or a line is longer than any that was written. */
export class UnexpectedEnd extends Error {}
