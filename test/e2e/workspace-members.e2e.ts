import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { attach, policy, TEAM_A } from '../support/access-policies.js';
import { type OrgWithAdmin, type Member, role } from '../support/fixtures.js';
import { customRole } from '../support/invitations.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { attachTo, groupWith, userGroup, WORKSPACE_ADMIN } from '../support/user-groups.js';

const MEMBERS = '/api/v1/workspaces/current/members';
const EDITOR = role('WORKSPACE_USER');
const VIEWER = role('WORKSPACE_VIEWER');

let t: TestApp;
beforeAll(async () => {
  t = await startTestApp();
});
afterAll(() => t.close());

/** A workspace and a member who manages its members, but is no admin of the organization. */
async function workspaceWithLead(): Promise<{ org: OrgWithAdmin; lead: Member }> {
  const org = await t.fixtures.orgWithAdmin();
  return { org, lead: await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' }) };
}

/** A member who manages members but has fewer permissions than an Admin. */
async function workspaceWithSteward(): Promise<{ org: OrgWithAdmin; steward: Member }> {
  const org = await t.fixtures.orgWithAdmin();
  const created = await org.admin.api.post('/api/v1/orgs/current/roles', {
    display_name: 'Steward',
    description: 'Viewers and nothing above',
    permissions: ['workspaces:read', 'workspaces:manage-members', 'runs:read'],
  });
  return { org, steward: await t.fixtures.member(org, { workspace: created.body.id }) };
}

async function membersOf({
  admin,
}: OrgWithAdmin): Promise<{ id: string; user_id: string; role_id: string }[]> {
  return (await admin.api.get(`${MEMBERS}/active`)).body;
}

/** The id of a member's workspace membership, which differs from that of the org membership. */
async function workspaceMembershipOf(org: OrgWithAdmin, { userId }: Member): Promise<string> {
  return (await membersOf(org)).find(({ user_id }) => user_id === userId)!.id;
}

const join = async (org: OrgWithAdmin, person: Member, roleId = EDITOR): Promise<string> =>
  (await org.admin.api.post(MEMBERS, { org_identity_id: person.membershipId, role_id: roleId })).body.id;

describe('adding a member of the organization to a workspace', () => {
  it.each([
    ['org_identity_id', ({ membershipId }: Member) => membershipId],
    ['ls_user_id', ({ userId }: Member) => userId],
    ['user_id', ({ userId }: Member) => userId],
  ])('adds a member who is named by %s', async (name, idOf) => {
    const { org, lead } = await workspaceWithLead();
    const colleague = await t.fixtures.member(org, {});

    const { status, body } = await lead.api.post(MEMBERS, { [name]: idOf(colleague), role_id: EDITOR });

    expect(status).toBe(200);
    expect(body).toMatchObject({
      user_id: colleague.userId,
      ls_user_id: colleague.userId,
      organization_id: org.orgId,
      tenant_id: org.workspaceId,
      role_id: EDITOR,
      role_name: 'Editor',
      access_scope: 'workspace',
    });
    expect(body.id).not.toBe(colleague.membershipId);
    expect(body.id).toBe(await workspaceMembershipOf(org, colleague));
  });

  it.each([
    ['of role_id when it is given', { role_id: EDITOR, workspace_role_id: VIEWER }, EDITOR],
    [
      'of workspace_role_id when only that is given',
      { workspace_role_id: EDITOR, workspace_ids: ['ignored'] },
      EDITOR,
    ],
    ['Viewer when no role is given', {}, VIEWER],
  ])('a new member has the role %s', async (_what, roles, expected) => {
    const { org, lead } = await workspaceWithLead();
    const colleague = await t.fixtures.member(org, {});

    const { status, body } = await lead.api.post(MEMBERS, { user_id: colleague.userId, ...roles });

    expect([status, body.role_id]).toEqual([200, expected]);
  });

  it('allows the new member to access the workspace from the next request on', async () => {
    const { org, lead } = await workspaceWithLead();
    const colleague = await t.fixtures.member(org, {});

    const before = await colleague.api.get(`${MEMBERS}/active`);
    await lead.api.post(MEMBERS, { org_identity_id: colleague.membershipId });
    const after = await colleague.api.get(`${MEMBERS}/active`);

    expect([before.status, after.status]).toEqual([403, 200]);
  });

  it('returns 409 with X-Should-Retry: false for a member of the workspace, and changes nothing', async () => {
    const { org, lead } = await workspaceWithLead();
    const colleague = await t.fixtures.member(org, { workspace: 'WORKSPACE_USER' });

    const again = await lead.api.post(MEMBERS, { org_identity_id: colleague.membershipId, role_id: VIEWER });

    expect(again.status).toBe(409);
    expect(again.headers.get('x-should-retry')).toBe('false');
    expect((await membersOf(org)).find(({ user_id }) => user_id === colleague.userId)?.role_id).toBe(EDITOR);
  });

  it('adds the member once when two requests are sent at the same moment', async () => {
    const { org, lead } = await workspaceWithLead();
    const colleague = await t.fixtures.member(org, {});

    const replies = await Promise.all(
      [1, 2, 3, 4].map(() => lead.api.post(MEMBERS, { org_identity_id: colleague.membershipId })),
    );

    expect(replies.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 409, 409, 409]);
  });

  it('returns 422 when the request names no member', async () => {
    const { lead } = await workspaceWithLead();

    const unnamed = await lead.api.post(MEMBERS, { role_id: EDITOR });
    const malformed = await lead.api.post(MEMBERS, { org_identity_id: 'Ada', role_id: EDITOR });

    expect(unnamed.status).toBe(422);
    expect(malformed.body.detail[0]).toMatchObject({
      loc: ['body', 'org_identity_id'],
      type: expect.any(String),
    });
  });
});

