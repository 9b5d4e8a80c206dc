import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { auditOf } from '../support/audit.js';
import { type OrgWithAdmin, role } from '../support/fixtures.js';
import { leastCosts } from '../support/least-costs.js';
import { GROUP, listOf, type Scim, scimError, scimOf, TENANTRY_GROUP, userOf } from '../support/scim.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

let t: TestApp;
let org: OrgWithAdmin;
let scim: Scim;
beforeAll(async () => {
  t = await startTestApp({ AUDIT_SEAL_SECONDS: '3600', CALLER_CACHE: 'off' }); // their statements would be counted
});
afterAll(() => t.close());
beforeEach(async () => {
  org = await t.fixtures.orgWithAdmin();
  scim = await scimOf(org.admin.api);
});

const user = async (by = scim): Promise<string> => {
  const { status, body } = await by.post('/Users', userOf(t.fixtures.email()));
  if (status !== 201) throw new Error(`creating a user: ${status} ${JSON.stringify(body)}`);
  return body.id;
};
const users = async (count: number): Promise<string[]> => {
  const ids: string[] = [];
  while (ids.length < count) ids.push(await user()); // one after the other: lists show the oldest first
  return ids;
};
const group = async (displayName: string, members: string[] = []) => {
  const values = members.map((value) => ({ value }));
  const { status, body } = await scim.post('/Groups', { schemas: [GROUP], displayName, members: values });
  if (status !== 201) throw new Error(`creating ${displayName}: ${status} ${JSON.stringify(body)}`);
  return body;
};
const workspace = async (display_name: string): Promise<string> =>
  (await org.admin.api.post('/api/v1/workspaces', { display_name })).body.id;
const members = async (id: string) =>
  ((await scim.get(`/Groups/${id}`)).body.members ?? []).map(({ value }: { value: string }) => value);
const grantOf = async (id: string) => (await scim.get(`/Groups/${id}`)).body[TENANTRY_GROUP];

/** The roles of a SCIM user: the org role, and the role by workspace. */
const rolesOf = async (scimUserId: string) => {
  const [person] = await t.sql<{ roleId: string; places: Record<string, string> }>(
    `select m.role_id as "roleId", (
       select coalesce(jsonb_object_agg(w.workspace_id, w.role_id), '{}') from workspace_memberships w
       where w.org_id = m.org_id and w.user_id = m.user_id) as places
     from scim_users s join org_memberships m on m.org_id = s.org_id and m.user_id = s.user_id where s.id = $1`,
    [scimUserId],
  );
  return person;
};
const holds = (name: Parameters<typeof role>[0], places: Record<string, string> = {}) => ({
  roleId: role(name),
  places,
});
const EDITOR = role('WORKSPACE_USER');
const VIEWER = role('WORKSPACE_VIEWER');
const refused = (status: number, scimType?: string) => ({
  status,
  body: { status: String(status), ...(scimType ? { scimType } : {}) },
});

