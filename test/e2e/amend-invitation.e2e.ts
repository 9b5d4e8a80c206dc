import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { policy, SHARE } from '../support/access-policies.js';
import { auditOf } from '../support/audit.js';
import { type OrgWithAdmin, role } from '../support/fixtures.js';
import {
  anotherWorkspace,
  customRole,
  invitation,
  invitationsOf,
  ORG_MEMBERS,
  orgRoleIn,
  workspaceRolesIn,
} from '../support/invitations.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const [ADMIN, EDITOR, VIEWER] = [role('WORKSPACE_ADMIN'), role('WORKSPACE_USER'), role('WORKSPACE_VIEWER')];
const USER = role('ORGANIZATION_USER');
const NO_ID = '00000000-0000-4000-8000-000000000000';

let t: TestApp;
let org: OrgWithAdmin;
beforeAll(async () => {
  t = await startTestApp();
  org = await t.fixtures.defaultOrg();
});
afterAll(() => t.close());

const amend = (api: OrgWithAdmin['admin']['api'], id: string, change: object) =>
  api.patch(`${ORG_MEMBERS}/${id}/pending`, change);
const stored = async (id: string) => (await invitationsOf(t, org)).find((one) => one.id === id)!;

/** As Organization User, for the first workspace as Editor. */
const invited = (email = t.fixtures.email()) =>
  invitation(org, { email, workspace_ids: [org.workspaceId], workspace_role_id: EDITOR });

describe('changing a pending invitation', () => {
  it('replaces the organization role, which the user gets on accepting, and ignores all other fields', async () => {
    const stranger = await t.fixtures.userWithoutOrg();
    const id = await invited(stranger.email);
    const [shown] = (await org.admin.api.get(`${ORG_MEMBERS}/pending?emails=${stranger.email}`)).body;

    const { status, body } = await amend(org.admin.api, id, {
      role_id: role('ORGANIZATION_VIEWER'),
      workspace_ids: [await anotherWorkspace(org)],
      workspace_role_id: ADMIN,
      email: 'another@example.com',
      password: 'short',
    });
    await stranger.api.post(`/api/v1/orgs/pending/${org.orgId}/claim`);

    expect(status).toBe(200);
    expect(body).toEqual({
      ...shown,
      role_id: role('ORGANIZATION_VIEWER'),
      org_role_id: role('ORGANIZATION_VIEWER'),
      role_name: 'Organization Viewer',
      org_role_name: 'Organization Viewer',
    });
    expect(await orgRoleIn(t, org.orgId, stranger.email)).toBe(role('ORGANIZATION_VIEWER'));
    expect(await workspaceRolesIn(t, org.orgId, stranger.email)).toEqual({ [org.workspaceId]: EDITOR });
  });

  it('writes an audit entry when an invitation is changed', async () => {
    const id = await invited();

    await amend(org.admin.api, id, { role_id: role('ORGANIZATION_VIEWER') });

    const rows = await t.sql(
      `select request_method, succeeded from audit_entries where operation = 'update_org_pending_member' and $1 = any(resource_ids)`,
      [id],
    );
    expect(rows).toEqual([{ request_method: 'PATCH', succeeded: true }]);
  });

  it('returns 404 for an accepted or revoked invitation and for one of another organization', async () => {
    const stranger = await t.fixtures.userWithoutOrg();
    const [accepted, revoked] = [await invited(stranger.email), await invited()];
    await stranger.api.post(`/api/v1/orgs/pending/${org.orgId}/claim`);
    await org.admin.api.delete(`${ORG_MEMBERS}/${revoked}/pending`);
    const other = await t.fixtures.orgWithAdmin();

    for (const id of [accepted, revoked, NO_ID])
      expect((await amend(org.admin.api, id, { role_id: role('ORGANIZATION_ADMIN') })).status).toBe(404);
    expect((await amend(other.admin.api, await invited(), { role_id: USER })).status).toBe(404);
    expect(await orgRoleIn(t, org.orgId, stranger.email)).toBe(role('ORGANIZATION_USER'));
  });

  it.each([
    ['nothing', {}, 422],
    ['a null role', { role_id: null, role_name: null }, 422],
    ['a name and an id of different roles', { role_id: USER, role_name: 'ORGANIZATION_VIEWER' }, 422],
    ['an unknown name', { role_name: 'Unknown' }, 404],
    ['the name of a role of the other scope', { role_name: 'WORKSPACE_USER' }, 404],
    ['a role of the other scope', { role_id: EDITOR }, 404],
    ['other workspaces alone', { workspace_ids: [] }, 422],
    ['another workspace role alone', { workspace_role_id: EDITOR }, 422],
  ])('refuses to change an invitation to %s and changes nothing', async (_, change, status) => {
    const id = await invited();
    const before = await stored(id);

    expect((await amend(org.admin.api, id, change)).status).toBe(status);
    expect(await stored(id)).toEqual(before);
  });
});

