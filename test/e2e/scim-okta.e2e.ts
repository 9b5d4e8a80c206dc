import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type OrgWithAdmin, role } from '../support/fixtures.js';
import { GROUP, listOf, type Scim, scimOf, USER } from '../support/scim.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

/**
 * The requests of Okta in their order, by its SCIM 2.0 reference and the Runscope suite for integrators; the tests are
 * the steps of one run.
 */
let t: TestApp;
let org: OrgWithAdmin;
let scim: Scim;
let userId: string;
let groupId: string;
beforeAll(async () => {
  t = await startTestApp();
  org = await t.fixtures.orgWithAdmin();
  scim = await scimOf(org.admin.api);
});
afterAll(() => t.close());

const EMAIL = 'test.user@okta.local';
const USER_BODY = {
  schemas: [USER],
  userName: EMAIL,
  name: { givenName: 'Test', familyName: 'User' },
  emails: [{ primary: true, value: EMAIL, type: 'work' }],
  displayName: 'Test User',
  locale: 'en-US',
  externalId: '00ujl29u0le5T6Aj10h7',
  groups: [],
  password: '1mz050nq',
  active: true,
};
const page = (more: string) => `${more}&startIndex=1&count=100`;

describe('the requests of Okta', () => {
  it('tests the connection with a page of users and of groups', async () => {
    expect(await scim.get('/Users?startIndex=1&count=2')).toMatchObject({
      status: 200,
      body: { totalResults: 0, startIndex: 1, itemsPerPage: 0, Resources: [] },
    });
    expect(await scim.get('/Groups?startIndex=1&count=100')).toMatchObject({
      status: 200,
      body: { totalResults: 0 },
    });
    expect((await scim.get('/Users/00919288221112222')).status).toBe(404);
  });

  it('creates a user that it has not found, with a password that is not stored', async () => {
    const lookup = page(listOf(`userName eq "${EMAIL}"`));
    expect((await scim.get(`/Users${lookup}`)).body.totalResults).toBe(0);
    const { status, body } = await scim.post('/Users', USER_BODY);

    expect(status).toBe(201);
    expect(body).toMatchObject({
      userName: EMAIL,
      locale: 'en-US',
      displayName: 'Test User',
      active: true,
      groups: [],
    });
    expect(body).not.toHaveProperty('password');
    expect((await scim.get(`/Users${lookup}`)).body).toMatchObject({
      totalResults: 1,
      Resources: [{ id: body.id }],
    });
    userId = body.id;
  });

  it('Okta receives an error for a user that exists and for an empty one', async () => {
    expect(await scim.post('/Users', USER_BODY)).toMatchObject({
      status: 409,
      body: {
        schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
        status: '409',
        scimType: 'uniqueness',
      },
    });
    expect((await scim.post('/Users', {})).status).toBe(400);
  });

  it('updates a user by reading and replacing it as a whole', async () => {
    const { body } = await scim.get(`/Users/${userId}`);
    const replaced = await scim.put(`/Users/${userId}`, {
      ...body,
      name: { givenName: 'Another', familyName: 'User' },
    });

    expect(replaced).toMatchObject({
      status: 200,
      body: { name: { givenName: 'Another' }, displayName: 'Test User' },
    });
    expect((await scim.put('/Users/00919288221112222', USER_BODY)).status).toBe(404);
  });

  it('deactivates without a path or with a PUT, and activates again', async () => {
    const active = async () => (await scim.get(`/Users/${userId}`)).body.active;

    expect((await scim.patch(`/Users/${userId}`, [{ op: 'replace', value: { active: false } }])).status).toBe(
      200,
    );
    expect(await active()).toBe(false);
    expect((await scim.put(`/Users/${userId}`, USER_BODY)).status).toBe(200);
    expect(await active()).toBe(true);
    await scim.put(`/Users/${userId}`, { ...USER_BODY, active: false });
    expect(await active()).toBe(false);
    await scim.patch(`/Users/${userId}`, [{ op: 'replace', value: { active: true } }]);
    expect(await active()).toBe(true);
  });

  it('creates a group with its members', async () => {
    const name = 'Test SCIMv2';
    expect((await scim.get(`/Groups${page(listOf(`displayName eq "${name}"`))}`)).body.totalResults).toBe(0);
    const { status, body } = await scim.post('/Groups', { schemas: [GROUP], displayName: name, members: [] });

    expect(status).toBe(201);
    expect(body).toMatchObject({ displayName: name, members: [] });
    expect((await scim.get(`/Groups/${body.id}`)).body.displayName).toBe(name);
    groupId = body.id;
  });

  it('changes members together with the name, which stays the same', async () => {
    const name = { op: 'replace', value: { id: groupId, displayName: 'Test SCIMv2' } };
    const change = (operation: object) => scim.patch(`/Groups/${groupId}`, [name, operation]);
    const members = async () => (await scim.get(`/Groups/${groupId}`)).body.members;

    expect(
      (await change({ op: 'add', path: 'members', value: [{ value: userId, display: EMAIL }] })).status,
    ).toBe(204);
    expect(await members()).toMatchObject([{ value: userId, display: 'Test User' }]);
    expect((await change({ op: 'remove', path: `members[value eq "${userId}"]` })).status).toBe(204);
    expect(await members()).toEqual([]);
    await change({ op: 'replace', path: 'members', value: [{ value: userId, display: EMAIL }] });
    expect(await members()).toHaveLength(1);
  });

  it('renames a group with PATCH or with PUT', async () => {
    const renamed = { schemas: [GROUP], id: groupId, displayName: 'Renamed', members: [{ value: userId }] };

    await scim.patch(`/Groups/${groupId}`, [
      { op: 'replace', value: { id: groupId, displayName: 'Test again' } },
    ]);
    expect((await scim.get(`/Groups/${groupId}`)).body.displayName).toBe('Test again');
    expect(await scim.put(`/Groups/${groupId}`, renamed)).toMatchObject({
      status: 200,
      body: { displayName: 'Renamed', members: [{ value: userId }] },
    });
  });

  it('deletes the group, and only deactivates the user', async () => {
    expect((await scim.delete(`/Groups/${groupId}`)).status).toBe(204);
    expect((await scim.get(`/Groups/${groupId}`)).status).toBe(404);
    expect((await scim.get(`/Users/${userId}`)).body).toMatchObject({ active: true, groups: [] });
  });
});

