/** A newer version has changed the schema in a way that it declared incompatible with older versions. */
export class SchemaTooNew extends Error {
  constructor(readonly migration: string) {
    super(
      `the database schema is newer than this version and not compatible with it (migration ${migration}). ` +
        'Start the newer version, or restore a backup from before its first start.',
    );
  }
}
