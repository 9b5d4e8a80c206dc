import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type OrgWithAdmin, type Person, role } from '../support/fixtures.js';
import {
  anotherWorkspace,
  customRole,
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
const add = ({ api }: Person, rows: unknown) => api.post(`${ORG_MEMBERS}/basic/batch`, rows);
const locations = (body: { detail: { loc: unknown[] }[] }) => body.detail.map(({ loc }) => loc.slice(1));

async function hasAccount(email: string): Promise<boolean> {
  return (await t.sql('select from users where email = $1', [email])).length > 0;
}

describe('adding members with accounts', () => {
  it('creates active members and returns their passwords once, in order and valid for login', async () => {
    const { admin, ...org } = await t.fixtures.orgWithAdmin();
    const [chosen, generated] = [t.fixtures.email('chosen'), t.fixtures.email('generated')];

    const { status, body } = await add(admin, [
      { email: ` ${chosen.toUpperCase()}`, password: 'Correct-Horse-Battery', full_name: 'Chosen One' },
      {
        ...{ email: generated, role_id: role('ORGANIZATION_VIEWER') },
        ...{ workspace_ids: [org.workspaceId], workspace_role_id: EDITOR },
      },
    ]);

    expect(status).toBe(200);
    expect(body).toMatchObject([
      { email: chosen, full_name: 'Chosen One', password: 'Correct-Horse-Battery' },
      { email: generated, password: expect.stringMatching(/^\S{12,}$/) },
    ]);
    for (const { email, password, id } of body) {
      const me = t.api.as({ token: await t.fixtures.login(email, password), orgId: org.orgId });
      expect((await me.get('/api/v1/orgs/current')).status).toBe(200);
      expect(id).toMatch(/^[0-9a-f-]{36}$/);
    }
    expect(await orgRoleIn(t, org.orgId, chosen)).toBe(role('ORGANIZATION_USER'));
    expect(await orgRoleIn(t, org.orgId, generated)).toBe(role('ORGANIZATION_VIEWER'));
    expect(await workspaceRolesIn(t, org.orgId, generated)).toEqual({ [org.workspaceId]: EDITOR });
  });

  it('stores no password in plain text, chosen or generated', async () => {
    const { admin } = await t.fixtures.orgWithAdmin();

    const [{ id, password }] = (await add(admin, [{ email: t.fixtures.email() }])).body;

    const [row] = await t.sql<{ digest: string }>('select digest from passwords where user_id = $1', [id]);
    expect(row!.digest).toMatch(/^\$argon2id\$/);
    expect(row!.digest).not.toContain(password);
  });

  it('adds a user whom the organization invited with a password, and keeps that password', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const email = t.fixtures.email();
    await invitation(org, { email, password: 'Correct-Horse-Battery' });

    const { body } = await add(org.admin, [{ email, password: 'Another-Horse-Battery' }]);

    expect(body).toMatchObject([{ email, password: null }]);
    await expect(t.fixtures.login(email, 'Another-Horse-Battery')).rejects.toThrow('401');
    await t.fixtures.login(email, 'Correct-Horse-Battery');
    expect(await orgRoleIn(t, org.orgId, email)).toBe(role('ORGANIZATION_USER'));
  });

  it('refuses a user whose account another organization created, and reveals nothing else about it', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const known = { full_name: 'Known Elsewhere' };
    const [stranger, { admin: member }] = [
      await t.fixtures.userWithoutOrg(),
      await t.fixtures.orgWithAdmin(),
    ];
    for (const { api } of [stranger, member]) await api.patch('/api/v1/orgs/members/basic', known);

    const { status, body } = await add(org.admin, [
      ...[{ email: t.fixtures.email() }, { email: stranger.email }, { email: member.email }],
    ]);

    expect(status).toBe(403);
    expect(locations(body)).toEqual([
      [1, 'email'],
      [2, 'email'],
    ]);
    expect(JSON.stringify(body)).toMatch(/invite the user/);
    for (const { userId } of [stranger, member]) expect(JSON.stringify(body)).not.toContain(userId);
    expect(JSON.stringify(body)).not.toContain('Known Elsewhere');
    expect(await orgRoleIn(t, org.orgId, stranger.email)).toBeNull();
  });

  it('refuses a former member whose password the organization chose and who is now a member of another', async () => {
    const [org, elsewhere] = [await t.fixtures.orgWithAdmin(), await t.fixtures.orgWithAdmin()];
    const person = await t.fixtures.member(org, {});
    await t.fixtures.addMember(elsewhere, person, {});
    expect((await org.admin.api.delete(`${ORG_MEMBERS}/${person.membershipId}`)).status).toBe(200);

    const { status, body } = await add(org.admin, [{ email: person.email }]);

    expect(status).toBe(403);
    expect(locations(body)).toEqual([[0, 'email']]);
    expect(await orgRoleIn(t, org.orgId, person.email)).toBeNull();
  });

  it('adds a member to more workspaces and leaves the existing roles unchanged', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const editor = await t.fixtures.member(org, { workspace: 'WORKSPACE_USER' });
    const second = await anotherWorkspace(org);

    const { status } = await add(org.admin, [
      {
        ...{ email: editor.email, role_id: role('ORGANIZATION_ADMIN') },
        ...{ workspace_ids: [org.workspaceId, second], workspace_role_id: VIEWER },
      },
    ]);

    expect(status).toBe(200);
    expect(await orgRoleIn(t, org.orgId, editor.email)).toBe(role('ORGANIZATION_USER'));
    expect(await workspaceRolesIn(t, org.orgId, editor.email)).toEqual({
      [org.workspaceId]: EDITOR,
      [second]: VIEWER,
    });
  });

  it('takes two rows with the same address as one user, and the first row decides', async () => {
    const { admin, orgId } = await t.fixtures.orgWithAdmin();
    const email = t.fixtures.email();

    const { body } = await add(admin, [
      { email, password: 'Correct-Horse-Battery', role_id: role('ORGANIZATION_VIEWER') },
      { email, password: 'Another-Horse-Battery' },
    ]);

    expect(body[1]).toEqual(body[0]);
    await t.fixtures.login(email, 'Correct-Horse-Battery');
    expect(await orgRoleIn(t, orgId, email)).toBe(role('ORGANIZATION_VIEWER'));
  });
});

