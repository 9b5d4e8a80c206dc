import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type OrgWithAdmin, role } from '../support/fixtures.js';
import {
  anotherWorkspace,
  inviteBatch,
  invitation,
  invitationsOf,
  letExpire,
  ORG_MEMBERS,
  orgRoleIn,
  updateOrg,
  workspaceRolesIn,
} from '../support/invitations.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

let t: TestApp;
beforeAll(async () => {
  t = await startTestApp();
});
afterAll(() => t.close());

const EDITOR = role('WORKSPACE_USER');
const VIEWER = role('WORKSPACE_VIEWER');
const ofOrg = ({ orgId }: OrgWithAdmin) => `/api/v1/orgs/pending/${orgId}`;
const ofWorkspace = ({ workspaceId }: { workspaceId: string }) => `/api/v1/workspaces/pending/${workspaceId}`;

/** A user with an account, invited as Organization Viewer with two workspaces: Editor in one, Viewer in the other. */
async function invited() {
  const org = await t.fixtures.orgWithAdmin();
  const second = { ...org, workspaceId: await anotherWorkspace(org) };
  const stranger = await t.fixtures.userWithoutOrg();
  const { email } = stranger;
  const id = await invitation(org, {
    ...{ email, role_id: role('ORGANIZATION_VIEWER') },
    ...{ workspace_ids: [org.workspaceId], workspace_role_id: EDITOR },
  });
  await inviteBatch({ ...org.admin, api: org.admin.api.as(second) }, [{ email, workspace_role_id: VIEWER }]);
  return { org, second, stranger, id, grants: { [org.workspaceId]: EDITOR, [second.workspaceId]: VIEWER } };
}

describe('invitations of the caller', () => {
  it("lists the caller's invitations as organizations and as workspaces, to no other user", async () => {
    const { org, second, stranger } = await invited();
    const otherUser = await t.fixtures.userWithoutOrg();
    const ids = async (path: string, { api } = stranger) =>
      (await api.get(path)).body.map(({ id }: { id: string }) => id);

    expect(await ids('/api/v1/orgs/pending')).toEqual([org.orgId]);
    expect((await ids('/api/v1/workspaces/pending')).sort()).toEqual(
      [org.workspaceId, second.workspaceId].sort(),
    );
    expect(await ids('/api/v1/orgs/pending', otherUser)).toEqual([]);
    expect(await ids('/api/v1/workspaces/pending', otherUser)).toEqual([]);
  });

  it("returns 401 without a session and 403 for API keys on the caller's invitations", async () => {
    const { org } = await invited();
    const { body } = await org.admin.api.post('/api/v1/orgs/current/personal-access-tokens', {});
    const withKey = t.api.as({ key: body.key });

    for (const path of ['/api/v1/orgs/pending', '/api/v1/workspaces/pending']) {
      expect((await t.api.get(path)).status).toBe(401);
      expect((await withKey.get(path)).status).toBe(403);
    }
    expect((await t.api.post(`${ofOrg(org)}/claim`)).status).toBe(401);
    expect((await withKey.post(`${ofOrg(org)}/claim`)).status).toBe(403);
    expect((await withKey.delete(ofOrg(org))).status).toBe(403);
    expect((await withKey.post(`${ofWorkspace(org)}/claim`)).status).toBe(403);
    expect((await withKey.delete(ofWorkspace(org))).status).toBe(403);
  });
});

