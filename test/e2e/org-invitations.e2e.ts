import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { policy, SHARE } from '../support/access-policies.js';
import { role } from '../support/fixtures.js';
import {
  anotherWorkspace,
  customRole,
  invitation,
  invitationsOf,
  letExpire,
  ORG_BATCH,
  ORG_MEMBERS,
  orgRoleIn,
  updateOrg,
  workspaceRolesIn,
} from '../support/invitations.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { groupWith, VIEWER, WORKSPACE_ADMIN } from '../support/user-groups.js';

let t: TestApp;
beforeAll(async () => {
  t = await startTestApp();
});
afterAll(() => t.close());

const EDITOR = role('WORKSPACE_USER');

describe('inviting one user to the organization', () => {
  it('returns the pending member with roles and workspaces, and without secrets', async () => {
    const { admin, ...org } = await t.fixtures.orgWithAdmin();
    const email = t.fixtures.email();

    const { status, body } = await admin.api.post(ORG_MEMBERS, {
      ...{ email: ` ${email.toUpperCase()}`, full_name: 'Somebody New', password: 'Correct-Horse-Battery' },
      ...{
        workspace_ids: [org.workspaceId],
        workspace_role_id: EDITOR,
        role_id: role('ORGANIZATION_VIEWER'),
      },
    });

    expect(status).toBe(200);
    expect(body).toMatchObject({
      ...{ email, full_name: 'Somebody New', access_scope: 'organization', organization_id: org.orgId },
      ...{ tenant_id: null, workspace_ids: [org.workspaceId], workspace_role_id: EDITOR, password: null },
      ...{ role_id: role('ORGANIZATION_VIEWER'), role_name: 'Organization Viewer', is_expired: false },
    });
  });

  it('reveals no existing account of an invited address, in the response, a batch or the lists', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const [one, two] = [await t.fixtures.userWithoutOrg(), await t.fixtures.userWithoutOrg()];

    const replies = [
      await org.admin.api.post(ORG_MEMBERS, { email: one.email, password: 'Correct-Horse-Battery' }),
      await org.admin.api.post(ORG_BATCH, [{ email: one.email }, { email: two.email }]),
      await org.admin.api.get(`${ORG_MEMBERS}/pending`),
      await org.admin.api.get(ORG_MEMBERS),
    ];

    expect(replies.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    for (const { userId } of [one, two]) expect(JSON.stringify(replies)).not.toContain(userId);
    expect(replies[1]!.body).toMatchObject([{ user_id: null }, { user_id: null }]);
  });

  it('invites as Organization User if the request names no role', async () => {
    const { admin } = await t.fixtures.orgWithAdmin();

    const { body } = await admin.api.post(ORG_MEMBERS, { email: t.fixtures.email() });

    expect(body).toMatchObject({
      role_id: role('ORGANIZATION_USER'),
      workspace_ids: [],
      workspace_role_id: null,
    });
  });

  it('returns 409 with X-Should-Retry: false for a member and for a pending member', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const member = await t.fixtures.member(org, {});
    const pending = t.fixtures.email();
    await invitation(org, { email: pending });

    for (const email of [pending, pending.toUpperCase(), member.email, org.admin.email]) {
      const reply = await org.admin.api.post(ORG_MEMBERS, { email, workspace_ids: [org.workspaceId] });
      expect(reply.status).toBe(409);
      expect(reply.headers.get('x-should-retry')).toBe('false');
    }
    expect(await invitationsOf(t, org)).toMatchObject([{ email: pending, grants: {} }]);
  });

  it('renews an expired invitation when its address is invited again', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const email = t.fixtures.email();
    const id = await invitation(org, { email });
    await letExpire(t, id);

    const reply = await org.admin.api.post(ORG_MEMBERS, { email });

    expect(reply).toMatchObject({ status: 200, body: { id, is_expired: false } });
  });

  it('renews an expired invitation with the lesser org role and the new grants, and keeps other grants', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const elsewhere = await anotherWorkspace(org);
    const [admin, viewer] = [role('ORGANIZATION_ADMIN'), role('ORGANIZATION_VIEWER')];
    const [editor, inWorkspace] = [role('WORKSPACE_USER'), role('WORKSPACE_ADMIN')];
    const again = async (before: object, now: object) => {
      const email = t.fixtures.email();
      const both = [org.workspaceId, elsewhere];
      const id = await invitation(org, {
        ...{ email, workspace_ids: both, workspace_role_id: inWorkspace },
        ...before,
      });
      await letExpire(t, id);
      const row = { email, workspace_ids: [org.workspaceId], workspace_role_id: editor, ...now };
      const { body } = await org.admin.api.post(ORG_MEMBERS, row);
      const stored = (await invitationsOf(t, org)).find((one) => one.email === email)!;
      expect([body.id, body.role_id]).toEqual([id, stored.orgRoleId]);
      return stored;
    };
    const grants = { [org.workspaceId]: editor, [elsewhere]: inWorkspace };

    expect(await again({ role_id: admin }, {})).toMatchObject({
      orgRoleId: role('ORGANIZATION_USER'),
      grants,
    });
    expect(await again({ role_id: viewer }, { role_id: admin })).toMatchObject({ orgRoleId: viewer, grants });
  });

  it('returns 422 that names the field for a malformed address or id', async () => {
    const { admin } = await t.fixtures.orgWithAdmin();
    const fieldOf = async (row: Record<string, unknown>) => {
      const { status, body } = await admin.api.post(ORG_MEMBERS, row);
      return [status, ...body.detail.map(({ loc }: { loc: unknown[] }) => loc.join('.'))];
    };

    expect(await fieldOf({ email: 'not-an-address' })).toEqual([422, 'body.email']);
    expect(await fieldOf({ email: t.fixtures.email(), role_id: 'x' })).toEqual([422, 'body.role_id']);
    expect(await fieldOf({ email: t.fixtures.email(), workspace_ids: ['x'] })).toEqual([
      422,
      'body.workspace_ids.0',
    ]);
    expect(await fieldOf({})).toEqual([422, 'body.email']);
  });
});

