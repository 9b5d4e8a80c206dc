import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Permission } from '../../src/common/access/permissions.js';
import { attach, POLICIES, policy, TEAM_A } from '../support/access-policies.js';
import type { Api, Reply } from '../support/api.js';
import { type Member, type OrgWithAdmin, role } from '../support/fixtures.js';
import { customRole, ORG_MEMBERS } from '../support/invitations.js';
import { GROUP, Scim, scimOf, userOf } from '../support/scim.js';
import { ssoSettings, SSO_SETTINGS } from '../support/sso-settings.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import {
  addTo,
  attachTo,
  detachFrom,
  EDITOR,
  grantTo,
  groupWith,
  GROUPS,
  regrant,
  removeFrom,
  userGroup,
  VIEWER,
  WORKSPACE_ADMIN,
} from '../support/user-groups.js';

const IN_WORKSPACE = '/api/v1/workspaces/current/members';
const KEYS = '/api/v1/orgs/current/service-keys';
const TOKENS = '/v1/platform/orgs/current/scim/tokens';
const REQUESTS = '/api/v1/orgs/current/access-requests';
const ROLES = '/api/v1/orgs/current/roles';
const [ADMIN, OPERATOR, USER] = [
  role('ORGANIZATION_ADMIN'),
  role('ORGANIZATION_OPERATOR'),
  role('ORGANIZATION_USER'),
];
const DAY = 86_400_000;
const inDays = (days: number) => new Date(Date.now() + days * DAY).toISOString();
const OUTLIVES = [403, 'change_outlives_caller'];
const OWN = [403, 'own_access_end'];
const MANAGES: Permission[] = ['workspaces:read', 'workspaces:manage-members'];
const RANK_OF_TEAM_A = { ...TEAM_A, permission: 'workspaces:manage-members', resource_type: 'workspace' };

type By = { readonly api: Api };

let t: TestApp;
let org: OrgWithAdmin;
/** Organization Admin until then, and Organization User afterwards. */
let temporary: Member;
let until: string;
beforeAll(async () => {
  t = await startTestApp();
});
afterAll(() => t.close());
beforeEach(async () => {
  org = await t.fixtures.orgWithAdmin();
  until = inDays(5);
  temporary = await temporaryAdmin();
});

async function temporaryAdmin(): Promise<Member> {
  const member = await t.fixtures.member(org, { org: 'ORGANIZATION_ADMIN' });
  const end = { access_expires_at: until, reverts_to_role_id: USER };
  expect((await patch(org.admin, member, end)).status).toBe(200);
  return member;
}

/** Admin of the workspace until then. */
async function temporaryLead(): Promise<Member> {
  const member = await t.fixtures.member(org, {});
  const place = { user_id: member.userId, role_id: WORKSPACE_ADMIN, access_expires_at: until };
  expect((await org.admin.api.post(IN_WORKSPACE, place)).status).toBe(200);
  return member;
}

const denialOfRank = () => policy(org, { effect: 'deny', condition_groups: [RANK_OF_TEAM_A] });
const teamOf = (group: typeof TEAM_A, attribute_value: string) => ({
  ...group,
  conditions: [{ ...group.conditions[0], attribute_value }],
});
const code = ({ status, headers }: Reply) => [status, headers.get('x-error-code')];
const inOrg = ({ api }: By) => api.as({ workspaceId: undefined });
const patch = (by: By, { membershipId }: Pick<Member, 'membershipId'>, body: object) =>
  inOrg(by).patch(`${ORG_MEMBERS}/${membershipId}`, body);
const add = (by: By, { userId }: Pick<Member, 'userId'>, roleId: string, at?: string) =>
  by.api.post(IN_WORKSPACE, { user_id: userId, role_id: roleId, access_expires_at: at });
const invite = (by: By, body: object) => inOrg(by).post(ORG_MEMBERS, { email: t.fixtures.email(), ...body });
const withKey = async (by: By, body: object) => {
  const { status, body: made } = await inOrg(by).post(KEYS, { description: 'x', ...body });
  expect(status).toBe(200);
  return { id: made.id as string, api: t.api.as({ key: made.key, workspaceId: org.workspaceId }) };
};
const scimBy = async (by: By): Promise<Scim> => {
  const { status, body } = await inOrg(by).post(TOKENS, {});
  expect(status).toBe(201);
  return new Scim(t.url, body.token);
};
const placeOf = async ({ userId }: Pick<Member, 'userId'>) =>
  (
    await t.sql<{ id: string; role_id: string; access_expires_at: Date | null }>(
      'select id, role_id, access_expires_at from workspace_memberships where user_id = $1 and workspace_id = $2',
      [userId, org.workspaceId],
    )
  )[0]!;
