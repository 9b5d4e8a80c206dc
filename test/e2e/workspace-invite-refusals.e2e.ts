import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemRole } from '../../src/modules/roles/system-roles.js';
import { policy, SHARE } from '../support/access-policies.js';
import { type OrgWithAdmin, type Person, role } from '../support/fixtures.js';
import {
  anotherWorkspace,
  inviteBatch,
  customRole,
  invitation,
  invitationsOf,
  letExpire,
  orgRoleIn,
  orgWithLead,
  updateOrg,
  workspaceRolesIn,
} from '../support/invitations.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { groupWith, WORKSPACE_ADMIN } from '../support/user-groups.js';

let t: TestApp;
beforeAll(async () => {
  t = await startTestApp();
});
afterAll(() => t.close());

/** Expects a refusal with one problem, and no invitation in the database. */
async function expectRefused(
  { org, lead }: { org: OrgWithAdmin; lead: Person },
  row: Record<string, unknown>,
  expected: { status: number; field: string; msg?: string },
): Promise<void> {
  const { status, body } = await inviteBatch(lead, [
    { email: t.fixtures.email('innocent') },
    { email: t.fixtures.email('asked'), ...row },
  ]);

  const { field, msg } = expected;
  expect({ status, detail: body.detail }).toEqual({
    status: expected.status,
    detail: [
      {
        loc: ['body', 1, field],
        msg: msg ? expect.stringContaining(msg) : expect.any(String),
        type: expect.any(String),
      },
    ],
  });
  expect(await invitationsOf(t, org)).toEqual([]);
}