describe('a SCIM group', () => {
  it('a group is created and returned with what it grants', async () => {
    const id = await user();
    const prod = await workspace('Prod');
    const made = await scim.post('/Groups', {
      schemas: [GROUP, 'http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group'],
      displayName: 'LS:Organization User:Prod:Editor',
      externalId: 'e1',
      members: [{ value: id, $ref: null }],
    });

    expect(made).toMatchObject({
      status: 201,
      body: {
        displayName: 'LS:Organization User:Prod:Editor',
        externalId: 'e1',
        members: [{ value: id, $ref: `${t.url}/scim/v2/Users/${id}`, type: 'User' }],
        [TENANTRY_GROUP]: {
          grants: true,
          organizationRole: 'Organization User',
          workspaceId: prod,
          workspaceName: 'Prod',
          workspaceRole: 'Editor',
        },
        meta: {
          resourceType: 'Group',
          version: 'W/"1"',
          location: `${t.url}/scim/v2/Groups/${made.body.id}`,
        },
      },
    });
    expect((await scim.get(`/Users/${id}`)).body.groups).toEqual([
      {
        value: made.body.id,
        $ref: made.body.meta.location,
        display: 'LS:Organization User:Prod:Editor',
        type: 'direct',
      },
    ]);
    expect(await rolesOf(id)).toEqual(holds('ORGANIZATION_USER', { [prod]: EDITOR }));
  });

  it('a group is unique by name and by externalId, and requires a name', async () => {
    await scim.post('/Groups', { displayName: 'A', externalId: 'x' });

    expect(await scim.post('/Groups', { displayName: 'A' })).toMatchObject(refused(409, 'uniqueness'));
    expect(await scim.post('/Groups', { displayName: 'B', externalId: 'x' })).toMatchObject(
      refused(409, 'uniqueness'),
    );
    expect(await scim.post('/Groups', { externalId: 'y' })).toMatchObject(refused(400, 'invalidValue'));
    expect((await scim.get('/Groups')).body.totalResults).toBe(1);
  });

  it('a group is found by name, id and member, and returned without members when they are excluded', async () => {
    const id = await user();
    const { id: groupId } = await group('Team "A"', [id]);
    await group('Team B');
    const found = async (filter: string) =>
      (await scim.get(`/Groups${listOf(filter, '&excludedAttributes=members')}`)).body;

    expect(await found(String.raw`displayName eq "team \"a\""`)).toMatchObject({
      totalResults: 1,
      Resources: [{ id: groupId }],
    });
    expect((await found('displayName sw "Team"')).totalResults).toBe(2);
    expect((await found(`id eq "${groupId}" and members eq "${id}"`)).totalResults).toBe(1);
    expect((await found(`members[value eq "${id}"]`)).Resources[0]).not.toHaveProperty('members');
    expect((await scim.get(`/Users${listOf(`groups.value eq "${groupId}"`)}`)).body.Resources).toMatchObject([
      { id },
    ]);
    expect(await scim.get(`/Groups${listOf(`${TENANTRY_GROUP}:grants eq true`)}`)).toMatchObject(
      refused(400, 'invalidFilter'),
    );
    expect(
      (await scim.post('/Groups/.search', { sortBy: 'displayName', sortOrder: 'descending', count: 1 })).body,
    ).toMatchObject({
      totalResults: 2,
      Resources: [{ displayName: 'Team B' }],
    });
  });

  it('a group is protected by its version, which changes with its members', async () => {
    const { id } = await group('A');
    await scim.patch(`/Groups/${id}`, [{ op: 'add', path: 'members', value: [{ value: await user() }] }]);
    const ifOld = { headers: { 'if-match': 'W/"1"' } };

    expect(await scim.put(`/Groups/${id}`, { displayName: 'B' }, ifOld)).toMatchObject(refused(412));
    expect(await scim.delete(`/Groups/${id}`, ifOld)).toMatchObject(refused(412));
    expect((await scim.get(`/Groups/${id}`)).headers.get('etag')).toBe('W/"2"');
  });

  it('a group has a new version only when a member is removed by any request or renamed', async () => {
    const [renamed, deleted, removed] = (await users(3)) as [string, string, string];
    const { id } = await group('A', [renamed, deleted, removed]);
    const apart = await group('B', [await user()]);
    const member = await t.sql<{ id: string }>(
      `select m.id from org_memberships m join scim_users s using (org_id, user_id) where s.id = $1`,
      [removed],
    );
    const set = (path: string, value: string) =>
      scim.patch(`/Users/${renamed}`, [{ op: 'replace', path, value }]);
    const changes = [
      () => set('displayName', 'New'),
      () => scim.delete(`/Users/${deleted}`),
      () => org.admin.api.delete(`/api/v1/orgs/current/members/${member[0]!.id}`),
    ];

    for (const change of changes) {
      const { headers, body: before } = await scim.get(`/Groups/${id}`);
      await change();
      const after = await scim.get(`/Groups/${id}`, { headers: { 'if-none-match': headers.get('etag')! } });
      expect(after).toMatchObject({ status: 200, body: { meta: { created: before.meta.created } } });
      expect(after.body.members).not.toEqual(before.members);
      expect(after.body.meta.lastModified > before.meta.lastModified).toBe(true);
    }
    await set('title', 'New');
    expect((await scim.get(`/Groups/${id}`)).body).toMatchObject({ meta: { version: 'W/"4"' } });
    expect((await scim.get(`/Groups/${apart.id}`)).body.meta).toEqual(apart.meta);
  });
});

