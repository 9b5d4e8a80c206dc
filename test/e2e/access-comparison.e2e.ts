/** @takes-long */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Permission } from '../../src/common/access/permissions.js';
import { LONGEST_PROOF_MS, proveComparison } from '../support/access-comparison/prove-comparison.js';
import { attach, policy, TEAM_A } from '../support/access-policies.js';
import type { Reply } from '../support/api.js';
import { type Member, type OrgWithAdmin, role } from '../support/fixtures.js';
import {
  customRole,
  inviteBatch,
  letWorkspaceAdminsInvite,
  ORG_MEMBERS,
  workspaceRolesIn,
} from '../support/invitations.js';
import { GROUP, scimOf, userOf } from '../support/scim.js';
import { SsoEnvironment } from '../support/sso-environment.js';
import { TerraformProvider } from '../support/terraform-provider.js';
import type { TestApp } from '../support/test-app.js';
import { addTo, groupWith, permissionsOf, userGroup } from '../support/user-groups.js';

const MEMBERS = '/api/v1/workspaces/current/members';
const KEYS = 'api/v1/orgs/current/service-keys';
const WORKSPACES = 'api/v1/workspaces';
const [ADMIN, EDITOR, VIEWER] = (['WORKSPACE_ADMIN', 'WORKSPACE_USER', 'WORKSPACE_VIEWER'] as const).map(
  role,
) as [string, string, string];
const MANAGES: Permission[] = ['workspaces:read', 'workspaces:manage-members', 'datasets:read'];

let env: SsoEnvironment;
let t: TestApp;
let org: OrgWithAdmin;
/** A workspace Admin. */
let lead: Member;
/** A member with a custom role that manages members. */
let manager: Member;
let managerRole: string;
beforeAll(async () => {
  env = await SsoEnvironment.start();
  t = env.t;
});
afterAll(() => env.stop());
beforeEach(async () => {
  org = await env.orgWithAdmin();
  await letWorkspaceAdminsInvite(org);
  managerRole = await customRole(org, MANAGES);
  lead = await env.member(org, { workspace: 'WORKSPACE_ADMIN' });
  manager = await env.member(org, { workspace: managerRole });
});

const add = ({ api }: Member, { userId }: Member, roleId = VIEWER) =>
  api.post(MEMBERS, { user_id: userId, role_id: roleId });
const change = async ({ api }: Member, person: Member, roleId: string) =>
  api.patch(`${MEMBERS}/${await placeOf(person)}`, { role_id: roleId });
const remove = async ({ api }: Member, person: Member) => api.delete(`${MEMBERS}/${await placeOf(person)}`);
const placeOf = async ({ userId }: Member): Promise<string> => {
  const [row] = await t.sql<{ id: string }>(
    'select id from workspace_memberships where workspace_id = $1 and user_id = $2',
    [org.workspaceId, userId],
  );
  return row!.id;
};
const roleOf = async ({ email }: Member) => (await workspaceRolesIn(t, org.orgId, email))[org.workspaceId];
const codeOf = ({ status, headers }: Reply) => `${status} ${headers.get('x-error-code')}`;

describe('a workspace Admin', () => {
  it.each<[string, () => Promise<Member>]>([
    ['a Viewer', () => env.member(org, { workspace: 'WORKSPACE_VIEWER' })],
    ['another Admin', () => env.member(org, { workspace: 'WORKSPACE_ADMIN' })],
    ['a member with a custom role', () => env.member(org, { workspace: managerRole })],
    ['an operator', () => env.member(org, { org: 'ORGANIZATION_OPERATOR', workspace: managerRole })],
    [
      'a member with a role that denies by a policy',
      async () => {
        const roleId = await customRole(org, MANAGES);
        await attach(org.admin, roleId, [await policy(org, { effect: 'deny' })]);
        return env.member(org, { workspace: roleId });
      },
    ],
    [
      'a member who is Admin by a group',
      async () => {
        const person = await env.member(org, { workspace: 'WORKSPACE_VIEWER' });
        await groupWith(org, ADMIN, person);
        return person;
      },
    ],
  ])('changes, removes and adds %s', async (_who, create) => {
    const person = await create();

    expect(await change(lead, person, EDITOR)).toMatchObject({ status: 200 });
    expect(await roleOf(person)).toBe(EDITOR);
    expect(await change(lead, person, ADMIN)).toMatchObject({ status: 200 });
    expect(await remove(lead, person)).toMatchObject({ status: 200 });
    expect(await roleOf(person)).toBeUndefined();
    expect(await add(lead, person, managerRole)).toMatchObject({ status: 200 });
    expect(await roleOf(person)).toBe(managerRole);
  });

  it('returns 403 when an Organization Admin is to be changed or removed', async () => {
    const place = await roleOf(org.admin);

    for (const reply of [await change(lead, org.admin, VIEWER), await remove(lead, org.admin)])
      expect(codeOf(reply)).toBe('403 only_admins_manage_admins');
    expect(await roleOf(org.admin)).toBe(place);
  });

  it('adds a colleague whose group gives more than the role', async () => {
    const colleague = await env.member(org, {});
    await groupWith(org, await customRole(org, ['workspaces:read', 'deployments:delete']), colleague);

    expect(await add(lead, colleague)).toMatchObject({ status: 200 });
    expect(await permissionsOf(colleague, org.workspaceId)).toContain('deployments:delete');
  });
});

