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

/** Settings → database → migrations → bootstrap → listening → a signal. However it ends, nothing is left running. */
async function serve(signal: AbortSignal): Promise<void> {
  const config = readSettings();
  const database = await openDatabase(config.database, { createDataSource, prepare: migrate, print, signal });
  try {
    const { makeApp, Bootstrap } = await application();
    const app = await makeApp(config, database.dataSource);
    announceFirstAdmin(await app.get(Bootstrap).run());
    const { port, host, publicUrl } = config.server;
    const fastify: FastifyInstance = app.getHttpAdapter().getInstance(); // Nest would log a port that is taken, too
    const listensOn = await fastify.listen({ port, host });
    const address = publicUrl ?? listensOn.replace('[::]', '[::1]'); // an address that a browser opens
    print(`Tenantry listens on ${address}, its reference is ${address}/docs`);
    await aborted(signal);
    await closeWithTimeout(app);
  } finally {
    await database.close();
  }
}

/** Two thousand modules: settings and database need not wait for them to say what is wrong. */
async function application() {
  const { createApp } = await import('./app.setup.js');
  const { Bootstrap } = await import('./modules/instance/index.js');
  return { makeApp: createApp, Bootstrap };
}

/** At once: the password is stored as a digest already, and whatever fails next, it was shown. */
function announceFirstAdmin(admin: FirstAdmin | null): void {
  if (admin) print(`First admin: ${admin.email}`);
  if (admin?.password) print(`Password, shown only now: ${admin.password}`);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

surviveLogFailures();
const stop = stopSignal();
serve(stop)
  .catch((error: unknown) => {
    if (error === stop.reason) return;
    process.stderr.write(
      `The server could not start: ${error instanceof Error ? error.message : String(error)}\n`,
    );
    process.exit(1);
  })
  .finally(() => process.exit(0));
