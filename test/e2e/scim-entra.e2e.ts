import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type OrgWithAdmin, role } from '../support/fixtures.js';
import { ENTERPRISE, GROUP, listOf, type Scim, scimOf, USER } from '../support/scim.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

/**
 * The requests of Microsoft Entra ID in their order, by "Develop and plan provisioning for a SCIM endpoint" and Entra's
 * validator; the tests are the steps of one run.
 */
let t: TestApp;
let org: OrgWithAdmin;
let scim: Scim;
let userId: string;
let groupId: string;
beforeAll(async () => {
  t = await startTestApp();
  org = await t.fixtures.orgWithAdmin();
  await org.admin.api.post('/api/v1/workspaces', { display_name: 'Prod' });
  scim = await scimOf(org.admin.api);
});
afterAll(() => t.close());

const UPN = 'test_user_feed3ace@testuser.com';
const OBJECT_ID = '0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef';
const listing = (totalResults: number) => ({
  status: 200,
  body: {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
    totalResults,
    startIndex: 1,
    itemsPerPage: totalResults,
  },
});
const isDisabled = async () =>
  (
    await t.sql<{ is_disabled: boolean }>(
      `select m.is_disabled from scim_users s join org_memberships m on m.org_id = s.org_id and m.user_id = s.user_id
       where s.id = $1`,
      [userId],
    )
  )[0]?.is_disabled;
/** Entra's validator refuses responses that contain null. */
const withoutNulls = (body: unknown) => expect(JSON.stringify(body)).not.toContain('null');