describe('an escalation of rights by a workspace admin', () => {
  it.each(['ORGANIZATION_ADMIN', 'ORGANIZATION_OPERATOR'] as const)(
    'returns 403 when a workspace admin invites a person as %s',
    async (name) => {
      const given = await orgWithLead(t);

      await expectRefused(given, { role_id: role(name) }, { status: 403, field: 'role_id' });
    },
  );

  it('returns 403 when a workspace admin invites a member of the organization as its admin', async () => {
    const { org, lead } = await orgWithLead(t);
    const colleague = await t.fixtures.member(org, {});

    const { status } = await inviteBatch(lead, [
      { email: colleague.email, role_id: role('ORGANIZATION_ADMIN') },
    ]);

    expect(status).toBe(403);
    expect(await orgRoleIn(t, org.orgId, colleague.email)).toBe(role('ORGANIZATION_USER'));
    expect(await workspaceRolesIn(t, org.orgId, colleague.email)).toEqual({});
  });

  it('returns 403 when a workspace admin grants a workspace role above their own', async () => {
    const { org } = await orgWithLead(t);
    const viewing = systemRole('WORKSPACE_VIEWER').permissions;
    const steward = await customRole(org, ['workspaces:manage-members', ...viewing]);
    const lead = await t.fixtures.member(org, { workspace: steward });

    await expectRefused(
      { org, lead },
      { workspace_role_id: role('WORKSPACE_ADMIN') },
      { status: 403, field: 'workspace_role_id', msg: 'Admin' },
    );
  });

  it('returns 403 when a workspace admin grants a custom role with a permission that they lack', async () => {
    const { org } = await orgWithLead(t);
    const readings = ['workspaces:read', 'workspaces:manage-members', 'runs:read'] as const;
    const steward = await customRole(org, [...readings]);
    const remover = await customRole(org, [...readings, 'runs:delete']);
    const lead = await t.fixtures.member(org, { workspace: steward });

    const refused = await inviteBatch(lead, [{ email: t.fixtures.email(), workspace_role_id: remover }]);
    const allowed = await inviteBatch(lead, [{ email: t.fixtures.email(), workspace_role_id: steward }]);

    expect([refused.status, allowed.status]).toEqual([403, 200]);
  });

  it('returns 403 for a role with a policy that allows more than the caller holds', async () => {
    const { org } = await orgWithLead(t);
    const manager = await customRole(org, ['workspaces:read', 'workspaces:manage-members']);
    const allowing = await customRole(org, ['workspaces:read']);
    await policy(org, { condition_groups: [SHARE], role_ids: [allowing] });
    const lead = await t.fixtures.member(org, { workspace: manager });

    const refused = await inviteBatch(lead, [
      { email: t.fixtures.email(), workspace_role_id: manager },
      { email: t.fixtures.email(), workspace_role_id: allowing },
    ]);

    expect(refused.status).toBe(403);
    expect(refused.body.detail).toEqual([
      {
        loc: ['body', 1, 'workspace_role_id'],
        msg: expect.stringMatching(/datasets:share.*Organization Admin/),
        type: 'forbidden',
      },
    ]);
    expect(await invitationsOf(t, org)).toEqual([]);
  });

  it('returns 403 for a permission that a policy denies the caller and would not deny the invited person', async () => {
    const { org } = await orgWithLead(t);
    const managing = ['workspaces:read', 'workspaces:manage-members', 'datasets:share'] as const;
    const [denied, free] = [await customRole(org, [...managing]), await customRole(org, [...managing])];
    await policy(org, { effect: 'deny', condition_groups: [SHARE], role_ids: [denied] });
    const lead = await t.fixtures.member(org, { workspace: denied });
    const inviteAs = (roleId: string) =>
      inviteBatch(lead, [{ email: t.fixtures.email(), workspace_role_id: roleId }]);

    expect((await inviteAs(free)).status).toBe(403);
    expect((await inviteAs(denied)).status).toBe(200);
  });

  it('names the one of 500 rows with a member whose group gives more than the caller holds', async () => {
    const { org, lead: admin } = await orgWithLead(t);
    const manager = await customRole(org, ['workspaces:read', 'workspaces:manage-members']);
    const lead = await t.fixtures.member(org, { workspace: manager });
    const colleague = await t.fixtures.member(org, {});
    await groupWith(org, WORKSPACE_ADMIN, colleague);
    const rows = Array.from({ length: 500 }, (_, n) => ({
      email: n === 321 ? colleague.email : t.fixtures.email(`n${n}`),
      workspace_role_id: manager,
    }));

    const refused = await inviteBatch(lead, rows);

    expect(refused.status).toBe(403);
    expect(refused.headers.get('x-error-code')).toBe('invites_forbidden');
    expect(refused.body.detail).toEqual([
      {
        loc: ['body', 321, 'email'],
        msg: expect.stringMatching(
          `^${colleague.email} is in the user group .* An Organization Admin, or a member who holds`,
        ),
        type: 'forbidden',
      },
    ]);
    expect(await invitationsOf(t, org)).toEqual([]);
    expect((await inviteBatch(admin, rows.slice(321, 322))).status).toBe(200);
  });

  it('accepts a member of the workspace again, however strong they are', async () => {
    const { org, lead: admin } = await orgWithLead(t);
    const manager = await customRole(org, ['workspaces:read', 'workspaces:manage-members']);
    const lead = await t.fixtures.member(org, { workspace: manager });

    const again = await inviteBatch(lead, [{ email: admin.email, workspace_role_id: WORKSPACE_ADMIN }]);

    expect(again).toMatchObject({ status: 200, body: [{ workspace_role_id: WORKSPACE_ADMIN }] });
  });

  it('keeps a pending role with a policy that allows more than the caller holds', async () => {
    const { org } = await orgWithLead(t);
    const manager = await customRole(org, ['workspaces:read', 'workspaces:manage-members']);
    const allowing = await customRole(org, ['workspaces:read']);
    await policy(org, { condition_groups: [SHARE], role_ids: [allowing] });
    const lead = await t.fixtures.member(org, { workspace: manager });
    const email = t.fixtures.email();
    await invitation(org, { email, workspace_ids: [org.workspaceId], workspace_role_id: allowing });

    const again = await inviteBatch(lead, [{ email, workspace_role_id: manager }]);

    expect(again).toMatchObject({ status: 200, body: [{ workspace_role_id: allowing }] });
  });

  it('returns 403 when a workspace admin renews an expired invitation of an organization admin', async () => {
    const { org, lead } = await orgWithLead(t);
    const email = t.fixtures.email('admin');
    await letExpire(t, await invitation(org, { email, role_id: role('ORGANIZATION_ADMIN') }));

    const { status, body } = await inviteBatch(lead, [{ email }]);

    expect(status).toBe(403);
    expect(body.detail[0]).toMatchObject({ loc: ['body', 0, 'email'], msg: expect.stringContaining(email) });
    const [waiting] = (await org.admin.api.get('/api/v1/orgs/current/members/pending')).body;
    expect(waiting).toMatchObject({ email, is_expired: true, workspace_ids: [] });
  });

  it('adds a workspace but no later expiry to a pending invitation of an organization admin', async () => {
    const { org, lead } = await orgWithLead(t);
    const email = t.fixtures.email('admin');
    const id = await invitation(org, { email, role_id: role('ORGANIZATION_ADMIN') });
    await t.sql(`update invitations set expires_at = now() + interval '1 hour' where id = $1`, [id]);

    const { status, body } = await inviteBatch(lead, [{ email }]);

    expect(status).toBe(200);
    expect(body).toMatchObject([
      { id, role_id: role('ORGANIZATION_ADMIN'), workspace_ids: [org.workspaceId] },
    ]);
    expect(new Date(body[0].expires_at).getTime()).toBeLessThan(Date.now() + 3_600_001);
  });
});

