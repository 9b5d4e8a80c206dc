import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { insertRow, migratedDatabase, undoMigration } from '../support/migrated-database.js';

const MIGRATION = 'MakeGroupNamesUniqueWithoutCase';

let database: DataSource;
beforeAll(async () => {
  database = await migratedDatabase();
});
afterAll(() => database.destroy());

async function organization(): Promise<string> {
  const id = randomUUID();
  await insertRow(database, 'organizations', { id, display_name: 'Acme' });
  return id;
}

let hour = 0;
async function group(org_id: string, display_name: string): Promise<string> {
  const id = randomUUID();
  const created_at = `2026-01-01T${String((hour += 1)).padStart(2, '0')}:00:00Z`;
  await insertRow(database, 'scim_groups', { id, org_id, display_name, kind: 'admin', created_at });
  return id;
}

const groups = async () =>
  new Map(
    (await database.query('select id, display_name, version, kind from scim_groups')).map(
      ({ id, ...row }: { id: string; display_name: string; version: number; kind: string }) => [id, row],
    ),
  );

it('keeps the name of the oldest of several groups, marks the others, and undoes that', async () => {
  await undoMigration(database, MIGRATION);
  const [org, other] = [await organization(), await organization()];
  const oldest = await group(org, 'Organization Admins');
  const younger = await group(org, 'ORGANIZATION ADMINS');
  const youngest = await group(org, 'organization admins');
  const single = await group(org, 'Team');
  const elsewhere = await group(other, 'organization admins');

  await database.runMigrations();

  const unchanged = { version: 1, kind: 'admin' };
  const changed = { version: 2, kind: 'admin' };
  expect(await groups()).toEqual(
    new Map([
      [oldest, { display_name: 'Organization Admins', ...unchanged }],
      [younger, { display_name: `ORGANIZATION ADMINS (duplicate ${younger})`, ...changed }],
      [youngest, { display_name: `organization admins (duplicate ${youngest})`, ...changed }],
      [single, { display_name: 'Team', ...unchanged }],
      [elsewhere, { display_name: 'organization admins', ...unchanged }],
    ]),
  );
  await expect(group(org, 'TEAM')).rejects.toThrow('scim_groups_one_per_name');

  await undoMigration(database, MIGRATION);
  expect((await groups()).get(younger)).toMatchObject({ display_name: 'ORGANIZATION ADMINS' });
  await database.runMigrations();
});
