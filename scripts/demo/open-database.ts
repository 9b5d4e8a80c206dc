/** What the start of the server has built. */
const BUILT = new URL('../../dist/src/', import.meta.url);

/** A connection to the database of the running server, by the settings of this process. */
export async function openDemoDatabase() {
  const load = <Module>(name: string) => import(new URL(name, BUILT).href) as Promise<Module>;
  const { readSettings } =
    await load<typeof import('../../src/process/read-settings.js')>('process/read-settings.js');
  const { loadSecrets } = await load<typeof import('../../src/common/secrets/secrets-file.js')>(
    'common/secrets/secrets-file.js',
  );
  const { createDataSource } = await load<typeof import('../../src/data-source.js')>('data-source.js');
  const { assertMigrated } = await load<typeof import('../../src/database/schema/migrate.js')>(
    'database/schema/migrate.js',
  );
  const { openDatabase } =
    await load<typeof import('../../src/database/open-database.js')>('database/open-database.js');
  return openDatabase(readSettings(loadSecrets).database, {
    createDataSource,
    prepare: assertMigrated,
    isServer: false,
    print: () => undefined,
    signal: new AbortController().signal,
  });
}
