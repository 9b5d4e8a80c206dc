/** The pooler does not know a parameter of the connection and closes it. */
export class PoolerRefusesParameter extends Error {
  readonly code = 'pooler_refuses_parameter';

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
  readonly code = 'pooler_ignores_schema';

  constructor(schema: string) {
    super(
      `its pooler ignores POSTGRES_SCHEMA; set it for the role: alter role … set search_path = "${schema}" ` +
        '(docs/postgresql.md#pgbouncer)',
    );
  }
}

/** The pooler runs the statements of a client on several connections, but prepares them on one only. */
export class PoolerWithoutPreparedStatements extends Error {
  readonly code = 'pooler_without_prepared_statements';

  constructor() {
    super(
      'its pooler runs in transaction mode without prepared statements; ' +
        'set max_prepared_statements = 500 in pgbouncer.ini (docs/postgresql.md#pgbouncer)',
    );
  }
}
