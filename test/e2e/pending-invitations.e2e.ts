import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { policy, SHARE } from '../support/access-policies.js';
import { auditOf } from '../support/audit.js';
import { type OrgWithAdmin, type Person, role } from '../support/fixtures.js';
import {
  anotherWorkspace,
  inviteBatch,
  customRole,
  invitation,
  invitationsOf,
  letExpire,
  letWorkspaceAdminsInvite,
  ORG_MEMBERS,
  orgRoleIn,
  orgWithLead,
  updateOrg,
} from '../support/invitations.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

let t: TestApp;
beforeAll(async () => {
  t = await startTestApp();
});
afterAll(() => t.close());

const EDITOR = role('WORKSPACE_USER');
const IN_WORKSPACE = '/api/v1/workspaces/current/members';

/** An invitation at organization level, for the first workspace as Editor. */
const invitedByOrg = (org: OrgWithAdmin, email = t.fixtures.email()) =>
  invitation(org, { email, workspace_ids: [org.workspaceId], workspace_role_id: EDITOR });

/** An invitation by each of these workspaces, one after the other. */
async function invitedByWorkspaces(org: OrgWithAdmin, workspaceIds: string[]): Promise<string> {
  const email = t.fixtures.email();
  for (const workspaceId of workspaceIds) {
    const api = org.admin.api.as({ workspaceId });
    const { status } = await api.post(`${IN_WORKSPACE}/batch`, [{ email, workspace_role_id: EDITOR }]);
    if (status !== 200) throw new Error(`inviting ${email}: ${status}`);
  }
  return (await invitationsOf(t, org)).find((one) => one.email === email)!.id;
}

/** An invitation with a role that has an allow policy, and members who may invite but do not hold what it allows. */
async function invitedWithPolicy() {
  const org = await t.fixtures.orgWithAdmin();
  await letWorkspaceAdminsInvite(org);
  const managing = await customRole(org, ['workspaces:read', 'workspaces:manage-members']);
  const allowing = await customRole(org, ['workspaces:read']);
  await policy(org, { condition_groups: [SHARE], role_ids: [allowing] });
  return {
    org,
    manager: await t.fixtures.member(org, { workspace: managing }),
    operator: await t.fixtures.member(org, { org: 'ORGANIZATION_OPERATOR', workspace: managing }),
    id: await invitation(org, {
      ...{ email: t.fixtures.email(), workspace_ids: [org.workspaceId], workspace_role_id: allowing },
    }),
  };
}

describe('resending an invitation', () => {
  it('sets a new expiry and keeps all grants when an invitation is sent again', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const id = await invitedByOrg(org);
    await letExpire(t, id);
    const before = await invitationsOf(t, org);
    const [shownBefore] = (await org.admin.api.get(`${ORG_MEMBERS}/pending`)).body;

    const { status, body } = await org.admin.api.post(`${ORG_MEMBERS}/${id}/pending/resend`);

    expect(status).toBe(200);
    expect(await invitationsOf(t, org)).toEqual(before);
    expect(body).toEqual({ ...shownBefore, is_expired: false, expires_at: expect.any(String) });
    const days = (new Date(body.expires_at).getTime() - Date.now()) / 86_400_000;
    expect(days).toBeGreaterThan(29.9);
    expect(days).toBeLessThan(30.1);
  });

  it('refuses to resend an invitation while invitations are off, and changes nothing', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const id = await invitedByOrg(org);
    await letExpire(t, id);
    const shown = async () => (await org.admin.api.get(`${ORG_MEMBERS}/pending`)).body;
    const before = await shown();
    await updateOrg(org, { invites_enabled: false });

    const { status, body } = await org.admin.api.post(`${ORG_MEMBERS}/${id}/pending/resend`);

    expect([status, body.detail]).toEqual([403, expect.stringContaining('invites_enabled is off')]);
    expect(await shown()).toEqual(before);
  });

  it('adds only the workspace when a pending user is invited again while invitations are off', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const email = t.fixtures.email();
    await invitation(org, { email });
    await t.sql(`update invitations set expires_at = now() + interval '1 hour' where email = $1`, [email]);
    const [before] = (await org.admin.api.get(`${ORG_MEMBERS}/pending`)).body;
    await updateOrg(org, { invites_enabled: false });

    const row = { email, workspace_ids: [org.workspaceId] };
    expect((await org.admin.api.post(`${ORG_MEMBERS}/batch`, [row])).status).toBe(200);

    const [after] = (await org.admin.api.get(`${ORG_MEMBERS}/pending`)).body;
    expect(after).toMatchObject({ expires_at: before.expires_at, workspace_ids: [org.workspaceId] });
  });
});