describe('an invitation batch of the organization', () => {
  it('returns new users, unchanged pending members and members with their membership, row by row', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const member = await t.fixtures.member(org, {});
    const [pending, fresh] = [t.fixtures.email('pending'), t.fixtures.email('fresh')];
    const pendingId = await invitation(org, { email: pending });
    const there = { workspace_ids: [org.workspaceId], workspace_role_id: EDITOR };

    const { status, body } = await org.admin.api.post(ORG_BATCH, [
      { email: pending, ...there, role_id: role('ORGANIZATION_ADMIN') },
      { email: member.email, ...there },
      { email: fresh, ...there },
    ]);

    expect(status).toBe(200);
    expect(body).toMatchObject([
      { id: pendingId, email: pending, role_id: role('ORGANIZATION_USER'), workspace_ids: [org.workspaceId] },
      { id: member.membershipId, user_id: member.userId, ...there, access_scope: 'organization' },
      { email: fresh, user_id: null, ...there, access_scope: 'organization' },
    ]);
    expect(await workspaceRolesIn(t, org.orgId, member.email)).toEqual({ [org.workspaceId]: EDITOR });
  });

  it('returns new pending members as the list of pending members shows them', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const { email: known } = await t.fixtures.userWithoutOrg();
    const [fresh, opened] = [t.fixtures.email('fresh'), t.fixtures.email('opened')];
    const elsewhere = await anotherWorkspace(org);
    const rows = [
      { email: known, full_name: 'Somebody Known' },
      { email: fresh, workspace_ids: [org.workspaceId], workspace_role_id: EDITOR },
      { email: fresh, workspace_ids: [elsewhere, org.workspaceId], role_id: role('ORGANIZATION_VIEWER') },
    ];

    const made = await org.admin.api.post(ORG_BATCH, rows);
    const withAccount = await org.admin.api.post(ORG_BATCH, [
      { email: opened, password: 'Correct-Horse-Battery' },
    ]);

    const { body } = await org.admin.api.get(`${ORG_MEMBERS}/pending?sort_by_desc=false`);
    expect([made.body[0], made.body[1], ...withAccount.body]).toEqual(body);
  });

  it('refuses a batch as a whole and names every refused row', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const other = await t.fixtures.orgWithAdmin();
    const foreignRole = await customRole(other, ['workspaces:read']);
    const email = () => t.fixtures.email();

    const { status, body } = await org.admin.api.post(ORG_BATCH, [
      { email: email() },
      { email: email(), workspace_ids: [other.workspaceId] },
      { email: email(), role_id: foreignRole },
      { email: email(), workspace_ids: [org.workspaceId], workspace_role_id: foreignRole },
      { email: email(), workspace_ids: [org.workspaceId, randomUUID()] },
    ]);

    expect(status).toBe(404);
    expect(body.detail.map(({ loc }: { loc: unknown[] }) => loc.slice(1))).toEqual([
      [1, 'workspace_ids'],
      [2, 'role_id'],
      [3, 'workspace_role_id'],
      [4, 'workspace_ids'],
    ]);
    expect(await invitationsOf(t, org)).toEqual([]);
  });

  it('names all malformed rows of a batch at once, whatever is wrong with each', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const email = () => t.fixtures.email();

    const { status, body } = await org.admin.api.post(ORG_BATCH, [
      ...[{ email: 'not-an-address' }, { email: email(), role_id: 'admin' }, { email: email() }],
      ...[{ email: email(), password: 'Short-one' }, null, { email: 'a\0@b.example' }],
    ]);

    expect(status).toBe(422);
    expect(body.detail.map(({ loc }: { loc: unknown[] }) => loc.slice(1))).toEqual([
      ...[[0, 'email'], [1, 'role_id'], [3, 'password'], [4], [5, 'email']],
    ]);
  });

  it('returns 403 that names malformed and forbidden rows together', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const operator = await t.fixtures.member(org, {
      org: 'ORGANIZATION_OPERATOR',
      workspace: 'WORKSPACE_USER',
    });

    const { status, body } = await operator.api.post(ORG_BATCH, [
      { email: t.fixtures.email(), role_id: role('ORGANIZATION_ADMIN') },
      { email: 'not-an-address' },
      { email: t.fixtures.email() },
    ]);

    expect(status).toBe(403);
    expect(body.detail.map(({ loc }: { loc: unknown[] }) => loc.slice(1))).toEqual([
      [0, 'role_id'],
      [1, 'email'],
    ]);
    expect(await invitationsOf(t, org)).toEqual([]);
  });

  it('names the row with a password that is too weak', async () => {
    const org = await t.fixtures.orgWithAdmin();

    const { status, body } = await org.admin.api.post(ORG_BATCH, [
      { email: t.fixtures.email() },
      { email: t.fixtures.email(), password: 'short' },
    ]);

    expect(status).toBe(422);
    expect(body.detail[0].loc).toEqual(['body', 1, 'password']);
    expect(await invitationsOf(t, org)).toEqual([]);
  });

  it('returns 422 for a batch of more than 500 rows', async () => {
    const { admin } = await t.fixtures.orgWithAdmin();
    const rows = Array.from({ length: 501 }, () => ({ email: t.fixtures.email() }));

    expect((await admin.api.post(ORG_BATCH, rows)).status).toBe(422);
  });
});