describe('a member who manages members with a custom role', () => {
  it('gives their own role with its policies to members, to colleagues and in invitations', async () => {
    const denied = { ...TEAM_A, permission: 'datasets:delete' };
    await attach(org.admin, managerRole, [
      await policy(org, { condition_groups: [{ ...TEAM_A, permission: 'datasets:update' }] }),
      await policy(org, { effect: 'deny', condition_groups: [denied] }),
    ]);
    const reader = await customRole(org, ['workspaces:read']);
    const [member, colleague] = [await env.member(org, { workspace: reader }), await env.member(org, {})];
    const email = t.fixtures.email();

    expect(await change(manager, member, managerRole)).toMatchObject({ status: 200 });
    expect(await add(manager, colleague, managerRole)).toMatchObject({ status: 200 });
    const invited = await inviteBatch(manager, [{ email, workspace_role_id: managerRole }]);
    expect(invited).toMatchObject({ status: 200, body: [{ email, workspace_role_id: managerRole }] });
  });

  it('returns 403 that names the group and who can when a colleague is in a stronger group', async () => {
    const colleague = await env.member(org, {});
    const deployer = await customRole(org, ['workspaces:read', 'deployments:delete']);
    const group = await userGroup(org, { name: 'Release managers' });
    await org.admin.api.post(`/v1/platform/orgs/current/user-groups/${group}/workspaces`, {
      workspace_id: org.workspaceId,
      role_id: deployer,
    });
    await addTo(org.admin, group, colleague);

    const reply = await add(manager, colleague, managerRole);

    expect(codeOf(reply)).toBe('403 change_exceeds_rights');
    expect(reply.body.detail).toContain(colleague.email);
    expect(reply.body.detail).toContain('Release managers');
    expect(reply.body.detail).toContain('deployments:delete');
    expect(reply.body.detail).toContain('An Organization Admin, or a member who holds this, can');
    expect(await roleOf(colleague)).toBeUndefined();
  });

  it('gives and takes no more than that after another role of theirs has ended', async () => {
    const former = await env.member(org, { workspace: 'WORKSPACE_ADMIN' });
    await t.sql(
      `update workspace_memberships set access_expires_at = now() - interval '1 hour', reverts_to_role_id = $2
       where user_id = $1`,
      [former.userId, managerRole],
    );
    const [editor, colleague] = [
      await env.member(org, { workspace: 'WORKSPACE_USER' }),
      await env.member(org, {}),
    ];

    for (const reply of [await add(former, colleague, EDITOR), await remove(former, editor)])
      expect(codeOf(reply)).toBe('403 role_not_grantable');
    expect(await add(former, colleague, managerRole)).toMatchObject({ status: 200 });
  });

  it('leaves the workspace, also with a group whose role has no effect while groups are switched off', async () => {
    await groupWith(org, ADMIN, manager);
    await t.sql('update organizations set can_use_user_groups = false where id = $1', [org.orgId]);

    expect(await remove(manager, manager)).toMatchObject({ status: 200 });
    expect(await roleOf(manager)).toBeUndefined();
  });

  it.each(['WORKSPACE_ADMIN', 'WORKSPACE_USER'] as const)(
    'PATCHes the role that a member has, %s',
    async (name) => {
      const member = await env.member(org, { workspace: name });

      expect(await change(manager, member, role(name))).toMatchObject({ status: 200 });
      expect(await roleOf(member)).toBe(role(name));
    },
  );

  it('returns 403 that names the one row of 500 that gives more, and adds none of them', async () => {
    const colleague = await env.member(org, {});
    await groupWith(org, ADMIN, colleague);
    const rows = Array.from({ length: 500 }, (_, n) => ({
      email: n === 321 ? colleague.email : `row-${n}-${org.orgId}@example.com`,
      workspace_role_id: managerRole,
    }));

    const reply = await inviteBatch(manager, rows);

    expect(reply).toMatchObject({
      status: 403,
      body: { detail: [{ loc: ['body', 321, expect.any(String)] }] },
    });
    expect(reply.body.detail).toHaveLength(1);
    expect(await roleOf(colleague)).toBeUndefined();
    const pending = await org.admin.api.get(`${ORG_MEMBERS}/pending?limit=1`);
    expect(pending.body).toEqual([]);

    const others = await inviteBatch(manager, rows.toSpliced(321, 1));
    expect(others.status).toBe(200);
    expect(others.body).toHaveLength(499);
  });
});

