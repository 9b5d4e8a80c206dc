import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '../support/audit-log.js';
import { allSealed } from '../support/audit-seals.js';
import type { OrgWithAdmin } from '../support/fixtures.js';
import { type Replicas, startReplicas } from '../support/replicas.js';
import type { TestApp } from '../support/test-app.js';

const OVERVIEW = '/api/v1/orgs/current/overview';
const MEMBERS = '/api/v1/orgs/current/members';

/** Three servers, all of which seal and count. */
let t: Replicas;
beforeAll(async () => {
  t = await startReplicas({ AUDIT_SEAL_SECONDS: '1' });
});
afterAll(() => t.close());

const overviewOf = async ({ admin }: OrgWithAdmin) => (await admin.api.get(OVERVIEW)).body;

const allCounted = async () => {
  await allSealed(t as unknown as TestApp);
  const open = `select from audit_seals
    where through > coalesce((select through from audit_counted), 0) limit 1`;
  await until(async () => (await t.sql(open)).length === 0);
};

type Written = { operation?: string; succeeded?: boolean; details?: object; age?: string };

/** As an earlier server wrote it. */
const write = (orgId: string, { operation = 'login', succeeded = true, details = {}, age = '0' }: Written) =>
  t.sql(
    `insert into audit_entries (id, created_at, org_id, operation, succeeded, resource_ids, details)
     values ($1, clock_timestamp() - $2::interval, $3, $4, $5, '{}', $6)`,
    [randomUUID(), age, orgId, operation, succeeded, details],
  );

describe('the overview of an organization', () => {
  it('counts people, requests and what ends within seven days', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const member = await t.fixtures.member(org, {});
    await org.admin.api.post(MEMBERS, { email: t.fixtures.email() });
    await org.admin.api.post('/api/v1/orgs/current/service-keys', {
      ...{ workspaces: [org.workspaceId], expires_at: new Date(Date.now() + 6 * 864e5).toISOString() },
    });
    await org.admin.api.post('/api/v1/orgs/current/personal-access-tokens', {
      expires_at: new Date(Date.now() + 8 * 864e5).toISOString(),
    });
    await t.sql(
      `update org_memberships set access_expires_at = now() + interval '6 days' where user_id = $1`,
      [member.userId],
    );

    expect(await overviewOf(org)).toMatchObject({
      people: { active: 2, invited: 1 },
      access_requests: 0,
      ending: { access: 1, keys: 1, tokens: 0 },
    });
  });

  it('counts sign-ins, joins and leavings once by day of UTC, with the reasons of failures', async () => {
    const [org, other] = await Promise.all([t.fixtures.orgWithAdmin(), t.fixtures.orgWithAdmin()]);
    const { orgId } = org;
    const before = (await overviewOf(org)).days.at(-1);
    const leaver = await t.fixtures.member(org, {});
    await write(orgId, {});
    await write(orgId, { details: { event: 'logout' } });
    await write(orgId, { succeeded: false });
    await write(orgId, { succeeded: false, details: { method: 'sso', refusal: 'no_access' } });
    await write(orgId, { succeeded: false, details: { method: 'sso', refusal: 'no_access' } });
    await write(orgId, {
      operation: 'create_org_member',
      details: { org_members_added: { [leaver.userId]: 'r' } },
    });
    await write(orgId, {
      age: '3 days',
      details: { org_members_added: { [randomUUID()]: 'r', [randomUUID()]: 'r' } },
    });
    await write(orgId, { age: '40 days' });
    await write(other.orgId, { succeeded: false, details: { refused_by: 'rate_limited' } });
    await org.admin.api.delete(`${MEMBERS}/${leaver.membershipId}`);
    await allCounted();

    const { days, failed_sign_ins: failed, recent } = await overviewOf(org);
    const today = new Date().toISOString().slice(0, 10);
    expect(days).toHaveLength(30);
    expect(days.at(-1)).toEqual({
      ...{ day: today, sign_ins: before.sign_ins + 1, failed_sign_ins: 3 },
      ...{ joined: before.joined + 1, left: 1 },
    });
    expect(days.at(-4)).toMatchObject({ sign_ins: 1, joined: 2 });
    expect(days.reduce((sum: number, { sign_ins }: { sign_ins: number }) => sum + sign_ins, 0)).toBe(
      before.sign_ins + 2,
    );
    expect(failed).toEqual([
      { reason: 'no_access', count: 2 },
      { reason: 'invalid_login', count: 1 },
    ]);
    expect(recent.slice(0, 2)).toMatchObject([
      { kind: 'left', user_id: leaver.userId, email: leaver.email },
      { kind: 'joined', user_id: leaver.userId, email: leaver.email },
    ]);
    expect((await overviewOf(other)).failed_sign_ins).toEqual([{ reason: 'rate_limited', count: 1 }]);
  });

  it('has no part whose list the caller may not read', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const member = await t.fixtures.member(org, { workspace: 'WORKSPACE_VIEWER' });

    expect((await member.api.get(OVERVIEW)).body).toMatchObject({
      people: { active: 2, invited: 0, waiting_for_link: null },
      ...{ access_requests: null, ending: null, failed_sign_ins: null, recent: null, days: null },
    });
  });
});