describe('a user id that the caller chooses', () => {
  it.each(['user_id', 'ls_user_id'])(
    'takes %s as the id of the new account and accepts the same row again',
    async (field) => {
      const { admin, orgId } = await t.fixtures.orgWithAdmin();
      const [id, email] = [randomUUID(), t.fixtures.email()];

      const first = await add(admin, [{ email, [field]: id.toUpperCase() }]);
      const again = await add(admin, [{ email, [field]: id }]);

      expect(first).toMatchObject({ status: 200, body: [{ id, ls_user_id: id, email }] });
      expect(again).toMatchObject({ status: 200, body: [{ id, password: null }] });
      const token = await t.fixtures.login(email, first.body[0].password);
      expect((await t.api.as({ token, orgId }).get('/api/v1/me/ls_user_id')).body).toBe(id);
    },
  );

  it('returns 409 for the whole batch if an address or an id already belongs to another account', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const stranger = (await t.fixtures.orgWithAdmin()).admin;
    const [innocent, newcomer, known] = [
      t.fixtures.email('innocent'),
      t.fixtures.email('newcomer'),
      t.fixtures.email(),
    ];
    await invitation(org, { email: known, password: 'Correct-Horse-Battery' });

    const { status, body } = await add(org.admin, [
      { email: innocent },
      { email: known, user_id: randomUUID() },
      { email: newcomer, ls_user_id: stranger.userId },
    ]);

    expect(status).toBe(409);
    expect(body.detail).toMatchObject([
      { loc: ['body', 1, 'user_id'], msg: expect.stringContaining(known) },
      { loc: ['body', 2, 'user_id'], msg: expect.stringContaining(newcomer) },
    ]);
    expect(JSON.stringify(body.detail[1])).not.toContain(stranger.email);
    expect([await hasAccount(innocent), await hasAccount(newcomer)]).toEqual([false, false]);
    expect(await orgRoleIn(t, org.orgId, known)).toBeNull();
  });

  it('gives an id to one of four requests that choose it at the same moment', async () => {
    const orgs = [await t.fixtures.orgWithAdmin(), await t.fixtures.orgWithAdmin()];
    const user_id = randomUUID();

    const replies = await Promise.all(
      [0, 1, 0, 1].map((index) => add(orgs[index]!.admin, [{ email: t.fixtures.email(), user_id }])),
    );

    expect(replies.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 409, 409, 409]);
  });

  it('returns 422 for the nil UUID, which the database forbids too', async () => {
    const { admin } = await t.fixtures.orgWithAdmin();
    const nil = '00000000-0000-0000-0000-000000000000';

    const refused = await add(admin, [{ email: t.fixtures.email(), user_id: nil }]);

    expect([refused.status, locations(refused.body)]).toEqual([422, [[0, 'user_id']]]);
    const insert = `insert into users (id, email) values ('${nil}', 'nil@example.com')`;
    await expect(t.sql(insert)).rejects.toThrow('users_id_is_not_nil');
  });

  it('returns 422 for two different ids in one row and for one id in two rows', async () => {
    const { admin } = await t.fixtures.orgWithAdmin();
    const [one, two] = [randomUUID(), randomUUID()];

    const twofold = await add(admin, [
      { email: t.fixtures.email(), user_id: one, ls_user_id: two },
      { email: t.fixtures.email(), password: 'short' },
    ]);
    const shared = await add(admin, [
      { email: t.fixtures.email(), user_id: one },
      { email: t.fixtures.email(), ls_user_id: one },
    ]);

    expect([twofold.status, shared.status]).toEqual([422, 422]);
    expect([...new Set(locations(twofold.body).map(String))]).toEqual(['0,ls_user_id', '1,password']);
    expect(locations(shared.body)).toEqual([[1, 'ls_user_id']]);
  });
});