describe('the requests of Microsoft Entra ID', () => {
  it('tests the connection with a user who does not exist', async () => {
    const found = await scim.get(`/Users${listOf(`userName eq "${randomUUID()}"`)}`);

    expect(found).toMatchObject(listing(0));
    expect(found.body.Resources).toEqual([]);
  });

  it('reads the schemas as a list', async () => {
    const { body } = await scim.get('/Schemas');

    expect(body.schemas).toEqual(['urn:ietf:params:scim:api:messages:2.0:ListResponse']);
    withoutNulls(body);
  });

  it('creates the user that it has not found', async () => {
    expect(await scim.get(`/Users${listOf(`externalId eq "${OBJECT_ID}"`)}`)).toMatchObject(listing(0));
    const { status, body } = await scim.post('/Users', {
      schemas: [USER, ENTERPRISE],
      externalId: OBJECT_ID,
      userName: UPN,
      active: true,
      displayName: 'Test User',
      emails: [{ primary: true, type: 'work', value: UPN }],
      meta: { resourceType: 'User' },
      name: { formatted: 'givenName familyName', familyName: 'familyName', givenName: 'givenName' },
      phoneNumbers: null,
      [ENTERPRISE]: { department: 'Sales', manager: null },
      roles: [],
    });

    expect(status).toBe(201);
    expect(body).toMatchObject({
      id: expect.any(String),
      externalId: OBJECT_ID,
      userName: UPN,
      active: true,
    });
    withoutNulls(body);
    userId = body.id;
  });

  it('finds the user again, by id and by the matching attribute', async () => {
    expect((await scim.get(`/Users/${userId}`)).body.userName).toBe(UPN);
    for (const filter of [
      `userName eq "${UPN.toUpperCase()}"`,
      `externalId eq "${OBJECT_ID}"`,
      `emails[type eq "work"].value eq "${UPN}"`,
    ])
      expect(await scim.get(`/Users${listOf(filter)}`)).toMatchObject(listing(1));
  });

  it('Entra receives 409 for a user that exists already', async () => {
    const again = { schemas: [USER], userName: UPN, emails: [{ type: 'work', value: 'other@testuser.com' }] };

    expect(await scim.post('/Users', again)).toMatchObject({ status: 409, body: { scimType: 'uniqueness' } });
  });

  it('updates attributes of every kind in one request', async () => {
    const { status, body } = await scim.patch(`/Users/${userId}`, [
      { op: 'Replace', path: 'emails[type eq "work"].value', value: 'updatedEmail@microsoft.com' },
      { op: 'Replace', path: 'name.familyName', value: 'updatedFamilyName' },
      { op: 'Add', path: 'phoneNumbers[type eq "mobile"].value', value: '+1 555 0100' },
      { op: 'Add', path: 'addresses[type eq "work"].formatted', value: '1 Main Street' },
      { op: 'Add', path: 'roles[primary eq "True"].value', value: 'Reader' },
      { op: 'Add', path: `${ENTERPRISE}:employeeNumber`, value: '42' },
      { op: 'Add', path: `${ENTERPRISE}:manager`, value: userId },
      { op: 'Remove', path: 'nickName' },
    ]);

    expect(status).toBe(200);
    expect(body).toMatchObject({
      emails: [{ value: 'updatedEmail@microsoft.com', type: 'work', primary: true }],
      name: { familyName: 'updatedFamilyName', givenName: 'givenName' },
      phoneNumbers: [{ type: 'mobile', value: '+1 555 0100' }],
      addresses: [{ type: 'work', formatted: '1 Main Street' }],
      roles: [{ primary: true, value: 'Reader' }],
      [ENTERPRISE]: { department: 'Sales', employeeNumber: '42', manager: { value: userId } },
    });
  });

  it('updates without a path, with dotted keys and keys of the extension schema', async () => {
    const { body } = await scim.patch(`/Users/${userId}`, [
      {
        op: 'Replace',
        value: {
          'name.givenName': 'Dotted',
          displayName: 'Shown',
          [`${ENTERPRISE}:department`]: 'Legal',
          externalId: OBJECT_ID,
        },
      },
    ]);

    expect(body).toMatchObject({
      displayName: 'Shown',
      name: { givenName: 'Dotted', familyName: 'updatedFamilyName' },
      [ENTERPRISE]: { department: 'Legal', employeeNumber: '42' },
    });
  });

  it('disables a user with a string for the boolean, and enables them again', async () => {
    expect(
      (await scim.patch(`/Users/${userId}`, [{ op: 'Replace', path: 'active', value: 'False' }])).body.active,
    ).toBe(false);
    expect(await isDisabled()).toBe(true);
    await scim.patch(`/Users/${userId}`, [{ op: 'Replace', path: 'active', value: 'True' }]);
    expect(await isDisabled()).toBe(false);
  });

  it('creates a group with a schema of its own and without members', async () => {
    const name = 'Organization User:Prod:Editor';
    expect(
      await scim.get(`/Groups${listOf(`displayName eq "${name}"`, '&excludedAttributes=members')}`),
    ).toMatchObject(listing(0));
    const { status, body } = await scim.post('/Groups', {
      schemas: [GROUP, 'http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group'],
      externalId: '8aa1a0c0-c4c3-4bc0-b4a5-2ef676900159',
      displayName: name,
      meta: { resourceType: 'Group' },
    });

    expect(status).toBe(201);
    withoutNulls(body);
    groupId = body.id;
    expect((await scim.get(`/Groups/${groupId}?excludedAttributes=members`)).body).not.toHaveProperty(
      'members',
    );
  });

  it('adds a member, reads the membership, and adds the same member again', async () => {
    const add = () =>
      scim.patch(`/Groups/${groupId}`, [
        { op: 'Add', path: 'members', value: [{ $ref: null, value: userId }] },
      ]);

    expect(await add()).toMatchObject({ status: 204, body: null });
    expect(
      await scim.get(`/Groups${listOf(`id eq "${groupId}" and members eq "${userId}"`, '&attributes=id')}`),
    ).toMatchObject(listing(1));
    expect((await add()).status).toBe(204);
    expect((await scim.get(`/Users/${userId}`)).body.groups).toMatchObject([{ value: groupId }]);
  });

  it('renames a group and removes the member with a list', async () => {
    const rename = { op: 'Replace', path: 'displayName', value: 'Organization User:Prod:Viewer' };
    const remove = { op: 'Remove', path: 'members', value: [{ $ref: null, value: userId }] };

    expect((await scim.patch(`/Groups/${groupId}`, [rename])).status).toBe(204);
    expect((await scim.patch(`/Groups/${groupId}`, [remove])).status).toBe(204);
    expect((await scim.patch(`/Groups/${groupId}`, [remove])).status).toBe(204);
    expect((await scim.get(`/Groups/${groupId}`)).body).toMatchObject({
      displayName: rename.value,
      members: [],
    });
  });

  it('deletes user and group, and receives 404 for both afterwards', async () => {
    for (const path of [`/Groups/${groupId}`, `/Users/${userId}`]) {
      expect(await scim.delete(path)).toMatchObject({ status: 204, body: null });
      expect(await scim.get(path)).toMatchObject({ status: 404, body: { status: '404' } });
    }
  });
});

