import { randomUUID } from 'node:crypto';
import { pg } from './postgres-client.js';

/** Clones the migrated template of the global setup into a separate database for one test file. */
export const cloneDatabase = (): Promise<string> => createDatabase(process.env['TENANTRY_TEST_TEMPLATE']);

/** A database without tables, as for a new installation. */
export const emptyDatabase = (): Promise<string> => createDatabase('template0');

/** An empty database in which another `version()` and `server_version_num` (null: none) are found first. */
export async function databaseOfEngine(version: string, number: number | null): Promise<string> {
  const url = await emptyDatabase();
  const database = new pg.Client({ connectionString: url });
  await database.connect();
  await database.query(`
    create schema engine;
    create function engine.version() returns text language sql return '${version}';
    create view engine.pg_settings as
      select name, case name when 'server_version_num' then '${number}' else setting end as setting
      from pg_catalog.pg_settings where name <> 'server_version_num' or ${number !== null};
    alter database ${new URL(url).pathname.slice(1)} set search_path = engine, pg_catalog, public`);
  await database.end();
  return url;
}

async function createDatabase(template: string | undefined): Promise<string> {
  const { TENANTRY_TEST_SERVER: server } = process.env;
  if (!server || !template)
    throw new Error('run the tests with `npm test`: the global setup starts their database');
  const name = `tenantry_test_${randomUUID().replaceAll('-', '')}`;
  const admin = new pg.Client({ connectionString: server });
  await admin.connect();
  // `file_copy` takes two thirds of the time of `wal_log`.
  await admin.query(`create database ${name} template ${template} strategy file_copy`);
  await admin.end();
  return Object.assign(new URL(server), { pathname: `/${name}` }).href;
}