describe('invitations by an operator', () => {
  const OPERATOR = { org: 'ORGANIZATION_OPERATOR', workspace: 'WORKSPACE_USER' } as const;

  it("lets an operator invite Organization Users and Viewers within the operator's workspace roles", async () => {
    const org = await t.fixtures.orgWithAdmin();
    const operator = await t.fixtures.member(org, OPERATOR);
    const elsewhere = await anotherWorkspace(org);
    const invite = async (row: Record<string, unknown>) =>
      (await operator.api.post(ORG_MEMBERS, { email: t.fixtures.email(), ...row })).status;
    const here = { workspace_ids: [org.workspaceId] };

    expect(await invite({ role_id: role('ORGANIZATION_USER') })).toBe(200);
    expect(await invite({ role_id: role('ORGANIZATION_VIEWER'), ...here, workspace_role_id: EDITOR })).toBe(
      200,
    );
    expect(await invite({ role_id: role('ORGANIZATION_ADMIN') })).toBe(403);
    expect(await invite({ role_id: role('ORGANIZATION_OPERATOR') })).toBe(403);
    expect(await invite({ ...here, workspace_role_id: role('WORKSPACE_ADMIN') })).toBe(403);
    expect(await invite({ workspace_ids: [elsewhere] })).toBe(403);
    expect(await invite({ password: 'Correct-Horse-Battery' })).toBe(403);
  });

  it('returns 403 when an operator revokes or renews an invitation as organization admin', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const operator = await t.fixtures.member(org, OPERATOR);
    const admin = await invitation(org, { email: t.fixtures.email(), role_id: role('ORGANIZATION_ADMIN') });
    const user = await invitation(org, { email: t.fixtures.email() });

    expect((await operator.api.post(`${ORG_MEMBERS}/${admin}/pending/resend`)).status).toBe(403);
    expect((await operator.api.delete(`${ORG_MEMBERS}/${admin}/pending`)).status).toBe(403);
    expect((await operator.api.delete(`${ORG_MEMBERS}/${admin}`)).status).toBe(403);
    expect((await operator.api.post(`${ORG_MEMBERS}/${user}/pending/resend`)).status).toBe(200);
    expect((await operator.api.delete(`${ORG_MEMBERS}/${user}/pending`)).status).toBe(200);
  });

  it('does not extend an invitation of an admin when an operator invites the address again', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const operator = await t.fixtures.member(org, OPERATOR);
    const email = t.fixtures.email();
    const id = await invitation(org, { email, role_id: role('ORGANIZATION_ADMIN') });
    await t.sql(`update invitations set expires_at = now() + interval '1 day' where id = $1`, [id]);
    const expiry = () => t.sql('select expires_at from invitations where id = $1', [id]);
    const before = await expiry();

    const { status, body } = await operator.api.post(ORG_BATCH, [{ email }]);

    expect({ status, body }).toMatchObject({ status: 200, body: [{ id }] });
    expect(await expiry()).toEqual(before);
  });

  it('returns 403 when an operator renews an invitation with more permissions than the operator holds', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const operator = await t.fixtures.member(org, OPERATOR);
    const lead = { workspace_ids: [org.workspaceId], workspace_role_id: role('WORKSPACE_ADMIN') };
    const id = await invitation(org, { email: t.fixtures.email(), ...lead });
    const resend = `${ORG_MEMBERS}/${id}/pending/resend`;
    const isExpired = async () => (await org.admin.api.get(`${ORG_MEMBERS}/pending`)).body[0].is_expired;

    expect((await operator.api.post(resend)).status).toBe(403);
    await letExpire(t, id);
    expect((await operator.api.post(resend)).status).toBe(403);
    expect(await isExpired()).toBe(true);
    expect((await org.admin.api.post(resend)).status).toBe(200);
    expect(await isExpired()).toBe(false);
  });
});

