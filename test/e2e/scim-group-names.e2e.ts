import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { SystemRoleName } from '../../src/modules/roles/system-roles.js';
import { type Member, type OrgWithAdmin, role } from '../support/fixtures.js';
import { anotherWorkspace, customRole, updateOrg, workspaceRolesIn } from '../support/invitations.js';
import {
  GROUP,
  listOf,
  type Scim,
  scimError,
  scimOf,
  scimOfOperator,
  TENANTRY_GROUP,
  userOf,
} from '../support/scim.js';
import { groupWith } from '../support/user-groups.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

let t: TestApp;
let scim: Scim;
beforeAll(async () => {
  t = await startTestApp();
  scim = await scimOf((await t.fixtures.orgWithAdmin()).admin.api);
});
afterAll(() => t.close());

let count = 0;
const newName = () => `Team Ünit ${(count += 1)}`;
const create = (displayName: string, by = scim) => by.post('/Groups', { displayName });

describe('the displayName of a SCIM group', () => {
  it('returns 409 for POST, PUT and PATCH with the name of another group in another case', async () => {
    const name = newName();
    await create(name);
    const { id } = (await create(newName())).body;

    for (const taken of [name, name.toUpperCase(), name.toLowerCase()])
      for (const reply of [
        await create(taken),
        await scim.put(`/Groups/${id}`, { displayName: taken }),
        await scim.patch(`/Groups/${id}`, [{ op: 'replace', path: 'displayName', value: taken }]),
      ]) {
        expect(reply).toMatchObject(scimError(409, 'uniqueness'));
        expect(reply.body.detail).toContain('displayName');
      }
    expect((await scim.get(`/Groups${listOf(`displayName eq "${name}"`)}`)).body.totalResults).toBe(1);
  });

  it('is created once by requests that differ in case and are sent at once', async () => {
    const name = newName();
    const names = [name, name.toUpperCase(), name.toLowerCase(), name];

    const replies = await Promise.all(names.map((displayName) => create(displayName)));

    expect(replies.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(replies.filter(({ status }) => status === 409)).toHaveLength(3);
  });

  it('may change its own case, and is unique within its organization only', async () => {
    const name = newName();
    const { id } = (await create(name)).body;
    const foreign = await scimOf((await t.fixtures.orgWithAdmin()).admin.api);

    expect(await scim.put(`/Groups/${id}`, { displayName: name.toUpperCase() })).toMatchObject({
      status: 200,
      body: { displayName: name.toUpperCase() },
    });
    expect((await create(name, foreign)).status).toBe(201);
  });

  it('is published as unique without regard to case', async () => {
    const { body } = await scim.get(`/Schemas/${GROUP}`);

    expect(body.attributes.find(({ name }: { name: string }) => name === 'displayName')).toMatchObject({
      required: true,
      caseExact: false,
      uniqueness: 'server',
    });
  });

  it('cannot be held twice by the database either', async () => {
    const { id } = (await create(newName())).body;

    await expect(
      t.sql(
        `insert into scim_groups (id, org_id, display_name, kind)
         select gen_random_uuid(), org_id, upper(display_name), kind from scim_groups where id = $1`,
        [id],
      ),
    ).rejects.toThrow('scim_groups_one_per_name');
  });
});

describe('the name of a workspace in the name of a SCIM group', () => {
  const VIEWER = role('WORKSPACE_VIEWER');
  const CONFIRM = /Organization Admin has saved the name/;
  let org: OrgWithAdmin;
  let provider: Scim;
  /** Manages the workspace without holding every permission there. */
  let manager: Member;
  let email: string;
  beforeEach(async () => {
    org = await t.fixtures.orgWithAdmin();
    provider = await scimOf(org.admin.api);
    const roleId = await customRole(org, ['workspaces:read', 'workspaces:manage']);
    manager = await t.fixtures.member(org, { workspace: roleId });
    email = t.fixtures.email();
  });

  /** A group with one member, the user `email`; returns its id. */
  async function groupOf(displayName: string): Promise<string> {
    const { id: value } = (await provider.post('/Users', userOf(email))).body;
    return (await provider.post('/Groups', { displayName, members: [{ value }] })).body.id;
  }
  const rename = ({ api }: Pick<Member, 'api'>, display_name: string, workspaceId = org.workspaceId) =>
    api.as({ workspaceId }).patch(`/api/v1/workspaces/${workspaceId}`, { display_name });
  const grantOf = async (id: string) => (await provider.get(`/Groups/${id}`)).body[TENANTRY_GROUP];
  const rolesOf = () => workspaceRolesIn(t, org.orgId, email);
  const PROD = 'Organization User:Prod:Admin';

  it('gives nothing if it was set without every permission there, and the group and the audit log say so', async () => {
    const group = await groupOf(PROD);

    expect((await rename(manager, 'Prod')).status).toBe(200);

    expect(await rolesOf()).toEqual({});
    expect(await grantOf(group)).toEqual({ grants: false, reason: expect.stringMatching(CONFIRM) });
    const { body } = await org.admin.api.post('/v1/platform/orgs/current/scim/groups/preview', {
      names: [PROD],
    });
    expect(body.groups).toMatchObject([{ grants: false, reason: expect.stringMatching(CONFIRM) }]);
    const entries = await t.sql(
      `select details from audit_entries
       where org_id = $1 and operation in ('update_workspace', 'update_scim_group') order by position`,
      [org.orgId],
    );
    expect(entries).toMatchObject([
      { details: { group: 'unconfirmed', grants_nothing: expect.stringMatching(CONFIRM) } },
      { details: { name_counts_in_groups: false } },
    ]);
  });

  it('gives the role once an Organization Admin saves the same name', async () => {
    const group = await groupOf(PROD);
    await rename(manager, 'Prod');

    expect((await rename(org.admin, 'Prod')).status).toBe(200);

    expect(await grantOf(group)).toMatchObject({ grants: true, workspaceId: org.workspaceId });
    expect(await rolesOf()).toEqual({ [org.workspaceId]: role('WORKSPACE_ADMIN') });
  });

  it('goes on to count if it is saved unchanged without every permission there', async () => {
    await rename(org.admin, 'Prod');

    expect((await rename(manager, 'Prod')).status).toBe(200);

    expect(await grantOf(await groupOf(PROD))).toMatchObject({ grants: true });
  });

  it('counts if it was set with every permission there', async () => {
    const group = await groupOf('Organization User:Prod:Viewer');
    const lead = await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });

    expect((await rename(lead, 'Prod')).status).toBe(200);

    expect(await grantOf(group)).toMatchObject({ grants: true, workspaceId: org.workspaceId });
    expect(await rolesOf()).toEqual({ [org.workspaceId]: VIEWER });
  });

  it('does not make the name of another workspace ambiguous if it does not count', async () => {
    const other = await anotherWorkspace(org);
    await rename(org.admin, 'Prod', other);

    await rename(manager, 'Prod');

    expect(await grantOf(await groupOf(PROD))).toMatchObject({ grants: true, workspaceId: other });
  });

  it('leaves a group bound whose workspace is renamed without every permission there', async () => {
    await rename(org.admin, 'Prod');
    const group = await groupOf('Organization User:Prod:Viewer');

    await rename(manager, 'Renamed');

    expect(await grantOf(group)).toMatchObject({ grants: true, workspaceName: 'Renamed' });
    expect(await rolesOf()).toEqual({ [org.workspaceId]: VIEWER });
  });

  it('has a meaning for prepared groups when an operator creates the workspace', async () => {
    const operator = await t.fixtures.member(org, { org: 'ORGANIZATION_OPERATOR' });
    const group = await groupOf(PROD);

    const { status, body } = await operator.api
      .as({ workspaceId: '' })
      .post('/api/v1/workspaces', { display_name: 'Prod' });

    expect(status).toBe(200);
    expect(await grantOf(group)).toMatchObject({ grants: true, workspaceId: body.id });
    expect(await rolesOf()).toEqual({ [body.id]: role('WORKSPACE_ADMIN') });
    expect(await workspaceRolesIn(t, org.orgId, operator.email)).toEqual({
      [body.id]: role('WORKSPACE_ADMIN'),
    });
  });

  describe('when its meaning comes from a caller below Organization Admin', () => {
    const AMBIGUOUS = 'Organization User-a-b-Viewer';
    /** A workspace in which the caller is Admin, and one that a group names once that is deleted. */
    let [first, second]: string[] = [];
    let lead: Member;
    let group: string;
    beforeEach(async () => {
      await updateOrg(org, { scim_group_name_separator: '-' });
      const longer = { display_name: 'b-Viewer', description: '', permissions: ['runs:read'] };
      await org.admin.api.post('/api/v1/orgs/current/roles', longer);
      [first, second] = [await anotherWorkspace(org), await anotherWorkspace(org)];
      await rename(org.admin, 'a', first);
      await rename(org.admin, 'a-b', second);
      group = await groupOf(AMBIGUOUS);
      lead = await t.fixtures.member({ ...org, workspaceId: first }, { workspace: 'WORKSPACE_ADMIN' });
    });
    const deleteFirst = () => lead.api.as({ workspaceId: first }).delete(`/api/v1/workspaces/${first}`);
    const leadIn = (workspaceId: string, workspace: SystemRoleName) =>
      t.fixtures.addMember({ ...org, workspaceId }, lead, { workspace });

    it('gives no role that the caller does not hold there, until an Organization Admin saves the name', async () => {
      expect((await deleteFirst()).status).toBe(200);

      expect(await grantOf(group)).toEqual({ grants: false, reason: expect.stringMatching(CONFIRM) });
      const entries = await t.sql(
        `select user_id, details from audit_entries
         where org_id = $1 and operation = 'update_scim_group' order by position`,
        [org.orgId],
      );
      expect(entries).toMatchObject([{ user_id: lead.userId, details: { group: 'unconfirmed' } }]);
      await rename(org.admin, 'a-b', second);
      expect(await rolesOf()).toEqual({ [second!]: VIEWER });
    });

    it('gives a role that the caller holds there', async () => {
      await leadIn(second!, 'WORKSPACE_VIEWER');

      await deleteFirst();

      expect(await rolesOf()).toEqual({ [second!]: VIEWER });
    });

    it('makes no operators, although an Organization Admin set the name', async () => {
      await leadIn(second!, 'WORKSPACE_VIEWER');
      const operators = await provider.post('/Groups', { displayName: 'Organization Operator-a-b-Viewer' });

      await deleteFirst();

      expect(await grantOf(operators.body.id)).toEqual({
        grants: false,
        reason: expect.stringMatching(CONFIRM),
      });
    });

    it('gives no role to a member who would get more there by a user group', async () => {
      await leadIn(second!, 'WORKSPACE_VIEWER');
      const [membership] = await t.sql<{ membershipId: string }>(
        `select m.id as "membershipId" from org_memberships m join users u on u.id = m.user_id
         where org_id = $1 and email = $2`,
        [org.orgId, email],
      );
      await groupWith({ ...org, workspaceId: second! }, role('WORKSPACE_ADMIN'), membership!);

      await deleteFirst();

      expect(await rolesOf()).toEqual({});
      expect(await grantOf(group)).toMatchObject({ grants: false });
    });
  });
});