describe('a row of a batch with a forbidden value', () => {
  it('returns 403 for another workspace of the organization', async () => {
    const given = await orgWithLead(t);
    const elsewhere = await anotherWorkspace(given.org);

    await expectRefused(given, { workspace_ids: [elsewhere] }, { status: 403, field: 'workspace_ids' });
  });

  it('returns 403 for a workspace of another organization, like one that does not exist', async () => {
    const given = await orgWithLead(t);
    const other = await t.fixtures.orgWithAdmin();

    for (const id of [other.workspaceId, randomUUID()])
      await expectRefused(given, { workspace_ids: [id] }, { status: 403, field: 'workspace_ids' });
  });

  it('returns 404 for a role of another organization, like one that does not exist', async () => {
    const given = await orgWithLead(t);
    const foreign = await customRole(await t.fixtures.orgWithAdmin(), ['workspaces:read']);

    for (const id of [foreign, randomUUID()]) {
      await expectRefused(given, { workspace_role_id: id }, { status: 404, field: 'workspace_role_id' });
      await expectRefused(given, { role_id: id }, { status: 404, field: 'role_id' });
    }
  });

  it('returns 404 for an org role as workspace role, and for a workspace role as org role', async () => {
    const given = await orgWithLead(t);

    await expectRefused(given, { role_id: role('WORKSPACE_VIEWER') }, { status: 404, field: 'role_id' });
    await expectRefused(
      given,
      { workspace_role_id: role('ORGANIZATION_USER') },
      { status: 404, field: 'workspace_role_id' },
    );
  });

  it('returns 403 for every password, because only the organization creates accounts', async () => {
    const given = await orgWithLead(t);

    await expectRefused(given, { password: 'Correct-Horse-Battery' }, { status: 403, field: 'password' });
    await expectRefused(given, { password: 'x' }, { status: 403, field: 'password' });
  });
});

describe('a malformed batch of invitations', () => {
  it('returns 422 that names each invalid address with its row', async () => {
    const { org, lead } = await orgWithLead(t);

    const { status, body } = await inviteBatch(lead, [
      { email: 'no-at-sign' },
      { email: t.fixtures.email() },
      { email: 'ｆull@example.com' },
    ]);

    expect(status).toBe(422);
    expect(body.detail.map(({ loc }: { loc: unknown }) => loc)).toEqual([
      ['body', 0, 'email'],
      ['body', 2, 'email'],
    ]);
    expect(await invitationsOf(t, org)).toEqual([]);
  });

  it('returns 422 that names each field of the wrong type with its row', async () => {
    const { lead } = await orgWithLead(t);

    const { status, body } = await inviteBatch(lead, [
      { email: [t.fixtures.email(), t.fixtures.email()] },
      'somebody@example.com',
      { email: t.fixtures.email(), role_id: 'admin' },
      {},
    ]);

    expect(status).toBe(422);
    expect(body.detail.map(({ loc }: { loc: unknown }) => loc)).toEqual([
      ['body', 0, 'email'],
      ['body', 1],
      ['body', 2, 'role_id'],
      ['body', 3, 'email'],
    ]);
  });

  it('returns 422 when the batch is no list', async () => {
    const { lead } = await orgWithLead(t);

    expect((await inviteBatch(lead, { email: t.fixtures.email() })).status).toBe(422);
  });

  it('returns 422 for 501 rows, and accepts 500', async () => {
    const { org, lead } = await orgWithLead(t);
    const people = Array.from({ length: 501 }, (_, index) => ({
      email: `p${index}@${randomUUID()}.example`,
    }));

    const tooMany = await inviteBatch(lead, people);
    const enough = await inviteBatch(lead, people.slice(1));

    expect(tooMany).toMatchObject({ status: 422, body: { detail: [{ loc: ['body'], type: 'too_long' }] } });
    expect(enough.status).toBe(200);
    expect(enough.body.map(({ email }: Person) => email)).toEqual(people.slice(1).map(({ email }) => email));
    expect(await invitationsOf(t, org)).toHaveLength(500);
  });
});

