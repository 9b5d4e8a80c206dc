import { statfs } from 'node:fs/promises';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import type { Config } from '../../../config/config.js';
import { found, ok, type Result } from './problems.js';

const MIB = 2 ** 20;

/** DATA_DIR holds the embedded database; with another database, little is written to it. */
export async function checkDisk({ database }: Config): Promise<Result[]> {
  const { bavail, bsize, blocks } = await statfs(database.dataDirectory).catch(() => statfs('.'));
  return [judgeDisk({ freeBytes: blocks === 0 ? null : bavail * bsize, isEmbedded: database.url === null })];
}

/** `freeBytes` null: a file system without a size. */
export function judgeDisk({
  freeBytes,
  isEmbedded,
}: {
  freeBytes: number | null;
  isEmbedded: boolean;
}): Result {
  if (freeBytes === null) return ok('The file system has no size.');
  const message = `${Math.floor(freeBytes / MIB)} MiB are free.`;
  if (freeBytes < 100 * MIB && isEmbedded) return found('disk_full', message);
  return freeBytes < 1024 * MIB ? found('disk_low', message) : ok(message);
}

const RESOLUTION_MS = 10;
const LONGEST_DELAY_MS = 100;

export async function checkEventLoop(): Promise<Result[]> {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  histogram.enable();
  await pause(1000);
  histogram.disable();
  const delayMs = Math.max(0, Math.round(histogram.percentile(95) / 1e6 - RESOLUTION_MS));
  const message = `Timers are ${delayMs} ms late (95th percentile of a second).`;
  return [delayMs > LONGEST_DELAY_MS ? found('event_loop_delayed', message) : ok(message)];
}
