import 'reflect-metadata';
import { setTimeout as pause } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import { migrate } from './database/schema/migrate.js';
import { openDatabase } from './database/open-database.js';
import { retryOutages } from './database/connection/wait-for-database.js';
import { aborted } from './common/background/lifecycle.js';
import { createDataSource } from './data-source.js';
import { namingSetting } from './common/http/listen-errors.js';
import { createServerLog, type ServerLog, surviveLogFailures } from './common/logging/server-log.js';
import { useTracer } from './common/tracing/trace-context.js';
import type { Config } from './config/config.js';
import type { FirstAdmin } from './modules/instance/index.js';
import { readSettings } from './process/read-settings.js';
import {
  closeWithTimeout,
  drain,
  exitCodeOf,
  type StopSignals,
  stopSignals,
} from './process/stop-on-signal.js';

const CLOSE_TIMEOUT_MS = 1000; // after the second signal

/** Settings → database → migrations → bootstrap → listening → signal → drain. Releases everything on every exit path. */
async function serve(stop: StopSignals): Promise<void> {
  const [signal, config] = [stop.first, readSettings()];
  const log = createServerLog(config.log.level);
  const print = (line: string) => log.info(line);
  const announce = announcer(log);
  const stopTracing = await startTracing(config.tracing);
  for (const { message } of config.warnings) log.warn(message);
  const database = await openDatabase(config.database, {
    createDataSource,
    prepare: migrate,
    isServer: true,
    print,
    onLaunched: () => void application().catch(() => undefined), // awaited below
    signal,
  });
  try {
    const { makeApp, Bootstrap } = await application();
    const app = await makeApp(config, database.dataSource, log);
    const bootstrap = () => app.get(Bootstrap).run();
    announceFirstAdmin(announce, await retryOutages(bootstrap, { ...config.database, print, signal }));
    const { port, host, publicUrl } = config.server;
    const fastify: FastifyInstance = app.getHttpAdapter().getInstance(); // Nest would also log an EADDRINUSE
    const listensOn = await namingSetting('PORT', { host, port }, () => fastify.listen({ port, host }));
    const address = publicUrl ?? listensOn.replace('[::]', '[::1]'); // an address that browsers accept
    announce(`Tenantry listens on ${address}, its reference is ${address}/docs`);
    hasStarted = true;
    await aborted(AbortSignal.any([stop.first, database.failure]));
    await drain(
      app,
      config.server.shutdownDrainSeconds,
      stop,
      AbortSignal.any([stop.second, database.failure]),
    );
    await closeWithTimeout(app, stop.second);
    database.failure.throwIfAborted();
  } finally {
    await database.close();
    await stopTracing();
  }
}

/**
 * Exports traces from now on, if there are settings; only then is OpenTelemetry loaded. Resolves with the function that
 * exports the rest, for two seconds at most.
 */
async function startTracing(settings: Config['tracing']): Promise<() => Promise<void>> {
  if (!settings) return () => Promise.resolve();
  const { OtlpTracer } = await import('./common/otlp/otlp-tracer.js');
  const tracer = new OtlpTracer(settings, new Logger('Tracing'));
  useTracer(tracer);
  return async () => {
    useTracer(null);
    await tracer.shutDown();
  };
}

/**
 * Imported late: settings and database are checked before two thousand modules are loaded, except while the embedded
 * database starts.
 */
async function application() {
  const { createApp } = await import('./app.setup.js');
  const { Bootstrap } = await import('./modules/instance/index.js');
  return { makeApp: createApp, Bootstrap };
}

/** Printed at once: only a digest of the password is stored, so it must be shown even if the start fails later. */
function announceFirstAdmin(announce: (line: string) => void, admin: FirstAdmin | null): void {
  if (admin) announce(`First admin: ${admin.email}`);
  if (admin?.password) announce(`Password, shown only now: ${admin.password}`);
}

/** Writes what is said only once, whatever LOG_LEVEL is. */
function announcer(log: ServerLog): (line: string) => void {
  const always = log.child({}, { level: 'info' });
  return (line) => always.info(line);
}

/** Gives the database a moment to close, so that an embedded PostgreSQL is not left running. */
async function endAtOnce(): Promise<void> {
  await pause(CLOSE_TIMEOUT_MS);
  process.exit(exitCode());
}

const exitCode = () => (stop.second.aborted ? exitCodeOf(stop.second) : 0);

surviveLogFailures();
let hasStarted = false;
const stop = stopSignals();
void aborted(stop.second).then(endAtOnce);
serve(stop)
  .catch((error: unknown) => {
    if (error === stop.first.reason) return;
    const problem = hasStarted ? 'The server stopped' : 'The server could not start';
    process.stderr.write(`${problem}: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  })
  .finally(() => process.exit(exitCode()));