describe('the members of a SCIM group', () => {
  it('members are added and removed by every form of request that providers send', async () => {
    const [a, b, c] = (await users(3)) as [string, string, string];
    const { id } = await group('Team', [a]);
    const patch = (...operations: unknown[]) => scim.patch(`/Groups/${id}`, operations);

    expect(
      await patch({ op: 'Add', path: 'members', value: [{ $ref: null, value: b }, { value: c }] }),
    ).toMatchObject({ status: 204, body: null });
    expect(await members(id)).toEqual([a, b, c]);
    expect((await patch({ op: 'add', path: 'members', value: { value: b } })).status).toBe(204);
    expect((await scim.get(`/Groups/${id}`)).body.meta.version).toBe('W/"2"');
    expect((await patch({ op: 'Remove', path: 'members', value: [{ $ref: null, value: a }] })).status).toBe(
      204,
    );
    expect(await members(id)).toEqual([b, c]);
    await patch(
      { op: 'remove', path: `members[value eq "${b}"]` },
      { op: 'add', value: { members: [{ value: a }] } },
    );
    expect(await members(id)).toEqual([a, c]);
    await patch({ op: 'replace', value: { id, displayName: 'Team', members: [{ value: b }] } });
    expect(await members(id)).toEqual([b]);
    await patch({ op: 'remove', path: 'members' });
    expect(await members(id)).toEqual([]);
  });

  it('members are unchanged by duplicates, empty lists and members that are removed already', async () => {
    const a = await user();
    const { id } = await group('Team', [a, a]);

    for (const operation of [
      { op: 'remove', path: `members[value eq "${randomUUID()}"]` },
      { op: 'remove', path: 'members', value: [{ value: 'unknown' }] },
      { op: 'replace', value: { id, displayName: 'Team' } },
      { op: 'replace', path: 'members', value: [{ value: a }] },
      { op: 'add', path: 'members', value: [] },
    ])
      expect((await scim.patch(`/Groups/${id}`, [operation])).status).toBe(204);
    expect((await scim.get(`/Groups/${id}`)).body).toMatchObject({
      members: [{ value: a }],
      meta: { version: 'W/"1"' },
    });
    expect(await auditOf(t, org.orgId, ['update_scim_group'])).toEqual([]);
  });

  it('a PATCH leaves an audit entry with the status of its response', async () => {
    const { id } = await group('Team', []);
    const add = async () => [{ op: 'add', path: 'members', value: [{ value: await user() }] }];

    const statuses = [
      (await scim.patch(`/Groups/${id}`, await add())).status,
      (await scim.patch(`/Groups/${id}?attributes=displayName`, await add())).status,
    ];

    expect(statuses).toEqual([204, 200]);
    const entries = await auditOf(t, org.orgId, ['update_scim_group']);
    expect(entries.map(({ responseStatus }) => responseStatus)).toEqual(statuses);
  });

  it('members are all removed by a PUT without members, and the audit entry says how many', async () => {
    await workspace('Prod');
    const [a, b] = [await user(), await user()];
    const name = 'Organization User:Prod:Viewer';
    const { id } = await group(name, [a, b]);
    expect(Object.keys((await rolesOf(a))!.places)).toHaveLength(1);

    expect(await scim.put(`/Groups/${id}`, { displayName: name })).toMatchObject({
      status: 200,
      body: { displayName: name, members: [] },
    });
    expect((await rolesOf(a))!.places).toEqual({});
    expect((await scim.put(`/Groups/${id}`, { displayName: name })).body.meta.version).toBe('W/"2"');
    await scim.put(`/Groups/${id}`, { displayName: name, members: [{ value: a }] });
    await scim.put(`/Groups/${id}`, { displayName: name, members: [] });
    const entries = await t.sql(
      `select details->>'members_added' as added, details->>'members_removed' as removed,
         details->>'members_removed_by_absent_list' as "byAbsentList"
       from audit_entries where resource_ids[1] = $1 and operation = 'update_scim_group' order by id`,
      [id],
    );
    expect(entries).toEqual([
      { added: '0', removed: '2', byAbsentList: '2' },
      { added: '1', removed: '0', byAbsentList: null },
      { added: '0', removed: '1', byAbsentList: null },
    ]);
  });

  it('members are added by a PATCH without schemas, as by a POST and a PUT without', async () => {
    const a = await user();
    const { id } = (await scim.post('/Groups', { displayName: 'Team' })).body;
    const Operations = [{ op: 'add', path: 'members', value: [{ value: a }] }];

    for (const body of [{ Operations }, { schemas: null, Operations }, { schemas: [], Operations }])
      expect((await scim.send('PATCH', `/Groups/${id}`, body)).status).toBe(204);
    expect(await members(id)).toEqual([a]);
    const userName = t.fixtures.email('renamed');
    expect(
      await scim.send('PATCH', `/Users/${a}`, { Operations: [{ op: 'replace', value: { userName } }] }),
    ).toMatchObject({ status: 200, body: { userName } });
    expect(await scim.send('PATCH', `/Groups/${id}`, { schemas: [GROUP], Operations })).toMatchObject(
      scimError(400, 'invalidSyntax'),
    );
  });

  it('members are added all or none, and must be users of this organization', async () => {
    const other = await t.fixtures.orgWithAdmin();
    const foreign = await scimOf(other.admin.api);
    const [own, foreignUser] = [await user(), await user(foreign)];
    const { id } = await group('Team');
    const { body: theirGroup } = await foreign.post('/Groups', {
      displayName: 'Theirs',
      members: [{ value: foreignUser }],
    });
    const add = (value: string) =>
      scim.patch(`/Groups/${id}`, [{ op: 'add', path: 'members', value: [{ value: own }, { value }] }]);

    for (const stranger of [foreignUser, randomUUID(), org.admin.userId, 'unknown'])
      expect(await add(stranger)).toMatchObject(refused(400, 'invalidValue'));
    expect(
      await scim.post('/Groups', { displayName: 'New', members: [{ value: foreignUser }] }),
    ).toMatchObject(refused(400, 'invalidValue'));
    for (const reply of [
      await scim.get(`/Groups/${theirGroup.id}`),
      await scim.put(`/Groups/${theirGroup.id}`, { displayName: 'Mine' }),
      await scim.patch(`/Groups/${theirGroup.id}`, [{ op: 'remove', path: 'members' }]),
      await scim.delete(`/Groups/${theirGroup.id}`),
    ])
      expect(reply).toMatchObject(refused(404));
    expect(await members(id)).toEqual([]);
    expect((await scim.get(`/Groups${listOf('displayName pr')}`)).body.totalResults).toBe(1);
    expect((await foreign.get(`/Groups/${theirGroup.id}`)).body.members).toHaveLength(1);
  });

  it.each([
    [{ op: 'replace', path: 'members[value eq "x"].display', value: 'x' }, 400, 'mutability'],
    [{ op: 'add', path: 'members[value eq "x"]', value: { value: 'x' } }, 400, 'mutability'],
    [{ op: 'remove', path: 'members[value ne "x"]' }, 400, 'invalidFilter'],
    [{ op: 'add', path: 'members', value: [{ display: 'x' }] }, 400, undefined],
    [{ op: 'remove', path: 'displayName' }, 400, 'mutability'],
    [{ op: 'replace', path: `${TENANTRY_GROUP}:grants`, value: true }, 400, 'mutability'],
  ])('members cannot be changed by the operation %j', async (operation, status, scimType) => {
    const { id } = await group('Team', [await user()]);

    expect(await scim.patch(`/Groups/${id}`, [operation])).toMatchObject(refused(status, scimType));
    expect(await members(id)).toHaveLength(1);
  });
});

