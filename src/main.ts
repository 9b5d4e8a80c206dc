import 'reflect-metadata';
import { makeApp } from './app.setup.js';
import { openDatabase } from './database/open-database.js';
import { makeDataSource } from './data-source.js';
import { Bootstrap, type FirstAdmin } from './modules/instance/index.js';
import { readSettings } from './read-settings.js';
import { stopOnSignal } from './stop-on-signal.js';

/** Settings → database → migrations → bootstrap → listening. Whatever fails, nothing is left running. */
async function start(): Promise<void> {
  const config = readSettings();
  const database = await openDatabase(config.database, makeDataSource, say);
  try {
    const app = await makeApp(config, database.dataSource);
    stopOnSignal(app, database);
    introduce(await app.get(Bootstrap).run());
    await app.listen(config.server.port, config.server.host);
    const address = config.server.publicUrl ?? (await app.getUrl());
    say(`Tenantry listens on ${address}, its reference is ${address}/docs`);
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** At once: the password is stored as a digest already, and whatever fails next, it was shown. */
function introduce(admin: FirstAdmin | null): void {
  if (admin) say(`First admin: ${admin.email}`);
  if (admin?.password) say(`Password, shown only now: ${admin.password}`);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

start().catch((error: unknown) => {
  process.stderr.write(
    `The server could not start: ${error instanceof Error ? error.message : String(error)}\n`,
  );
  process.exit(1);
});
