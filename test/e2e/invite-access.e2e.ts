import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Api } from '../support/api.js';
import { type OrgWithAdmin, role } from '../support/fixtures.js';
import {
  anotherWorkspace,
  inviteBatch,
  ORG_MEMBERS,
  updateOrg,
  WORKSPACE_BATCH,
} from '../support/invitations.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

let t: TestApp;
beforeAll(async () => {
  t = await startTestApp();
});
afterAll(() => t.close());

const accessOf = async (api: Api) => (await api.get('/api/v1/orgs/current/info')).body.invite_access;
const yes = (may_add_members: boolean) => ({
  ...{ may_invite_new_people: true, may_add_members },
  ...{ obstacle: null, message: null },
});
const no = (obstacle: string, may_add_members: boolean, message: string) => ({
  ...{ may_invite_new_people: false, may_add_members },
  ...{ obstacle, message: expect.stringContaining(message) },
});

/** An admin, an operator outside the workspace, a workspace admin and an editor. */
async function callersIn(org: OrgWithAdmin) {
  const operator = await t.fixtures.member(org, { org: 'ORGANIZATION_OPERATOR' });
  return {
    admin: org.admin,
    operator: { ...operator, api: operator.api.as({ workspaceId: '' }) },
    lead: await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' }),
    editor: await t.fixtures.member(org, { workspace: 'WORKSPACE_USER' }),
  };
}

describe('whether the caller may invite', () => {
  it('is shown for the organization and for the workspace of the request', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const { admin, operator, lead, editor } = await callersIn(org);
    const off = no('workspace_invites_disabled', true, 'workspace_admin_can_invite_to_org');
    const needs = (permission: string) => no('permission_missing', false, permission);

    expect(await accessOf(admin.api)).toEqual({ organization: yes(false), workspace: yes(true) });
    expect(await accessOf(operator.api)).toEqual({ organization: yes(false), workspace: null });
    expect(await accessOf(lead.api)).toEqual({ organization: needs('organization:manage'), workspace: off });
    expect(await accessOf(editor.api)).toEqual({
      organization: needs('organization:manage'),
      workspace: needs('workspaces:manage-members'),
    });

    await updateOrg(org, { workspace_admin_can_invite_to_org: true });
    expect((await accessOf(lead.api)).workspace).toEqual(yes(true));
    expect((await accessOf(editor.api)).workspace).toEqual(needs('workspaces:manage-members'));
  });

  it('names the setting while the organization accepts no new members', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const { admin, lead } = await callersIn(org);
    await updateOrg(org, { workspace_admin_can_invite_to_org: true, invites_enabled: false });

    const closed = (adds: boolean) => no('invites_disabled', adds, 'invites_enabled is off');
    expect(await accessOf(admin.api)).toEqual({ organization: closed(false), workspace: closed(true) });
    expect((await accessOf(lead.api)).workspace).toEqual(closed(true));

    await t.sql('update organizations set is_personal = true where id = $1', [org.orgId]);
    expect((await accessOf(admin.api)).organization).toEqual(no('personal_organization', false, 'personal'));
  });

  it('agrees with what the invitation routes do, for every caller and setting', async () => {
    for (const settings of [
      { workspace_admin_can_invite_to_org: false },
      { workspace_admin_can_invite_to_org: true },
      { workspace_admin_can_invite_to_org: true, invites_enabled: false },
    ]) {
      const org = await t.fixtures.orgWithAdmin();
      const callers = await callersIn(org);
      await updateOrg(org, settings);
      for (const [name, caller] of Object.entries(callers)) {
        const { organization, workspace } = await accessOf(caller.api);
        const invited = await caller.api.post(ORG_MEMBERS, { email: t.fixtures.email() });
        const inWorkspace = workspace && (await inviteBatch(caller, [{ email: t.fixtures.email() }]));

        const responses = [invited.status === 200, inWorkspace && inWorkspace.status === 200];
        const shown = [organization.may_invite_new_people, workspace && workspace.may_invite_new_people];
        expect({ settings, name, responses }).toEqual({ settings, name, responses: shown });
      }
    }
  });
});

type Row = { id: string; invite_access: { may_invite_new_people: boolean; may_add_members: boolean } | null };

const WORKSPACES = '/api/v1/workspaces';
const listed = async (api: Api, path = WORKSPACES): Promise<Row[]> => (await api.get(path)).body;

