import { first } from '../../common/collections.js';
import {
  assertPreparedStatements,
  assertSchema,
  explainRefusedParameter,
  reportIgnoredLimits,
} from './check-pooler.js';
import { clientLimits, type ConnectionLimits } from './connection-limits.js';
import { DatabaseClient } from './database-client.js';
import { type RetryOptions, retryOutages } from './retry-outages.js';

/** The database responds, but its encoding cannot store every text. */
class UnusableEncoding extends Error {
  constructor(encoding: string) {
    super(`its encoding is ${encoding}; create it with encoding UTF8`);
  }
}

/**
 * Resolves when the database responds, can store every text, and no pooler in front of it loses prepared statements.
 *
 * @throws the last failure after `waitSeconds`, a permanent failure at once
 * @throws UnusableEncoding, PoolerRefusesParameter, PoolerIgnoresSchema, PoolerWithoutPreparedStatements
 */
export const waitForDatabase = (url: string, expected: Expected, options: RetryOptions): Promise<void> =>
  retryOutages(() => assertUsable(url, expected, options.print), options);

/** What connections are opened with, and a pooler may ignore. `schema` null: any. */
type Expected = { limits: ConnectionLimits; schema: string | null };

async function assertUsable(
  url: string,
  { limits, schema }: Expected,
  print: (line: string) => void,
): Promise<void> {
  const client = await connect(url, limits);
  try {
    const { rows } = await client.query<{ encoding: string }>(
      `select current_setting('server_encoding') as encoding`,
    );
    const { encoding } = first(rows);
    if (encoding !== 'UTF8') throw new UnusableEncoding(encoding);
    if (schema !== null) await assertSchema(client, schema);
    await assertPreparedStatements(client, () => connect(url, limits));
    await reportIgnoredLimits(client, limits, print);
    await client.end();
  } finally {
    client.destroy();
  }
}

/** A separate connection; one that is accepted but gets no response times out like any other. */
async function connect(url: string, limits: ConnectionLimits): Promise<DatabaseClient> {
  const client = new DatabaseClient({
    ...clientLimits(limits),
    connectionString: url,
    silenceMs: limits.connectSeconds * 1000,
    application_name: 'tenantry start',
  });
  try {
    await client.connect();
    return client;
  } catch (error) {
    client.destroy();
    throw explainRefusedParameter(error, limits);
  }
}