describe('an operator', () => {
  it('creates a workspace for which groups are prepared, and they are bound', async () => {
    const operator = await env.member(org, { org: 'ORGANIZATION_OPERATOR' });
    const scim = await scimOf(org.admin.api);
    const email = t.fixtures.email();
    const { body: user } = await scim.post('/Users', userOf(email));
    const displayName = 'Organization User:Research:Editor';
    await scim.post('/Groups', { schemas: [GROUP], displayName, members: [{ value: user.id }] });

    const { status, body } = await operator.api
      .as({ workspaceId: '' })
      .post('/api/v1/workspaces', { display_name: 'Research' });

    expect(status).toBe(200);
    expect(await workspaceRolesIn(t, org.orgId, email)).toEqual({ [body.id]: EDITOR });
    expect(await workspaceRolesIn(t, org.orgId, operator.email)).toEqual({ [body.id]: ADMIN });
  });
});

/** What members below admin rank manage with the provider. */
describe('the Terraform provider with a token of', () => {
  const tokenOf = async (roles: Parameters<SsoEnvironment['member']>[1]) => {
    const { api } = await env.member(org, roles);
    const { body } = await api.post('/api/v1/orgs/current/personal-access-tokens', {});
    return new TerraformProvider(t.url, body.key, org.workspaceId);
  };
  it('a workspace Admin manages members and service keys of the workspace', async () => {
    const provider = await tokenOf({ workspace: 'WORKSPACE_ADMIN' });
    const { email } = await env.member(org, {});

    for (const roleId of [VIEWER, EDITOR, ADMIN, VIEWER])
      expect(await provider.ensureWorkspaceMembership(email, roleId, org.workspaceId)).toMatchObject({
        status: 'active',
        roleId,
      });
    const member = await provider.findMembership('workspaces', email);
    expect(await provider.delete(`api/v1/workspaces/current/members/${member?.id}`)).toBe(true);

    const wish = { description: 'ci', role_id: EDITOR, workspaces: [org.workspaceId] };
    const { id } = await provider.post(KEYS, wish);
    expect(await provider.patch(`${KEYS}/${id}`, { role_id: ADMIN })).toMatchObject({ role_id: ADMIN });
    expect(await provider.delete(`${KEYS}/${id}`)).toBe(true);
  });

  it('an operator manages members of the organization and a workspace that they created', async () => {
    const provider = await tokenOf({ org: 'ORGANIZATION_OPERATOR', workspace: 'WORKSPACE_VIEWER' });
    const { email } = await env.member(org, {});
    const invited = t.fixtures.email('terraform');

    const [user, orgViewer] = [role('ORGANIZATION_USER'), role('ORGANIZATION_VIEWER')];
    for (const roleId of [user, orgViewer])
      expect(await provider.ensureOrgMembership(invited, roleId)).toMatchObject({
        status: 'pending',
        roleId,
      });
    expect(await provider.ensureOrgMembership(email, orgViewer)).toMatchObject({ status: 'active' });

    const { id: workspaceId } = await provider.post(WORKSPACES, {
      display_name: `Workspace ${randomUUID()}`,
    });
    await provider.patch(`${WORKSPACES}/${workspaceId}`, { display_name: 'Renamed' }, { workspaceId });
    for (const roleId of [VIEWER, ADMIN])
      expect(await provider.ensureWorkspaceMembership(email, roleId, workspaceId)).toMatchObject({ roleId });
    const member = await provider.findMembership('workspaces', email, { workspaceId });
    const path = `api/v1/workspaces/current/members/${member?.id}`;
    expect(await provider.delete(path, { workspaceId })).toBe(true);
  });
});

it(
  'no random change by a caller below admin rank gives or takes what the caller does not have',
  async () => {
    const { failure, accepted } = await proveComparison(env);

    expect(failure).toBeNull();
    expect(accepted).toBeGreaterThan(50);
  },
  LONGEST_PROOF_MS,
);