/** Clients of the callers above, of a viewer of the workspace, and of two keys of the organization. */
async function clientsIn(org: OrgWithAdmin): Promise<Record<string, Api>> {
  const key = async (wish: object) => {
    const { body } = await org.admin.api.post('/api/v1/orgs/current/service-keys', wish);
    return t.api.as({ key: body.key });
  };
  const callers = await callersIn(org);
  const viewer = await t.fixtures.member(org, { workspace: 'WORKSPACE_VIEWER' });
  return {
    ...Object.fromEntries(Object.entries(callers).map(([name, { api }]) => [name, api])),
    viewer: viewer.api,
    organizationKey: await key({}),
    viewerKey: await key({ role_id: role('WORKSPACE_VIEWER') }),
  };
}

/** What the batch route does: whether it invites a new person and adds a member. */
async function responsesIn(org: OrgWithAdmin, api: Api, workspaceId: string) {
  const { orgId } = org;
  const member = await t.fixtures.member(org, {});
  const send = async (email: string) =>
    (await api.as({ orgId, workspaceId }).post(WORKSPACE_BATCH, [{ email }])).status === 200;
  return {
    may_invite_new_people: await send(t.fixtures.email()),
    may_add_members: await send(member.email),
  };
}

describe('the list of workspaces', () => {
  it.each([
    { workspace_admin_can_invite_to_org: false },
    { workspace_admin_can_invite_to_org: true },
    { workspace_admin_can_invite_to_org: true, invites_enabled: false },
  ])('shows for each workspace what the invitation routes allow the caller with %j', async (settings) => {
    const org = await t.fixtures.orgWithAdmin();
    await anotherWorkspace(org);
    const clients = await clientsIn(org);
    await updateOrg(org, settings);
    let compared = 0;
    for (const [name, api] of Object.entries(clients))
      for (const { id, invite_access } of await listed(api.as({ orgId: org.orgId }))) {
        const responses = await responsesIn(org, api, id);
        expect({ name, ...invite_access }).toMatchObject({ name, ...responses });
        compared += 1;
      }
    expect(compared).toBe(9); // two of the admin and of each key, one of each user with a role in one workspace
  });

  it('shows the obstacle of each workspace, as the requested workspace does', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const { lead, editor, admin } = await callersIn(org);
    const off = no('workspace_invites_disabled', true, 'workspace_admin_can_invite_to_org');

    expect(await listed(admin.api)).toMatchObject([{ invite_access: yes(true) }]);
    expect(await listed(lead.api)).toMatchObject([{ invite_access: off }]);
    expect(await listed(editor.api)).toMatchObject([
      { invite_access: no('permission_missing', false, 'workspaces:manage-members') },
    ]);
    for (const { api } of [admin, lead, editor])
      expect((await api.get(`${WORKSPACES}/${org.workspaceId}`)).body).toEqual((await listed(api))[0]);
  });

  it('decides by the role and the settings of each organization when none is requested', async () => {
    const [own, other] = [await t.fixtures.orgWithAdmin(), await t.fixtures.orgWithAdmin()];
    await t.fixtures.addMember(other, own.admin, { workspace: 'WORKSPACE_ADMIN' });
    const api = own.admin.api.as({ orgId: '', workspaceId: '' });
    const off = no('workspace_invites_disabled', true, 'workspace_admin_can_invite_to_org');

    for (const path of [WORKSPACES, '/api/v1/tenants'])
      expect(await listed(api, path)).toMatchObject([
        { id: own.workspaceId, invite_access: yes(true) },
        { id: other.workspaceId, invite_access: off },
      ]);
    await updateOrg(other, { workspace_admin_can_invite_to_org: true });
    expect((await listed(api))[1]).toMatchObject({ invite_access: yes(true) });
  });

  it('shows null for a deleted workspace and where the caller cannot act', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const [second, elsewhere] = [await anotherWorkspace(org), await t.fixtures.orgWithAdmin()];
    await org.admin.api.delete(`${WORKSPACES}/${second}`);
    await t.fixtures.addMember(elsewhere, org.admin, { workspace: 'WORKSPACE_ADMIN' });
    const accessIn = async (path: string) =>
      new Map(
        (await listed(org.admin.api.as({ orgId: '' }), path)).map((row) => [row.id, row.invite_access]),
      );

    expect((await accessIn('/api/v1/tenants?include_deleted=true')).get(second)).toBeNull();
    for (const column of ['is_disabled', 'sso_only']) {
      await t.sql(`update organizations set ${column} = true where id = $1`, [elsewhere.orgId]);
      expect((await accessIn('/api/v1/tenants')).get(elsewhere.workspaceId)).toBeNull();
      await t.sql(`update organizations set ${column} = false where id = $1`, [elsewhere.orgId]);
      expect((await accessIn('/api/v1/tenants')).get(elsewhere.workspaceId)).toEqual(expect.any(Object));
    }
  });
});