describe('resending an invitation from a workspace', () => {
  const resendAs = ({ api }: Person, id: string) => api.post(`${IN_WORKSPACE}/${id}/pending/resend`);

  it('lets a workspace admin renew and mail again what they invited', async () => {
    const { org, lead } = await orgWithLead(t);
    const [{ id }] = (await inviteBatch(lead, [{ email: t.fixtures.email(), workspace_role_id: EDITOR }]))
      .body;
    await letExpire(t, id);

    const { status, body } = await resendAs(lead, id);

    expect(status).toBe(200);
    expect(body).toMatchObject({
      ...{ id, is_expired: false, access_scope: 'workspace', workspace_ids: [org.workspaceId] },
      ...{ workspace_role_id: EDITOR, workspace_role_name: 'Editor' },
    });
    expect(await invitationsOf(t, org)).toMatchObject([{ id, grants: { [org.workspaceId]: EDITOR } }]);
    const [, resent] = await auditOf(t, org.orgId, ['add_members_to_workspace_batch']);
    expect([resent]).toMatchObject([{ succeeded: true, resourceIds: [id], responseStatus: 200 }]);
  });

  it('returns 404 for an invitation without this workspace, as for an unknown one', async () => {
    const { org, lead } = await orgWithLead(t);
    const elsewhere = await anotherWorkspace(org);
    const id = await invitation(org, { email: t.fixtures.email(), workspace_ids: [elsewhere] });

    const replies = [await resendAs(lead, id), await resendAs(lead, randomUUID())];

    expect(replies.map(({ status }) => status)).toEqual([404, 404]);
  });

  it('returns 403 while workspace admins may not invite new people, except to organization admins', async () => {
    const { org, lead } = await orgWithLead(t);
    const [{ id }] = (await inviteBatch(lead, [{ email: t.fixtures.email() }])).body;
    await updateOrg(org, { workspace_admin_can_invite_to_org: false });
    const editor = await t.fixtures.member(org, { workspace: 'WORKSPACE_USER' });

    const replies = [await resendAs(lead, id), await resendAs(editor, id), await resendAs(org.admin, id)];

    expect(replies.map(({ status }) => status)).toEqual([403, 403, 200]);
    expect(replies[0]!.body.detail).toContain('workspace_admin_can_invite_to_org');
  });

  it('returns 403 for an invitation that grants more than the caller may grant', async () => {
    const { org, lead } = await orgWithLead(t);
    const elsewhere = await anotherWorkspace(org);
    const asAdmin = await invitation(org, {
      ...{ email: t.fixtures.email(), role_id: role('ORGANIZATION_ADMIN') },
      ...{ workspace_ids: [org.workspaceId] },
    });
    const wide = await invitation(org, {
      ...{ email: t.fixtures.email(), workspace_ids: [org.workspaceId, elsewhere] },
      ...{ workspace_role_id: EDITOR },
    });

    const replies = [await resendAs(lead, asAdmin), await resendAs(lead, wide)];

    expect(replies.map(({ status }) => status)).toEqual([403, 403]);
  });

  it('returns 403 for an invitation whose role has a policy that allows more, which names it', async () => {
    const { org, id, manager, operator } = await invitedWithPolicy();

    const replies = [
      await resendAs(manager, id),
      await operator.api.post(`${ORG_MEMBERS}/${id}/pending/resend`),
      await resendAs(org.admin, id),
    ];

    expect(replies.map(({ status }) => status)).toEqual([403, 403, 200]);
    expect(replies[0]?.headers.get('x-error-code')).toBe('invitation_exceeds_rights');
    expect(replies[0]?.body.detail).toMatch(/datasets:share/);
  });
});

it('invites an address that another organization has invited, and leaves that invitation unchanged', async () => {
  const [first, second] = [await t.fixtures.orgWithAdmin(), await t.fixtures.orgWithAdmin()];
  const email = t.fixtures.email();
  const asViewer = { email, role_id: role('ORGANIZATION_VIEWER') };
  expect((await first.admin.api.post(ORG_MEMBERS, asViewer)).status).toBe(200);
  const before = await invitationsOf(t, first);

  const invited = await second.admin.api.post(ORG_MEMBERS, { email });

  expect([invited.status, invited.body.email]).toEqual([200, email]);
  expect(await invitationsOf(t, first)).toEqual(before);
  expect(await invitationsOf(t, second)).toMatchObject([{ id: invited.body.id, status: 'pending' }]);
});