describe('a user who is not a member of the organization', () => {
  it('returns 404 for every kind of id, whether or not the user exists', async () => {
    const { lead } = await workspaceWithLead();
    const outsider = (await t.fixtures.orgWithAdmin()).admin;

    const replies = [
      await lead.api.post(MEMBERS, { org_identity_id: outsider.membershipId }),
      await lead.api.post(MEMBERS, { user_id: outsider.userId }),
      await lead.api.post(MEMBERS, { ls_user_id: randomUUID() }),
    ];

    expect(replies.map(({ status }) => status)).toEqual([404, 404, 404]);
  });

  it('returns 403 when a user of another organization reads the members of the workspace', async () => {
    const { org } = await workspaceWithLead();
    const outsider = (await t.fixtures.orgWithAdmin()).admin;

    const named = await outsider.api
      .as({ orgId: org.orgId, workspaceId: org.workspaceId })
      .get(`${MEMBERS}/active`);
    const unknown = await outsider.api.as({ workspaceId: randomUUID() }).get(`${MEMBERS}/active`);

    expect([named.status, unknown.status]).toEqual([403, 403]);
    expect(unknown.body.detail).toMatch(/no access to the named workspace/);
  });

  it('returns 404 for the id of a workspace membership in another organization', async () => {
    const { lead } = await workspaceWithLead();
    const elsewhere = await workspaceWithLead();
    const foreign = await workspaceMembershipOf(elsewhere.org, elsewhere.lead);

    const changed = await lead.api.patch(`${MEMBERS}/${foreign}`, { role_id: VIEWER });
    const removed = await lead.api.delete(`${MEMBERS}/${foreign}`);

    expect([changed.status, removed.status]).toEqual([404, 404]);
    expect(await workspaceMembershipOf(elsewhere.org, elsewhere.lead)).toBe(foreign);
  });
});