describe('the records of an identity provider, for admins', () => {
  const USERS = '/api/v1/orgs/current/scim/users';
  const GROUPS = '/api/v1/orgs/current/scim/groups';

  it('lists users in pages, those that were changed last first, with their state', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const provider = await scimOf(org.admin.api);
    const ids: string[] = [];
    for (const name of ['ada', 'ben', 'cleo']) {
      const externalId = `${name}-${org.orgId}`;
      ids.push(
        (await provider.post('/Users', { ...userOf(`${externalId}@example.com`), externalId })).body.id,
      );
    }
    await provider.post('/Groups', { displayName: 'Organization Admins', members: [{ value: ids[1] }] });
    await provider.patch(`/Users/${ids[0]}`, [{ op: 'replace', path: 'active', value: false }]);

    const { body: first } = await org.admin.api.get(`${USERS}?limit=2`);
    const { body: second } = await org.admin.api.get(`${USERS}?limit=2&cursor=${first.next_cursor}`);

    expect(first.items.map(({ id }: { id: string }) => id)).toEqual([ids[0], ids[2]]);
    expect(first.items[0]).toMatchObject({ external_id: `ada-${org.orgId}`, active: false, group_count: 0 });
    expect(second).toMatchObject({
      items: [{ id: ids[1], active: true, role_name: 'Organization Admin', group_count: 1 }],
      next_cursor: null,
    });
    const { body: others } = await (await t.fixtures.orgWithAdmin()).admin.api.get(USERS);
    expect(others.items).toEqual([]);
    expect((await org.admin.api.get(`${USERS}?limit=2&cursor=unknown`)).body).toEqual(first);
    expect((await org.admin.api.get(`${USERS}?limit=0`)).status).toBe(422);
  });

  it('lists groups, the newest first, with what they give or why they give nothing', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const provider = await scimOf(org.admin.api);
    const operator = await t.fixtures.member(org, { org: 'ORGANIZATION_OPERATOR' });
    const { id: value } = (await provider.post('/Users', userOf(`${org.orgId}@example.com`))).body;
    await provider.post('/Groups', { displayName: 'Organization Admins', members: [{ value }] });
    await provider.post('/Groups', { displayName: 'Organization User:Nowhere:Editor' });
    await (await scimOfOperator(t, org, operator)).post('/Groups', { displayName: 'Everyone' });

    const { body } = await org.admin.api.get(GROUPS);

    expect(body).toMatchObject({
      items: [
        { display_name: 'Everyone', reason_code: 'malformed', needs_admin_token: true, member_count: 0 },
        {
          display_name: 'Organization User:Nowhere:Editor',
          organization_role: null,
          reason_code: 'unknown',
          reason: expect.any(String),
          needs_admin_token: false,
        },
        {
          display_name: 'Organization Admins',
          organization_role: 'Organization Admin',
          reason: null,
          reason_code: null,
          member_count: 1,
        },
      ],
      next_cursor: null,
    });
    const { body: page } = await org.admin.api.get(`${GROUPS}?limit=1`);
    const { body: next } = await org.admin.api.get(`${GROUPS}?limit=1&cursor=${page.next_cursor}`);
    expect(next.items).toEqual([body.items[1]]);
  });

  it.each([
    [USERS, 'user'],
    [GROUPS, 'group'],
  ])('begin at the first page for a time that they have not issued: %s', async (path, kind) => {
    const org = await t.fixtures.orgWithAdmin();
    const scope = JSON.stringify([`scim-${kind}-records`, org.orgId]);
    const digest = createHash('sha256').update(scope).digest('base64url').slice(0, 16);
    for (const key of [
      '-200000-01-01T00:00:00.000Z',
      '-000001-01-01T00:00:00.000Z',
      '+275760-09-13T00:00:00.000Z',
      'infinity',
      '0',
    ]) {
      const cursor = Buffer.from(JSON.stringify([digest, key, org.orgId])).toString('base64url');
      expect(await org.admin.api.get(`${path}?cursor=${cursor}`)).toMatchObject({
        status: 200,
        body: { items: [] },
      });
    }
  });

  it.each([USERS, GROUPS])('are refused to members without organization:manage: %s', async (path) => {
    const org = await t.fixtures.orgWithAdmin();
    const member = await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });

    const { status, headers } = await member.api.get(path);

    expect([status, headers.get('x-error-code')]).toEqual([403, 'permission_missing']);
  });
});