describe('roles that SCIM groups grant', () => {
  it('roles of groups come from the newest group of a workspace, and from the previous one when that is deleted', async () => {
    const id = await user();
    const prod = await workspace('Prod');
    await group('Organization User:Prod:Viewer', [id]);
    const newer = await group('x:Organization Viewer:Prod:Editor', [id]);

    expect(await rolesOf(id)).toEqual(holds('ORGANIZATION_VIEWER', { [prod]: EDITOR }));
    expect((await scim.delete(`/Groups/${newer.id}`)).status).toBe(204);
    expect(await scim.get(`/Groups/${newer.id}`)).toMatchObject(refused(404));
    expect(await rolesOf(id)).toEqual(holds('ORGANIZATION_USER', { [prod]: VIEWER }));
  });

  it('roles of an admin group take precedence over all others, and end with Organization User', async () => {
    const id = await user();
    const prod = await workspace('Prod');
    const admins = await group('Groups-Organization Admins', [id]);
    await group('Organization User:Prod:Viewer', [id]);

    expect(await rolesOf(id)).toEqual(holds('ORGANIZATION_ADMIN', { [prod]: role('WORKSPACE_ADMIN') }));
    await scim.patch(`/Groups/${admins.id}`, [{ op: 'remove', path: 'members', value: [{ value: id }] }]);
    expect(await rolesOf(id)).toEqual(holds('ORGANIZATION_USER', { [prod]: VIEWER }));
  });

  it('roles of groups replace roles that were given by hand, and only these are revoked with the group', async () => {
    const [prod, other] = [await workspace('Prod'), await workspace('Other')];
    const person = await t.fixtures.member({ ...org, workspaceId: prod }, { workspace: 'WORKSPACE_ADMIN' });
    await t.fixtures.addMember({ ...org, workspaceId: other }, person, { workspace: 'WORKSPACE_ADMIN' });
    const { id } = (await scim.post('/Users', userOf(person.email))).body;
    const editors = await group('Organization Viewer:Prod:Editor', [id]);

    expect(await rolesOf(id)).toEqual(
      holds('ORGANIZATION_VIEWER', { [prod]: EDITOR, [other]: role('WORKSPACE_ADMIN') }),
    );
    await scim.delete(`/Groups/${editors.id}`);
    expect(await rolesOf(id)).toEqual(holds('ORGANIZATION_USER', { [other]: role('WORKSPACE_ADMIN') }));
  });

  it('roles of groups cannot be changed by hand: 409 names SCIM as the place to change them', async () => {
    const id = await user();
    const prod = await workspace('Prod');
    await group('Organization User:Prod:Viewer', [id]);
    await group('Organization Admins', [id]);
    const [{ place, membership }] = (await t.sql<{ place: string; membership: string }>(
      `select w.id as place, m.id as membership from scim_users s
       join org_memberships m on m.org_id = s.org_id and m.user_id = s.user_id
       join workspace_memberships w on w.org_id = s.org_id and w.user_id = s.user_id where s.id = $1`,
      [id],
    )) as [{ place: string; membership: string }];
    const inProd = org.admin.api.as({ workspaceId: prod });
    const provisioned = { status: 409, body: { detail: expect.stringContaining('SCIM') } };

    expect(
      await inProd.patch(`/api/v1/workspaces/current/members/${place}`, { role_id: EDITOR }),
    ).toMatchObject(provisioned);
    expect(await inProd.delete(`/api/v1/workspaces/current/members/${place}`)).toMatchObject(provisioned);
    expect(
      await org.admin.api.patch(`/api/v1/orgs/current/members/${membership}`, {
        role_id: role('ORGANIZATION_USER'),
      }),
    ).toMatchObject(provisioned);
  });

  it('an org role of a group cannot be changed by hand, even when it is the default role', async () => {
    const id = await user();
    await workspace('Prod');
    const [{ path }] = (await t.sql<{ path: string }>(
      `select '/api/v1/orgs/current/members/' || m.id as path from scim_users s
       join org_memberships m on m.org_id = s.org_id and m.user_id = s.user_id where s.id = $1`,
      [id],
    )) as [{ path: string }];
    const setViewer = () => org.admin.api.patch(path, { role_id: role('ORGANIZATION_VIEWER') });

    expect((await setViewer()).status).toBe(200); // no group grants this user anything yet
    expect(await rolesOf(id)).toMatchObject(holds('ORGANIZATION_VIEWER'));
    const giving = await group('Organization User:Prod:Viewer', [id]); // SCIM takes precedence
    expect(await rolesOf(id)).toMatchObject({ roleId: role('ORGANIZATION_USER') });
    expect(await setViewer()).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('SCIM') },
    });
    await scim.delete(`/Groups/${giving.id}`);
    expect((await setViewer()).status).toBe(200);
  });

  it('an org role that was given by hand is kept when a user joins and leaves a group that grants nothing', async () => {
    const viewer = await t.fixtures.member(org, { org: 'ORGANIZATION_VIEWER' });
    const { id } = (await scim.post('/Users', userOf(viewer.email))).body;

    const team = await group('Just a team', [id]);
    expect(await rolesOf(id)).toEqual(holds('ORGANIZATION_VIEWER'));
    await scim.patch(`/Groups/${team.id}`, [{ op: 'remove', path: 'members' }]);

    expect(await members(team.id)).toEqual([]);
    expect(await rolesOf(id)).toEqual(holds('ORGANIZATION_VIEWER'));
  });

  it('returns 409 for every request on a group that would demote the last organization admin', async () => {
    const { id } = (await scim.post('/Users', userOf(org.admin.email))).body;
    await workspace('Prod');
    const demoting = { displayName: 'Organization User:Prod:Viewer', members: [{ value: id }] };

    expect(await scim.post('/Groups', demoting)).toMatchObject(refused(409));
    const admins = await group('Organization Admins', [id]);
    for (const reply of [
      await scim.delete(`/Groups/${admins.id}`),
      await scim.put(`/Groups/${admins.id}`, { displayName: 'Former Organization Admins' }),
      await scim.patch(`/Groups/${admins.id}`, [{ op: 'remove', path: `members[value eq "${id}"]` }]),
      await scim.put(`/Groups/${admins.id}`, { displayName: 'Organization Admins', members: [] }),
      await scim.put(`/Groups/${admins.id}`, { displayName: 'Organization Admins' }),
    ])
      expect(reply).toMatchObject(refused(409));
    expect(await members(admins.id)).toEqual([id]);
    expect(await rolesOf(id)).toMatchObject({ roleId: role('ORGANIZATION_ADMIN') });
  });
});