describe('the requests of Okta with entitlements', () => {
  const BODY = {
    ...USER_BODY,
    externalId: '00uabcdefghijklmnopq',
    userName: 'other.user@okta.local',
    emails: [],
  };
  let prod: string;
  let id: string;
  beforeAll(async () => {
    await org.admin.api.patch('/api/v1/orgs/current/info', { scim_roles_enabled: true });
    prod = (await org.admin.api.post('/api/v1/workspaces', { display_name: 'Prod' })).body.id;
  });
  const put = (more: object) => scim.put(`/Users/${id}`, { ...BODY, id, ...more });
  const roleHeld = async () =>
    (
      await t.sql<{ name: string }>(
        `select r.display_name as name from scim_users s
           join workspace_memberships m on m.org_id = s.org_id and m.user_id = s.user_id join roles r on r.id = m.role_id
         where s.id = $1`,
        [id],
      )
    )[0]?.name;

  it('finds the roles by the resource types', async () => {
    const { Resources } = (await scim.get('/ResourceTypes')).body;
    const type = Resources.find(({ schema }: { schema: string }) => schema.endsWith('core:1.0:Role'));
    const { body } = await scim.get(`${type.endpoint}?startIndex=1&count=100`);

    expect(body.Resources).toContainEqual(expect.objectContaining({ displayName: 'Prod/Editor' }));
  });

  it('assigns a role by its id, changes it, and keeps it in a PUT without roles', async () => {
    const editor = (await scim.findOne('Roles', 'displayName eq "Prod/Editor"')).id;
    const viewer = (await scim.findOne('Roles', 'displayName eq "Prod/Viewer"')).id;
    id = (await scim.post('/Users', { ...BODY, roles: [{ value: editor, display: 'Prod/Editor' }] })).body.id;
    expect(await roleHeld()).toBe('Editor');

    await put({ roles: [{ value: viewer, display: 'Prod/Viewer' }] });
    expect(await roleHeld()).toBe('Viewer');
    expect((await put({ displayName: 'Other name' })).body.roles).toMatchObject([{ value: viewer }]);
    await put({ roles: [] });
    expect(await roleHeld()).toBeUndefined();
    expect((await put({ roles: [{ value: viewer, display: 'Prod/Viewer' }] })).status).toBe(200);
  });

  it('deactivates with a PUT that names a role of a workspace which was deleted', async () => {
    await org.admin.api.as({ workspaceId: prod }).delete(`/api/v1/workspaces/${prod}`);
    const roles = [{ value: `${prod}:${role('WORKSPACE_VIEWER')}`, display: 'Prod/Viewer' }];

    expect(await put({ roles, active: false })).toMatchObject({
      status: 200,
      body: { active: false, roles },
    });
    expect(
      (await scim.patch(`/Users/${id}`, [{ op: 'replace', value: { active: true } }])).body.roles,
    ).toEqual(roles);
  });
});
