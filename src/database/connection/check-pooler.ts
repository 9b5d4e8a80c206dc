import { randomUUID } from 'node:crypto';
import { first } from '../../common/collections.js';
import {
  PoolerIgnoresSchema,
  PoolerRefusesParameter,
  PoolerWithoutPreparedStatements,
} from './pooler.errors.js';
import { type ConnectionLimits, sessionLimits } from './connection-limits.js';
import type { DatabaseClient } from './database-client.js';

/** The parameters that a connection is opened with; PgBouncer knows none of them. */
type LimitName = keyof ReturnType<typeof sessionLimits>;

/** PgBouncer's message, with SQLSTATE 08P01 as for an outage. */
const REFUSED = /^unsupported startup parameter(?: in options)?: (\S+)/;

/** Converts PgBouncer's refusal of a parameter to PoolerRefusesParameter; returns any other error unchanged. */
export function explainRefusedParameter(error: unknown, limits: ConnectionLimits): unknown {
  const [, parameter] = REFUSED.exec((error as Error).message) ?? [];
  return parameter === undefined
    ? error
    : new PoolerRefusesParameter(parameter, [...Object.keys(sessionLimits(limits)), 'search_path'], {
        cause: error,
      });
}

/**
 * Logs the limits that a pooler was told to ignore and does not set on its connections.
 *
 * @param client opened with these limits
 */
export async function reportIgnoredLimits(
  client: DatabaseClient,
  limits: ConnectionLimits,
  print: (line: string) => void,
): Promise<void> {
  const wantedMs = sessionLimits(limits);
  const wanted = (Object.keys(wantedMs) as LimitName[]).filter((name) => wantedMs[name] > 0);
  const { rows } = await client.query<{ name: LimitName }>(
    `select name from pg_settings where name = any($1) and setting = '0' order by name`,
    [wanted],
  );
  if (rows.length === 0) return;
  const statements = rows.map(({ name }) => `set ${name} = ${wantedMs[name]}`).join('; ');
  print(
    'The pooler ignores limits of connections, which are off therefore (docs/postgresql.md#pgbouncer); ' +
      `add to the database in pgbouncer.ini: connect_query='${statements}'`,
  );
}

/**
 * @param client opened with the schema
 * @throws PoolerIgnoresSchema
 */
export async function assertSchema(client: DatabaseClient, schema: string): Promise<void> {
  const { rows } = await client.query<{ path: string[] }>(
    `select parse_ident(trim(split_part(current_setting('search_path'), ',', 1))) as path`,
  );
  if (first(rows).path[0] !== schema) throw new PoolerIgnoresSchema(schema);
}

/** For the case that another client uses the pooler's connection at the same time. */
const ATTEMPTS = 5;
const HAS_STATEMENT = 'exists (select from pg_prepared_statements where name = $1)';

/**
 * A pooler that supports prepared statements in transaction mode renames them. If it does not rename them, they exist
 * for another client, too, unless each client has a connection of its own, as in session mode.
 *
 * @param connect opens a second connection
 * @throws PoolerWithoutPreparedStatements
 */
export async function assertPreparedStatements(
  client: DatabaseClient,
  connect: () => Promise<DatabaseClient>,
): Promise<void> {
  const name = `tenantry_${randomUUID()}`;
  const text = `select pg_backend_pid() as pid, ${HAS_STATEMENT} as "keepsName"`;
  const { rows } = await client.query<{ pid: number; keepsName: boolean }>({ name, text, values: [name] });
  const { pid, keepsName } = first(rows);
  if (!keepsName || pid === client.backendPid) return;
  const other = await connect();
  try {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++)
      if (await hasStatement(other, name)) throw new PoolerWithoutPreparedStatements();
  } finally {
    other.destroy();
  }
}

async function hasStatement(client: DatabaseClient, name: string): Promise<boolean> {
  const { rows } = await client.query<{ found: boolean }>(`select ${HAS_STATEMENT} as found`, [name]);
  return first(rows).found;
}