describe('the name of a SCIM group', () => {
  it('a group is stored although it grants nothing, and the group says why', async () => {
    await workspace('a');
    await workspace('a-b');
    await org.admin.api.post('/api/v1/orgs/current/roles', {
      display_name: 'b-Viewer',
      description: '',
      permissions: ['runs:read'],
    });
    await org.admin.api.patch('/api/v1/orgs/current/info', { scim_group_name_separator: '-' });
    const id = await user();
    const names = {
      malformed: 'Former Organization Admins',
      unknown: 'Organization User-Gone-Viewer',
      ambiguous: 'Organization User-a-b-Viewer',
    };

    for (const [kind, name] of Object.entries(names)) {
      const made = await group(name, [id]);
      expect(made[TENANTRY_GROUP]).toEqual({ grants: false, reason: expect.any(String) });
      const [entry] = await t.sql<{ details: object }>(
        `select details - 'request_id' as details from audit_entries where resource_ids[1] = $1`,
        [made.id],
      );
      expect(entry!.details).toMatchObject({
        group: kind,
        grants_nothing: made[TENANTRY_GROUP].reason,
        members_added: 1,
      });
    }
    expect(await rolesOf(id)).toEqual(holds('ORGANIZATION_USER'));
  });

  it('a group stays bound when the workspace or the role that it names is renamed', async () => {
    const id = await user();
    const prod = await workspace('Prod');
    const { body: custom } = await org.admin.api.post('/api/v1/orgs/current/roles', {
      display_name: 'Reader',
      description: '',
      permissions: ['runs:read'],
    });
    const { id: groupId } = await group('Organization User:Prod:Reader', [id]);

    await org.admin.api.patch(`/api/v1/workspaces/${prod}`, { display_name: 'Production' });
    await org.admin.api.patch(`/api/v1/orgs/current/roles/${custom.id}`, {
      display_name: 'Watcher',
      description: '',
      permissions: ['runs:read'],
    });
    await workspace('Prod');
    await scim.patch(`/Groups/${groupId}`, [
      { op: 'replace', value: { id: groupId, displayName: 'Organization User:Prod:Reader' } },
    ]);

    expect(await grantOf(groupId)).toMatchObject({
      workspaceId: prod,
      workspaceName: 'Production',
      workspaceRole: 'Watcher',
    });
    expect(await rolesOf(id)).toEqual(holds('ORGANIZATION_USER', { [prod]: custom.id }));
    expect((await org.admin.api.delete(`/api/v1/orgs/current/roles/${custom.id}`)).status).toBe(409);
  });

  it("a group's name is resolved again when the group is renamed", async () => {
    const id = await user();
    const [prod, test] = [await workspace('Prod'), await workspace('Test')];
    const { id: groupId } = await group('Organization User:Prod:Editor', [id]);
    const rename = (value: string) =>
      scim.patch(`/Groups/${groupId}`, [{ op: 'replace', path: 'displayName', value }]);

    await rename('Organization User:Test:Viewer');
    expect(await rolesOf(id)).toEqual(holds('ORGANIZATION_USER', { [test]: VIEWER }));
    await rename('Just a team');
    expect(await rolesOf(id)).toEqual(holds('ORGANIZATION_USER'));
    await rename('Organization User:Prod:Editor');
    expect(await rolesOf(id)).toEqual(holds('ORGANIZATION_USER', { [prod]: EDITOR }));
  });

  it('a group grants roles once a new workspace, role or separator gives it a meaning', async () => {
    const id = await user();
    const { id: groupId } = await group('Organization User:Prod:Reader', [id]);
    const { id: dashed } = await group('Organization User-Test-Viewer', [id]);
    expect(await grantOf(groupId)).toMatchObject({ grants: false });

    const prod = await workspace('Prod');
    const { body: custom } = await org.admin.api.post('/api/v1/orgs/current/roles', {
      display_name: 'Reader',
      description: '',
      permissions: ['runs:read'],
    });
    expect(await rolesOf(id)).toEqual(holds('ORGANIZATION_USER', { [prod]: custom.id }));
    const test = await workspace('Later');
    await org.admin.api.patch('/api/v1/orgs/current/info', { scim_group_name_separator: '-' });
    await org.admin.api.patch(`/api/v1/workspaces/${test}`, { display_name: 'Test' });

    expect(await grantOf(dashed)).toMatchObject({ grants: true, workspaceId: test });
    expect(await rolesOf(id)).toEqual(holds('ORGANIZATION_USER', { [prod]: custom.id, [test]: VIEWER }));
  });

  it('a group grants nothing after its workspace is deleted', async () => {
    const id = await user();
    const prod = await workspace('Prod');
    const { id: groupId } = await group('Organization Operator:Prod:Editor', [id]);

    await org.admin.api.as({ workspaceId: prod }).delete(`/api/v1/workspaces/${prod}`);

    expect(await grantOf(groupId)).toEqual({ grants: false, reason: expect.any(String) });
    expect(await rolesOf(id)).toEqual(holds('ORGANIZATION_USER'));
  });

  it('a group has an audit entry when another request changes the meaning of its name', async () => {
    const memberId = await user();
    const { id: groupId } = await group('Organization User:Prod:Viewer', [memberId]);
    await group('Just a team');

    const prod = await workspace('Prod');
    await org.admin.api.as({ workspaceId: prod }).delete(`/api/v1/workspaces/${prod}`);

    const entries = await t.sql(
      `select user_id, request_path, resource_ids, 
        nullif(details - 'request_id', '{}') as details from audit_entries
       where org_id = $1 and operation = 'update_scim_group' order by position`,
      [org.orgId],
    );
    const [member] = await t.sql<{ userId: string }>(
      `select user_id as "userId" from scim_users where id = $1`,
      [memberId],
    );
    const binding = { user_id: org.admin.userId, resource_ids: [groupId] };
    const gives = { group: 'workspace', workspace_id: prod, role_id: VIEWER, org_role: 'ORGANIZATION_USER' };
    expect(entries).toEqual([
      {
        ...binding,
        request_path: '/api/v1/workspaces',
        details: {
          ...gives,
          changed: ['binding'],
          workspace_members_added: { [prod]: { [member!.userId]: VIEWER } },
        },
      },
      {
        ...binding,
        request_path: `/api/v1/workspaces/${prod}`,
        details: { group: 'unknown', grants_nothing: expect.any(String), changed: ['binding'] },
      },
    ]);
  });

  it('the names of many groups are resolved again in a fixed number of statements', async () => {
    const cost = async (name: string, groups: number) => {
      for (let n = 0; n < groups; n++) await group(`${n}:Organization User:${name}:Viewer`, [await user()]);
      const before = await t.statements();
      const id = await workspace(name);
      const statements = (await t.statements()) - before;
      expect(
        await t.sql('select from workspace_memberships where workspace_id = $1 and source = $2', [
          id,
          'scim',
        ]),
      ).toHaveLength(groups);
      return statements;
    };
    let names = 0;
    const [many, few] = await leastCosts(
      () => cost(`Test ${++names}`, 6),
      () => cost(`Prod ${++names}`, 2),
    );

    expect(many).toBeLessThanOrEqual(few!);
  });

  it('a group name can be tested before a group uses it', async () => {
    const prod = await workspace('Prod');
    const ask = (names: string[]) =>
      org.admin.api.post('/v1/platform/orgs/current/scim/groups/preview', { names });

    const { status, body } = await ask([
      'Organization User:Prod:Editor',
      'Former Organization Admins',
      'x:Organization Viewer:Prod:Viewer',
    ]);
    const admins = await ask(['Organization User:Prod:Editor', 'Organization Admins']);

    expect(status).toBe(200);
    expect(body.groups).toMatchObject([
      {
        name: 'Organization User:Prod:Editor',
        grants: true,
        reason: null,
        organization_role: 'Organization User',
        workspace_id: prod,
        workspace_name: 'Prod',
        workspace_role: 'Editor',
      },
      { grants: false, reason: expect.any(String), organization_role: null, workspace_id: null },
      { grants: true, organization_role: 'Organization Viewer', workspace_role: 'Viewer' },
    ]);
    expect(body.together).toEqual({
      organization_role: 'Organization Viewer',
      workspaces: [{ workspace_id: prod, workspace_name: 'Prod', workspace_role: 'Viewer' }],
    });
    expect(admins.body.together).toMatchObject({
      organization_role: 'Organization Admin',
      workspaces: [{ workspace_role: 'Admin' }],
    });
    expect((await scim.get('/Groups')).body.totalResults).toBe(0);
    expect(
      (
        await (
          await t.fixtures.member(org, {})
        ).api.post('/v1/platform/orgs/current/scim/groups/preview', { names: [] })
      ).status,
    ).toBe(403);
  });
});