describe('the roles that a member may grant or change', () => {
  it('returns 403 when a member grants a role with more permissions than they hold', async () => {
    const { org, steward } = await workspaceWithSteward();
    const colleague = await t.fixtures.member(org, {});
    const workspaceMembershipId = await join(org, colleague, VIEWER);
    const other = await t.fixtures.member(org, {});

    const added = await steward.api.post(MEMBERS, { org_identity_id: other.membershipId, role_id: EDITOR });
    const promoted = await steward.api.patch(`${MEMBERS}/${workspaceMembershipId}`, {
      role_id: role('WORKSPACE_ADMIN'),
    });

    expect([added.status, promoted.status]).toEqual([403, 403]);
    expect(added.body.detail).toMatch(/Editor/);
  });

  it('returns 403 when a member gives themselves or an equal a role that allows more than they hold', async () => {
    const { org, steward } = await workspaceWithSteward();
    const [own] = (await membersOf(org)).filter(({ user_id }) => user_id === steward.userId);
    const peer = await workspaceMembershipOf(org, await t.fixtures.member(org, { workspace: own!.role_id }));
    const before = await membersOf(org);

    const replies = [];
    for (const membershipId of [own!.id, peer])
      for (const roleId of [role('WORKSPACE_ADMIN'), EDITOR])
        replies.push(await steward.api.patch(`${MEMBERS}/${membershipId}`, { role_id: roleId }));

    expect(replies.map(({ status }) => status)).toEqual([403, 403, 403, 403]);
    expect(await membersOf(org)).toEqual(before);
    expect((await steward.api.patch(`${MEMBERS}/${peer}`, { role_id: own!.role_id })).status).toBe(200);
  });

  it('returns 403 when a member demotes or removes a member with more permissions', async () => {
    const { org, steward } = await workspaceWithSteward();
    const lead = await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });
    const workspaceMembershipId = await workspaceMembershipOf(org, lead);
    const own = (await membersOf(org)).find(({ user_id }) => user_id === steward.userId)!;

    const demoted = await steward.api.patch(`${MEMBERS}/${workspaceMembershipId}`, { role_id: own.role_id });
    const removed = await steward.api.delete(`${MEMBERS}/${workspaceMembershipId}`);

    expect([demoted.status, removed.status]).toEqual([403, 403]);
    expect((await lead.api.get(`${MEMBERS}/active`)).status).toBe(200);
  });

  it.each([
    ['an admin of the workspace', 'ORGANIZATION_USER'],
    ['an operator who is admin of the workspace', 'ORGANIZATION_OPERATOR'],
  ] as const)('returns 403 when %s demotes or removes an organization admin', async (_who, orgRole) => {
    const org = await t.fixtures.orgWithAdmin();
    const lead = await t.fixtures.member(org, { org: orgRole, workspace: 'WORKSPACE_ADMIN' });
    const head = await t.fixtures.member(org, { org: 'ORGANIZATION_ADMIN', workspace: 'WORKSPACE_ADMIN' });
    const workspaceMembershipId = await workspaceMembershipOf(org, head);
    const before = await membersOf(org);

    const demoted = await lead.api.patch(`${MEMBERS}/${workspaceMembershipId}`, { role_id: VIEWER });
    const removed = await lead.api.delete(`${MEMBERS}/${workspaceMembershipId}`);

    expect([demoted.status, removed.status]).toEqual([403, 403]);
    expect(demoted.body).toMatchObject({ detail: expect.stringMatching(/only organization admins/) });
    expect(await membersOf(org)).toEqual(before);
  });

  it('allows organization admins to change and remove each other, also with an org-wide key', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const head = await t.fixtures.member(org, { org: 'ORGANIZATION_ADMIN', workspace: 'WORKSPACE_ADMIN' });
    const workspaceMembershipId = await workspaceMembershipOf(org, head);
    const key = await org.admin.api.post('/api/v1/orgs/current/service-keys', {
      org_role_id: role('ORGANIZATION_ADMIN'),
    });
    const byKey = t.api.as({ key: key.body.key, orgId: org.orgId, workspaceId: org.workspaceId });

    const demoted = await byKey.patch(`${MEMBERS}/${workspaceMembershipId}`, { role_id: VIEWER });
    const removed = await org.admin.api.delete(`${MEMBERS}/${workspaceMembershipId}`);

    expect([demoted.status, removed.status]).toEqual([200, 200]);
  });

  it.each(['WORKSPACE_USER', 'WORKSPACE_VIEWER'] as const)(
    'returns 403 when a %s manages members',
    async (workspace) => {
      const { org, lead } = await workspaceWithLead();
      const { api, membershipId } = await t.fixtures.member(org, { workspace });
      const workspaceMembershipId = await workspaceMembershipOf(org, lead);

      const replies = [
        await api.post(MEMBERS, { org_identity_id: membershipId }),
        await api.patch(`${MEMBERS}/${workspaceMembershipId}`, { role_id: VIEWER }),
        await api.delete(`${MEMBERS}/${workspaceMembershipId}`),
      ];

      expect(replies.map(({ status }) => status)).toEqual([403, 403, 403]);
      expect((await api.get(`${MEMBERS}/active`)).status).toBe(200);
    },
  );

  it('returns 403 for an operator in a workspace to which they were not added', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const operator = await t.fixtures.member(org, { org: 'ORGANIZATION_OPERATOR' });

    const { status } = await operator.api.get(`${MEMBERS}/active`);
    const visible = await operator.api.as({ workspaceId: '' }).get('/api/v1/workspaces');

    expect(status).toBe(403);
    expect(visible.body).toEqual([]);
  });
});

