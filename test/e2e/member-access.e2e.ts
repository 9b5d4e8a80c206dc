import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  MEMBERSHIPS,
  POLICIES,
} from '../../src/modules/access-answers/member-access/member-access-report.read-model.js';
import type { SystemRoleName } from '../../src/modules/roles/system-roles.js';
import type { Api } from '../support/api.js';
import { policy } from '../support/access-policies.js';
import { role, type OrgWithAdmin, type Member } from '../support/fixtures.js';
import { anotherWorkspace, inviteBatch, invitation, ORG_MEMBERS } from '../support/invitations.js';
import { leastCosts } from '../support/least-costs.js';
import { SSO_ENVIRONMENT, ssoStranger } from '../support/sso-stranger.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { addTo, EDITOR, grantTo, GROUPS, userGroup, VIEWER } from '../support/user-groups.js';

let t: TestApp;
let org: OrgWithAdmin;
beforeAll(async () => {
  t = await startTestApp({ AUDIT_SEAL_SECONDS: '3600', CALLER_CACHE: 'off' }); // their statements would be counted
  org = await t.fixtures.orgWithAdmin();
});
afterAll(() => t.close());

const accessOf = (asker: Api, { membershipId }: Pick<Member, 'membershipId'>) =>
  asker.get(`${ORG_MEMBERS}/${membershipId}/access`);
const explained = async (person: Pick<Member, 'membershipId'>, { admin } = org) => {
  const { status, body } = await accessOf(admin.api, person);
  if (status !== 200) throw new Error(`explaining: ${status} ${JSON.stringify(body)}`);
  return body;
};
/**
 * A user whom the admin added to organization and workspace and who has signed in since; the audit log has no entries
 * for members that existed before the test.
 */
async function addedByHand(workspace: SystemRoleName) {
  const email = t.fixtures.email();
  const { id: userId, password } = await t.fixtures.addMember(org, { email }, { workspace });
  await t.fixtures.login(email, password);
  const { body } = await org.admin.api.get(`${ORG_MEMBERS}/active?emails=${encodeURIComponent(email)}`);
  return { userId, email, membershipId: body[0].id as string };
}
const by = ({ userId, email }: Pick<Member, 'userId' | 'email'>) => ({
  user_id: userId,
  email,
  credential_id: null,
});
const entryOf = async (operation: string) =>
  (
    await t.sql<{ id: string }>(
      'select id from audit_entries where operation = $1 order by position desc limit 1',
      [operation],
    )
  )[0]!.id;

const TAKEN_INVITATIONS = `
  insert into invitations (id, org_id, email, org_role_id, status, from_workspace, ended_at)
  select gen_random_uuid(), $1, format('%s@example.com', n), $2, 'accepted', false, now() from generate_series(1, $3::int) n`;
const planOf = async (text: string, values: unknown[]) =>
  JSON.stringify(await t.sql(`explain (format json) ${text}`, values));

