import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { role } from '../support/fixtures.js';
import {
  inviteBatch,
  invitationsOf,
  letWorkspaceAdminsInvite,
  updateOrg,
  workspaceRolesIn,
} from '../support/invitations.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const FLAG = 'WORKSPACE_SCOPE_ORG_INVITES_ENABLED';

/** All values of the instance flag, with both of the organization (docs/contract/invitations.md#who-may-invite). */
describe.each<{
  instance: string | undefined;
  variable?: string;
  orgOff: number;
  orgOn: number;
  shown: boolean;
}>([
  { instance: undefined, orgOff: 403, orgOn: 200, shown: false },
  { instance: 'true', orgOff: 200, orgOn: 200, shown: true },
  { instance: 'false', orgOff: 403, orgOn: 403, shown: false },
  { instance: 'true', variable: `FF_${FLAG}`, orgOff: 200, orgOn: 200, shown: true },
])(
  'the instance flag for workspace invitations with the value $instance',
  ({ instance, variable = FLAG, orgOff, orgOn, shown }) => {
    let t: TestApp;
    beforeAll(async () => {
      t = await startTestApp({ [variable]: instance });
    });
    afterAll(() => t.close());

    it(`returns ${orgOff} without and ${orgOn} with the organization's switch when a workspace admin invites a new person`, async () => {
      const org = await t.fixtures.defaultOrg();
      const lead = await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });
      const invite = () => inviteBatch(lead, [{ email: t.fixtures.email() }]);

      await updateOrg(org, { workspace_admin_can_invite_to_org: false });
      const withoutSwitch = await invite();
      await updateOrg(org, { workspace_admin_can_invite_to_org: true });
      const withSwitch = await invite();

      expect([withoutSwitch.status, withSwitch.status]).toEqual([orgOff, orgOn]);
      expect(await invitationsOf(t, org)).toHaveLength(
        [orgOff, orgOn].filter((status) => status === 200).length,
      );
    });

    it('shows in the list of workspaces whether a workspace admin may invite new people', async () => {
      const org = await t.fixtures.defaultOrg();
      const lead = await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });
      const shownFor = async (value: boolean) => {
        await updateOrg(org, { workspace_admin_can_invite_to_org: value });
        return (await lead.api.get('/api/v1/workspaces')).body[0].invite_access.may_invite_new_people;
      };

      expect([await shownFor(false), await shownFor(true)]).toEqual([orgOff === 200, orgOn === 200]);
    });

    it('allows a workspace admin to add members of the organization', async () => {
      const org = await t.fixtures.defaultOrg();
      const lead = await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });
      const colleague = await t.fixtures.member(org, {});

      const reply = await inviteBatch(lead, [
        { email: colleague.email, workspace_role_id: role('WORKSPACE_USER') },
      ]);

      expect(reply).toMatchObject({ status: 200, body: [{ user_id: colleague.userId }] });
      expect(await workspaceRolesIn(t, org.orgId, colleague.email)).toEqual({
        [org.workspaceId]: role('WORKSPACE_USER'),
      });
    });

    it('allows organization admins and operators, but not workspace admins, to invite to the organization', async () => {
      const org = await t.fixtures.defaultOrg();
      const operator = await t.fixtures.member(org, {
        org: 'ORGANIZATION_OPERATOR',
        workspace: 'WORKSPACE_VIEWER',
      });
      const lead = await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });
      await letWorkspaceAdminsInvite(org);
      const invite = () => ({ email: t.fixtures.email() });

      for (const { api } of [org.admin, operator]) {
        expect((await api.post('/api/v1/orgs/current/members', invite())).status).toBe(200);
        expect((await api.post('/api/v1/orgs/current/members/batch', [invite()])).status).toBe(200);
      }
      expect((await lead.api.post('/api/v1/orgs/current/members', invite())).status).toBe(403);
      expect((await lead.api.post('/api/v1/orgs/current/members/batch', [invite()])).status).toBe(403);
    });

    it('allows an organization admin to invite through a workspace whatever the switches say', async () => {
      const org = await t.fixtures.defaultOrg();
      await updateOrg(org, { workspace_admin_can_invite_to_org: false });

      const reply = await inviteBatch(org.admin, [
        { email: t.fixtures.email(), role_id: role('ORGANIZATION_ADMIN') },
      ]);

      expect(reply).toMatchObject({ status: 200, body: [{ role_id: role('ORGANIZATION_ADMIN') }] });
    });

    it('stores the switch of the organization, warns where it has no effect, and shows both values', async () => {
      const org = await t.fixtures.defaultOrg();

      for (const value of [true, false]) {
        const change = { workspace_admin_can_invite_to_org: value };
        const { status, headers, body } = await org.admin.api.patch('/api/v1/orgs/current/info', change);

        const isEffective = instance === undefined ? value : instance === 'true';
        const values = { ...change, workspace_admin_can_invite_to_org_effective: isEffective };
        expect({ status, body }).toMatchObject({ status: 200, body: values });
        expect((await org.admin.api.get('/api/v1/orgs/current/info')).body).toMatchObject(values);
        const warning = isEffective === value ? null : expect.stringMatching(/^299 - "workspace_admin_.*"$/);
        expect(headers.get('warning')).toEqual(warning);
      }
      const other = await org.admin.api.patch('/api/v1/orgs/current/info', { invites_enabled: true });
      expect(other.headers.get('warning')).toBeNull();
    });

    it('shows the instance flag to clients in /info', async () => {
      const { body } = await t.api.get('/api/v1/info');

      expect(body.instance_flags.workspace_scope_org_invites).toBe(shown);
    });
  },
);