describe('an expired invitation', () => {
  it('returns 404 for the claim of an expired invitation until it is sent again, and lists it as expired', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const stranger = await t.fixtures.userWithoutOrg();
    const id = await invitedByOrg(org, stranger.email);
    await letExpire(t, id);
    const claim = () => stranger.api.post(`/api/v1/orgs/pending/${org.orgId}/claim`);
    const claimHere = () => stranger.api.post(`/api/v1/workspaces/pending/${org.workspaceId}/claim`);

    expect([(await claim()).status, (await claimHere()).status]).toEqual([410, 410]);
    expect((await stranger.api.get('/api/v1/orgs/pending')).body).toEqual([]);
    expect((await stranger.api.get('/api/v1/workspaces/pending')).body).toEqual([]);
    expect((await org.admin.api.get(`${ORG_MEMBERS}/pending`)).body).toMatchObject([
      { id, is_expired: true },
    ]);
    expect(await orgRoleIn(t, org.orgId, stranger.email)).toBeNull();

    await org.admin.api.post(`${ORG_MEMBERS}/${id}/pending/resend`);
    expect((await claim()).status).toBe(200);
  });

  it('never expires an invitation when INVITATION_TTL_DAYS is 0', async () => {
    const forever = await startTestApp({ INVITATION_TTL_DAYS: '0' });
    const { admin } = await forever.fixtures.defaultOrg();

    const { body } = await admin.api.post(ORG_MEMBERS, { email: forever.fixtures.email() });

    expect(body).toMatchObject({ expires_at: null, is_expired: false });
    await forever.close();
  });
});

describe('revoking an invitation', () => {
  it.each(['/pending', ''])(
    'revokes the whole invitation at organization level (DELETE …/{id}%s)',
    async (suffix) => {
      const org = await t.fixtures.orgWithAdmin();
      const stranger = await t.fixtures.userWithoutOrg();
      const id = await invitedByOrg(org, stranger.email);

      expect((await org.admin.api.delete(`${ORG_MEMBERS}/${id}${suffix}`)).status).toBe(200);

      expect(await invitationsOf(t, org)).toMatchObject([{ id, status: 'revoked', grants: {} }]);
      expect((await stranger.api.post(`/api/v1/orgs/pending/${org.orgId}/claim`)).status).toBe(404);
      expect((await org.admin.api.delete(`${ORG_MEMBERS}/${id}${suffix}`)).status).toBe(404);
      expect((await org.admin.api.post(`${ORG_MEMBERS}/${id}/pending/resend`)).status).toBe(404);
    },
  );

  it('allows a new invitation to the address after a revocation', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const email = t.fixtures.email();
    const id = await invitedByOrg(org, email);
    await org.admin.api.delete(`${ORG_MEMBERS}/${id}/pending`);

    const again = await org.admin.api.post(ORG_MEMBERS, { email });

    expect(again).toMatchObject({ status: 200, body: { workspace_ids: [] } });
    expect(again.body.id).not.toBe(id);
  });

  it("removes only the workspace from an organization's invitation when it is revoked in the workspace", async () => {
    const org = await t.fixtures.orgWithAdmin();
    const lead = await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });
    const id = await invitedByOrg(org);

    expect((await lead.api.delete(`${IN_WORKSPACE}/${id}/pending`)).status).toBe(200);

    expect(await invitationsOf(t, org)).toMatchObject([{ id, status: 'pending', grants: {} }]);
    expect((await lead.api.delete(`${IN_WORKSPACE}/${id}/pending`)).status).toBe(404);
  });

  it('ends an invitation that only workspaces had made when it is revoked in the last of them', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const second = await anotherWorkspace(org);
    const id = await invitedByWorkspaces(org, [org.workspaceId, second]);
    const revokeIn = (workspaceId: string) =>
      org.admin.api.as({ workspaceId }).delete(`${IN_WORKSPACE}/${id}/pending`);

    await revokeIn(org.workspaceId);
    expect(await invitationsOf(t, org)).toMatchObject([{ status: 'pending', grants: { [second]: EDITOR } }]);
    await revokeIn(second);
    expect(await invitationsOf(t, org)).toMatchObject([{ status: 'revoked', grants: {} }]);
  });

  it('refuses a workspace admin who revokes the invitation of a future organization admin', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const lead = await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });
    const id = await invitation(org, {
      ...{ email: t.fixtures.email(), role_id: role('ORGANIZATION_ADMIN') },
      ...{ workspace_ids: [org.workspaceId], workspace_role_id: EDITOR },
    });
    const path = `${IN_WORKSPACE}/${id}/pending`;

    expect((await lead.api.patch(path, { role_id: role('WORKSPACE_VIEWER') })).status).toBe(403);
    expect((await lead.api.delete(path)).status).toBe(403);
    expect(await invitationsOf(t, org)).toMatchObject([{ grants: { [org.workspaceId]: EDITOR } }]);
    expect((await org.admin.api.delete(path)).status).toBe(200);
  });

  it('refuses to revoke in a workspace for callers who could not grant the role of the invitation', async () => {
    const org = await t.fixtures.orgWithAdmin();
    await letWorkspaceAdminsInvite(org);
    const steward = await t.fixtures.member(org, {
      workspace: await customRole(org, ['workspaces:read', 'workspaces:manage-members']),
    });
    const id = await invitation(org, {
      email: t.fixtures.email(),
      workspace_ids: [org.workspaceId],
      workspace_role_id: role('WORKSPACE_ADMIN'),
    });

    expect((await steward.api.delete(`${IN_WORKSPACE}/${id}/pending`)).status).toBe(403);
  });
});