describe('claiming an invitation', () => {
  it('gives exactly the invited access when an organization is claimed, and returns the membership', async () => {
    const { org, stranger, grants, id } = await invited();

    const { status, body } = await stranger.api.post(`${ofOrg(org)}/claim`);

    expect(status).toBe(200);
    expect(body).toMatchObject({
      ...{ organization_id: org.orgId, user_id: stranger.userId, access_scope: 'organization' },
      ...{ tenant_id: null, role_id: role('ORGANIZATION_VIEWER'), role_name: 'Organization Viewer' },
    });
    expect(await orgRoleIn(t, org.orgId, stranger.email)).toBe(role('ORGANIZATION_VIEWER'));
    expect(await workspaceRolesIn(t, org.orgId, stranger.email)).toEqual(grants);
    expect(await invitationsOf(t, org)).toMatchObject([{ id, status: 'accepted' }]);
    expect((await stranger.api.as(org).get('/api/v1/workspaces/current/members')).status).toBe(200);
  });

  it('accepts the whole invitation when one of its workspaces is claimed', async () => {
    const { org, second, stranger, grants, id } = await invited();

    expect((await stranger.api.post(`${ofWorkspace(second)}/claim`)).status).toBe(200);

    expect(await orgRoleIn(t, org.orgId, stranger.email)).toBe(role('ORGANIZATION_VIEWER'));
    expect(await workspaceRolesIn(t, org.orgId, stranger.email)).toEqual(grants);
    expect(await invitationsOf(t, org)).toMatchObject([{ id, status: 'accepted' }]);
  });

  it('returns 404 when an invitation is claimed a second time', async () => {
    const { org, stranger } = await invited();
    await stranger.api.post(`${ofOrg(org)}/claim`);

    expect((await stranger.api.post(`${ofOrg(org)}/claim`)).status).toBe(404);
    expect((await stranger.api.post(`${ofWorkspace(org)}/claim`)).status).toBe(404);
    expect((await stranger.api.delete(ofOrg(org))).status).toBe(404);
    expect((await stranger.api.get('/api/v1/orgs/pending')).body).toEqual([]);
  });

  it('returns 404 when another user claims or declines an invitation, which stays pending', async () => {
    const { org, id, grants } = await invited();
    const otherUser = await t.fixtures.userWithoutOrg();
    const { admin: otherAdmin } = await t.fixtures.orgWithAdmin();

    for (const { api } of [otherUser, otherAdmin, org.admin]) {
      expect((await api.post(`${ofOrg(org)}/claim`)).status).toBe(404);
      expect((await api.delete(ofOrg(org))).status).toBe(404);
      expect((await api.post(`${ofWorkspace(org)}/claim`)).status).toBe(404);
      expect((await api.delete(ofWorkspace(org))).status).toBe(404);
    }
    expect(await invitationsOf(t, org)).toMatchObject([{ id, status: 'pending', grants }]);
  });

  it('returns 404 for the claim of a workspace that the invitation does not name', async () => {
    const { org, stranger } = await invited();
    const unnamed = await anotherWorkspace(org);

    for (const workspaceId of [unnamed, randomUUID()]) {
      expect((await stranger.api.post(`${ofWorkspace({ workspaceId })}/claim`)).status).toBe(404);
      expect((await stranger.api.delete(ofWorkspace({ workspaceId }))).status).toBe(404);
    }
    expect(await orgRoleIn(t, org.orgId, stranger.email)).toBeNull();
  });

  it('returns 403 for a claim while invites_enabled is off, and accepts it afterwards', async () => {
    const { org, stranger, id } = await invited();
    await updateOrg(org, { invites_enabled: false });

    expect((await stranger.api.post(`${ofOrg(org)}/claim`)).status).toBe(403);
    expect((await stranger.api.post(`${ofWorkspace(org)}/claim`)).status).toBe(403);
    expect(await invitationsOf(t, org)).toMatchObject([{ id, status: 'pending' }]);

    await updateOrg(org, { invites_enabled: true });
    expect((await stranger.api.post(`${ofOrg(org)}/claim`)).status).toBe(200);
  });

  it('returns 403 for a claim while the organization is disabled', async () => {
    const { org, stranger, id } = await invited();
    await t.sql('update organizations set is_disabled = true where id = $1', [org.orgId]);

    expect((await stranger.api.post(`${ofOrg(org)}/claim`)).status).toBe(403);
    expect((await stranger.api.post(`${ofWorkspace(org)}/claim`)).status).toBe(403);
    expect(await invitationsOf(t, org)).toMatchObject([{ id, status: 'pending' }]);
  });

  it('returns 422 for an id in the path that is no UUID', async () => {
    const { api } = await t.fixtures.userWithoutOrg();

    expect((await api.post('/api/v1/orgs/pending/acme/claim')).status).toBe(422);
    expect((await api.delete('/api/v1/workspaces/pending/acme')).status).toBe(422);
  });
});

describe('declining an invitation', () => {
  it('ends the invitation when the organization is declined', async () => {
    const { org, stranger, id } = await invited();

    expect((await stranger.api.delete(ofOrg(org))).status).toBe(200);

    expect(await invitationsOf(t, org)).toMatchObject([{ id, status: 'declined', grants: {} }]);
    expect((await stranger.api.post(`${ofOrg(org)}/claim`)).status).toBe(404);
    expect((await org.admin.api.get(`${ORG_MEMBERS}/pending`)).body).toEqual([]);
  });

  it('removes a declined workspace from the invitation, and a claim gives the rest', async () => {
    const { org, second, stranger, grants } = await invited();

    expect((await stranger.api.delete(ofWorkspace(second))).status).toBe(200);
    expect((await stranger.api.post(`${ofWorkspace(second)}/claim`)).status).toBe(404);
    await stranger.api.post(`${ofOrg(org)}/claim`);

    const { [second.workspaceId]: declined, ...rest } = grants;
    expect(declined).toBe(VIEWER);
    expect(await workspaceRolesIn(t, org.orgId, stranger.email)).toEqual(rest);
  });

  it('keeps the invitation to the organization when all its workspaces are declined', async () => {
    const { org, second, stranger, id } = await invited();

    await stranger.api.delete(ofWorkspace(org));
    await stranger.api.delete(ofWorkspace(second));

    expect(await invitationsOf(t, org)).toMatchObject([{ id, status: 'pending', grants: {} }]);
    expect((await stranger.api.get('/api/v1/orgs/pending')).body).toMatchObject([{ id: org.orgId }]);
  });

  it('ends an invitation from a workspace when its only workspace is declined', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const stranger = await t.fixtures.userWithoutOrg();
    await inviteBatch(org.admin, [{ email: stranger.email }]);

    expect((await stranger.api.delete(ofWorkspace(org))).status).toBe(200);

    expect(await invitationsOf(t, org)).toMatchObject([{ status: 'declined' }]);
    expect((await stranger.api.get('/api/v1/orgs/pending')).body).toEqual([]);
  });

  it('accepts declining an expired invitation, and one while invites_enabled is off', async () => {
    const { org, stranger, id } = await invited();
    await letExpire(t, id);
    await updateOrg(org, { invites_enabled: false });

    expect((await stranger.api.delete(ofOrg(org))).status).toBe(200);
  });
});
