import 'reflect-metadata';
import type { FastifyInstance } from 'fastify';
import { migrate } from './database/migrate.js';
import { openDatabase } from './database/open-database.js';
import { aborted } from './database/unless-aborted.js';
import { createDataSource } from './data-source.js';
import { surviveLogFailures } from './log-streams.js';
import type { FirstAdmin } from './modules/instance/index.js';
import { readSettings } from './read-settings.js';
import { closeWithTimeout, stopSignal } from './stop-on-signal.js';

/** Settings → database → migrations → bootstrap → listening → signal. Releases everything on every exit path. */
async function serve(signal: AbortSignal): Promise<void> {
  const config = readSettings();
  const database = await openDatabase(config.database, {
    createDataSource,
    prepare: migrate,
    isServer: true,
    print,
    signal,
  });
  try {
    const { makeApp, Bootstrap } = await application();
    const app = await makeApp(config, database.dataSource);
    announceFirstAdmin(await app.get(Bootstrap).run());
    const { port, host, publicUrl } = config.server;
    const fastify: FastifyInstance = app.getHttpAdapter().getInstance(); // Nest would also log an EADDRINUSE
    const listensOn = await fastify.listen({ port, host });
    const address = publicUrl ?? listensOn.replace('[::]', '[::1]'); // an address that browsers accept
    print(`Tenantry listens on ${address}, its reference is ${address}/docs`);
    hasStarted = true;
    await Promise.race([aborted(signal), aborted(database.failure)]);
    await closeWithTimeout(app);
    database.failure.throwIfAborted();
  } finally {
    await database.close();
  }
}

/** Imported late: settings and database are checked before two thousand modules are loaded. */
async function application() {
  const { createApp } = await import('./app.setup.js');
  const { Bootstrap } = await import('./modules/instance/index.js');
  return { makeApp: createApp, Bootstrap };
}

/** Printed at once: only a digest of the password is stored, so it must be shown even if the start fails later. */
function announceFirstAdmin(admin: FirstAdmin | null): void {
  if (admin) print(`First admin: ${admin.email}`);
  if (admin?.password) print(`Password, shown only now: ${admin.password}`);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

surviveLogFailures();
let hasStarted = false;
const stop = stopSignal();
serve(stop)
  .catch((error: unknown) => {
    if (error === stop.reason) return;
    const problem = hasStarted ? 'The server stopped' : 'The server could not start';
    process.stderr.write(`${problem}: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  })
  .finally(() => process.exit(0));