it('refuses to revoke in a workspace a role with a policy that allows more than the caller holds', async () => {
  const { org, id, manager } = await invitedWithPolicy();
  const lead = await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });
  const revokeAs = ({ api }: Person) => api.delete(`${IN_WORKSPACE}/${id}/pending`);

  const refused = await revokeAs(manager);

  expect(refused.status).toBe(403);
  expect(refused.headers.get('x-error-code')).toBe('role_not_grantable');
  expect((await revokeAs(lead)).status).toBe(200);
});

describe('invitations of another workspace', () => {
  it('returns 404 when a workspace admin changes or revokes an invitation to another workspace', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const lead = await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });
    const workspaceId = await anotherWorkspace(org);
    const id = await invitation(org, {
      ...{ email: t.fixtures.email(), workspace_ids: [workspaceId], workspace_role_id: EDITOR },
    });

    const replies = [
      await lead.api.patch(`${IN_WORKSPACE}/${id}/pending`, { role_id: role('WORKSPACE_VIEWER') }),
      await lead.api.delete(`${IN_WORKSPACE}/${id}/pending`),
    ];

    expect(replies.map(({ status }) => status)).toEqual([404, 404]);
    expect(await invitationsOf(t, org)).toMatchObject([
      { id, status: 'pending', grants: { [workspaceId]: EDITOR } },
    ]);
  });
});

describe('invitations of another organization', () => {
  it('returns 404 for an invitation of another organization with any method', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const { admin: other } = await t.fixtures.orgWithAdmin();
    const id = await invitedByOrg(org);

    for (const unknown of [id, randomUUID()]) {
      expect((await other.api.post(`${ORG_MEMBERS}/${unknown}/pending/resend`)).status).toBe(404);
      expect((await other.api.delete(`${ORG_MEMBERS}/${unknown}/pending`)).status).toBe(404);
      expect((await other.api.delete(`${ORG_MEMBERS}/${unknown}`)).status).toBe(404);
      expect((await other.api.delete(`${IN_WORKSPACE}/${unknown}/pending`)).status).toBe(404);
    }
    expect((await other.api.get(`${ORG_MEMBERS}/pending`)).body).toEqual([]);
    expect(await invitationsOf(t, org)).toMatchObject([{ id, status: 'pending' }]);
  });

  it('allows an invitation of its own to the same address', async () => {
    const [one, two] = [await t.fixtures.orgWithAdmin(), await t.fixtures.orgWithAdmin()];
    const email = t.fixtures.email();
    const id = await invitedByOrg(one, email);
    await invitedByOrg(two, email);

    await one.admin.api.delete(`${ORG_MEMBERS}/${id}/pending`);

    expect(await invitationsOf(t, two)).toMatchObject([{ email, status: 'pending' }]);
  });
});

describe('deleting a workspace or a role that invitations name', () => {
  it('ends invitations that only the deleted workspace had made, and removes the workspace from the others', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const workspaceId = await anotherWorkspace(org);
    const made = await invitedByWorkspaces(org, [workspaceId]);
    const shared = await invitedByWorkspaces(org, [workspaceId, org.workspaceId]);
    const ofOrg = await invitation(org, { email: t.fixtures.email(), workspace_ids: [workspaceId] });

    expect((await org.admin.api.as({ workspaceId }).delete(`/api/v1/workspaces/${workspaceId}`)).status).toBe(
      200,
    );

    expect(await invitationsOf(t, org)).toMatchObject([
      { id: made, status: 'revoked' },
      { id: shared, status: 'pending', grants: { [org.workspaceId]: EDITOR } },
      { id: ofOrg, status: 'pending', grants: {} },
    ]);
    const { body } = await org.admin.api.get(`${ORG_MEMBERS}/pending`);
    expect(body.map(({ id }: { id: string }) => id).sort()).toEqual([shared, ofOrg].sort());
  });

  it('refuses to delete a custom role until the pending invitation that grants it has ended', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const roleId = await customRole(org, ['workspaces:read']);
    const remove = () => org.admin.api.delete(`/api/v1/orgs/current/roles/${roleId}`);
    const [{ id }] = (
      await inviteBatch(org.admin, [{ email: t.fixtures.email(), workspace_role_id: roleId }])
    ).body;

    const refused = await remove();
    await org.admin.api.delete(`${ORG_MEMBERS}/${id}/pending`);
    const allowed = await remove();

    expect([refused.status, allowed.status]).toEqual([409, 200]);
  });
});