it('keeps the changes of two concurrent syncs of a group', async () => {
  const people = await users(12);
  await workspace('Prod');
  const { id } = await group('Organization User:Prod:Viewer');
  const second = await scimOf(org.admin.api);
  const add = (by: Scim, value: string) =>
    by.patch(`/Groups/${id}`, [{ op: 'Add', path: 'members', value: [{ value }] }]);

  const replies = await Promise.all([
    ...people.map((value) => add(scim, value)),
    ...people.toReversed().map((value) => add(second, value)),
    ...people.map((value) => second.patch(`/Users/${value}`, [{ op: 'replace', path: 'title', value: 'T' }])),
  ]);

  expect(replies.filter(({ status }) => status >= 300)).toEqual([]);
  expect(await members(id)).toHaveLength(12);
  expect(
    await t.sql('select from workspace_memberships where org_id = $1 and source = $2', [org.orgId, 'scim']),
  ).toHaveLength(12);
  expect((await scim.get(`/Users${listOf('title eq "T"')}`)).body.totalResults).toBe(12);
});

it('replaces and empties a group with many members in one request', async () => {
  await workspace('Prod');
  const { body } = await scim.post('/Bulk', {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
    Operations: Array.from({ length: 1_000 }, (_, n) => ({
      method: 'POST',
      path: '/Users',
      bulkId: String(n),
      data: userOf(t.fixtures.email()),
    })),
  });
  const all = body.Operations.map(({ location }: { location: string }) => ({
    value: location.split('/').at(-1),
  }));
  const { id } = await group('Organization User:Prod:Viewer', [all[0].value]);
  const placed = async () =>
    (await t.sql('select from workspace_memberships where org_id = $1 and source = $2', [org.orgId, 'scim']))
      .length;

  await scim.patch(`/Groups/${id}`, [{ op: 'replace', path: 'members', value: all.slice(1) }]);
  expect([(await members(id)).length, await placed()]).toEqual([999, 999]);
  await scim.patch(`/Groups/${id}`, [{ op: 'Remove', path: 'members', value: all.slice(0, 990) }]);
  expect([(await members(id)).length, await placed()]).toEqual([10, 10]);
});

it('names the groups of each member in lists of members', async () => {
  const id = await user();
  await group('First', [id]);
  await group('Second', [id]);

  const { body } = await org.admin.api.get('/v1/platform/orgs/current/members');

  const groups = body.map(({ scim_groups }: { scim_groups: { name: string }[] }) =>
    scim_groups.map(({ name }) => name),
  );
  expect(groups).toEqual([['First', 'Second'], []]);
});

it('removes a deleted user from all groups', async () => {
  const [a, b] = (await users(2)) as [string, string];
  const { id } = await group('Team', [a, b]);

  await scim.delete(`/Users/${a}`);

  expect(await members(id)).toEqual([b]);
});