const stateOf = () =>
  t.sql(
    `select (select array_agg((user_id, role_id, access_expires_at) order by id) from org_memberships where org_id = $1) as a,
       (select array_agg((user_id, role_id, access_expires_at) order by id) from workspace_memberships where org_id = $1) as b,
       (select array_agg((email, status) order by id) from invitations where org_id = $1) as c`,
    [org.orgId],
  );

describe('a temporary Organization Admin', () => {
  it('gives rank to others only until their own ends: members, invitations, reversions and workspaces', async () => {
    const somebody = await t.fixtures.member(org, {});
    const before = await stateOf();

    expect(code(await patch(temporary, somebody, { role_id: ADMIN }))).toEqual(OUTLIVES);
    expect(code(await patch(temporary, somebody, { role_id: OPERATOR }))).toEqual(OUTLIVES);
    const longer = { role_id: ADMIN, access_expires_at: inDays(6), reverts_to_role_id: USER };
    expect(code(await patch(temporary, somebody, longer))).toEqual(OUTLIVES);
    const operatorLater = { role_id: ADMIN, access_expires_at: inDays(1), reverts_to_role_id: OPERATOR };
    expect(code(await patch(temporary, somebody, operatorLater))).toEqual(OUTLIVES);
    expect(code(await invite(temporary, { role_id: ADMIN }))).toEqual(OUTLIVES);
    const asLead = { workspace_ids: [org.workspaceId], workspace_role_id: WORKSPACE_ADMIN };
    expect(code(await invite(temporary, asLead))).toEqual(OUTLIVES);
    expect(code(await add(temporary, somebody, WORKSPACE_ADMIN))).toEqual(OUTLIVES);
    expect(await stateOf()).toEqual(before);

    const shorter = { role_id: ADMIN, access_expires_at: until, reverts_to_role_id: USER };
    expect((await patch(temporary, somebody, shorter)).status).toBe(200);
    expect((await invite(temporary, { ...asLead, access_expires_at: inDays(2) })).status).toBe(200);
    expect((await add(temporary, somebody, WORKSPACE_ADMIN, inDays(4))).status).toBe(200);
  });

  it('names the end and the person who would have something for longer, in batches by their row', async () => {
    const rows = [{ email: t.fixtures.email() }, { email: t.fixtures.email(), role_id: ADMIN }];

    const one = await patch(temporary, await t.fixtures.member(org, {}), { role_id: ADMIN });
    const batch = await inOrg(temporary).post(`${ORG_MEMBERS}/batch`, rows);

    expect(one.body.detail).toContain(until);
    expect(one.body.detail).toContain('Organization Admin');
    expect(code(batch)).toEqual(OUTLIVES);
    expect(batch.body.detail).toEqual([
      { loc: ['body', 1, 'email'], msg: expect.stringContaining(until), type: 'forbidden' },
    ]);
    const pending = await inOrg(org.admin).get(`${ORG_MEMBERS}/pending`);
    expect(pending.body).toEqual([]);
  });

  it('gives ordinary roles for good', async () => {
    const somebody = await t.fixtures.member(org, {});
    const group = await groupWith(org, EDITOR);

    expect((await invite(temporary, { workspace_ids: [org.workspaceId] })).status).toBe(200);
    expect((await add(temporary, somebody, EDITOR)).status).toBe(200);
    expect((await addTo(temporary, group, await t.fixtures.member(org, {}))).status).toBe(207);
    expect((await patch(temporary, somebody, { role_id: role('ORGANIZATION_VIEWER') })).status).toBe(200);
    const narrow = {
      description: 'x',
      role_id: VIEWER,
      workspaces: [org.workspaceId],
      expires_at: inDays(1),
    };
    expect((await inOrg(temporary).post(KEYS, narrow)).status).toBe(200);
    expect((await inOrg(temporary).post('/api/v1/workspaces', { display_name: 'New' })).status).toBe(200);
  });

  it('puts no one into a group with rank, and gives groups no rank, empty ones included', async () => {
    const leads = await groupWith(org, WORKSPACE_ADMIN);
    const [empty, readers] = [await userGroup(org), await groupWith(org, VIEWER)];
    const somebody = await t.fixtures.member(org, {});

    expect(code(await addTo(temporary, leads, somebody))).toEqual(OUTLIVES);
    expect(code(await grantTo(temporary, empty, org.workspaceId, WORKSPACE_ADMIN))).toEqual(OUTLIVES);
    expect(code(await regrant(temporary, readers, org.workspaceId, WORKSPACE_ADMIN))).toEqual(OUTLIVES);
    const limited = { identity_ids: [somebody.membershipId], access_expires_at: inDays(2) };
    expect((await inOrg(temporary).post(`${GROUPS}/${leads}/members`, limited)).status).toBe(207);
    expect((await removeFrom(temporary, leads, somebody)).status).toBe(204);
    const synchronized = { idp_group_name: 'Everybody', idp_sync_enabled: true };
    expect(code(await inOrg(temporary).patch(`${GROUPS}/${leads}`, synchronized))).toEqual(OUTLIVES);
    expect((await inOrg(temporary).patch(`${GROUPS}/${readers}`, synchronized)).status).toBe(200);
  });

  it('puts no one into a group with rank that they keep themselves, nor attaches a policy to it', async () => {
    const member = await t.fixtures.member(org, { org: 'ORGANIZATION_ADMIN', workspace: 'WORKSPACE_VIEWER' });
    const leads = await groupWith(org, WORKSPACE_ADMIN, member);
    const end = { access_expires_at: until, reverts_to_role_id: USER };
    expect((await patch(org.admin, member, end)).status).toBe(200);
    const [somebody, readers] = [await t.fixtures.member(org, {}), await groupWith(org, VIEWER)];
    const allows = await policy(org, { condition_groups: [RANK_OF_TEAM_A] });
    const group = { user_group_id: leads, reason: 'On call' };
    expect((await inOrg(org.admin).patch(`${GROUPS}/${leads}`, { requestable: true })).status).toBe(200);
    const asked = await inOrg(somebody).post(REQUESTS, group);

    expect(code(await addTo({ api: inOrg(member) }, leads, somebody))).toEqual(OUTLIVES);
    expect(code(await attachTo({ api: inOrg(member) }, readers, allows))).toEqual(OUTLIVES);
    expect(code(await inOrg(member).post(`${REQUESTS}/${asked.body.id}/approval`, {}))).toEqual(OUTLIVES);
    const limited = { identity_ids: [somebody.membershipId], access_expires_at: inDays(2) };
    expect((await inOrg(member).post(`${GROUPS}/${leads}/members`, limited)).status).toBe(207);
  });

  it('switches no rank of a group on by a membership that lasts longer', async () => {
    const somebody = await t.fixtures.member(org, {});
    await groupWith(org, WORKSPACE_ADMIN, somebody);

    expect(code(await add(temporary, somebody, VIEWER))).toEqual(OUTLIVES);
    expect((await add(temporary, somebody, VIEWER, inDays(4))).status).toBe(200);
    expect((await add(org.admin, await t.fixtures.member(org, {}), VIEWER)).status).toBe(200);
  });

  it('widens no role and no policy to rank that somebody has, by whatever', async () => {
    const roleId = await customRole(org, ['workspaces:read']);
    const widen = () =>
      inOrg(temporary).patch(`${ROLES}/${roleId}`, {
        display_name: 'Wide',
        description: '',
        permissions: MANAGES,
      });
    const group = await groupWith(org, roleId);
    const rank = { ...TEAM_A, permission: 'workspaces:manage-keys', resource_type: 'workspace' };
    const allows = await policy(org, { condition_groups: [rank] });

    expect(code(await widen())).toEqual(OUTLIVES);
    expect(code(await attach(temporary, roleId, [allows]))).toEqual(OUTLIVES);
    expect((await inOrg(org.admin).delete(`${GROUPS}/${group}`)).status).toBe(204);
    expect((await widen()).status).toBe(200);
    expect((await attach(temporary, roleId, [allows])).status).toBeLessThan(300);
  });

  it('widens no role to what a policy allows its members for some resources only', async () => {
    const roleId = await customRole(org, ['workspaces:read']);
    const allows = await policy(org, { condition_groups: [RANK_OF_TEAM_A] });
    expect((await attach(org.admin, roleId, [allows])).status).toBeLessThan(300);
    await t.fixtures.member(org, { workspace: roleId });
    const wide = { display_name: 'Wide', description: '', permissions: MANAGES };

    expect(code(await inOrg(temporary).patch(`${ROLES}/${roleId}`, wide))).toEqual(OUTLIVES);
    expect((await inOrg(org.admin).patch(`${ROLES}/${roleId}`, wide)).status).toBe(200);
  });

  it('changes no conditions under which a policy allows or denies rank that somebody has', async () => {
    const [byPolicy, denied] = [await customRole(org, ['workspaces:read']), await customRole(org, MANAGES)];
    const allows = await policy(org, { condition_groups: [RANK_OF_TEAM_A, TEAM_A] });
    const denies = await policy(org, { effect: 'deny', condition_groups: [RANK_OF_TEAM_A, TEAM_A] });
    expect((await attach(org.admin, byPolicy, [allows])).status).toBeLessThan(300);
    expect((await attach(org.admin, denied, [denies])).status).toBeLessThan(300);
    await t.fixtures.member(org, { workspace: byPolicy });
    await t.fixtures.member(org, { workspace: denied });
    const change = (by: By, id: string, body: object) => inOrg(by).patch(`${POLICIES}/${id}`, body);
    const others = { condition_groups: [teamOf(RANK_OF_TEAM_A, 'B'), TEAM_A] };
    const ordinary = { condition_groups: [RANK_OF_TEAM_A, teamOf(TEAM_A, 'B')] };

    for (const id of [allows, denies]) {
      expect(code(await change(temporary, id, others))).toEqual(OUTLIVES);
      expect((await change(temporary, id, ordinary)).status).toBe(200);
      expect((await change(org.admin, id, others)).status).toBe(200);
    }
    expect(code(await change(temporary, denies, { effect: 'allow' }))).toEqual(OUTLIVES);
    expect((await change(temporary, allows, { effect: 'deny' })).status).toBe(200);
  });

  it('ends no deny policy about rank that somebody keeps, neither at once nor later', async () => {
    const roleId = await customRole(org, MANAGES);
    const [denies, ofGroup] = [await denialOfRank(), await denialOfRank()];
    expect((await attach(org.admin, roleId, [denies])).status).toBeLessThan(300);
    const member = await t.fixtures.member(org, { workspace: roleId });
    const group = await groupWith(org, VIEWER, member);
    expect((await attachTo({ api: inOrg(org.admin) }, group, ofGroup)).status).toBeLessThan(300);
    const path = `${GROUPS}/${group}/workspaces/${org.workspaceId}`;
    const ending = { role_id: VIEWER, access_expires_at: inDays(1) };

    expect(code(await inOrg(temporary).delete(`${POLICIES}/${denies}`))).toEqual(OUTLIVES);
    expect(code(await detachFrom({ api: inOrg(temporary) }, group, ofGroup))).toEqual(OUTLIVES);
    expect(code(await removeFrom(temporary, group, member))).toEqual(OUTLIVES);
    expect(code(await inOrg(temporary).patch(path, ending))).toEqual(OUTLIVES);
    expect((await inOrg(org.admin).patch(path, ending)).status).toBe(200);
  });

  it('puts off no role that is followed by one to which a deny policy about rank is attached', async () => {
    const roleId = await customRole(org, MANAGES);
    expect((await attach(org.admin, roleId, [await denialOfRank()])).status).toBeLessThan(300);
    const wide = await customRole(org, MANAGES);
    const member = await t.fixtures.member(org, { workspace: wide });
    const { id } = await placeOf(member);
    const endAt = (by: By, at: string) =>
      by.api.patch(`${IN_WORKSPACE}/${id}`, {
        role_id: wide,
        access_expires_at: at,
        reverts_to_role_id: roleId,
      });
    expect((await endAt(org.admin, inDays(1))).status).toBe(200);

    expect(code(await endAt(temporary, inDays(6)))).toEqual(OUTLIVES);
    expect((await endAt(temporary, inDays(4))).status).toBe(200);
  });

  it('gives their own person nothing that stays: not by a wider role, nor by a policy', async () => {
    const roleId = await customRole(org, ['workspaces:read']);
    await t.sql(
      `insert into workspace_memberships (id, org_id, workspace_id, user_id, role_id, source, created_via)
       values (gen_random_uuid(), $1, $2, $3, $4, 'manual', 'direct_add')`,
      [org.orgId, org.workspaceId, temporary.userId, roleId],
    );
    const wide = { display_name: 'Wide', description: '', permissions: ['workspaces:read', 'runs:delete'] };
    const allows = await policy(org, { condition_groups: [{ ...TEAM_A, permission: 'datasets:delete' }] });

    expect(code(await inOrg(temporary).patch(`${ROLES}/${roleId}`, wide))).toEqual(OWN);
    expect(code(await attach(temporary, roleId, [allows]))).toEqual(OWN);
    expect((await inOrg(org.admin).patch(`${ROLES}/${roleId}`, wide)).status).toBe(200);
  });

  it('does not come back for good with an admin key after leaving', async () => {
    const key = await withKey(temporary, { role_id: WORKSPACE_ADMIN, org_role_id: ADMIN });
    expect((await inOrg(org.admin).delete(`${ORG_MEMBERS}/${temporary.membershipId}`)).status).toBe(200);

    expect(code(await invite(key, { email: temporary.email }))).toEqual(OWN);
    expect(code(await invite(key, { email: temporary.email, role_id: ADMIN }))).toEqual(OWN);
    expect(code(await invite(key, { role_id: ADMIN }))).toEqual(OUTLIVES);
    expect((await invite(key, {})).status).toBe(200);
    const limited = { email: temporary.email, access_expires_at: inDays(3) };
    expect((await invite(key, limited)).status).toBe(200);
  });

  it('makes no key whose keys give what lasts longer, also after the key was rotated', async () => {
    const key = await withKey(temporary, { role_id: WORKSPACE_ADMIN, org_role_id: ADMIN });
    const child = await withKey(key, { role_id: WORKSPACE_ADMIN, org_role_id: ADMIN });
    const foreign = await inOrg(org.admin).post(KEYS, {
      ...{ description: 'x', role_id: WORKSPACE_ADMIN, org_role_id: ADMIN, expires_at: inDays(2) },
    });
    const rotated = await inOrg(temporary).post(`${KEYS}/${foreign.body.id}/rotate`, {});
    expect(rotated.status).toBe(200);
    const learned = { api: t.api.as({ key: rotated.body.key, workspaceId: org.workspaceId }) };

    for (const by of [child, learned]) expect(code(await invite(by, { role_id: ADMIN }))).toEqual(OUTLIVES);
  });

  it('gives no rank to a key whose rights do not end, although it expires before', async () => {
    const member = await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });
    const narrow = { role_id: VIEWER, workspaces: [org.workspaceId], expires_at: inDays(1) };
    const key = await withKey(member, narrow);
    const end = { role_id: ADMIN, access_expires_at: until, reverts_to_role_id: USER };
    expect((await patch(org.admin, member, end)).status).toBe(200);
    const { id } = await placeOf(member);
    const ordinary = await org.admin.api.patch(`${IN_WORKSPACE}/${id}`, { role_id: VIEWER });
    expect(ordinary.status).toBe(200);

    const widen = (by: By) => inOrg(by).patch(`${KEYS}/${key.id}`, { role_id: WORKSPACE_ADMIN });
    expect(code(await widen(member))).toEqual(OUTLIVES);
    expect((await widen(org.admin)).status).toBe(200);
  });

  it('neither takes over the account of a permanent admin nor one that is invited as such', async () => {
    const invited = await invite(org.admin, { role_id: ADMIN });
    const password = { password: 'Correct-Horse-Battery' };

    expect(code(await patch(temporary, org.admin, password))).toEqual(OUTLIVES);
    const link = (path: string) => inOrg(temporary).post(`${ORG_MEMBERS}/${path}/password-link`, {});
    expect(code(await link(org.admin.membershipId))).toEqual(OUTLIVES);
    expect(code(await link(`${invited.body.id}/pending`))).toEqual(OUTLIVES);
    const ordinary = await t.fixtures.member(org, {});
    expect((await patch(temporary, ordinary, password)).status).toBe(200);
    expect((await link(ordinary.membershipId)).status).toBe(200);
    expect((await patch(temporary, await temporaryAdmin(), password)).status).toBe(200);
  });

  it('does none of this either if they are Operator afterwards', async () => {
    const member = await t.fixtures.member(org, { org: 'ORGANIZATION_ADMIN' });
    const end = { access_expires_at: until, reverts_to_role_id: OPERATOR };
    expect((await patch(org.admin, member, end)).status).toBe(200);
    const password = { password: 'Correct-Horse-Battery' };

    expect(code(await patch(member, org.admin, password))).toEqual(OUTLIVES);
    const settings = { scim_roles_enabled: true };
    expect(code(await inOrg(member).patch('/api/v1/orgs/current/info', settings))).toEqual(OUTLIVES);
    expect((await patch(member, await t.fixtures.member(org, {}), password)).status).toBe(200);
  });

  it('sets no default role of sign-in with rank, and switches no roles of a provider on', async () => {
    await ssoSettings(org);
    const { body } = await inOrg(org.admin).get(SSO_SETTINGS);
    const change = (by: By, more: object) => inOrg(by).patch(`${SSO_SETTINGS}/${body[0].id}`, more);
    const info = (more: object) => inOrg(temporary).patch('/api/v1/orgs/current/info', more);

    expect(code(await change(temporary, { default_workspace_role_id: WORKSPACE_ADMIN }))).toEqual(OUTLIVES);
    expect(code(await change(temporary, { sso_groups_enabled: true }))).toEqual(OUTLIVES);
    expect(code(await info({ scim_roles_enabled: true }))).toEqual(OUTLIVES);
    expect(code(await info({ scim_group_name_separator: '_' }))).toEqual(OUTLIVES);
    expect((await change(temporary, { default_workspace_role_id: VIEWER })).status).toBe(200);
    expect((await change(org.admin, { sso_groups_enabled: true })).status).toBe(200);
    expect(code(await change(temporary, { sso_groups_claim_field: 'other' }))).toEqual(OUTLIVES);
    expect((await change(temporary, { sso_groups_role_sync_enabled: false })).status).toBe(200);
    expect(code(await change(temporary, { sso_groups_role_sync_enabled: true }))).toEqual(OUTLIVES);
    expect((await change(temporary, { sso_groups_enabled: false })).status).toBe(200);
  });

  it('sets no name that gives rank to a group of the provider, and an admin whose role stays does', async () => {
    const scim = await scimOf(org.admin.api);
    const { body: user } = await scim.post('/Users', userOf(t.fixtures.email()));
    const displayName = 'Organization User:Research:Admin';
    const group = await scim.post('/Groups', {
      schemas: [GROUP],
      displayName,
      members: [{ value: user.id }],
    });
    const { status, body: made } = await inOrg(temporary).post('/api/v1/workspaces', {
      display_name: 'Research',
    });
    expect(status).toBe(200);
    const roles = () =>
      t.sql('select from workspace_memberships where workspace_id = $1 and role_id = $2 and user_id <> $3', [
        made.id,
        WORKSPACE_ADMIN,
        temporary.userId,
      ]);

    const later = { schemas: [GROUP], displayName: `Z:${displayName}`, members: [{ value: user.id }] };
    expect([group.status, (await scim.post('/Groups', later)).status]).toEqual([201, 201]);
    expect(await roles()).toHaveLength(0);
    const saved = await inOrg(org.admin).patch(`/api/v1/workspaces/${made.id}`, { display_name: 'Research' });
    expect(saved.status).toBe(200);
    expect(await roles()).toHaveLength(1);
  });
});