describe('members without the permission to invite', () => {
  it.each(['ORGANIZATION_USER', 'ORGANIZATION_VIEWER'] as const)(
    'returns 403 for every invitation request of an %s',
    async (name) => {
      const org = await t.fixtures.orgWithAdmin();
      const member = await t.fixtures.member(org, { org: name, workspace: 'WORKSPACE_ADMIN' });
      const id = await invitation(org, { email: t.fixtures.email() });
      const row = { email: t.fixtures.email() };

      expect((await member.api.post(ORG_MEMBERS, row)).status).toBe(403);
      expect((await member.api.post(ORG_BATCH, [row])).status).toBe(403);
      expect((await member.api.post(`${ORG_MEMBERS}/${id}/pending/resend`)).status).toBe(403);
      expect((await member.api.delete(`${ORG_MEMBERS}/${id}/pending`)).status).toBe(403);
      expect((await member.api.delete(`${ORG_MEMBERS}/${id}`)).status).toBe(403);
    },
  );

  it('returns 403 that names the setting while invites_enabled is off', async () => {
    const org = await t.fixtures.orgWithAdmin();
    await updateOrg(org, { invites_enabled: false });

    const { status, body } = await org.admin.api.post(ORG_MEMBERS, { email: t.fixtures.email() });

    expect(status).toBe(403);
    expect(body.detail).toMatchObject([
      { loc: ['body', 'email'], msg: expect.stringContaining('invites_enabled') },
    ]);
  });
});

