import type { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';

/**
 * Runs `work` when the server starts, before it listens, but not for the operator's commands, which create the same
 * application. Call it while modules are initialized; the server waits for `work` for ten seconds at most.
 */
export function onListening({ httpAdapter }: HttpAdapterHost, work: () => Promise<void> | void): void {
  httpAdapter.getInstance<FastifyInstance>().addHook('onReady', async () => work());
}

/** The result of `work`, or the signal's reason as soon as it is aborted; the result of `work` is then ignored. */
export async function unlessAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return Promise.race([work, aborted(signal).then(() => Promise.reject(signal.reason))]);
}

/** Resolves when the signal is aborted, at once if it already is. */
export const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

/** How long after the end of a process another one continues its work. */
export const LEASE_SECONDS = 12;
const RENEW_MS = 4_000;

/** Renews a lease while the work runs. A renewal that has begun is awaited; a failed one is repeated. */
export async function whileRenewing<T>(renew: () => Promise<unknown>, work: () => Promise<T>): Promise<T> {
  let renewal: Promise<unknown> = Promise.resolve();
  const timer = setInterval(() => void (renewal = renewal.then(renew).catch(() => undefined)), RENEW_MS);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    await renewal;
  }
}