describe('a SCIM token of a temporary Organization Admin', () => {
  const groupOf = (scim: Scim, displayName: string, id: string) =>
    scim.post('/Groups', { schemas: [GROUP], displayName, members: [{ value: id }] });

  it('makes neither its creator nor a second account an admin for good', async () => {
    const scim = await scimBy(temporary);
    const own = await scim.post('/Users', userOf(temporary.email));
    const second = await scim.post('/Users', userOf(t.fixtures.email()));
    expect([own.status, second.status]).toEqual([201, 201]);

    const admins = await groupOf(scim, 'Z:Organization Admins', own.body.id);
    expect(code(admins)).toEqual(OWN);
    expect(admins.body.schemas[0]).toContain('Error');
    expect(code(await groupOf(scim, 'Z:Organization Admins', second.body.id))).toEqual(OUTLIVES);
    const [{ display_name: name }] = (await t.sql('select display_name from workspaces where id = $1', [
      org.workspaceId,
    ])) as [{ display_name: string }];
    const refused = await groupOf(scim, `Organization User:${name}:Admin`, second.body.id);
    expect(refused.status).toBe(403);
    expect(refused.body.detail).toContain(until);
    expect(code(await groupOf(scim, `Organization User:${name}:Viewer`, own.body.id))).toEqual(OWN);
    expect((await groupOf(scim, `Organization User:${name}:Editor`, second.body.id)).status).toBe(201);
    expect(await placeOf({ userId: await userIdOf(second.body.id) })).toMatchObject({ role_id: EDITOR });
  });

  it('takes no membership over whose end it would clear, which every other token does', async () => {
    const ending = await t.fixtures.member(org, {});
    expect((await add(org.admin, ending, EDITOR, inDays(3))).status).toBe(200);
    const permanent = await scimOf(org.admin.api);
    const { body } = await permanent.post('/Users', userOf(ending.email));
    const [{ display_name: name }] = (await t.sql('select display_name from workspaces where id = $1', [
      org.workspaceId,
    ])) as [{ display_name: string }];
    const give = (scim: Scim) => groupOf(scim, `Organization User:${name}:Viewer`, body.id);

    expect(code(await give(await scimBy(temporary)))).toEqual(OUTLIVES);
    expect((await give(permanent)).status).toBe(201);
    expect(await placeOf(ending)).toMatchObject({ access_expires_at: null });
  });

  it('gives no externalId or address to somebody who has rank for longer', async () => {
    const permanent = await scimOf(org.admin.api);
    const { body } = await permanent.post('/Users', userOf(t.fixtures.email()));
    expect((await groupOf(permanent, 'Z:Organization Admins', body.id)).status).toBe(201);
    const change = { op: 'replace', path: 'externalId', value: 'another subject' };

    expect((await (await scimBy(temporary)).patch(`/Users/${body.id}`, [change])).status).toBe(403);
    expect((await permanent.patch(`/Users/${body.id}`, [change])).status).toBe(200);
  });

  const userIdOf = async (id: string) =>
    (await t.sql<{ user_id: string }>('select user_id from scim_users where id = $1', [id]))[0]!.user_id;
});