describe('a password in an invitation', () => {
  it('creates an account that is in no organization until its user claims the invitation', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const email = t.fixtures.email();
    await invitation(org, { email, password: 'Correct-Horse-Battery' });

    const token = await t.fixtures.login(email, 'Correct-Horse-Battery');
    const api = t.api.as({ token });

    expect((await api.get('/api/v1/orgs?skip_create=true')).body).toEqual([]);
    expect((await api.get('/api/v1/orgs/pending')).body).toMatchObject([{ id: org.orgId }]);
    expect((await api.post(`/api/v1/orgs/pending/${org.orgId}/claim`)).status).toBe(200);
    expect(await orgRoleIn(t, org.orgId, email)).toBe(role('ORGANIZATION_USER'));
  });

  it('never changes an existing account by a password in an invitation', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const stranger = await t.fixtures.userWithoutOrg();
    await invitation(org, { email: stranger.email, password: 'Another-Horse-Battery' });

    await expect(t.fixtures.login(stranger.email, 'Another-Horse-Battery')).rejects.toThrow('401');
    await t.fixtures.login(stranger.email, stranger.password);
  });
});

it('refuses an operator who invites to more than they hold, by a policy of the role or by a group of a member', async () => {
  const org = await t.fixtures.orgWithAdmin();
  const operator = await t.fixtures.member(org, { org: 'ORGANIZATION_OPERATOR', workspace: EDITOR });
  const allowing = await customRole(org, ['workspaces:read']);
  await policy(org, { condition_groups: [SHARE], role_ids: [allowing] });
  const colleague = await t.fixtures.member(org, {});
  await groupWith(org, WORKSPACE_ADMIN, colleague);
  const inOrg = operator.api.as({ workspaceId: '' });
  const place = (workspace_role_id: string) => ({ workspace_ids: [org.workspaceId], workspace_role_id });

  const single = await inOrg.post(ORG_MEMBERS, { email: t.fixtures.email(), ...place(allowing) });
  const batch = await inOrg.post(ORG_BATCH, [
    { email: t.fixtures.email(), ...place(VIEWER) },
    { email: t.fixtures.email(), ...place(allowing) },
    { email: colleague.email, ...place(VIEWER) },
  ]);

  expect([single.status, batch.status]).toEqual([403, 403]);
  expect(single.body.detail[0].loc).toEqual(['body', 'workspace_role_id']);
  expect(batch.body.detail).toMatchObject([
    { loc: ['body', 1, 'workspace_role_id'], msg: expect.stringContaining(org.workspaceId) },
    { loc: ['body', 2, 'email'], msg: expect.stringContaining(colleague.email) },
  ]);
  expect(await invitationsOf(t, org)).toEqual([]);
  const allowed = await inOrg.post(ORG_MEMBERS, { email: t.fixtures.email(), ...place(VIEWER) });
  expect(allowed.status).toBe(200);
});