it.each(['ORGANIZATION_VIEWER', 'Organization Viewer'])(
  'takes the role by the name %s',
  async (role_name) => {
    const stranger = await t.fixtures.userWithoutOrg();
    const id = await invited(stranger.email);

    const { status, body } = await amend(org.admin.api, id, {
      role_id: role('ORGANIZATION_VIEWER'),
      role_name,
    });
    const byName = await amend(org.admin.api, await invited(), { role_name });
    await stranger.api.post(`/api/v1/orgs/pending/${org.orgId}/claim`);

    expect([status, byName.status]).toEqual([200, 200]);
    for (const shown of [body, byName.body])
      expect(shown).toMatchObject({ role_id: role('ORGANIZATION_VIEWER'), role_name: 'Organization Viewer' });
    expect(await orgRoleIn(t, org.orgId, stranger.email)).toBe(role('ORGANIZATION_VIEWER'));
    expect(await workspaceRolesIn(t, org.orgId, stranger.email)).toEqual({ [org.workspaceId]: EDITOR });
  },
);

describe('invitation changes by an operator', () => {
  it('lets an operator change invitations of ordinary roles within the roles that the operator holds', async () => {
    const operator = await t.fixtures.member(org, {
      org: 'ORGANIZATION_OPERATOR',
      workspace: 'WORKSPACE_USER',
    });
    const [ordinary, admins] = [await invited(), await invited()];
    await amend(org.admin.api, admins, { role_id: role('ORGANIZATION_ADMIN') });
    const change = async (id: string, wish: object) => (await amend(operator.api, id, wish)).status;

    expect(await change(ordinary, { role_id: role('ORGANIZATION_VIEWER') })).toBe(200);
    expect(await change(ordinary, { role_id: role('ORGANIZATION_ADMIN') })).toBe(403);
    expect(await change(ordinary, { role_name: 'ORGANIZATION_ADMIN' })).toBe(403);
    expect(await change(admins, { role_id: role('ORGANIZATION_USER') })).toBe(403);
  });
});

it('refuses invitation changes by members, principals without the permission and workspace keys', async () => {
  const id = await invited();
  const member = await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });
  const { key } = (
    await org.admin.api.post('/api/v1/orgs/current/service-keys', { workspaces: [org.workspaceId] })
  ).body;

  for (const api of [
    member.api,
    (await t.fixtures.userWithoutOrg()).api.as({ orgId: org.orgId }),
    t.api.as({ key }),
  ])
    expect((await amend(api, id, { role_id: role('ORGANIZATION_VIEWER') })).status).toBe(403);
  expect((await t.api.patch(`${ORG_MEMBERS}/${id}/pending`, {})).status).toBe(401);
});

