import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Api, Reply } from '../support/api.js';
import { onOwnConnection, until } from '../support/audit-log.js';
import { type Member, type OrgWithAdmin, type Person, role } from '../support/fixtures.js';
import { scimOf, userOf } from '../support/scim.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { EDITOR, GROUPS, userGroup, VIEWER } from '../support/user-groups.js';
import { waitForBlockedQuery } from '../support/waiting-for-locks.js';

/** The client throws on 5xx, so a request that fails in a race fails the test. */
let t: TestApp;
let replica: TestApp;
beforeAll(async () => {
  t = await startTestApp({ TEST_REMOVAL_EVERY_MS: '200' });
  replica = await startTestApp({ TEST_REMOVAL_EVERY_MS: '200' }, t.databaseUrl);
});
afterAll(async () => {
  await replica.close();
  await t.close();
});

const ORG_MEMBERS = '/api/v1/orgs/current/members';
const IN_WORKSPACE = '/api/v1/workspaces/current/members';
const REQUESTS = '/api/v1/orgs/current/access-requests';
const [USER, ORG_VIEWER] = [role('ORGANIZATION_USER'), role('ORGANIZATION_VIEWER')];
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();

type By = { api: Api };
type Change = (by: By, member: Pick<Member, 'membershipId'>) => Promise<Reply>;
const inOrg = ({ api }: By) => api.as({ workspaceId: '' });
const other = ({ api }: By): By => ({ api: api.at(replica.url) });
const patched =
  (body: object): Change =>
  (by, { membershipId }) =>
    inOrg(by).patch(`${ORG_MEMBERS}/${membershipId}`, body);
const setsEnd: Change = patched({ access_expires_at: inDays(1) });
const removes: Change = (by, { membershipId }) => inOrg(by).delete(`${ORG_MEMBERS}/${membershipId}`);

const codeOf = ({ status, headers }: Reply) => headers.get('x-error-code') ?? status;
const times = <T>(count: number, run: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => run(index)));

/** For a caller who has just lost the role or the membership. */
const LATE = ['rights_changed', 'permission_missing', 'invalid_credential'];

describe('two permanent admins who change each other at once', () => {
  it.each([
    ['an end', setsEnd, ['last_admin_required']],
    ['another role', patched({ role_id: USER }), ['last_admin_required', ...LATE]],
    ['a removal', removes, ['last_admin_required', ...LATE]],
  ])('leave one: an end and %s', async (_what, change, codes) => {
    for (let round = 0; round < 12; round++) {
      const org = await t.fixtures.orgWithAdmin();
      const second = await t.fixtures.member(org, { org: 'ORGANIZATION_ADMIN' });
      const [one, two] = [() => setsEnd(org.admin, second), () => change(other(second), org.admin)];
      const replies = await Promise.all(round % 2 === 0 ? [one(), two()] : [two(), one()]);

      const [refused] = replies.filter(({ status }) => status !== 200);
      expect(replies.map(({ status }) => status)).toContain(200);
      expect(codes).toContain(refused && codeOf(refused));
      const permanent = await t.sql(
        `select from org_memberships where org_id = $1 and role_id = $2 and access_expires_at is null`,
        [org.orgId, role('ORGANIZATION_ADMIN')],
      );
      expect(permanent).toHaveLength(1);
    }
  });
});

describe('SCIM that takes over a membership while an admin sets its end', () => {
  it('leaves a membership of SCIM, which has no end', async () => {
    const org = await t.fixtures.orgWithAdmin();
    await org.admin.api.patch('/api/v1/orgs/current/info', { scim_roles_enabled: true });
    const scim = await scimOf(org.admin.api);
    const roles = [{ value: 'Organization Viewer' }, { value: `${org.workspaceId}:${EDITOR}` }];
    for (let round = 0; round < 12; round++) {
      const member = await inWorkspaceOf(org);
      const isKnown = round % 3 === 0;
      const known = isKnown ? (await scim.post('/Users', userOf(member.email))).body.id : null;
      const replies = await Promise.all([
        isKnown
          ? scim.patch(`/Users/${known}`, [{ op: 'replace', path: 'roles', value: roles }])
          : scim.post('/Users', userOf(member.email, { roles })),
        setsEnd(other(org.admin), member),
        extend(other(org.admin), member, VIEWER),
      ]);

      expect(replies[0].status).toBe(isKnown ? 200 : 201);
      for (const reply of replies.slice(1))
        expect([200, 'access_end_managed_by_provider']).toContain(codeOf(reply));
      const rows = await t.sql(
        `select 'org' as place, source, role_id, access_expires_at from org_memberships where user_id = $1
          union all select 'workspace', source, role_id, access_expires_at from workspace_memberships where user_id = $1
          order by place`,
        [member.userId],
      );
      expect(rows).toEqual([
        { place: 'org', source: 'scim', role_id: ORG_VIEWER, access_expires_at: null },
        { place: 'workspace', source: 'scim', role_id: EDITOR, access_expires_at: null },
      ]);
    }
  });
});

type InWorkspace = Member & { workspaceMembershipId: string };