describe('access that ends', () => {
  const UNTIL = new Date(Date.now() + 86_400_000).toISOString();
  const PERMANENT = {
    access_expires_at: null,
    access_expires_set_by: null,
    reverts_to_role_id: null,
    reverts_to_role_name: null,
  };
  const endAt = (person: Member, end: string, revertsTo: string | null) =>
    t.sql(
      `update workspace_memberships set access_expires_at = $2, reverts_to_role_id = $3,
         access_expires_set_by_user_id = $4 where user_id = $1`,
      [person.userId, end, revertsTo, org.admin.userId],
    );

  it('says until when, what follows and who decided it', async () => {
    const person = await t.fixtures.member(org, { workspace: 'WORKSPACE_USER' });
    await endAt(person, UNTIL, VIEWER);

    const access = await explained(person);

    expect(access.membership).toMatchObject(PERMANENT);
    expect(access.workspaces[0].membership).toMatchObject({
      role_name: 'Editor',
      access_expires_at: UNTIL,
      access_expires_set_by: by(org.admin),
      reverts_to_role_id: VIEWER,
      reverts_to_role_name: 'Viewer',
    });
  });

  it('counts with the role after the end, or not at all', async () => {
    const [reverting, leaving] = [
      await t.fixtures.member(org, { workspace: 'WORKSPACE_USER' }),
      await t.fixtures.member(org, { workspace: 'WORKSPACE_USER' }),
    ];
    const past = new Date(Date.now() - 1000).toISOString();
    await endAt(reverting, past, VIEWER);
    await endAt(leaving, past, null);

    const [workspace] = (await explained(reverting)).workspaces;
    expect(workspace).toMatchObject({
      role_name: 'Viewer',
      membership: { role_name: 'Viewer', ...PERMANENT },
    });
    expect(workspace.permissions).not.toContain('runs:create');
    expect((await explained(leaving)).workspaces).toEqual([]);
    const check = { workspace_id: org.workspaceId, permission: 'runs:create' };
    for (const { userId } of [reverting, leaving]) {
      const { body } = await org.admin.api.post('/api/v1/orgs/current/access/check', {
        ...check,
        user_id: userId,
      });
      expect(body).toMatchObject({ allowed: false, reason: 'not_granted' });
    }
    await t.sql('update org_memberships set access_expires_at = $2 where user_id = $1', [
      leaving.userId,
      past,
    ]);
    expect((await accessOf(org.admin.api, leaving)).status).toBe(404);
  });

  it('has the end of a membership in a user group, and the earlier one for what it gives', async () => {
    const person = await t.fixtures.member(org, { workspace: 'WORKSPACE_VIEWER' });
    const [id, other] = [await userGroup(org), await userGroup(org)];
    const earlier = new Date(Date.now() + 3_600_000).toISOString();
    for (const group of [id, other]) await grantTo(org.admin, group, org.workspaceId, EDITOR);
    await org.admin.api.patch(`${GROUPS}/${id}/workspaces/${org.workspaceId}`, {
      role_id: EDITOR,
      access_expires_at: earlier,
    });
    await org.admin.api.post(`${GROUPS}/${id}/members`, {
      identity_ids: [person.membershipId],
      access_expires_at: UNTIL,
    });
    await addTo(org.admin, other, person);

    const access = await explained(person);

    const endsOf = (groups: any[]) =>
      Object.fromEntries(groups.map((group) => [group.user_group_id, group.access_expires_at]));
    expect(endsOf(access.user_groups)).toEqual({ [id]: UNTIL, [other]: null });
    expect(endsOf(access.workspaces[0].user_groups)).toEqual({ [id]: earlier, [other]: null });
    await t.sql(`update user_groups set access_expires_at = now() where parent_user_group_id = $1`, [id]);
    expect(endsOf((await explained(person)).workspaces[0].user_groups)).toEqual({ [other]: null });
  });
});

