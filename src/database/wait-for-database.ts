import { setTimeout as pause } from 'node:timers/promises';
import { outageKind } from '../common/errors/outage.js';
import type { Config } from '../config/config.js';
import { clientLimits } from './connection-limits.js';
import { DatabaseClient } from './database-client.js';

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5000;

/** The database responds, but its encoding cannot store every text. */
class UnusableEncoding extends Error {
  constructor(encoding: string) {
    super(`its encoding is ${encoding}; create it with encoding UTF8`);
  }
}

/** Invalid credentials or no such database: a retry cannot help. PostgreSQL, Appendix A. */
const PERMANENT = /^(28|3D)/;

/**
 * Resolves when the database responds and can store every text; logs once for each kind of failure why it waits.
 *
 * @throws the last failure after `waitSeconds`, a permanent failure or UnusableEncoding at once
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
