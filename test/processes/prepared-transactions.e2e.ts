import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startServer } from '../faults/support/fault-server.js';
import { PostgresServer } from '../faults/support/postgres-server.js';
import { Api } from '../support/api.js';
import { until } from '../support/audit-log.js';
import { Fixtures } from '../support/fixtures.js';
import type { ServerProcess } from '../support/server-process.js';
import { JWT_SECRET } from '../support/test-app.js';

const EVENTS = '/api/v1/orgs/current/events';
const WRITE = `
  insert into audit_entries (id, org_id, operation, succeeded, resource_ids)
  values (gen_random_uuid(), $1, 'create_role', true, array[gen_random_uuid()]) returning id, position`;

let postgres: PostgresServer;
let server: ServerProcess;
let api: Api;
beforeAll(async () => {
  postgres = await PostgresServer.start({ settings: { max_prepared_transactions: '4' } });
  server = startServer(postgres.url, { AUDIT_SEAL_SECONDS: '1' });
  api = new Api(await server.ready());
});
afterAll(async () => {
  await server.stop();
  await postgres.remove();
});

it('holds back events and seals of later entries while a transaction that has written one is prepared', async () => {
  const fixtures = new Fixtures(api, (text, values) => postgres.sql<any>(text, values), JWT_SECRET);
  const { orgId, admin } = await fixtures.orgWithAdmin();
  const read = async (after: string, wait = 0) =>
    (await admin.api.get(`${EVENTS}?after=${after}&types=role.created&wait=${wait}`)).body;
  const { next_cursor: cursor } = await read('now');
  const idsOf = ({ items }: { items: { id: string }[] }) => items.map(({ id }) => id);
  const isSealed = async (position: string) =>
    (await postgres.sql('select from audit_seals where through >= $1', [position])).length > 0;
  const writer = await postgres.connect();
  await writer.query('begin');
  const [first] = (await writer.query<{ id: string; position: string }>(WRITE, [orgId])).rows;
  const [second] = await postgres.sql<{ id: string; position: string }>(WRITE, [orgId]);
  expect(idsOf(await read(cursor))).toEqual([]);

  await writer.query(`prepare transaction 'pending'`);
  await writer.end();

  expect(idsOf(await read(cursor, 3))).toEqual([]);
  expect(await isSealed(first!.position)).toBe(false);

  await postgres.sql(`commit prepared 'pending'`);
  const both = [`${first!.id}-0`, `${second!.id}-0`];
  await until(async () => (await isSealed(second!.position)) && idsOf(await read(cursor)).length === 2);
  expect(idsOf(await read(cursor))).toEqual(both);
});
