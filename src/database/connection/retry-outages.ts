import { setTimeout as pause } from 'node:timers/promises';
import { outageKind } from '../../common/errors/outage.js';

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5000;

/** Invalid credentials or no such database: a retry cannot help. PostgreSQL, Appendix A. */
const PERMANENT = /^(28|3D)/;

export type RetryOptions = {
  waitSeconds: number;
  print: (line: string) => void;
  /** If aborted, the last failure is thrown. */
  signal: AbortSignal;
};

/**
 * The result of `work`, which is repeated with backoff while it fails with an outage of the database. Logs once for each
 * kind of outage why it waits.
 *
 * @throws the last failure after `waitSeconds`, any other failure at once
 */
export async function retryOutages<T>(
  work: () => Promise<T>,
  { waitSeconds, print, signal }: RetryOptions,
): Promise<T> {
  const end = performance.now() + waitSeconds * 1000;
  const reported = new Set<string>();
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    try {
      return await work();
    } catch (error) {
      const kind = outageKind(error);
      const remainingMs = end - performance.now();
      if (kind === null || PERMANENT.test(kind) || remainingMs <= 0 || signal.aborted) throw error;
      if (!reported.has(kind)) print(waitingFor(kind, error as Error, remainingMs));
      reported.add(kind);
      await pause(Math.min(pauseMs, remainingMs), undefined, { signal }).catch(() => undefined);
    }
  }
}

const waitingFor = (kind: string, { message }: Error, remainingMs: number) =>
  `Waiting for the database, at most ${Math.ceil(remainingMs / 1000)} s (${kind}: ${message})`;