describe('invitation changes in a workspace', () => {
  const amendHere = (api: OrgWithAdmin['admin']['api'], id: string, roleId: string) =>
    api.patch(`/api/v1/workspaces/current/members/${id}/pending`, { role_id: roleId });

  it('lets workspace admins change the role in their workspace only', async () => {
    const other = await anotherWorkspace(org);
    const id = await invitation(org, {
      email: t.fixtures.email(),
      workspace_ids: [org.workspaceId, other],
      workspace_role_id: EDITOR,
    });
    const admin = await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });

    const { status, body } = await amendHere(admin.api, id, VIEWER);

    expect(status).toBe(200);
    expect(body).toMatchObject({ id, access_scope: 'workspace', workspace_role_id: VIEWER });
    expect((await stored(id)).grants).toEqual({ [org.workspaceId]: VIEWER, [other]: EDITOR });
    expect((await amendHere(admin.api.as({ workspaceId: other }), id, VIEWER)).status).toBe(403);
  });

  it('returns 403 when a caller grants or removes a role with more permissions than the caller holds', async () => {
    const inviter = await customRole(org, ['workspaces:read', 'workspaces:manage-members']);
    const limited = await t.fixtures.member(org, { workspace: inviter });
    const [asEditor, asInviter] = [
      await invited(),
      await invitation(org, {
        email: t.fixtures.email(),
        workspace_ids: [org.workspaceId],
        workspace_role_id: inviter,
      }),
    ];

    expect((await amendHere(limited.api, asInviter, EDITOR)).status).toBe(403);
    expect((await amendHere(limited.api, asEditor, inviter)).status).toBe(403);
    expect((await stored(asEditor)).grants).toEqual({ [org.workspaceId]: EDITOR });
  });

  it('returns 403 for a role with a policy that allows more, and when a policy that denies would end', async () => {
    const managing = ['workspaces:read', 'workspaces:manage-members', 'datasets:share'] as const;
    const [denied, free] = [await customRole(org, [...managing]), await customRole(org, [...managing])];
    await policy(org, { effect: 'deny', condition_groups: [SHARE], role_ids: [denied] });
    const allowing = await customRole(org, ['workspaces:read']);
    await policy(org, {
      condition_groups: [{ ...SHARE, permission: 'datasets:delete' }],
      role_ids: [allowing],
    });
    const manager = await t.fixtures.member(org, { workspace: denied });
    const id = await invitation(org, {
      ...{ email: t.fixtures.email(), workspace_ids: [org.workspaceId], workspace_role_id: denied },
    });

    const replies = [await amendHere(manager.api, id, allowing), await amendHere(manager.api, id, free)];

    expect(replies.map(({ status }) => status)).toEqual([403, 403]);
    expect(replies.map(({ headers }) => headers.get('x-error-code'))).toEqual([
      'role_not_grantable',
      'change_exceeds_rights',
    ]);
    expect((await stored(id)).grants).toEqual({ [org.workspaceId]: denied });
  });

  it('accepts the role that the invitation has, however strong it is', async () => {
    const limited = await t.fixtures.member(org, {
      workspace: await customRole(org, ['workspaces:read', 'workspaces:manage-members']),
    });

    expect((await amendHere(limited.api, await invited(), EDITOR)).status).toBe(200);
  });

  it('takes the role by its name or display name, and writes an audit entry', async () => {
    const admin = await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });
    const curators = await customRole(org, ['workspaces:read']);
    const roles = (await org.admin.api.get('/api/v1/orgs/current/roles')).body as {
      id: string;
      display_name: string;
    }[];
    const named = roles.find(({ id }) => id === curators)?.display_name;
    const id = await invited();
    const change = async (body: object) => {
      const reply = await admin.api.patch(`/api/v1/workspaces/current/members/${id}/pending`, body);
      return reply.status === 200 ? (await stored(id)).grants[org.workspaceId] : reply.status;
    };

    expect(await change({ role_name: 'WORKSPACE_VIEWER' })).toBe(VIEWER);
    expect(await change({ role_name: 'Editor', role_id: EDITOR })).toBe(EDITOR);
    expect(await change({ role_name: named })).toBe(curators);
    expect(await change({ role_name: 'CUSTOM' })).toBe(404);
    expect(await change({ role_name: 'ORGANIZATION_USER' })).toBe(404);
    expect(await change({ role_name: 'Editor', role_id: VIEWER })).toBe(422);
    expect(await change({})).toBe(422);
    const entries = await auditOf(t, org.orgId, ['update_workspace_pending_member']);
    expect(
      entries.filter(({ resourceIds, succeeded }) => succeeded && resourceIds.includes(id)),
    ).toHaveLength(3);
  });

  it('refuses a role above the caller’s own by its name, too', async () => {
    const inviter = await customRole(org, ['workspaces:read', 'workspaces:manage-members']);
    const limited = await t.fixtures.member(org, { workspace: inviter });
    const id = await invitation(org, {
      ...{ email: t.fixtures.email(), workspace_ids: [org.workspaceId], workspace_role_id: inviter },
    });

    const { status } = await limited.api.patch(`/api/v1/workspaces/current/members/${id}/pending`, {
      role_name: 'WORKSPACE_ADMIN',
    });

    expect(status).toBe(403);
    expect((await stored(id)).grants).toEqual({ [org.workspaceId]: inviter });
  });
});