describe('a temporary Admin of a workspace', () => {
  it('does not come back for good with a service key of the workspace', async () => {
    const lead = await temporaryLead();
    const key = await withKey(lead, { role_id: WORKSPACE_ADMIN, workspaces: [org.workspaceId] });
    const { id } = await placeOf(lead);
    expect((await lead.api.delete(`${IN_WORKSPACE}/${id}`)).status).toBe(200);

    expect(code(await add(key, lead, WORKSPACE_ADMIN))).toEqual(OWN);
    expect(code(await add(key, lead, VIEWER))).toEqual(OWN);
    const second = await t.fixtures.member(org, {});
    expect(code(await add(key, second, WORKSPACE_ADMIN))).toEqual(OUTLIVES);
    expect((await add(key, second, EDITOR)).status).toBe(200);
    expect((await add(key, lead, VIEWER, inDays(1))).status).toBe(200);
  });

  it('gives a key no rank that they keep if they lose the permission to change it', async () => {
    const member = await t.fixtures.member(org, { workspace: await customRole(org, MANAGES) });
    const leads = await groupWith(org, WORKSPACE_ADMIN);
    const limited = { identity_ids: [member.membershipId], access_expires_at: until };
    expect((await inOrg(org.admin).post(`${GROUPS}/${leads}/members`, limited)).status).toBe(207);
    const narrow = { role_id: VIEWER, workspaces: [org.workspaceId], expires_at: inDays(1) };
    const key = await withKey(org.admin, narrow);
    const wide = { role_id: await customRole(org, MANAGES) };

    expect(code(await inOrg(member).patch(`${KEYS}/${key.id}`, wide))).toEqual(OUTLIVES);
    expect((await inOrg(org.admin).patch(`${KEYS}/${key.id}`, wide)).status).toBe(200);
  });

  it('approves no access with rank to a workspace where they lose the permission to', async () => {
    const keys: Permission[] = ['workspaces:read', 'workspaces:manage-keys'];
    const roleId = await customRole(org, keys);
    const member = await t.fixtures.member(org, { workspace: roleId });
    const leads = await groupWith(org, WORKSPACE_ADMIN);
    const limited = { identity_ids: [member.membershipId], access_expires_at: until };
    expect((await inOrg(org.admin).post(`${GROUPS}/${leads}/members`, limited)).status).toBe(207);
    const somebody = await t.fixtures.member(org, {});
    const path = `/api/v1/workspaces/${org.workspaceId}`;
    expect((await inOrg(org.admin).patch(path, { requestable: true })).status).toBe(200);
    const of = { workspace_id: org.workspaceId, role_id: roleId, reason: 'On call' };
    const asked = await inOrg(somebody).post(REQUESTS, of);
    expect(asked.status).toBe(201);
    const approve = (body: object) => inOrg(member).post(`${REQUESTS}/${asked.body.id}/approval`, body);

    expect(code(await approve({}))).toEqual(OUTLIVES);
    expect((await approve({ access_expires_at: inDays(2) })).status).toBe(200);
  });

  it('does not raise their own role with a key after leaving the group by which they were Admin', async () => {
    const member = await t.fixtures.member(org, { workspace: 'WORKSPACE_VIEWER' });
    const group = await groupWith(org, WORKSPACE_ADMIN);
    const limited = { identity_ids: [member.membershipId], access_expires_at: until };
    expect((await inOrg(org.admin).post(`${GROUPS}/${group}/members`, limited)).status).toBe(207);
    const key = await withKey(member, { role_id: WORKSPACE_ADMIN, workspaces: [org.workspaceId] });
    expect((await removeFrom(org.admin, group, member)).status).toBe(204);
    const { id } = await placeOf(member);

    const raised = await key.api.patch(`${IN_WORKSPACE}/${id}`, { role_id: WORKSPACE_ADMIN });

    expect(code(raised)).toEqual(OWN);
  });
});