/** The permission that the policies of these tests name. */
const DATASETS = TEAM_A.permission as 'datasets:read';
const MANAGER = ['workspaces:read', 'workspaces:manage-members'] as const;

/** A manager of members with no further permission, and a member of the organization without the workspace. */
async function workspaceWithManager(): Promise<Placed> {
  const org = await t.fixtures.orgWithAdmin();
  const managerRole = await customRole(org, [...MANAGER]);
  const manager = await t.fixtures.member(org, { workspace: managerRole });
  return { org, managerRole, manager, colleague: await t.fixtures.member(org, {}) };
}
type Placed = { org: OrgWithAdmin; managerRole: string; manager: Member; colleague: Member };

const add = ({ api }: Member, { membershipId }: Member, roleId: string) =>
  api.post(MEMBERS, { org_identity_id: membershipId, role_id: roleId });

/** Attaches a new policy about `datasets:read` to the role. */
async function policyOf(org: OrgWithAdmin, roleId: string, effect: 'allow' | 'deny'): Promise<void> {
  expect((await attach(org.admin, roleId, [await policy(org, { effect })])).status).toBe(204);
}

describe('what a member may give when they add a colleague', () => {
  it('returns 403 for a role with a policy that allows more than they hold, and names it', async () => {
    const { org, manager, colleague } = await workspaceWithManager();
    const allowing = await customRole(org, ['workspaces:read']);
    await policyOf(org, allowing, 'allow');

    const refused = await add(manager, colleague, allowing);

    expect(refused.status).toBe(403);
    expect(refused.headers.get('x-error-code')).toBe('role_not_grantable');
    expect(refused.body.detail).toMatch(/policy .*datasets:read.*Organization Admin/);
  });

  it('gives their own role with all of its policies', async () => {
    const { org, managerRole, manager, colleague } = await workspaceWithManager();
    for (const effect of ['allow', 'deny'] as const) await policyOf(org, managerRole, effect);

    expect((await add(manager, colleague, managerRole)).status).toBe(200);
  });

  it('returns 403 if a group would give the colleague more than they hold, with the group and who can', async () => {
    const { org, managerRole, manager, colleague } = await workspaceWithManager();
    const strong = await customRole(org, ['workspaces:read', 'deployments:delete']);
    const group = await groupWith(org, strong, colleague);
    const { name } = (await org.admin.api.get(`/v1/platform/orgs/current/user-groups/${group}`)).body;
    const lead = await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });

    const refused = await add(manager, colleague, managerRole);

    expect(refused.status).toBe(403);
    expect(refused.headers.get('x-error-code')).toBe('change_exceeds_rights');
    expect(refused.body.detail).toContain(`${colleague.email} is in the user group ${name}`);
    expect(refused.body.detail).toMatch(/deployments:delete.*An Organization Admin, or a member who holds/);
    expect((await add(lead, colleague, managerRole)).status).toBe(200);
  });

  it('returns 403 if a policy of a group would allow the colleague more than they hold', async () => {
    const { org, managerRole, manager, colleague } = await workspaceWithManager();
    const group = await groupWith(org, managerRole, colleague);
    expect((await attachTo(org.admin, group, await policy(org))).status).toBe(201);

    expect((await add(manager, colleague, managerRole)).status).toBe(403);
  });

  it('counts groups of the caller only while the organization has user groups', async () => {
    const { org, manager, colleague } = await workspaceWithManager();
    await groupWith(org, WORKSPACE_ADMIN, manager);
    const other = await t.fixtures.member(org, {});

    expect((await add(manager, other, WORKSPACE_ADMIN)).status).toBe(200);
    await t.sql('update organizations set can_use_user_groups = false where id = $1', [org.orgId]);
    expect((await add(manager, colleague, WORKSPACE_ADMIN)).status).toBe(403);
  });

  it('ignores groups of the colleague that have no role in the workspace', async () => {
    const { org, managerRole, manager, colleague } = await workspaceWithManager();
    const id = await userGroup(org);
    await org.admin.api.post(`/v1/platform/orgs/current/user-groups/${id}/members`, {
      identity_ids: [colleague.membershipId],
    });

    expect((await add(manager, colleague, managerRole)).status).toBe(200);
  });

  it('returns 403 for a permission that a policy denies them and would not deny the colleague', async () => {
    const { org, colleague } = await workspaceWithManager();
    const denied = await customRole(org, [...MANAGER, DATASETS]);
    const free = await customRole(org, ['workspaces:read', DATASETS]);
    await policyOf(org, denied, 'deny');
    const manager = await t.fixtures.member(org, { workspace: denied });

    const refused = await add(manager, colleague, free);

    expect(refused.status).toBe(403);
    expect(refused.headers.get('x-error-code')).toBe('change_exceeds_rights');
    expect(refused.body.detail).toMatch(/denies you datasets:read/);
    expect((await add(manager, colleague, denied)).status).toBe(200);
  });
});

