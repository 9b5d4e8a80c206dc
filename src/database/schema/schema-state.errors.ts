/** The database is of a version before 0.7.0, whose migrations this version has replaced by one for empty databases. */
export class SchemaTooOld extends Error {
  constructor(migration: string) {
    super(`the database ${lacks(migration)}`);
  }
}

/** Why this version cannot take a schema that lacks this migration. */
export const lacks = (migration: string) =>
  `lacks the migration ${migration} of version 0.7.0, which this version cannot apply any more: go by 0.7.0 first`;

/** A newer version has changed the schema in a way that it declared incompatible with older versions. */
export class SchemaTooNew extends Error {
  constructor(readonly migration: string) {
    super(
      `the database schema is newer than this version and not compatible with it (migration ${migration}). ` +
        'Start the newer version, or restore a backup from before its first start.',
    );
  }
}
