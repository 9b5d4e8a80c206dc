/** Only a starting server and `migrate` change the schema, not another command. */
export class SchemaOutdated extends Error {
  constructor() {
    super(
      'The database schema is not that of this version; start the server once to migrate it, or run ' +
        '`npm run admin -- migrate`.',
    );
  }
}

/** A newer version has changed the schema in a way that it declared incompatible with older versions. */
export class SchemaTooNew extends Error {
  constructor(migration: string) {
    super(
      `the database schema is newer than this version and not compatible with it (migration ${migration}). ` +
        'Start the newer version, or restore a backup from before its first start.',
    );
  }
}

/** A migration cannot be applied to this database; it left nothing behind. */
export class MigrationFailed extends Error {
  constructor(migration: string, cause: Error) {
    super(`the migration ${migration} failed: ${cause.message}`, { cause });
  }
}

/** `migrate:down` cannot undo the migration that was applied last. */
export class MigrationCannotBeUndone extends Error {
  constructor(migration: string, reason: string) {
    super(`the migration ${migration} cannot be undone: ${reason}`);
  }
}

/** The schema is missing, and the role may not create it. */
export class SchemaMissing extends Error {
  constructor(schema: string, options: { cause: unknown }) {
    super(
      `the database has no schema ${schema}, and the role may not create it; ` +
        `let an administrator run: create schema "${schema}" authorization <the role of DATABASE_URL>`,
      options,
    );
  }
}