it('a service key gives its role with the policies of that role, and no permission that they deny it', async () => {
  const { org, colleague } = await workspaceWithManager();
  const denied = await customRole(org, [...MANAGER, DATASETS]);
  const free = await customRole(org, ['workspaces:read', DATASETS]);
  for (const effect of ['allow', 'deny'] as const) await policyOf(org, denied, effect);
  const body = { workspaces: [org.workspaceId], role_id: denied };
  const { key } = (await org.admin.api.post('/api/v1/orgs/current/service-keys', body)).body;
  const addByKey = (role_id: string) =>
    t.api.as({ key }).post(MEMBERS, { org_identity_id: colleague.membershipId, role_id });

  expect((await addByKey(free)).headers.get('x-error-code')).toBe('change_exceeds_rights');
  expect((await addByKey(denied)).status).toBe(200);
});

const change = async (org: OrgWithAdmin, { api }: Member, member: Member, roleId: string) =>
  api.patch(`${MEMBERS}/${await workspaceMembershipOf(org, member)}`, { role_id: roleId });
const remove = async (org: OrgWithAdmin, { api }: Member, member: Member) =>
  api.delete(`${MEMBERS}/${await workspaceMembershipOf(org, member)}`);

describe('what a member may give or take when they change a colleague or themselves', () => {
  it('returns 403 for a role with a policy that allows more than they hold, for themselves and for others', async () => {
    const { org, managerRole, manager } = await workspaceWithManager();
    const peer = await t.fixtures.member(org, { workspace: managerRole });
    const allowing = await customRole(org, [...MANAGER]);
    await policyOf(org, allowing, 'allow');

    const refused = [
      await change(org, manager, manager, allowing),
      await change(org, manager, peer, allowing),
    ];

    expect(refused.map(({ status }) => status)).toEqual([403, 403]);
    expect(refused[0]?.headers.get('x-error-code')).toBe('role_not_grantable');
  });

  it('returns 403 when they leave a role with a policy that denies, or release a peer from it', async () => {
    const { org } = await workspaceWithManager();
    const [denied, free] = [await customRole(org, [...MANAGER, DATASETS]), await customRole(org, [DATASETS])];
    await policyOf(org, denied, 'deny');
    const [manager, peer] = [
      await t.fixtures.member(org, { workspace: denied }),
      await t.fixtures.member(org, { workspace: denied }),
    ];
    const lead = await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });

    const refused = [await change(org, manager, manager, free), await change(org, manager, peer, free)];

    expect(refused.map(({ status }) => status)).toEqual([403, 403]);
    expect(refused[0]?.headers.get('x-error-code')).toBe('change_exceeds_rights');
    expect(refused[0]?.body.detail).toMatch(/denies datasets:read.*no longer apply.*Organization Admin/);
    expect((await change(org, lead, peer, free)).status).toBe(200);
  });

  it('returns 403 for a lower role, but not for a higher one, of a member with a stronger group', async () => {
    const { org, managerRole, manager, colleague } = await workspaceWithManager();
    const low = await customRole(org, ['workspaces:read']);
    await join(org, colleague, low);
    await groupWith(org, WORKSPACE_ADMIN, colleague);

    expect((await change(org, manager, colleague, managerRole)).status).toBe(200);
    const lowered = await change(org, manager, colleague, low);

    expect(lowered.status).toBe(403);
    expect(lowered.headers.get('x-error-code')).toBe('change_exceeds_rights');
  });

  it('returns 403 for a role with other policies if the member has more than the caller', async () => {
    const { org, manager, colleague } = await workspaceWithManager();
    const [plain, denied] = [
      await customRole(org, ['workspaces:read']),
      await customRole(org, ['workspaces:read']),
    ];
    await policyOf(org, denied, 'deny');
    const other = await t.fixtures.member(org, { workspace: plain });
    await join(org, colleague, plain);
    await groupWith(org, WORKSPACE_ADMIN, colleague);

    expect((await change(org, manager, colleague, denied)).status).toBe(403);
    expect((await change(org, manager, other, denied)).status).toBe(200);
  });

  it('accepts the role that the member has, however strong it is', async () => {
    const { org, manager } = await workspaceWithManager();
    const lead = await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });

    expect((await change(org, manager, lead, WORKSPACE_ADMIN)).status).toBe(200);
  });

  it('returns 403 when they remove a member who is Admin by a group, and lets a workspace admin do it', async () => {
    const { org, managerRole, manager, colleague } = await workspaceWithManager();
    await join(org, colleague, managerRole);
    await groupWith(org, WORKSPACE_ADMIN, colleague);
    const lead = await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });

    const refused = await remove(org, manager, colleague);

    expect(refused.status).toBe(403);
    expect(refused.headers.get('x-error-code')).toBe('change_exceeds_rights');
    expect(refused.body.detail).toMatch(/has the role Admin here by the user group .* An Organization Admin/);
    expect((await remove(org, lead, colleague)).status).toBe(200);
  });

  it('returns 403 when they remove a member with a policy that allows more', async () => {
    const { org, managerRole, manager } = await workspaceWithManager();
    const allowing = await customRole(org, ['workspaces:read']);
    await policyOf(org, allowing, 'allow');
    const [stronger, peer] = [
      await t.fixtures.member(org, { workspace: allowing }),
      await t.fixtures.member(org, { workspace: managerRole }),
    ];

    expect((await remove(org, manager, stronger)).headers.get('x-error-code')).toBe('role_not_grantable');
    expect((await remove(org, manager, peer)).status).toBe(200);
  });

  it('lets every manager of members leave, whatever their groups could give them', async () => {
    const { org, manager } = await workspaceWithManager();
    await groupWith(org, WORKSPACE_ADMIN, manager);
    await t.sql('update organizations set can_use_user_groups = false where id = $1', [org.orgId]);

    expect((await remove(org, manager, manager)).status).toBe(200);
  });
});

