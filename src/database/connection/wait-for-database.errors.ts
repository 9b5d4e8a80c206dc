/** Another engine that speaks the protocol of PostgreSQL, or a PostgreSQL without what triggers and events rely on. */
export class UnsupportedDatabase extends Error {
  constructor(version: string) {
    super(`its version() is "${version}"; use PostgreSQL 15 or newer (docs/postgresql.md#versions)`);
  }
}

/** The database responds, but its encoding cannot store every text. */
export class UnusableEncoding extends Error {
  constructor(encoding: string) {
    super(`its encoding is ${encoding}; create it with encoding UTF8`);
  }
}

/** The pooler does not know a parameter of the connection and closes it. */
export class PoolerRefusesParameter extends Error {
  constructor(parameter: string, limits: readonly string[], options: { cause: unknown }) {
    super(
      `its pooler refuses the parameter ${parameter}; set ignore_startup_parameters = ${limits.join(', ')} ` +
        'in pgbouncer.ini (docs/postgresql.md#pgbouncer)',
      options,
    );
  }
}

/** The pooler was told to ignore the parameter, and its connections have another schema. */
export class PoolerIgnoresSchema extends Error {
  constructor(schema: string) {
    super(
      `its pooler ignores POSTGRES_SCHEMA; set it for the role: alter role … set search_path = "${schema}" ` +
        '(docs/postgresql.md#pgbouncer)',
    );
  }
}

/** The pooler runs the statements of a client on several connections, but prepares them on one only. */
export class PoolerWithoutPreparedStatements extends Error {
  constructor() {
    super(
      'its pooler runs in transaction mode without prepared statements; ' +
        'set max_prepared_statements = 500 in pgbouncer.ini (docs/postgresql.md#pgbouncer)',
    );
  }
}