async function inWorkspaceOf(org: OrgWithAdmin): Promise<InWorkspace> {
  const member = await t.fixtures.member(org, { workspace: 'WORKSPACE_VIEWER' });
  const sql = 'select id from workspace_memberships where user_id = $1';
  const [row] = await t.sql<{ id: string }>(sql, [member.userId]);
  return { ...member, workspaceMembershipId: row!.id };
}
const extend = ({ api }: By, { workspaceMembershipId }: InWorkspace, roleId: string) =>
  api.patch(`${IN_WORKSPACE}/${workspaceMembershipId}`, { role_id: roleId, access_expires_at: inDays(1) });

const END_MS = 400;
/** Lets what one of 20 members has end soon, and calls `work` at about that moment, earlier or later by the index. */
async function atTheEnd(
  table: string,
  { userId }: Person,
  index: number,
  work: () => Promise<Reply>,
): Promise<Reply> {
  const [row] = await t.sql<{ ends: Date }>(
    `update ${table} set access_expires_at = clock_timestamp() + $2::interval where user_id = $1
     returning access_expires_at as ends`,
    [userId, `${END_MS} ms`],
  );
  await pause(Math.max(0, row!.ends.getTime() + (index - 12) * 15 - Date.now()));
  return work();
}
/** After the job has removed all of them that have ended. */
const tidied = (table: string, members: Person[]) =>
  until(async () => {
    const sql = `select from ${table} where user_id = any($1) and access_expires_at < now() + interval '1 hour'`;
    return (await t.sql(sql, [members.map(({ userId }) => userId)])).length === 0;
  });
/** At both servers. */
const accepted = async ({ api }: By, path: string): Promise<boolean> => {
  const replies = await Promise.all([api, api.at(replica.url)].map((at) => at.get(path)));
  const [isAccepted, isAlsoThere] = replies.map(({ status }) => status === 200);
  if (isAccepted !== isAlsoThere) throw new Error('the servers differ');
  return isAccepted === true;
};

describe('an extension at the moment of the end', () => {
  it.each([
    ['organization', 'org_memberships', setsEnd, '/api/v1/orgs/current'],
    ['workspace', 'workspace_memberships', (by, member) => extend(by, member, VIEWER), IN_WORKSPACE],
  ] as [string, string, (by: By, member: InWorkspace) => Promise<Reply>, string][])(
    'comes in time and holds, or too late and changes nothing: %s',
    async (_where, table, extends_, path) => {
      const org = await t.fixtures.orgWithAdmin();
      const members: InWorkspace[] = [];
      while (members.length < 20) members.push(await inWorkspaceOf(org));
      const outcomes = await times(members.length, async (index) => {
        const member = members[index]!;
        await accepted(member, path);
        const reply = await atTheEnd(table, member, index, () =>
          extends_(index % 2 === 0 ? org.admin : other(org.admin), member),
        );
        return [codeOf(reply), await accepted(member, path)].join();
      });
      await tidied(table, members);
      const later = await times(members.length, (index) => accepted(members[index]!, path));

      expect(['200,true', 'member_not_found,false']).toEqual(expect.arrayContaining(outcomes));
      expect(later).toEqual(outcomes.map((outcome) => outcome === '200,true'));
    },
  );
});

describe('the job that tidies', () => {
  it('keeps a membership that is extended while the job waits for the lock', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const [kept, ended] = [await inWorkspaceOf(org), await inWorkspaceOf(org)];
    const endIn = `update org_memberships set access_expires_at = now() + $2::interval where user_id = $1`;
    await onOwnConnection(t, async (client) => {
      await client.query('begin');
      await client.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [org.orgId]);
      for (const { userId } of [kept, ended]) await t.sql(endIn, [userId, '-1 second']);
      await client.query(endIn, [kept.userId, '1 day']);
      await waitForBlockedQuery(t);
      await client.query('commit');
    });
    await tidied('org_memberships', [kept, ended]);

    expect(await accepted(kept, '/api/v1/orgs/current')).toBe(true);
    expect(await accepted(ended, '/api/v1/orgs/current')).toBe(false);
  });
});

describe('an approval while the membership of the requester ends', () => {
  it('gives nothing that remains after the end', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const group = await userGroup(org);
    await org.admin.api.patch(`${GROUPS}/${group}`, { requestable: true });
    await org.admin.api.patch(`/api/v1/workspaces/${org.workspaceId}`, { requestable: true });
    const requests: (Member & { requestId: string })[] = [];
    while (requests.length < 20) {
      const member = await t.fixtures.member(org, {});
      const target = requests.length % 3 === 0 ? { user_group_id: group } : { workspace_id: org.workspaceId };
      const { body } = await inOrg(member).post(REQUESTS, { ...target, reason: 'On call' });
      requests.push({ ...member, requestId: body.id });
    }
    const codes = await times(requests.length, async (index) => {
      const { requestId, ...member } = requests[index]!;
      const by = index % 2 === 0 ? org.admin : other(org.admin);
      const path = `${REQUESTS}/${requestId}/approval`;
      return codeOf(await atTheEnd('org_memberships', member, index, () => inOrg(by).post(path, {})));
    });
    await tidied('org_memberships', requests);

    expect([200, 'access_request_outdated', 'access_request_not_found']).toEqual(
      expect.arrayContaining(codes),
    );
    const left = await t.sql(
      `select user_id from org_memberships where user_id = any($1)
        union all select user_id from workspace_memberships where user_id = any($1)
        union all select user_id from user_group_members where user_id = any($1)`,
      [requests.map(({ userId }) => userId)],
    );
    expect(left).toEqual([]);
  });
});