describe('the requests of Microsoft Entra ID with roles', () => {
  const TYPE = 'WindowsAzureActiveDirectoryRole';
  const EDITOR = role('WORKSPACE_USER');
  const VIEWER = role('WORKSPACE_VIEWER');
  let places: Record<'prod' | 'stage', string>;
  let provider: Scim;
  let admin: OrgWithAdmin['admin'];
  beforeAll(async () => {
    const its = await t.fixtures.orgWithAdmin();
    admin = its.admin;
    provider = await scimOf(admin.api);
    await admin.api.patch('/api/v1/orgs/current/info', { scim_roles_enabled: true });
    const make = async (display_name: string) =>
      (await admin.api.post('/api/v1/workspaces', { display_name })).body.id as string;
    places = { prod: await make('Prod'), stage: await make('Stage') };
  });

  const create = async (roles: object[]) => {
    const email = t.fixtures.email();
    const { status, body } = await provider.post('/Users', {
      schemas: [USER, ENTERPRISE],
      externalId: randomUUID(),
      userName: email,
      active: true,
      emails: [{ primary: true, type: 'work', value: email }],
      meta: { resourceType: 'User' },
      roles,
    });
    expect(status).toBe(201);
    return body;
  };
  const patch = async (id: string, ...operations: object[]) => {
    const reply = await provider.patch(`/Users/${id}`, operations);
    expect(reply.status).toBe(200);
    return reply.body;
  };
  /** The names of roles in workspaces, which the user has. */
  const heldBy = async (id: string) =>
    (
      await t.sql<{ name: string }>(
        `select w.display_name || '/' || r.display_name as name from scim_users s
           join workspace_memberships m on m.org_id = s.org_id and m.user_id = s.user_id
           join workspaces w on w.id = m.workspace_id join roles r on r.id = m.role_id
         where s.id = $1 order by 1`,
        [id],
      )
    ).map(({ name }) => name);
  /** As Entra ID writes an app role into a PATCH without the flag of its SCIM client. */
  const appRole = (value: string | null, displayName = value) => ({
    value: JSON.stringify({ id: randomUUID(), value, displayName }),
  });
  const PRIMARY = 'roles[primary eq "True"]';

  it('gives the one role of SingleAppRoleAssignment, replaces it and takes it', async () => {
    const { id } = await create([{ primary: true, type: TYPE, value: 'Prod/Viewer' }]);
    expect(await heldBy(id)).toEqual(['Prod/Viewer']);

    const { roles } = await patch(id, {
      op: 'Replace',
      path: `${PRIMARY}.value`,
      value: `${places.stage}:${EDITOR}`,
    });
    expect(roles).toEqual([
      { primary: true, type: TYPE, value: `${places.stage}:${EDITOR}`, display: 'Stage/Editor' },
    ]);
    expect(await heldBy(id)).toEqual(['Stage/Editor']);
    await patch(id, { op: 'replace', value: { [`${PRIMARY}.value`]: 'Stage/Viewer' } });
    expect(await heldBy(id)).toEqual(['Stage/Viewer']);
    expect((await patch(id, { op: 'Remove', path: `${PRIMARY}.value` })).roles).toBeUndefined();
    expect(await heldBy(id)).toEqual([]);
  });

  it('gives the role of mappings to value, type and display, in any order', async () => {
    const { id } = await create([]);

    await patch(
      id,
      { op: 'Add', path: `${PRIMARY}.display`, value: 'Editors' },
      { op: 'Add', path: `${PRIMARY}.type`, value: TYPE },
      { op: 'Add', path: `${PRIMARY}.value`, value: 'Prod/Editor' },
    );
    expect(await heldBy(id)).toEqual(['Prod/Editor']);
  });

  it('reads the JSON of SingleAppRoleAssignment, and replaces the one role that it has added', async () => {
    const { id } = await create([]);

    const { roles } = await patch(id, {
      op: 'Add',
      path: 'roles',
      value: [appRole('Prod/Viewer', 'Viewers')],
    });
    expect(roles).toEqual([{ value: `${places.prod}:${VIEWER}`, display: 'Prod/Viewer' }]);
    await patch(id, { op: 'Add', path: 'roles', value: [appRole('Prod/Editor')] }); // in the same place
    expect(await heldBy(id)).toEqual(['Prod/Editor']);
    await patch(id, { op: 'Replace', path: `${PRIMARY}.value`, value: 'Stage/Viewer' });
    expect(await heldBy(id)).toEqual(['Stage/Viewer']);
    await patch(id, { op: 'Remove', path: `${PRIMARY}.value` });
    expect(await heldBy(id)).toEqual([]);
  });

  it('replaces the primary role although another one is in the new place', async () => {
    const { id } = await create([
      { primary: true, type: TYPE, value: 'Prod/Viewer' },
      { value: 'Stage/Editor' },
    ]);

    await patch(id, { op: 'Replace', path: `${PRIMARY}.value`, value: 'Stage/Viewer' });
    expect(await heldBy(id)).toEqual(['Stage/Viewer']);
  });

  it('reads the roles of AppRoleAssignmentsComplex in POST, and their JSON in PATCH', async () => {
    const { id } = await create([
      { primary: false, type: TYPE, displayName: 'Viewers', value: 'Prod/Viewer' },
      { primary: 'false', type: TYPE, displayName: 'User', value: 'Gone/Editor' },
    ]);
    expect(await heldBy(id)).toEqual(['Prod/Viewer']);

    const { roles } = await patch(id, {
      op: 'Add',
      path: 'roles',
      value: [
        appRole('Prod/Editor'),
        appRole(null, 'Stage/Viewer'),
        appRole('Later/Editor'),
        { value: '{"id' },
      ],
    });
    expect(await heldBy(id)).toEqual(['Prod/Editor', 'Stage/Viewer']);
    expect(roles.map(({ value }: { value: string }) => value)).toEqual([
      'Gone/Editor',
      `${places.prod}:${EDITOR}`,
      `${places.stage}:${VIEWER}`,
      'Later/Editor',
      '{"id',
    ]);
    await patch(id, {
      op: 'Remove',
      path: 'roles',
      value: [appRole('Later/Editor'), appRole('Prod/Editor')],
    });
    expect(await heldBy(id)).toEqual(['Stage/Viewer']);
  });

  it('takes what AssertiveAppRoleAssignmentsComplex leaves out', async () => {
    const { id } = await create([{ primary: false, type: TYPE, value: 'Prod/Viewer' }]);

    await patch(id, {
      op: 'replace',
      path: 'roles',
      value: [
        { primary: false, type: TYPE, display: 'Editors', value: 'Stage/Editor' },
        { primary: false, type: TYPE, display: 'Test', value: 'Test' },
      ],
    });
    expect(await heldBy(id)).toEqual(['Stage/Editor']);
  });

  it('disables a user in a request that names a role which is gone', async () => {
    const { id } = await create([{ primary: true, type: TYPE, value: 'Stage/Viewer' }]);
    await admin.api.as({ workspaceId: places.stage }).delete(`/api/v1/workspaces/${places.stage}`);

    const body = await patch(
      id,
      { op: 'Replace', path: 'active', value: 'False' },
      { op: 'Replace', path: `${PRIMARY}.value`, value: 'Stage/Viewer' },
      { op: 'Replace', path: 'userName', value: '' },
    );
    expect(body).toMatchObject({ active: false, roles: [{ value: 'Stage/Viewer', primary: true }] });
  });
});
