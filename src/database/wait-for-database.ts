import { setTimeout as pause } from 'node:timers/promises';
import { outageKind } from '../common/errors/outage.js';
import type { Config } from '../config/config.js';
import { clientLimits } from './connection-limits.js';
import { DatabaseClient } from './database-client.js';

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5000;

/** The database answers, but cannot hold every text. */
class UnusableEncoding extends Error {
  constructor(encoding: string) {
    super(`its encoding is ${encoding}; create it with encoding UTF8`);
  }
}

/** Wrong credentials or no such database: waiting helps nobody. PostgreSQL, Appendix A. */
const PERMANENT = /^(28|3D)/;

/**
 * Resolves when the database answers and can hold every text; says once for each kind of failure why it waits.
 *
 * @throws the last failure when `waitSeconds` are over, a permanent one at once, UnusableEncoding
 */
export async function waitForDatabase(
  url: string,
  { limits, waitSeconds }: Pick<Config['database'], 'limits' | 'waitSeconds'>,
  { print, signal }: { print: (line: string) => void; signal: AbortSignal },
): Promise<void> {
  const end = performance.now() + waitSeconds * 1000;
  const told = new Set<string>();
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    try {
      return await assertUsable(url, limits);
    } catch (error) {
      const kind = outageKind(error);
      const remainingMs = end - performance.now();
      if (kind === null || PERMANENT.test(kind) || remainingMs <= 0 || signal.aborted) throw error;
      if (!told.has(kind)) print(waitingFor(kind, error as Error, remainingMs));
      told.add(kind);
      await pause(Math.min(pauseMs, remainingMs), undefined, { signal }).catch(() => undefined);
    }
  }
}

const waitingFor = (kind: string, { message }: Error, remainingMs: number) =>
  `Waiting for the database, at most ${Math.ceil(remainingMs / 1000)} s (${kind}: ${message})`;

/** On a connection of its own; one that accepts and says nothing is given up as soon as a new one would be. */
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
