import type { Config } from '../config/config.js';
import { clientLimits } from './connection-limits.js';
import { DatabaseClient } from './database-client.js';
import { retryOutages, type RetryOptions } from './retry-outages.js';

/** The database responds, but its encoding cannot store every text. */
class UnusableEncoding extends Error {
  constructor(encoding: string) {
    super(`its encoding is ${encoding}; create it with encoding UTF8`);
  }
}

/**
 * Resolves when the database responds and can store every text.
 *
 * @throws the last failure after `waitSeconds`, a permanent failure or UnusableEncoding at once
 */
export const waitForDatabase = (
  url: string,
  limits: Config['database']['limits'],
  options: RetryOptions,
): Promise<void> => retryOutages(() => assertUsable(url, limits), options);

/** On a separate connection; one that is accepted but gets no response times out like any other. */
async function assertUsable(url: string, limits: Config['database']['limits']): Promise<void> {
  const answerMs = limits.connectSeconds * 1000;
  const client = new DatabaseClient({
    ...clientLimits(limits),
    connectionString: url,
    silenceMs: answerMs,
    application_name: 'tenantry start',
  });
  try {
    await client.connect();
    const { rows } = await client.query<{ encoding: string }>(
      `select current_setting('server_encoding') as encoding`,
    );
    if (rows[0]!.encoding !== 'UTF8') throw new UnusableEncoding(rows[0]!.encoding);
    await client.end();
  } finally {
    client.destroy();
  }
}
