/** A retry would not help; the message tells the operator what to change. */
export class UnusableDatabase extends Error {}

/** Another engine that speaks the protocol of PostgreSQL, or a PostgreSQL without what triggers and events rely on. */
export class UnsupportedDatabase extends UnusableDatabase {
  constructor(version: string) {
    super(`its version() is "${version}"; use PostgreSQL 15 or newer (docs/postgresql.md#versions)`);
  }
}