describe('the origin of access', () => {
  it('names who added a member, when, and with which audit entry', async () => {
    const person = await addedByHand('WORKSPACE_USER');
    const entry = await entryOf('add_basic_auth_users_to_org');

    const access = await explained(person);

    const added = { source: 'manual', by: by(org.admin), audit_log_id: entry, role_changed: null };
    expect(access).toMatchObject({
      ...{
        identity_id: person.membershipId,
        user_id: person.userId,
        email: person.email,
        is_disabled: false,
      },
      permissions: [
        ...['organization:read', 'organization:read-metadata'],
        ...['organization:user-groups:read', 'organization:pats:create'],
      ],
      membership: { identity_id: person.membershipId, role_name: 'Organization User', ...added },
      workspaces: [
        {
          ...{ workspace_id: org.workspaceId, workspace_name: 'Workspace 1' },
          ...{ reason: 'membership', role_id: role('WORKSPACE_USER'), role_name: 'Editor' },
          membership: { role_id: role('WORKSPACE_USER'), ...added },
        },
      ],
    });
    expect(access.workspaces[0].permissions).toContain('projects:read');
    expect(access.workspaces[0].permissions).not.toContain('workspaces:manage');
  });

  it('names for each workspace who added the member there', async () => {
    const person = await t.fixtures.member(org, {});
    const lead = await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });
    const second = await anotherWorkspace(org);
    await lead.api.post('/api/v1/workspaces/current/members', { user_id: person.userId });
    await inviteBatch({ ...org.admin, api: org.admin.api.as({ workspaceId: second }) }, [
      { email: person.email },
    ]);

    const { workspaces } = await explained(person);

    expect(workspaces).toMatchObject([
      {
        workspace_id: org.workspaceId,
        membership: { by: by(lead), audit_log_id: await entryOf('add_member_to_workspace') },
      },
      {
        workspace_id: second,
        membership: { by: by(org.admin), audit_log_id: await entryOf('add_members_to_workspace_batch') },
      },
    ]);
  });

  it('names who invited a member, when, and the audit entry of the claim', async () => {
    const stranger = await t.fixtures.userWithoutOrg();
    const row = { email: stranger.email, workspace_ids: [org.workspaceId] };
    const id = await invitation(org, row);
    const { body } = await stranger.api.post(`/api/v1/orgs/pending/${org.orgId}/claim`);

    const { membership, workspaces } = await explained({ membershipId: body.id });

    const [{ invited_at }] = (await t.sql('select created_at as invited_at from invitations where id = $1', [
      id,
    ])) as [{ invited_at: Date }];
    const taken = {
      ...{ source: 'invitation', by: by(org.admin), invitation_id: id, invited_at: invited_at.toISOString() },
      audit_log_id: await entryOf('claim_pending_organization_invite'),
    };
    expect(membership).toMatchObject(taken);
    expect(workspaces).toMatchObject([{ workspace_id: org.workspaceId, membership: taken }]);
  });

  it('names the founder as the origin of their own organization and workspace', async () => {
    const sso = await startTestApp(SSO_ENVIRONMENT, t.databaseUrl);
    const founder = await ssoStranger(sso);
    const { body: founded } = await founder.api.post('/api/v1/orgs', {
      display_name: 'X',
      is_personal: false,
    });
    const api = founder.api.as({ orgId: founded.id });
    const [me] = (await api.get(`${ORG_MEMBERS}/active`)).body;
    const { body: made } = await api.post('/api/v1/workspaces', { display_name: 'Made' });

    const { membership, workspaces } = (await accessOf(api, { membershipId: me.id })).body;
    await sso.close();

    expect(membership).toMatchObject({ source: 'manual', by: by(founder) });
    expect(workspaces.find((one: { workspace_id: string }) => one.workspace_id === made.id)).toMatchObject({
      ...{ reason: 'organization_admin', role_name: 'Admin' },
      membership: { source: 'manual', by: by(founder), audit_log_id: await entryOf('create_workspace') },
    });
  });

  it('names no user as the origin of access by the bootstrap', async () => {
    const first = await t.fixtures.defaultOrg();

    expect(await explained(first.admin, first)).toMatchObject({
      membership: { source: 'bootstrap', by: null, audit_log_id: expect.any(String) },
      workspaces: [{ membership: { source: 'bootstrap', by: null } }],
    });
  });

  it('names neither user nor audit entry for a membership of unknown origin', async () => {
    const person = await addedByHand('WORKSPACE_VIEWER');
    for (const table of ['org_memberships', 'workspace_memberships'])
      await t.sql(
        `update ${table} set created_via = 'unknown', created_by_user_id = null, created_audit_entry_id = null
         where user_id = $1`,
        [person.userId],
      );

    const unknown = { source: 'manual', by: null, invitation_id: null, audit_log_id: null };
    expect(await explained(person)).toMatchObject({
      membership: unknown,
      workspaces: [{ membership: unknown }],
    });
  });

  it('names the credential that added a member if it was a service key', async () => {
    const { body: key } = await org.admin.api.post('/api/v1/orgs/current/service-keys', {
      role_id: role('WORKSPACE_ADMIN'),
      org_role_id: role('ORGANIZATION_ADMIN'),
    });
    const client = t.api.as({ key: key.key, orgId: org.orgId });
    const email = t.fixtures.email();
    const { status } = await client.post(`${ORG_MEMBERS}/basic/batch`, [{ email }]);
    const [added] = (await org.admin.api.get(`${ORG_MEMBERS}/active?emails=${encodeURIComponent(email)}`))
      .body;

    expect(status).toBe(200);
    expect((await explained({ membershipId: added.id })).membership.by).toEqual({
      ...{ user_id: null, email: null, credential_id: key.id },
    });
  });

  it('names the latest manual change of a role beside the origin of the access', async () => {
    const person = await addedByHand('WORKSPACE_VIEWER');
    const lead = await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });
    const place = (await explained(person)).workspaces[0].membership.identity_id;
    for (const name of ['WORKSPACE_ADMIN', 'WORKSPACE_USER'] as const)
      await lead.api.patch(`/api/v1/workspaces/current/members/${place}`, { role_id: role(name) });
    const workspaceEntry = await entryOf('update_workspace_member');
    await org.admin.api.patch(`${ORG_MEMBERS}/${person.membershipId}`, {
      role_id: role('ORGANIZATION_VIEWER'),
    });

    expect(await explained(person)).toMatchObject({
      permissions: ['organization:read', 'organization:read-metadata', 'organization:user-groups:read'],
      membership: {
        by: by(org.admin),
        role_changed: { by: by(org.admin), audit_log_id: await entryOf('update_org_member') },
      },
      workspaces: [
        { membership: { by: by(org.admin), role_changed: { by: by(lead), audit_log_id: workspaceEntry } } },
      ],
    });
  });
});

