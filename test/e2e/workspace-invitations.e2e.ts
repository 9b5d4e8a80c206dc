import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemRole } from '../../src/modules/roles/index.js';
import { role } from '../support/fixtures.js';
import {
  anotherWorkspace,
  customRole,
  invitation,
  invitationsOf,
  inviteBatch,
  letExpire,
  ORG_BATCH,
  ORG_MEMBERS,
  orgWithLead,
  updateOrg,
  WORKSPACE_BATCH,
  workspaceRolesIn,
} from '../support/invitations.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

describe('invitations to a workspace', () => {
  let t: TestApp;
  beforeAll(async () => {
    t = await startTestApp();
  });
  afterAll(() => t.close());

  const USER = role('ORGANIZATION_USER');
  const EDITOR = role('WORKSPACE_USER');
  const VIEWER = role('WORKSPACE_VIEWER');

  describe('a batch of invitations to a workspace', () => {
    it('returns new people, members and pending users row by row in the order of the request', async () => {
      const { org, lead } = await orgWithLead(t);
      const colleague = await t.fixtures.member(org, {});
      const pending = t.fixtures.email('pending');
      const pendingId = await invitation(org, { email: pending, role_id: role('ORGANIZATION_VIEWER') });
      const fresh = t.fixtures.email('fresh');

      const { status, body } = await inviteBatch(lead, [
        { email: colleague.email, workspace_role_id: EDITOR },
        { email: `  ${fresh.toUpperCase()} `, full_name: 'Fresh Person', workspace_role_id: EDITOR },
        { email: pending },
      ]);

      const [place] = await t.sql<{ id: string }>(
        'select id from workspace_memberships where workspace_id = $1 and user_id = $2',
        [org.workspaceId, colleague.userId],
      );
      const here = {
        access_scope: 'workspace',
        organization_id: org.orgId,
        tenant_id: org.workspaceId,
        workspace_ids: [org.workspaceId],
        password: null,
        read_only: false,
      };
      expect(status).toBe(200);
      expect(body).toEqual([
        expect.objectContaining({
          ...here,
          ...{
            id: place!.id,
            email: colleague.email,
            user_id: colleague.userId,
            ls_user_id: colleague.userId,
          },
          ...{ workspace_role_id: EDITOR, role_id: USER, org_role_id: USER, role_name: 'Organization User' },
        }),
        expect.objectContaining({
          ...here,
          ...{ email: fresh, user_id: null, ls_user_id: null, full_name: 'Fresh Person', is_expired: false },
          ...{ workspace_role_id: EDITOR, role_id: USER, org_role_name: 'Organization User' },
        }),
        expect.objectContaining({
          ...here,
          ...{ id: pendingId, email: pending, user_id: null, ls_user_id: null, is_expired: false },
          ...{ workspace_role_id: VIEWER, role_id: role('ORGANIZATION_VIEWER') },
        }),
      ]);
    });

    it('makes new people pending in the organization and in the workspace, and members of neither', async () => {
      const { org, lead } = await orgWithLead(t);
      const email = t.fixtures.email();

      const { body } = await inviteBatch(lead, [{ email, workspace_role_id: EDITOR }]);

      const inOrg = await org.admin.api.get(`${ORG_MEMBERS}/pending`);
      const inWorkspace = await lead.api.get('/api/v1/workspaces/current/members/pending');
      const active = await org.admin.api.get(`${ORG_MEMBERS}/active?emails=${encodeURIComponent(email)}`);
      expect(inOrg.body).toMatchObject([{ id: body[0].id, email, tenant_ids: [org.workspaceId] }]);
      expect(inWorkspace.body).toMatchObject([{ id: body[0].id, email, workspace_role_id: EDITOR }]);
      expect(active.body).toEqual([]);
    });

    it('adds members of the organization to the workspace at once, without an invitation', async () => {
      const { org, lead } = await orgWithLead(t);
      const colleague = await t.fixtures.member(org, {});

      await inviteBatch(lead, [{ email: colleague.email, workspace_role_id: EDITOR }]);

      expect((await colleague.api.get('/api/v1/workspaces/current/members/active')).status).toBe(200);
      expect(await workspaceRolesIn(t, org.orgId, colleague.email)).toEqual({ [org.workspaceId]: EDITOR });
      expect(await invitationsOf(t, org)).toEqual([]);
    });

    it('returns the membership of a user who is in the workspace already, and keeps their role', async () => {
      const { org, lead } = await orgWithLead(t);
      const editor = await t.fixtures.member(org, { workspace: 'WORKSPACE_USER' });

      const reply = await inviteBatch(lead, [{ email: editor.email, workspace_role_id: VIEWER }]);

      expect(reply).toMatchObject({
        status: 200,
        body: [{ user_id: editor.userId, access_scope: 'workspace', workspace_role_id: EDITOR }],
      });
      expect(await workspaceRolesIn(t, org.orgId, editor.email)).toEqual({ [org.workspaceId]: EDITOR });
    });

    it('treats a duplicate address as one invitation with the roles of its first row, and returns it twice', async () => {
      const { org, lead } = await orgWithLead(t);
      const email = t.fixtures.email();

      const { body } = await inviteBatch(lead, [
        { email, workspace_role_id: EDITOR, role_id: role('ORGANIZATION_VIEWER') },
        { email: email.toUpperCase(), workspace_role_id: VIEWER },
      ]);

      expect(body).toHaveLength(2);
      expect(body[1]).toEqual(body[0]);
      expect(await invitationsOf(t, org)).toMatchObject([
        { email, orgRoleId: role('ORGANIZATION_VIEWER'), grants: { [org.workspaceId]: EDITOR } },
      ]);
    });

    it('returns an empty list for an empty batch', async () => {
      const { lead } = await orgWithLead(t);

      expect(await inviteBatch(lead, [])).toMatchObject({ status: 200, body: [] });
    });
  });

  describe('a person who is invited already', () => {
    it('an invited person has one invitation with one role for each workspace that invites them', async () => {
      const { org, lead } = await orgWithLead(t);
      const secondId = await anotherWorkspace(org);
      const second = { ...org, workspaceId: secondId };
      const otherLead = await t.fixtures.member(second, { workspace: 'WORKSPACE_ADMIN' });
      const email = t.fixtures.email();

      const first = await inviteBatch(lead, [{ email, workspace_role_id: EDITOR }]);
      const again = await inviteBatch(otherLead, [{ email, workspace_role_id: VIEWER }]);

      expect(again.body).toMatchObject([
        { id: first.body[0].id, workspace_ids: [secondId], workspace_role_id: VIEWER },
      ]);
      const inOrg = await org.admin.api.get(`${ORG_MEMBERS}/pending`);
      expect(inOrg.body).toMatchObject([
        { workspace_ids: [org.workspaceId, secondId], workspace_role_id: EDITOR },
      ]);
      expect(await invitationsOf(t, org)).toMatchObject([
        { email, grants: { [org.workspaceId]: EDITOR, [secondId]: VIEWER } },
      ]);
    });

    it('an invited person keeps the org role and gets the new workspace role when invited again', async () => {
      const { org, lead } = await orgWithLead(t);
      const secondId = await anotherWorkspace(org);
      const email = t.fixtures.email();
      await invitation(org, {
        ...{ email, role_id: role('ORGANIZATION_VIEWER') },
        ...{ workspace_ids: [org.workspaceId, secondId], workspace_role_id: VIEWER },
      });

      const reply = await inviteBatch(lead, [
        { email, role_id: role('ORGANIZATION_USER'), workspace_role_id: EDITOR },
      ]);
      const { body: unchanged } = await inviteBatch(lead, [{ email }]);

      expect(reply).toMatchObject({
        status: 200,
        body: [
          {
            ...{ role_id: role('ORGANIZATION_VIEWER'), workspace_role_id: EDITOR },
            ...{ workspace_role_name: 'Editor', workspace_ids: [org.workspaceId] },
          },
        ],
      });
      expect(unchanged).toMatchObject([{ workspace_role_id: EDITOR }]);
      expect(await invitationsOf(t, org)).toMatchObject([
        {
          orgRoleId: role('ORGANIZATION_VIEWER'),
          grants: { [org.workspaceId]: EDITOR, [secondId]: VIEWER },
        },
      ]);
    });

    it('an invited person keeps a workspace role that the caller may not give', async () => {
      const { org } = await orgWithLead(t);
      const steward = await customRole(org, [
        'workspaces:manage-members',
        ...systemRole('WORKSPACE_VIEWER').permissions,
      ]);
      const lead = await t.fixtures.member(org, { workspace: steward });
      const email = t.fixtures.email();
      const ofAdmin = { email: t.fixtures.email(), role_id: role('ORGANIZATION_ADMIN') };
      const place = { workspace_ids: [org.workspaceId] };
      await invitation(org, { email, ...place, workspace_role_id: role('WORKSPACE_ADMIN') });
      await invitation(org, { ...ofAdmin, ...place, workspace_role_id: steward });

      const lowered = await inviteBatch(lead, [{ email, workspace_role_id: VIEWER }]);
      const raised = await inviteBatch(lead, [{ email, workspace_role_id: EDITOR }]);
      const admin = await inviteBatch(lead, [{ email: ofAdmin.email, workspace_role_id: VIEWER }]);

      expect(lowered).toMatchObject({ status: 200, body: [{ workspace_role_id: role('WORKSPACE_ADMIN') }] });
      expect(raised.status).toBe(403);
      expect(admin).toMatchObject({ status: 200, body: [{ workspace_role_id: steward }] });
    });

    it('an invited person keeps the workspace role when the organization invites them again', async () => {
      const { org, lead } = await orgWithLead(t);
      const email = t.fixtures.email();
      await inviteBatch(lead, [{ email, workspace_role_id: VIEWER }]);

      const row = { email, workspace_ids: [org.workspaceId], workspace_role_id: EDITOR };
      const { body } = await org.admin.api.post(ORG_BATCH, [row]);

      expect(body).toMatchObject([{ workspace_role_id: VIEWER, workspace_role_name: 'Viewer' }]);
    });

    it('an invited person gets a new expiry when invited again after the expiry', async () => {
      const { org, lead } = await orgWithLead(t);
      const email = t.fixtures.email();
      const [{ id }] = (await inviteBatch(lead, [{ email }])).body;
      await letExpire(t, id);

      const reply = await inviteBatch(lead, [{ email }]);

      expect(reply).toMatchObject({ status: 200, body: [{ id, is_expired: false }] });
      expect(await invitationsOf(t, org)).toHaveLength(1);
    });

    it('an invited person is invited only to the current workspace when the invitation of another workspace has expired', async () => {
      const { org, lead } = await orgWithLead(t);
      const elsewhere = await anotherWorkspace(org);
      const email = t.fixtures.email();
      const offer = { email, workspace_ids: [elsewhere], workspace_role_id: role('WORKSPACE_ADMIN') };
      const id = await invitation(org, offer);
      await letExpire(t, id);

      const reply = await inviteBatch(lead, [{ email, workspace_role_id: VIEWER }]);

      expect(reply).toMatchObject({ status: 200, body: [{ id, is_expired: false }] });
      expect(await invitationsOf(t, org)).toMatchObject([{ id, grants: { [org.workspaceId]: VIEWER } }]);
    });

    it('an invited person gets a workspace but no later expiry from an admin who may not invite new people', async () => {
      const { org, lead } = await orgWithLead(t);
      const email = t.fixtures.email();
      const id = await invitation(org, { email });
      await t.sql(`update invitations set expires_at = now() + interval '1 hour' where id = $1`, [id]);
      await updateOrg(org, { workspace_admin_can_invite_to_org: false });

      const reply = await inviteBatch(lead, [{ email }]);

      expect(reply).toMatchObject({ status: 200, body: [{ id, workspace_ids: [org.workspaceId] }] });
      expect(new Date(reply.body[0].expires_at).getTime()).toBeLessThan(Date.now() + 3_600_001);
    });
  });

  describe('workspace invitations while workspace admins may not invite new people', () => {
    it('returns 403 that names the new addresses of a batch, and writes nothing', async () => {
      const org = await t.fixtures.orgWithAdmin();
      const lead = await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });
      const colleague = await t.fixtures.member(org, {});
      const [one, two] = [t.fixtures.email('one'), t.fixtures.email('two')];

      const { status, body } = await inviteBatch(lead, [
        { email: one },
        { email: colleague.email },
        { email: two },
      ]);

      expect(status).toBe(403);
      expect(body.detail).toEqual([
        { loc: ['body', 0, 'email'], msg: expect.stringContaining(one), type: 'forbidden' },
        { loc: ['body', 2, 'email'], msg: expect.stringContaining(two), type: 'forbidden' },
      ]);
      expect(await invitationsOf(t, org)).toEqual([]);
      expect(await workspaceRolesIn(t, org.orgId, colleague.email)).toEqual({});
    });

    it('treats an expired invitation as a new person, whom only admins with invite rights can invite', async () => {
      const org = await t.fixtures.orgWithAdmin();
      const lead = await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });
      const email = t.fixtures.email();
      await letExpire(t, await invitation(org, { email }));

      expect((await inviteBatch(lead, [{ email }])).status).toBe(403);
      expect(await invitationsOf(t, org)).toMatchObject([{ email, grants: {} }]);
    });
  });

  describe('invitations by API keys', () => {
    it('allows a personal access token and a service key to invite as far as their roles allow', async () => {
      const { org, lead } = await orgWithLead(t);
      const token = await lead.api.post('/api/v1/orgs/current/personal-access-tokens', {});
      const serviceKey = await lead.api.post('/api/v1/api-key', {});
      const viewerKey = await lead.api.post('/api/v1/api-key', { read_only: true });
      const by = (key: string) =>
        t.api
          .as({ key, workspaceId: org.workspaceId })
          .post(WORKSPACE_BATCH, [{ email: t.fixtures.email() }]);

      expect((await by(token.body.key)).status).toBe(200);
      expect((await by(serviceKey.body.key)).status).toBe(200);
      expect((await by(viewerKey.body.key)).status).toBe(403);
      expect(await invitationsOf(t, org)).toHaveLength(2);
    });
  });
});

describe('the first invitations of a team', () => {
  let t: TestApp;
  beforeAll(async () => {
    t = await startTestApp();
  });
  afterAll(() => t.close());

  it('a workspace admin invites a team while the feature flag is on', async () => {
    const org = await t.fixtures.defaultOrg();
    const lead = await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });
    const refused = await lead.api.post('/api/v1/workspaces/current/members/batch', [
      { email: 'new@example.com' },
    ]);
    expect(refused.status).toBe(403);
    await org.admin.api.patch('/api/v1/orgs/current/info', { workspace_admin_can_invite_to_org: true });
    const reply = await lead.api.post('/api/v1/workspaces/current/members/batch', [
      { email: 'New@example.com ', workspace_role_id: role('WORKSPACE_USER') },
      { email: org.admin.email },
    ]);
    expect(reply).toMatchObject({
      status: 200,
      body: [{ email: 'new@example.com' }, { email: org.admin.email }],
    });
    const other = await t.fixtures.orgWithAdmin();
    expect(other.orgId).not.toBe(org.orgId);
  });
});