describe('the role of a workspace member', () => {
  it('the role of a member is changed and returned, and applies from the next request of the member on', async () => {
    const { org, lead } = await workspaceWithLead();
    const colleague = await t.fixtures.member(org, { workspace: 'WORKSPACE_VIEWER' });
    const workspaceMembershipId = await workspaceMembershipOf(org, colleague);
    const newcomer = await t.fixtures.member(org, {});
    const bring = () => colleague.api.post(MEMBERS, { org_identity_id: newcomer.membershipId });

    const before = await bring();
    const changed = await lead.api.patch(`${MEMBERS}/${workspaceMembershipId}`, {
      role_id: role('WORKSPACE_ADMIN'),
    });
    const after = await bring();

    expect(changed).toMatchObject({
      status: 200,
      body: {
        id: workspaceMembershipId,
        email: colleague.email,
        role_name: 'Admin',
        org_role_name: 'Organization User',
      },
    });
    expect([before.status, after.status]).toEqual([403, 200]);
  });

  it('returns 422 or 404 for a role that is no workspace role', async () => {
    const { org, lead } = await workspaceWithLead();
    const workspaceMembershipId = await workspaceMembershipOf(
      org,
      await t.fixtures.member(org, { workspace: 'WORKSPACE_VIEWER' }),
    );

    const orgRole = await lead.api.patch(`${MEMBERS}/${workspaceMembershipId}`, {
      role_id: role('ORGANIZATION_ADMIN'),
    });
    const unknown = await lead.api.patch(`${MEMBERS}/${workspaceMembershipId}`, { role_id: randomUUID() });
    const none = await lead.api.patch(`${MEMBERS}/${workspaceMembershipId}`, {});

    expect([orgRole.status, unknown.status, none.status]).toEqual([404, 404, 422]);
  });
});