describe('the resulting access', () => {
  it('shows an organization admin as Admin in every workspace, whatever role they hold there', async () => {
    const admin = await t.fixtures.member(org, { org: 'ORGANIZATION_ADMIN', workspace: 'WORKSPACE_VIEWER' });
    const all = (await org.admin.api.get('/api/v1/workspaces')).body.map(({ id }: { id: string }) => id);

    const { workspaces } = await explained(admin);

    expect(workspaces.map((one: { workspace_id: string }) => one.workspace_id).sort()).toEqual(all.sort());
    for (const { workspace_id, ...place } of workspaces) {
      expect(place).toMatchObject({ role_name: 'Admin', reason: 'organization_admin' });
      expect(place.membership?.role_name).toBe(workspace_id === org.workspaceId ? 'Viewer' : undefined);
    }
  });

  it('lists all user groups, and the policies that apply in each workspace by a role or a group', async () => {
    const ours = await t.fixtures.orgWithAdmin();
    const other = await anotherWorkspace(ours);
    const person = await t.fixtures.member(ours, { workspace: 'WORKSPACE_VIEWER' });
    const [giving, idle] = [await userGroup(ours), await userGroup(ours)];
    for (const id of [giving, idle]) await addTo(ours.admin, id, person, ours.admin);
    for (const workspaceId of [ours.workspaceId, other])
      await grantTo(ours.admin, giving, workspaceId, EDITOR);
    const [ofRole, ofGroupRole, ofGroup, elsewhere] = [
      await policy(ours, { name: 'a', effect: 'deny', role_ids: [role('WORKSPACE_VIEWER')] }),
      await policy(ours, { name: 'b', role_ids: [EDITOR] }),
      await policy(ours, { name: 'c' }),
      await policy(ours, { name: 'd' }),
    ];
    const attached = [
      [giving, ofGroup, null],
      [giving, elsewhere, other],
      [idle, elsewhere, null],
    ];
    for (const [groupId, policyId, workspaceId] of attached)
      await t.sql(
        `insert into user_group_policies (id, user_group_id, org_id, access_policy_id, workspace_id)
         values (gen_random_uuid(), $1, $2, $3, $4)`,
        [groupId, ours.orgId, policyId, workspaceId],
      );

    const { user_groups: groups, workspaces } = await explained(person, ours);

    expect(groups.map((group: { user_group_id: string }) => group.user_group_id).sort()).toEqual(
      [giving, idle].sort(),
    );
    expect(groups[0]).toMatchObject({ source: 'manual', added_at: expect.any(String) });
    expect(workspaces).toMatchObject([{ user_groups: [{ user_group_id: giving, role_id: EDITOR }] }]);
    const applies = (id: string, name: string, effect: string, groupId: string | null) => ({
      access_policy_id: id,
      access_policy_name: name,
      effect,
      user_group_id: groupId,
    });
    expect(workspaces[0].access_policies).toEqual([
      applies(ofRole, 'a', 'deny', null),
      applies(ofGroupRole, 'b', 'allow', null),
      applies(ofGroup, 'c', 'allow', giving),
    ]);

    await t.sql('update org_memberships set role_id = $1 where id = $2', [
      role('ORGANIZATION_ADMIN'),
      person.membershipId,
    ]);
    const asAdmin = (await explained(person, ours)).workspaces;
    expect(asAdmin.map((one: { access_policies: unknown[] }) => one.access_policies)).toEqual([[], []]);
  });

  it('shows no permissions for a disabled member', async () => {
    const person = await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });
    await t.sql('update org_memberships set is_disabled = true where id = $1', [person.membershipId]);

    expect(await explained(person)).toMatchObject({
      ...{ is_disabled: true, permissions: [] },
      workspaces: [{ role_name: 'Admin', permissions: [] }],
    });
  });

  it('runs a fixed number of queries however many workspaces a member has', async () => {
    const person = await t.fixtures.member(org, { workspace: 'WORKSPACE_VIEWER' });
    const cost = async () => {
      const before = await t.queries();
      await explained(person);
      return (await t.queries()) - before;
    };
    await cost();
    const [few] = await leastCosts(cost, cost);
    for (let n = 0; n < 3; n++) {
      const api = org.admin.api.as({ workspaceId: await anotherWorkspace(org) });
      await inviteBatch({ ...org.admin, api }, [{ email: person.email }]);
    }

    expect((await leastCosts(cost, cost))[0]).toBeLessThanOrEqual(few!);
    expect((await explained(person)).workspaces).toHaveLength(4);
  });

  it('lists some workspaces at a time: first where something ends, last what an organization admin has by the role', async () => {
    const ours = await t.fixtures.orgWithAdmin();
    const { admin, workspaceId: first } = ours;
    const [second, third] = [await anotherWorkspace(ours), await anotherWorkspace(ours)];
    const person = await t.fixtures.member(ours, { workspace: 'WORKSPACE_VIEWER' });
    for (const workspaceId of [second, third])
      await t.fixtures.addMember({ ...ours, workspaceId }, person, { workspace: 'WORKSPACE_VIEWER' });
    await t.sql(
      'update workspace_memberships set access_expires_at = $3 where user_id = $1 and workspace_id = $2',
      [person.userId, third, new Date(Date.now() + 86_400_000)],
    );
    const partOf = async ({ membershipId }: Member, query: string) => {
      const { body } = await admin.api.get(`${ORG_MEMBERS}/${membershipId}/access?${query}`);
      const places: { workspace_id: string }[] = body.workspaces;
      return { ...body, places: places.map(({ workspace_id: id }) => id) };
    };

    expect((await partOf(person, '')).places).toEqual([first, second, third]);
    expect(await partOf(person, 'limit=2')).toMatchObject({ places: [third, first], workspace_count: 3 });
    const last = await partOf(person, 'limit=2&offset=2');
    expect(last.places).toEqual([second]);
    const { body: whole } = await accessOf(admin.api, person);
    const held = [whole, ...whole.workspaces].map(({ membership }) => membership.identity_id);
    expect(last.audit_target_ids).toEqual([person.userId, ...held]);
    const id = await policy(ours, { role_ids: [role('WORKSPACE_ADMIN')] });
    expect((await partOf(admin, 'limit=1')).workspaces[0].access_policies).toMatchObject([
      { access_policy_id: id },
    ]);
    expect((await admin.api.get(`${ORG_MEMBERS}/${admin.membershipId}/access?limit=501`)).status).toBe(422);
  });

  it('finds the invitation of a member by its key and reads no audit entries', async () => {
    const { orgId, admin } = await t.fixtures.orgWithAdmin();
    await t.sql(TAKEN_INVITATIONS, [orgId, role('ORGANIZATION_USER'), 5_000]);
    await t.sql('analyze invitations'); // as autovacuum would within a minute

    const plan = await planOf(MEMBERSHIPS.text, [orgId, admin.membershipId]);

    expect(plan).toContain('invitations_pkey');
    expect(plan).not.toContain('audit_entries');
  });

  it('is explained without reading what other organizations attach to the same roles', async () => {
    const [ours, theirs] = [await t.fixtures.orgWithAdmin(), await t.fixtures.orgWithAdmin()];
    const viewer = role('WORKSPACE_VIEWER');
    await policy(ours, { role_ids: [viewer] });
    await t.sql(
      `with policies as (
        insert into access_policies (id, org_id, name, description, effect, condition_groups)
        select gen_random_uuid(), $1, 'Policy ' || n, '', 'allow', '[]' from generate_series(1, 2000) n returning id)
      insert into access_policy_roles (access_policy_id, role_id) select id, $2 from policies`,
      [theirs.orgId, viewer],
    );
    await t.sql('analyze access_policies, access_policy_roles'); // as autovacuum would within a minute

    const { userId } = await t.fixtures.member(ours, { workspace: 'WORKSPACE_VIEWER' });
    const plan = JSON.stringify(
      await t.sql(`explain (analyze, buffers off, format json) ${POLICIES.text}`, [ours.orgId, userId]),
    );

    const rowsRead = [...plan.matchAll(/"Actual Rows":([\d.]+)/g)].map(([, rows]) => Number(rows));
    expect(Math.max(...rowsRead)).toBeGreaterThan(0);
    expect(Math.max(...rowsRead)).toBeLessThan(100);
  });
});

describe('permission to read the access of a member', () => {
  it('lets members read their own access and managers that of other members', async () => {
    const person = await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });

    expect((await accessOf(person.api, person)).body).toEqual(await explained(person));
    expect((await accessOf(person.api, org.admin)).status).toBe(403);
    expect((await accessOf(person.api, { membershipId: randomUUID() })).status).toBe(403);
    expect((await accessOf(t.api, person)).status).toBe(401);
  });

  it('returns 404 for members of other organizations and pending members, and 422 for a malformed id', async () => {
    const other = await t.fixtures.defaultOrg();
    const pending = await invitation(org, { email: t.fixtures.email() });

    expect((await accessOf(other.admin.api, org.admin)).status).toBe(404);
    expect((await accessOf(org.admin.api, { membershipId: pending })).status).toBe(404);
    expect((await accessOf(org.admin.api, { membershipId: 'no-uuid' })).status).toBe(422);
  });
});
