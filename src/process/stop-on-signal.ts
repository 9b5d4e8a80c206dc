import { constants } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Drain } from '../common/http/drain.js';
import { aborted } from '../common/background/lifecycle.js';

const STOP_TIMEOUT_MS = 10_000;
const SWEEP_EVERY_MS = 50;
/** npm forwards to the server what the terminal has sent to both: a Ctrl-C arrives twice. */
const SAME_KEYSTROKE_MS = 250;

/** SIGHUP: the terminal was closed. */
const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

/** The reason of an aborted start, and why a running server stops. */
class StopRequested extends Error {
  constructor(readonly signal: (typeof SIGNALS)[number]) {
    super(`received ${signal}`);
  }
}

const nameOf = ({ reason }: AbortSignal) => (reason as StopRequested).signal;

/** The exit code of a process that the signal has ended (POSIX shells). */
export const exitCodeOf = (stop: AbortSignal): number => 128 + constants.signals[nameOf(stop)];

/** `first` and `second` are aborted with StopRequested by the first and the second signal. */
export type StopSignals = { readonly first: AbortSignal; readonly second: AbortSignal };

/** Call it before anything is started, so that an interrupted start is cleaned up as well. */
export function stopSignals(): StopSignals {
  const first = new AbortController();
  const second = new AbortController();
  let firstAt = 0;
  for (const name of SIGNALS) {
    process.on(name, () => {
      if (!first.signal.aborted) {
        firstAt = performance.now();
        first.abort(new StopRequested(name));
      } else if (!isRepetition(first.signal, name, firstAt)) {
        second.abort(new StopRequested(name));
      }
    });
  }
  return { first: first.signal, second: second.signal };
}

const isRepetition = (first: AbortSignal, name: string, firstAt: number) =>
  nameOf(first) === name && performance.now() - firstAt < SAME_KEYSTROKE_MS;

/**
 * Makes readiness fail and, after a SIGTERM, waits for load balancers to notice it, if there are any. Requests are
 * served as before. Returns early when `end` is aborted.
 */
export async function drain(
  app: NestFastifyApplication,
  seconds: number,
  { first }: StopSignals,
  end: AbortSignal,
) {
  const state = app.get(Drain);
  state.begin();
  const isOrderly = first.aborted && nameOf(first) === 'SIGTERM';
  if (!isOrderly || !state.isReadinessWatched) return;
  await pause(seconds * 1000, undefined, { signal: end }).catch(() => undefined);
}

/** Accepts no new connections and completes the requests in progress, until `end` is aborted, for ten seconds at most. */
export async function closeWithTimeout(app: NestFastifyApplication, end: AbortSignal): Promise<void> {
  const timeout = pause(STOP_TIMEOUT_MS, undefined, { ref: false });
  const server = app.getHttpServer();
  const closing = app.close();
  // A keep-alive connection whose request ends from now on would stay open until its next request.
  const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_EVERY_MS);
  await Promise.race([closing, timeout, aborted(end)]).finally(() => clearInterval(sweep));
}
