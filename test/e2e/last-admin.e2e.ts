import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Reply } from '../support/api.js';
import { onOwnConnection } from '../support/audit-log.js';
import { type OrgWithAdmin, type Member, role } from '../support/fixtures.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { waitForBlockedQuery } from '../support/waiting-for-locks.js';

const ADMIN = role('ORGANIZATION_ADMIN');
const USER = role('ORGANIZATION_USER');
const path = ({ membershipId }: Member) => `/api/v1/orgs/current/members/${membershipId}`;
const demote = (by: Member, whom: Member) => by.api.patch(path(whom), { role_id: USER });
const remove = (by: Member, whom: Member) => by.api.delete(path(whom));

let t: TestApp;
beforeAll(async () => {
  t = await startTestApp();
});
afterAll(() => t.close());

async function activeAdmins({ orgId }: OrgWithAdmin): Promise<string[]> {
  const rows = await t.sql<{ user_id: string }>(
    'select user_id from org_memberships where org_id = $1 and role_id = $2 and not is_disabled',
    [orgId, ADMIN],
  );
  return rows.map(({ user_id }) => user_id);
}

function expectRefusal({ status, headers, body }: Reply): void {
  expect(status).toBe(409);
  expect(headers.get('x-should-retry')).toBe('false');
  expect(body.detail).toMatch(/at least one active Organization Admin/);
}

describe('the only organization admin', () => {
  it.each([
    ['demote', demote],
    ['remove', remove],
  ])('returns 409 when the only admin asks to %s themselves', async (_what, leave) => {
    const org = await t.fixtures.orgWithAdmin();

    expectRefusal(await leave(org.admin, org.admin));

    expect((await org.admin.api.get('/api/v1/orgs/current/info')).body.permissions).toContain(
      'organization:manage',
    );
  });

  it('does not count a disabled admin as another admin', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const other = await t.fixtures.member(org, { org: 'ORGANIZATION_ADMIN' });
    await t.sql('update org_memberships set is_disabled = true where id = $1', [other.membershipId]);

    expectRefusal(await remove(org.admin, org.admin));
  });

  it('accepts the admin role again for the only admin', async () => {
    const org = await t.fixtures.orgWithAdmin();

    const again = await org.admin.api.patch(path(org.admin), { role_id: ADMIN });

    expect(again).toMatchObject({ status: 200, body: { role_id: ADMIN } });
  });

  it('lets an admin leave after another admin was appointed', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const heir = await t.fixtures.member(org, {});
    await org.admin.api.patch(path(heir), { role_id: ADMIN });

    expect((await remove(org.admin, org.admin)).status).toBe(200);
    expect(await activeAdmins(org)).toHaveLength(1);
    expectRefusal(await remove(heir, heir));
  });
});

it.each([
  ['demote', demote],
  ['remove', remove],
])(
  "counts the admins after the wait for the organization's lock when one asks to %s themselves",
  async (_what, leave) => {
    const org = await t.fixtures.orgWithAdmin();
    const other = await t.fixtures.member(org, { org: 'ORGANIZATION_ADMIN' });

    const reply = await onOwnConnection(t, async (client) => {
      await client.query('begin');
      await client.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [org.orgId]);
      const waiting = leave(org.admin, org.admin);
      await waitForBlockedQuery(t);
      await client.query('update org_memberships set is_disabled = true where id = $1', [other.membershipId]);
      await client.query('commit');
      return waiting;
    });

    expectRefusal(reply);
    expect(await activeAdmins(org)).toEqual([org.admin.userId]);
  },
);

/** Two admins against each other, or each against themselves, at the same moment. */
const RACES: [string, (one: Member, two: Member) => Promise<Reply>[]][] = [
  ['demote each other', (one, two) => [demote(one, two), demote(two, one)]],
  ['demote themselves', (one, two) => [demote(one, one), demote(two, two)]],
  ['demote and remove each other', (one, two) => [demote(one, two), remove(two, one)]],
  ['remove each other', (one, two) => [remove(one, two), remove(two, one)]],
  ['leave', (one, two) => [remove(one, one), remove(two, two)]],
];

it.each(RACES)('keeps one admin when two admins %s at once, in eight attempts', async (_what, race) => {
  const org = await t.fixtures.orgWithAdmin();
  let survivor = org.admin;
  for (let attempt = 0; attempt < 8; attempt++) {
    const challenger = await t.fixtures.member(org, { org: 'ORGANIZATION_ADMIN' });

    const replies = await Promise.all(race(survivor, challenger));

    expect(await activeAdmins(org)).toHaveLength(1);
    // The second request came from a caller who was no admin any more (403, or 409 if still one before it got the lock)
    // or was removed (401, 404), or it would have removed the last admin (409).
    const [won, late] = replies.toSorted((a, b) => a.status - b.status);
    expect(won!.status).toBe(200);
    if (late!.status === 409 && !/changed at the same moment/.test(late!.body.detail)) expectRefusal(late!);
    else expect([401, 403, 404, 409]).toContain(late!.status);
    if (!(await activeAdmins(org)).includes(survivor.userId)) survivor = challenger;
  }
});

it('keeps one of twelve admins who all step down at once, and refuses one request', async () => {
  const org = await t.fixtures.orgWithAdmin();
  const others = await Promise.all(
    Array.from({ length: 11 }, () => t.fixtures.member(org, { org: 'ORGANIZATION_ADMIN' })),
  );
  const admins = [org.admin, ...others];

  const replies = await Promise.all(admins.map((admin) => demote(admin, admin)));

  expect(await activeAdmins(org)).toHaveLength(1);
  expect(replies.filter(({ status }) => status === 200)).toHaveLength(11);
  replies.filter(({ status }) => status !== 200).forEach(expectRefusal);
});
