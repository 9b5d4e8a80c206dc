/** @takes-long */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { crowd } from '../support/crowd.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const SIZE = 100_000;
const PATIENCE_MS = 240_000; // a busy machine takes minutes for two hundred pages of five hundred

let t: TestApp;
beforeAll(async () => {
  t = await startTestApp();
});
afterAll(() => t.close());

it(
  'a hundred thousand members are each on exactly one of the pages of five hundred',
  async () => {
    const org = await t.given.orgWithAdmin();
    await crowd(t, { orgId: org.orgId }, SIZE);
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
