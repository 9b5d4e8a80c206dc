import { first } from '../../common/collections.js';

type Query = (text: string, values?: unknown[]) => Promise<unknown>;

/** insufficient_privilege; unique_violation and duplicate_schema of a process that was faster. */
const [FORBIDDEN, ...CREATED_MEANWHILE] = ['42501', '23505', '42P06'];

/** The schema is missing, and the role may not create it. */
class SchemaMissing extends Error {
  constructor(schema: string, options: { cause: unknown }) {
    super(
      `the database has no schema ${schema}, and the role may not create it; ` +
        `let an administrator run: create schema "${schema}" authorization <the role of DATABASE_URL>`,
      options,
    );
  }
}

/**
 * Creates a schema unless it exists. Not with `if not exists`, which needs the right to create one in either case.
 *
 * @param query returns rows
 * @throws SchemaMissing
 */
export async function ensureSchema(query: Query, schema: string): Promise<void> {
  const exists = `select to_regnamespace(quote_ident($1)) is not null as "isThere"`;
  const { isThere } = first((await query(exists, [schema])) as { isThere: boolean }[]);
  if (isThere) return;
  try {
    await query(`create schema "${schema}"`);
  } catch (error) {
    const code = sqlstateOf(error);
    if (code === FORBIDDEN) throw new SchemaMissing(schema, { cause: error });
    if (!CREATED_MEANWHILE.includes(code)) throw error;
  }
}

/** TypeORM wraps the error of the driver. */
function sqlstateOf(error: unknown): string {
  const { driverError = error } = error as { driverError?: unknown };
  return String((driverError as { code?: unknown }).code);
}