describe('adding a user who has an invitation', () => {
  it('accepts the invitation and gives the user both the invited and the added access', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const second = await anotherWorkspace(org);
    const email = t.fixtures.email();
    const id = await invitation(org, {
      ...{ email, full_name: 'Ada', role_id: role('ORGANIZATION_VIEWER') },
      ...{ workspace_ids: [org.workspaceId], workspace_role_id: EDITOR },
    });

    const { status, body } = await add(org.admin, [
      { email, workspace_ids: [org.workspaceId, second], workspace_role_id: VIEWER },
    ]);

    expect(status).toBe(200);
    expect(body).toMatchObject([{ email, full_name: 'Ada' }]);
    expect(await invitationsOf(t, org)).toMatchObject([{ id, status: 'accepted' }]);
    expect(await orgRoleIn(t, org.orgId, email)).toBe(role('ORGANIZATION_VIEWER'));
    expect(await workspaceRolesIn(t, org.orgId, email)).toEqual({
      [org.workspaceId]: EDITOR,
      [second]: VIEWER,
    });
  });

  it('gives nothing of an expired invitation and ends it', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const email = t.fixtures.email();
    await letExpire(t, await invitation(org, { email, role_id: role('ORGANIZATION_ADMIN') }));

    expect((await add(org.admin, [{ email }])).status).toBe(200);

    expect(await orgRoleIn(t, org.orgId, email)).toBe(role('ORGANIZATION_USER'));
    expect(await invitationsOf(t, org)).toMatchObject([{ status: 'revoked' }]);
  });
});

describe('refused batches of members', () => {
  async function refused(
    { admin, ...org }: OrgWithAdmin,
    rows: Record<string, unknown>[],
    by: Person = admin,
  ): Promise<{ status: number; at: unknown[] }> {
    const innocent = t.fixtures.email('innocent');
    const { status, body } = await add(by, [{ email: innocent }, ...rows]);
    expect(await orgRoleIn(t, org.orgId, innocent)).toBeNull();
    expect(await hasAccount(innocent)).toBe(false);
    return { status, at: locations(body) };
  }

  it('returns 422 that names each address, id and password that is not valid', async () => {
    const org = await t.fixtures.orgWithAdmin();

    expect(await refused(org, [{ email: 'not-an-address' }])).toEqual({ status: 422, at: [[1, 'email']] });
    const weak = await refused(org, [{ email: t.fixtures.email(), password: 'short' }]);
    expect(weak.status).toBe(422);
    expect(new Set(weak.at.map(String))).toEqual(new Set(['1,password']));
    const badId = { email: t.fixtures.email(), role_id: 'admin' };
    expect(await refused(org, [badId])).toEqual({ status: 422, at: [[1, 'role_id']] });
  });

  it('returns 404 when a row names a role or workspace of another organization', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const other = await t.fixtures.orgWithAdmin();
    const roleId = await customRole(other, ['workspaces:read']);

    const rows = [
      { email: t.fixtures.email(), workspace_ids: [other.workspaceId] },
      { email: t.fixtures.email(), workspace_ids: [org.workspaceId], workspace_role_id: roleId },
    ];
    expect(await refused(org, rows)).toEqual({
      status: 404,
      at: [
        [1, 'workspace_ids'],
        [2, 'workspace_role_id'],
      ],
    });
  });

  it('returns 403 for a user whose pending invitation would be accepted while invitations are disabled', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const [pending, expired, stranger] = ['pending', 'expired', 'new'].map((name) => t.fixtures.email(name));
    await invitation(org, { email: pending! });
    await letExpire(t, await invitation(org, { email: expired! }));
    await updateOrg(org, { invites_enabled: false });

    expect(await refused(org, [{ email: pending }])).toEqual({ status: 403, at: [[1, 'email']] });
    const { status, body } = await add(org.admin, [{ email: expired }, { email: stranger }]);
    expect([status, body.length]).toEqual([200, 2]);
    expect(await orgRoleIn(t, org.orgId, stranger!)).toBe(role('ORGANIZATION_USER'));
    expect(await invitationsOf(t, org)).toMatchObject([{ status: 'pending' }, { status: 'revoked' }]);
  });

  it('returns 403 that names malformed and forbidden rows together', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const [pending, weak] = [t.fixtures.email(), t.fixtures.email()];
    await invitation(org, { email: pending });
    await invitation(org, { email: weak });
    await updateOrg(org, { invites_enabled: false });

    const rows = [{ email: 'not-an-address' }, { email: pending }, { email: weak, password: 'short' }];
    const { status, at } = await refused(org, rows);

    expect(status).toBe(403);
    expect([...new Set(at.map(String))]).toEqual(['1,email', '2,email', '3,email', '3,password']);
  });

  it('returns 403 for members without organization:manage, workspace admins included', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const lead = await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });

    expect((await add(lead, [{ email: t.fixtures.email() }])).status).toBe(403);
  });

  it('returns 422 for a batch of more than 500 rows', async () => {
    const { admin } = await t.fixtures.orgWithAdmin();
    const rows = Array.from({ length: 501 }, () => ({ email: t.fixtures.email() }));

    expect((await add(admin, rows)).status).toBe(422);
  });
});