describe('everyday changes', () => {
  it('are made for good by an admin whose role stays, with a key, a SCIM token and a token that expire', async () => {
    const expires = { expires_at: inDays(2) };
    const key = await withKey(org.admin, { role_id: WORKSPACE_ADMIN, org_role_id: ADMIN, ...expires });
    const token = await inOrg(org.admin).post('/api/v1/api-key/current', { description: 'x', ...expires });
    const scimToken = await inOrg(org.admin).post(TOKENS, expires);
    const scim = new Scim(t.url, scimToken.body.token);
    const pat = { api: t.api.as({ key: token.body.key, workspaceId: org.workspaceId }) };

    expect((await invite(key, { role_id: ADMIN })).status).toBe(200);
    expect((await invite(pat, { role_id: ADMIN })).status).toBe(200);
    const { body } = await scim.post('/Users', userOf(t.fixtures.email()));
    const group = { schemas: [GROUP], displayName: 'Z:Organization Admins', members: [{ value: body.id }] };
    expect((await scim.post('/Groups', group)).status).toBe(201);
  });

  it('include Admins for good by a temporary Organization Admin who is Admin by a permanent group', async () => {
    const member = await t.fixtures.member(org, { org: 'ORGANIZATION_ADMIN', workspace: 'WORKSPACE_VIEWER' });
    await groupWith(org, WORKSPACE_ADMIN, member);
    const end = { access_expires_at: until, reverts_to_role_id: USER };
    expect((await patch(org.admin, member, end)).status).toBe(200);
    const somebody = await t.fixtures.member(org, {});

    expect((await add(member, somebody, WORKSPACE_ADMIN)).status).toBe(200);
    const key = await withKey(member, { role_id: WORKSPACE_ADMIN, workspaces: [org.workspaceId] });
    expect((await add(key, await t.fixtures.member(org, {}), WORKSPACE_ADMIN)).status).toBe(200);
  });

  it('include what a member until then accepts and is given by others', async () => {
    const member = await t.fixtures.member(org, { workspace: 'WORKSPACE_VIEWER' });
    expect((await patch(org.admin, member, { access_expires_at: until })).status).toBe(200);
    const token = await inOrg(member).post('/api/v1/api-key/current', { description: 'x' });
    const { id } = await placeOf(member);

    expect(token.status).toBe(200);
    const raised = await org.admin.api.patch(`${IN_WORKSPACE}/${id}`, { role_id: WORKSPACE_ADMIN });
    expect(raised.status).toBe(200);
  });
});

