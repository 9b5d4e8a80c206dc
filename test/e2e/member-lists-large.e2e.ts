/** @takes-long */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { role } from '../support/given.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const SIZE = 100_000;
const PATIENCE_MS = 240_000; // a busy machine takes minutes for two hundred pages of five hundred

/** Four joining in the same minute. */
const JOIN = `
  with people as (
    insert into users (id, email) select gen_random_uuid(), format('%s@example.com', n) from generate_series(1, $3::int) n
    returning id)
  insert into org_memberships (id, org_id, user_id, role_id, source, created_at)
  select gen_random_uuid(), $1, id, $2, 'manual',
    timestamptz '2024-01-01' + (row_number() over () / 4) * interval '1 minute'
  from people`;

let t: TestApp;
beforeAll(async () => {
  t = await startTestApp();
});
afterAll(() => t.close());

it(
  'a hundred thousand members are each on exactly one of the pages of five hundred',
  async () => {
    const org = await t.given.orgWithAdmin();
    await t.sql(JOIN, [org.orgId, role('ORGANIZATION_USER'), SIZE]);
    await t.sql('analyze users, org_memberships'); // as PostgreSQL does by itself in a minute
    const headers = {
      authorization: `Bearer ${await t.given.login(org.admin.email, org.admin.password)}`,
      'x-organization-id': org.orgId,
    };
    const seen = new Set<string>();
    let shortest = 0;

    for (let offset = 0; offset <= SIZE; offset += 500) {
      // Without our client, which holds every row against the description.
      const reply = await fetch(`${t.url}/api/v1/orgs/current/members/active?limit=500&offset=${offset}`, {
        headers,
      });
      expect(reply.headers.get('x-pagination-total')).toBe(String(SIZE + 1));
      const rows = (await reply.json()) as { user_id: string }[];
      for (const { user_id } of rows) seen.add(user_id);
      shortest = rows.length;
    }

    expect(seen.size).toBe(SIZE + 1);
    expect(shortest).toBe(1);
  },
  PATIENCE_MS,
);
