/** @takes-long */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { onOwnConnection } from '../support/audit-log.js';
import { role } from '../support/fixtures.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const SIZE = 100_000;
const TIMEOUT_MS = 240_000; // limit for a busy machine

/** Every twentieth page, those at the ends and around the middle; the last has one row, the one behind it none. */
const SOME_PAGES = [
  ...Array.from({ length: 10 }, (_, index) => index * 10_000),
  ...[500, 49_500, 50_500, 99_500, SIZE, SIZE + 500],
];

/** Groups of four have the same creation time. */
const JOIN = `
  with people as (
    insert into users (id, email) select gen_random_uuid(), format('%s@example.com', n) from generate_series(1, $3::int) n
    returning id, email)
  insert into org_memberships (id, org_id, user_id, role_id, source, created_via, user_email, created_at)
  select gen_random_uuid(), $1, id, $2, 'manual', 'unknown', email,
    timestamptz '2024-01-01' + (row_number() over () / 4) * interval '1 minute'
  from people`;

let t: TestApp;
beforeAll(async () => {
  t = await startTestApp();
});
afterAll(() => t.close());

it(
  'lists a hundred thousand members in one stable order across pages of five hundred',
  async () => {
    const org = await t.fixtures.orgWithAdmin();
    await onOwnConnection(t, async (client) => {
      await client.query('set session_replication_role = replica'); // no trigger that reads or counts every row
      await client.query(JOIN, [org.orgId, role('ORGANIZATION_USER'), SIZE]);
    });
    await t.sql('update headcounts set members = members + $2 where org_id = $1', [org.orgId, SIZE]);
    await t.sql('analyze users, org_memberships'); // as autovacuum would within a minute
    const order = await t.sql<{ id: string }>(
      'select id from org_memberships where org_id = $1 order by created_at desc, id desc',
      [org.orgId],
    );
    const headers = {
      authorization: `Bearer ${await t.fixtures.login(org.admin.email, org.admin.password)}`,
      'x-organization-id': org.orgId,
    };

    for (const offset of SOME_PAGES) {
      // Without the test client, which validates every row against the description.
      const reply = await fetch(`${t.url}/api/v1/orgs/current/members/active?limit=500&offset=${offset}`, {
        headers,
      });
      expect(reply.headers.get('x-pagination-total')).toBe(String(SIZE + 1));
      const rows = (await reply.json()) as { id: string }[];
      expect(rows.map(({ id }) => id)).toEqual(order.slice(offset, offset + 500).map(({ id }) => id));
    }
  },
  TIMEOUT_MS,
);
