import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Api } from '../support/api.js';
import type { OrgWithAdmin } from '../support/fixtures.js';
import { inviteBatch, ORG_MEMBERS, updateOrg } from '../support/invitations.js';
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

  it('agrees with what the invitation routes answer, for every caller and setting', async () => {
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

        const answers = [invited.status === 200, inWorkspace && inWorkspace.status === 200];
        const shown = [organization.may_invite_new_people, workspace && workspace.may_invite_new_people];
        expect({ settings, name, answers }).toEqual({ settings, name, answers: shown });
      }
    }
  });
});
