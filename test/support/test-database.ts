import { randomUUID } from 'node:crypto';
import { pg } from './postgres-client.js';

/** A database of its own for one test file, cloned from the migrated template of the global setup. */
export const cloneDatabase = (): Promise<string> => createDatabase(process.env['TENANTRY_TEST_TEMPLATE']);

/** Without any table, as a new installation finds it. */
export const emptyDatabase = (): Promise<string> => createDatabase('template0');

async function createDatabase(template: string | undefined): Promise<string> {
  const { TENANTRY_TEST_SERVER: server } = process.env;
  if (!server || !template)
    throw new Error('run the tests with `npm test`: the global setup starts their database');
  const name = `tenantry_test_${randomUUID().replaceAll('-', '')}`;
  const admin = new pg.Client({ connectionString: server });
  await admin.connect();
  await admin.query(`create database ${name} template ${template} strategy file_copy`); // two thirds of the time of the other
  await admin.end();
  return Object.assign(new URL(server), { pathname: `/${name}` }).href;
}
