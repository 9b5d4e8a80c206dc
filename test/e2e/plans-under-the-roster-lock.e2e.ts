import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { GROUP, type Scim, scimOf, userOf } from '../support/scim.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const TABLES = ['scim_users', 'scim_group_members', 'invitations'];

let t: TestApp;
let scim: Scim;
beforeAll(async () => {
  t = await startTestApp();
  scim = await scimOf((await t.fixtures.orgWithAdmin()).admin.api);
  for (const table of TABLES) await t.sql(`vacuum analyze ${table}`); // while they are empty
});
afterAll(() => t.close());

const create = async (): Promise<string> => {
  const { status, body } = await scim.post('/Users', userOf(`${randomUUID()}@example.com`));
  expect(status).toBe(201);
  return body.id;
};

/** How often the tables were read whole. PostgreSQL reports it for a connection once per second. */
async function wholeReads(): Promise<number> {
  await delay(1100);
  await create();
  const [row] = await t.sql(
    'select sum(seq_scan) as count from pg_stat_user_tables where relname = any($1)',
    [TABLES],
  );
  return Number(row?.count);
}

it('looks up rows by an index while a table grows from nothing', async () => {
  const group = await scim.post('/Groups', { schemas: [GROUP], displayName: 'Team' });
  const before = await wholeReads();
  const ids = [];
  for (let n = 0; n < 8; n++) ids.push(await create());
  for (const value of ids)
    await scim.patch(`/Groups/${group.body.id}`, [{ op: 'add', path: 'members', value: [{ value }] }]);

  expect(await wholeReads()).toBe(before);
});
