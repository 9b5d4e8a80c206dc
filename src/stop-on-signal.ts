import type { NestFastifyApplication } from '@nestjs/platform-fastify';

const STOP_TIMEOUT_MS = 10_000;
const SWEEP_EVERY_MS = 50;

/**
 * A signal that is aborted by the first SIGTERM, SIGINT or SIGHUP (terminal closed). Create it before anything is
 * started, so that an interrupted start is cleaned up as well.
 */
export function stopSignal(): AbortSignal {
  const stop = new AbortController();
  for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(name, () => stop.abort());
  return stop.signal;
}

/** Accepts no new requests and completes those in progress, for ten seconds at most. */
export async function closeWithTimeout(app: NestFastifyApplication): Promise<void> {
  const timeout = new Promise((resolve) => setTimeout(resolve, STOP_TIMEOUT_MS).unref());
  const server = app.getHttpServer();
  const closing = app.close();
  // A keep-alive connection whose request ends from now on would stay open until its next request.
  const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_EVERY_MS);
  await Promise.race([closing, timeout]).finally(() => clearInterval(sweep));
}
