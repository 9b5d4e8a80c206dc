import type { NestFastifyApplication } from '@nestjs/platform-fastify';

const STOP_TIMEOUT_MS = 10_000;
const SWEEP_EVERY_MS = 50;

/**
 * Aborted by SIGTERM, SIGINT or, when its terminal is closed, SIGHUP; further ones change nothing. Made before anything
 * is started, so that a signal in the middle of a start ends what was started, too.
 */
export function stopSignal(): AbortSignal {
  const stop = new AbortController();
  for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(name, () => stop.abort());
  return stop.signal;
}

/** Accepts nothing new and finishes what is running, which may take ten seconds. */
export async function closeWithTimeout(app: NestFastifyApplication): Promise<void> {
  const timeout = new Promise((resolve) => setTimeout(resolve, STOP_TIMEOUT_MS).unref());
  const server = app.getHttpServer();
  const closing = app.close();
  // A connection whose request ends from now on stays open for the next one, and would be waited for.
  const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_EVERY_MS);
  await Promise.race([closing, timeout]).finally(() => clearInterval(sweep));
}