describe('a batch with malformed and forbidden rows', () => {
  it('returns 403 that names both kinds when a new person is forbidden', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const lead = await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });
    const colleague = await t.fixtures.member(org, {});

    const { status, body } = await inviteBatch(lead, [
      { email: 'no-at-sign' },
      { email: colleague.email },
      { email: t.fixtures.email('new') },
      { email: colleague.email, role_id: 'admin' },
      null,
    ]);

    expect(status).toBe(403);
    expect(body.detail.map(({ loc, type }: { loc: unknown; type: string }) => [loc, type])).toEqual([
      [['body', 0, 'email'], 'value_error'],
      [['body', 2, 'email'], 'forbidden'],
      [['body', 3, 'role_id'], 'string_pattern_mismatch'],
      [['body', 4], 'missing'],
    ]);
    expect(await workspaceRolesIn(t, org.orgId, colleague.email)).toEqual({});
  });

  it('returns 422 that names malformed rows and unknown roles when no row is forbidden', async () => {
    const { org, lead } = await orgWithLead(t);

    const { status, body } = await inviteBatch(lead, [
      { email: t.fixtures.email(), role_id: randomUUID() },
      { email: 7 },
    ]);

    expect(status).toBe(422);
    expect(body.detail.map(({ loc }: { loc: unknown }) => loc)).toEqual([
      ['body', 0, 'role_id'],
      ['body', 1, 'email'],
    ]);
    expect(await invitationsOf(t, org)).toEqual([]);
  });
});

describe('callers without the right to invite to the workspace', () => {
  it.each(['WORKSPACE_USER', 'WORKSPACE_VIEWER'])(
    'returns 403 for a member with the role %s in the workspace',
    async (name) => {
      const { org } = await orgWithLead(t);
      const member = await t.fixtures.member(org, { workspace: name });

      expect(await inviteBatch(member, [{ email: t.fixtures.email() }])).toMatchObject({ status: 403 });
    },
  );

  it('returns 403 for the admin of another workspace or of another organization', async () => {
    const { org } = await orgWithLead(t);
    const elsewhere = await t.fixtures.member(
      { ...org, workspaceId: await anotherWorkspace(org) },
      { workspace: 'WORKSPACE_ADMIN' },
    );
    const other = await orgWithLead(t);
    const rows = [{ email: t.fixtures.email() }];

    for (const { api } of [elsewhere, other.lead, other.org.admin]) {
      const here = api.as({ orgId: org.orgId, workspaceId: org.workspaceId });
      expect((await here.post('/api/v1/workspaces/current/members/batch', rows)).status).toBe(403);
    }
  });

  it('returns 403 for an operator outside the workspace, while an operator who is Admin there invites ordinary members', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const outside = await t.fixtures.member(org, { org: 'ORGANIZATION_OPERATOR' });
    const inside = await t.fixtures.member(org, {
      org: 'ORGANIZATION_OPERATOR',
      workspace: 'WORKSPACE_ADMIN',
    });

    expect((await inviteBatch(outside, [{ email: t.fixtures.email() }])).status).toBe(403);
    expect((await inviteBatch(inside, [{ email: t.fixtures.email() }])).status).toBe(200);
    const asAdmin = { email: t.fixtures.email(), role_id: role('ORGANIZATION_ADMIN') };
    expect((await inviteBatch(inside, [asAdmin])).status).toBe(403);
  });

  it('returns 401 for a request without a credential', async () => {
    const reply = await t.api.post('/api/v1/workspaces/current/members/batch', [
      { email: t.fixtures.email() },
    ]);

    expect(reply.status).toBe(401);
  });
});

describe('an organization that accepts no new members', () => {
  it('refuses new people and still adds members and pending users to the workspace', async () => {
    const { org, lead } = await orgWithLead(t);
    const colleague = await t.fixtures.member(org, {});
    const pending = t.fixtures.email('pending');
    await invitation(org, { email: pending });
    await updateOrg(org, { invites_enabled: false });

    const refused = await inviteBatch(lead, [{ email: t.fixtures.email() }]);
    const added = await inviteBatch(lead, [{ email: colleague.email }, { email: pending }]);

    expect(refused).toMatchObject({ status: 403 });
    expect(refused.body.detail[0].msg).toContain('invites_enabled');
    expect(added.status).toBe(200);
    const here = { [org.workspaceId]: role('WORKSPACE_VIEWER') };
    expect(await workspaceRolesIn(t, org.orgId, colleague.email)).toEqual(here);
    expect(await invitationsOf(t, org)).toMatchObject([{ email: pending, grants: here }]);
  });

  it('returns 403 for every invitation to a personal organization', async () => {
    const { org } = await orgWithLead(t);
    await t.sql('update organizations set is_personal = true where id = $1', [org.orgId]);

    const { status, body } = await inviteBatch(org.admin, [{ email: t.fixtures.email() }]);

    expect(status).toBe(403);
    expect(body.detail[0].msg).toContain('personal');
  });
});