describe('an end that is brought forward', () => {
  const endsOf = (table: 'api_keys' | 'scim_tokens') =>
    t.sql<{ expires_at: Date; rights_end_at: Date }>(
      `select expires_at, rights_end_at from ${table} where org_id = $1 order by created_at, id`,
      [org.orgId],
    );

  it('brings forward what the person made there, as a tree, and not what was made before the end', async () => {
    const late = await t.fixtures.member(org, { org: 'ORGANIZATION_ADMIN' });
    const older = await withKey(late, { role_id: VIEWER, workspaces: [org.workspaceId] });
    const end = { access_expires_at: inDays(6), reverts_to_role_id: USER };
    expect((await patch(org.admin, late, end)).status).toBe(200);
    const key = await withKey(late, { role_id: WORKSPACE_ADMIN, org_role_id: ADMIN });
    const child = await withKey(key, { role_id: WORKSPACE_ADMIN, org_role_id: ADMIN, expires_at: inDays(1) });
    await scimBy(late);

    const earlier = new Date(inDays(2));
    const moved = { access_expires_at: earlier.toISOString(), reverts_to_role_id: USER };
    expect((await patch(org.admin, late, moved)).status).toBe(200);

    const [oldest, made, chosen] = await endsOf('api_keys');
    expect(oldest).toEqual({ expires_at: null, rights_end_at: null });
    expect(made).toEqual({ expires_at: earlier, rights_end_at: earlier });
    expect(chosen).toMatchObject({ rights_end_at: earlier });
    expect(chosen!.expires_at < earlier).toBe(true);
    expect(await endsOf('scim_tokens')).toEqual([{ expires_at: earlier, rights_end_at: earlier }]);
    expect([older, child]).toHaveLength(2);
  });

  it('does so in a workspace, too', async () => {
    const lead = await temporaryLead();
    await withKey(lead, { role_id: EDITOR, workspaces: [org.workspaceId] });
    const earlier = new Date(inDays(2));
    const { id } = await placeOf(lead);

    const moved = { role_id: WORKSPACE_ADMIN, access_expires_at: earlier.toISOString() };
    expect((await org.admin.api.patch(`${IN_WORKSPACE}/${id}`, moved)).status).toBe(200);

    expect(await endsOf('api_keys')).toEqual([{ expires_at: earlier, rights_end_at: earlier }]);
  });
});