describe('the removal of a member', () => {
  it('keeps the membership in the organization after removal from a workspace', async () => {
    const { org, lead } = await workspaceWithLead();
    const colleague = await t.fixtures.member(org, { workspace: 'WORKSPACE_USER' });
    const workspaceMembershipId = await workspaceMembershipOf(org, colleague);

    const removed = await lead.api.delete(`${MEMBERS}/${workspaceMembershipId}`);

    expect(removed.status).toBe(200);
    expect((await lead.api.delete(`${MEMBERS}/${workspaceMembershipId}`)).status).toBe(404);
    expect((await colleague.api.get(`${MEMBERS}/active`)).status).toBe(403);
    const inOrg = await colleague.api.as({ workspaceId: '' }).get('/api/v1/orgs/current/info');
    expect(inOrg.status).toBe(200);
  });

  it('deletes every workspace membership after removal from the organization', async () => {
    const { org } = await workspaceWithLead();
    const colleague = await t.fixtures.member(org, { workspace: 'WORKSPACE_USER' });
    const second = await org.admin.api.post('/api/v1/workspaces', { display_name: 'Second' });
    await join(
      { ...org, admin: { ...org.admin, api: org.admin.api.as({ workspaceId: second.body.id }) } },
      colleague,
    );
    const places = () =>
      t.sql('select from workspace_memberships where org_id = $1 and user_id = $2', [
        org.orgId,
        colleague.userId,
      ]);
    expect(await places()).toHaveLength(2);

    await org.admin.api.delete(`/api/v1/orgs/current/members/${colleague.membershipId}`);

    expect(await places()).toHaveLength(0);
    expect((await colleague.api.get(`${MEMBERS}/active`)).status).toBe(401);
  });
});
