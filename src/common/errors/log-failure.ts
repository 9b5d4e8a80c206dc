import { Logger } from '@nestjs/common';
import { Unavailable } from './domain-error.js';
import { explainOutage } from './outage.js';

/**
 * The loggable part of an unexpected error: message and stack, and those of its causes. Other properties, which
 * `inspect` would print, are left out: a database error carries its statement and values, which hold personal data and
 * digests.
 */
export function errorTrace(error: unknown): string {
  if (!(error instanceof Error)) return `thrown: ${typeof error}`;
  const cause = error.cause === undefined ? '' : `\ncaused by ${errorTrace(error.cause)}`;
  return `${error.stack ?? error.message}${cause}`;
}

const WINDOW_MS = 1000;

const log = new Logger('Availability');
/** Failures of each kind within the current second. */
const counts = new Map<string, number>();

/**
 * Logs an outage once per second and kind, with a count (docs/contract/installation.md#outages), and anything else with
 * its stack.
 */
export function logFailure(into: Logger, what: string, error: unknown): void {
  const explained = explainOutage(error);
  if (explained instanceof Unavailable) countOutage(explained);
  else into.error(what, errorTrace(error));
}

export function countOutage(outage: Unavailable): void {
  const { kind } = outage;
  if (kind === null) return;
  const count = counts.get(kind);
  counts.set(kind, (count ?? 0) + 1);
  if (count !== undefined) return;
  const { message } = rootOf(outage);
  setTimeout(() => {
    log.error(`unavailable (${kind}: ${message}): ${counts.get(kind)} failures within a second`);
    counts.delete(kind);
  }, WINDOW_MS).unref();
}

function rootOf(error: Error): Error {
  const cause = (error as { driverError?: unknown }).driverError ?? error.cause;
  return cause instanceof Error ? rootOf(cause) : error;
}
