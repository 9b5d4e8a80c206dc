import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Member, type OrgWithAdmin, role } from '../support/fixtures.js';
import { customRole } from '../support/invitations.js';
import { listOf, type Scim, scimError, scimOf, scimOfOperator, USER, userOf } from '../support/scim.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const INFO = '/api/v1/orgs/current/info';
const PREVIEW = '/api/v1/orgs/current/scim-roles/preview';
const ROLE_SCHEMA = 'urn:okta:scim:schemas:core:1.0:Role';
const [ADMIN, ORG_USER, VIEWER_OF_ORG] = [
  role('ORGANIZATION_ADMIN'),
  role('ORGANIZATION_USER'),
  role('ORGANIZATION_VIEWER'),
];
const [WORKSPACE_ADMIN, EDITOR, VIEWER] = [
  role('WORKSPACE_ADMIN'),
  role('WORKSPACE_USER'),
  role('WORKSPACE_VIEWER'),
];

let t: TestApp;
let org: OrgWithAdmin;
let scim: Scim;
let prod: string;
beforeAll(async () => {
  t = await startTestApp();
});
afterAll(() => t.close());
beforeEach(async () => {
  org = await t.fixtures.orgWithAdmin();
  prod = (await org.admin.api.post('/api/v1/workspaces', { display_name: 'Prod' })).body.id;
  scim = await scimOf(org.admin.api);
});

const switchRoles = (scim_roles_enabled: boolean, api = org.admin.api) =>
  api.patch(INFO, { scim_roles_enabled });
const rolesOf = (...values: string[]) => values.map((value) => ({ value }));
const user = async (more: object = {}, by = scim) => {
  const { status, body } = await by.post('/Users', userOf(t.fixtures.email(), more));
  if (status !== 201) throw new Error(`${status} ${JSON.stringify(body)}`);
  return body;
};
/** The organization role, the roles by workspace, and the sources of all of them. */
const held = async (scimUserId: string) => {
  const [row] = await t.sql<{ org: string; places: Record<string, string> }>(
    `select m.role_id as org, (
       select coalesce(jsonb_object_agg(w.workspace_id, w.role_id), '{}') from workspace_memberships w
       where w.org_id = m.org_id and w.user_id = m.user_id) as places
     from scim_users s join org_memberships m on m.org_id = s.org_id and m.user_id = s.user_id where s.id = $1`,
    [scimUserId],
  );
  return row;
};
const holds = (orgRole: string, places: Record<string, string> = {}) => ({ org: orgRole, places });
const shown = async (id: string) => (await scim.get(`/Users/${id}`)).body.roles;
const set = (id: string, value: unknown) =>
  scim.patch(`/Users/${id}`, [{ op: 'replace', path: 'roles', value }]);
const group = (displayName: string, ...members: string[]) =>
  scim.post('/Groups', { displayName, members: members.map((value) => ({ value })) });
const previewed = async (body: object = {}) => (await org.admin.api.post(PREVIEW, body)).body.items;
/** The values that give nothing, with the reasons, as the record shows them. */
const ignored = async (id: string) =>
  (await org.admin.api.get('/api/v1/orgs/current/scim/users?limit=100')).body.items
    .find((record: { id: string }) => record.id === id)
    .ignored_roles.map(({ value, reason }: Record<string, string>) => [value, reason]);
const workspace = async (display_name: string, { api }: Pick<Member, 'api'> = org.admin) =>
  (await api.as({ workspaceId: '' }).post('/api/v1/workspaces', { display_name })).body.id as string;
const rename = (id: string, display_name: string, { api }: Pick<Member, 'api'> = org.admin) =>
  api.as({ workspaceId: id }).patch(`/api/v1/workspaces/${id}`, { display_name });
const emailOf = (body: { userName: string }) => body.userName;

it('a name of a workspace counts in whichever Unicode form the provider sends it', async () => {
  const name = 'Café & Söhne';
  await org.admin.api.patch(`/api/v1/workspaces/${prod}`, { display_name: name });
  await switchRoles(true);
  const sent = name.normalize('NFD');
  const [byAttribute, byGroup] = [await user({ roles: rolesOf(`${sent}/Editor`) }), await user()];

  await group(`Z:Organization User:${sent}:Viewer`, byGroup.id);

  expect(await held(byAttribute.id)).toEqual(holds(ORG_USER, { [prod]: EDITOR }));
  expect(await held(byGroup.id)).toEqual(holds(ORG_USER, { [prod]: VIEWER }));
});

describe('the setting scim_roles_enabled', () => {
  it('is off, changed by Organization Admins only, and recorded', async () => {
    const operator = await t.fixtures.member(org, {
      org: 'ORGANIZATION_OPERATOR',
      workspace: 'WORKSPACE_ADMIN',
    });

    expect((await org.admin.api.get(INFO)).body.scim_roles_enabled).toBe(false);
    const refused = await switchRoles(true, operator.api);
    expect([refused.status, refused.headers.get('x-error-code')]).toEqual([
      403,
      'only_admins_switch_scim_roles',
    ]);
    expect((await org.admin.api.get(INFO)).body.scim_roles_enabled).toBe(false);
    expect(await switchRoles(false, operator.api)).toMatchObject({ status: 200 }); // unchanged
    expect(await switchRoles(true)).toMatchObject({ status: 200, body: { scim_roles_enabled: true } });
    expect((await org.admin.api.patch(INFO, { scim_roles_enabled: null })).status).toBe(422);
    const entries = await t.sql(
      `select details from audit_entries where org_id = $1 and operation = 'update_organization_info' and succeeded
       order by position`,
      [org.orgId],
    );
    expect(entries).toMatchObject([{ details: {} }, { details: { scim_roles_enabled: true } }]);
  });

  it('stores and returns roles without effect while it is off', async () => {
    const { id } = await user({ roles: rolesOf('Organization Admin', 'No such role') });

    expect(await shown(id)).toEqual(rolesOf('Organization Admin', 'No such role'));
    expect(await ignored(id)).toEqual([]);
    expect(await held(id)).toEqual(holds(ORG_USER));
    expect(await set(id, [{ value: '{"id":"1","value":"Admin"}', primary: true }])).toMatchObject({
      status: 200,
    });
    expect(
      await scim.patch(`/Users/${id}`, [
        { op: 'Add', path: 'roles[primary eq "True"].value', value: 'Reader' },
      ]),
    ).toMatchObject({ status: 200, body: { roles: [{ value: 'Reader', primary: true }] } });
    expect(await scim.get('/Roles')).toMatchObject(scimError(404));
    const { body } = await scim.get('/ResourceTypes');
    expect(body.Resources.map(({ id: name }: { id: string }) => name)).toEqual(['User', 'Group']);
    expect((await scim.get(`/Schemas/${ROLE_SCHEMA}`)).status).toBe(404);
  });
});

describe('/scim/v2/Roles', () => {
  beforeEach(() => switchRoles(true));

  it('is a resource type with a schema', async () => {
    expect((await scim.get('/ResourceTypes/Role')).body).toMatchObject({
      id: 'Role',
      name: 'Role',
      endpoint: '/Roles',
      description: expect.any(String),
      schema: ROLE_SCHEMA,
    });
    expect((await scim.get(`/Schemas/${ROLE_SCHEMA}`)).body.attributes).toMatchObject([
      { name: 'displayName', mutability: 'readOnly' },
    ]);
    const roles = (await scim.get(`/Schemas/${USER}`)).body.attributes.find(
      ({ name }: { name: string }) => name === 'roles',
    );
    expect(roles.description).toMatch(/gives/);
  });

  it('lists the roles of the organization and of its workspaces, in pages and by name', async () => {
    const own = await customRole(org, ['projects:read']);
    const other = await t.fixtures.orgWithAdmin();
    await customRole(other, ['projects:read']);
    const { body } = await scim.get('/Roles?count=1000');
    const names = body.Resources.map(({ displayName }: { displayName: string }) => displayName);

    expect(names.slice(0, 4).sort()).toEqual([
      'Organization Admin',
      'Organization Operator',
      'Organization User',
      'Organization Viewer',
    ]);
    expect(body.totalResults).toBe(4 + 2 * 4); // two workspaces, four roles each
    expect(body.Resources).toContainEqual({
      schemas: [ROLE_SCHEMA],
      id: `${prod}:${own}`,
      displayName: expect.stringMatching(/^Prod\//),
      meta: expect.objectContaining({
        resourceType: 'Role',
        location: `${t.url}/scim/v2/Roles/${prod}:${own}`,
      }),
    });
    expect((await scim.get(`/Roles${listOf('displayName eq "Prod/Editor"')}`)).body).toMatchObject({
      totalResults: 1,
      Resources: [{ id: `${prod}:${EDITOR}` }],
    });
    const walked: string[] = [];
    for (let cursor: string | undefined = ''; cursor !== undefined;) {
      const page: any = (await scim.get(`/Roles?count=5&cursor=${cursor}`)).body;
      walked.push(...page.Resources.map(({ displayName }: { displayName: string }) => displayName));
      cursor = page.nextCursor;
    }
    expect(walked).toEqual(names);
    const sorted = (await scim.get('/Roles?sortBy=displayName&count=3&cursor=')).body;
    const next = (await scim.get(`/Roles?sortBy=displayName&count=1000&cursor=${sorted.nextCursor}`)).body;
    expect(
      [...sorted.Resources, ...next.Resources].map(({ displayName }: { displayName: string }) => displayName),
    ).toEqual([...names].map(String).sort());
  });

  it('returns a role by its id, and 404 for unknown ones and those of other organizations', async () => {
    const other = await t.fixtures.orgWithAdmin();

    expect((await scim.get(`/Roles/${ADMIN}`)).body).toMatchObject({
      id: ADMIN,
      displayName: 'Organization Admin',
    });
    expect((await scim.get(`/Roles/${prod}:${EDITOR}`)).body.displayName).toBe('Prod/Editor');
    for (const id of [
      'Organization Admin',
      EDITOR,
      `${prod}:${ADMIN}`,
      `${other.workspaceId}:${EDITOR}`,
      'x',
    ])
      expect(await scim.get(`/Roles/${encodeURIComponent(id)}`)).toMatchObject(scimError(404));
  });

  it('is read only: other methods return 405', async () => {
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'])
      expect(await scim.send(method, `/Roles${method === 'POST' ? '' : `/${ADMIN}`}`, {})).toMatchObject(
        scimError(405),
      );
  });
});

describe('the attribute roles', () => {
  beforeEach(() => switchRoles(true));

  it('gives roles by name and by id, and is answered with ids and names', async () => {
    const { id, roles } = await user({ roles: rolesOf('Organization Viewer', `${prod}:${EDITOR}`) });
    const expected = [
      { value: VIEWER_OF_ORG, display: 'Organization Viewer' },
      { value: `${prod}:${EDITOR}`, display: 'Prod/Editor' },
    ];

    expect(roles).toEqual(expected);
    expect(await shown(id)).toEqual(expected);
    expect(await held(id)).toEqual(holds(VIEWER_OF_ORG, { [prod]: EDITOR }));
    const sources = await t.sql(
      `select source, created_via from workspace_memberships where workspace_id = $1 and role_id = $2`,
      [prod, EDITOR],
    );
    expect(sources).toEqual([{ source: 'scim', created_via: 'scim_user' }]);
    const [entry] = await t.sql<{ details: object }>(
      `select details from audit_entries where org_id = $1 and operation = 'create_scim_user'`,
      [org.orgId],
    );
    expect(entry?.details).toMatchObject({
      org_roles_changed: { [await userIdOf(id)]: { from: ORG_USER, to: VIEWER_OF_ORG } },
      workspace_members_added: { [prod]: { [await userIdOf(id)]: EDITOR } },
    });
  });

  it('keeps its meaning when the workspace and the role are renamed', async () => {
    const { id } = await user({ roles: rolesOf('Prod/Editor') });
    await org.admin.api.patch(`/api/v1/workspaces/${prod}`, { display_name: 'Live' });

    expect(await shown(id)).toEqual([{ value: `${prod}:${EDITOR}`, display: 'Live/Editor' }]);
    expect((await scim.get(`/Roles/${prod}:${EDITOR}`)).body.displayName).toBe('Live/Editor');
    expect(
      await scim.patch(`/Users/${id}`, [{ op: 'add', path: 'roles', value: rolesOf('Live/Editor') }]),
    ).toMatchObject({
      status: 200,
      body: { roles: [{ value: `${prod}:${EDITOR}` }] },
    });
  });

  it('has no value that PostgreSQL cannot store', async () => {
    const { id } = await user({ roles: rolesOf('Prod/Viewer') });
    const remove = (change: object) =>
      scim.patch(`/Users/${id}`, [{ op: 'remove', path: 'roles', ...change }]);

    expect((await remove({ path: 'roles[value eq "\\u0000"]' })).status).toBe(200);
    expect((await remove({ value: rolesOf('\0') })).status).toBe(200);
    expect(await shown(id)).toHaveLength(1);
    expect((await set(id, rolesOf('Prod/Editor\0', 'Organization Viewer'))).body.roles).toMatchObject([
      { value: VIEWER_OF_ORG },
    ]);
    expect(await held(id)).toEqual(holds(VIEWER_OF_ORG));
    expect((await scim.get('/Roles/%00')).status).toBe(404);
  });

  it('takes what it gave: by an empty list, null, PATCH remove, one value and another value', async () => {
    const takers: ((id: string) => Promise<{ status: number }>)[] = [
      (id) => set(id, []),
      (id) => set(id, null),
      (id) => scim.patch(`/Users/${id}`, [{ op: 'remove', path: 'roles' }]),
      (id) => scim.patch(`/Users/${id}`, [{ op: 'remove', path: 'roles', value: rolesOf('Prod/Editor') }]),
      (id) => scim.patch(`/Users/${id}`, [{ op: 'remove', path: 'roles[value eq "Prod/Editor"]' }]),
      (id) => scim.patch(`/Users/${id}`, [{ op: 'remove', path: `roles[value eq "${prod}:${EDITOR}"]` }]),
      (id) => scim.patch(`/Users/${id}`, [{ op: 'Remove', path: 'roles[primary eq "True"].value' }]), // Entra ID
      (id) =>
        scim.patch(`/Users/${id}`, [{ op: 'Replace', path: 'roles[primary eq "True"].value', value: '' }]),
    ];
    for (const take of takers) {
      const { id } = await user({ roles: [{ value: 'Prod/Editor', primary: true }] });
      expect(await held(id)).toEqual(holds(ORG_USER, { [prod]: EDITOR }));
      expect((await take(id)).status).toBe(200);
      expect(await held(id)).toEqual(holds(ORG_USER));
      expect(await shown(id)).toBeUndefined();
    }
    const { id } = await user({ roles: rolesOf('Organization Admin') });
    expect(await set(id, rolesOf('Organization Viewer', 'Prod/Viewer'))).toMatchObject({ status: 200 });
    expect(await held(id)).toEqual(holds(VIEWER_OF_ORG, { [prod]: VIEWER }));
  });

  it('stays in a PUT without it, and goes with an empty one', async () => {
    const body = await user({ roles: rolesOf('Prod/Editor') });
    const profile = userOf(emailOf(body), { displayName: 'New name' });

    const kept = await scim.put(`/Users/${body.id}`, profile);
    expect(kept).toMatchObject({
      status: 200,
      body: { displayName: 'New name', roles: [{ display: 'Prod/Editor' }] },
    });
    expect(await held(body.id)).toEqual(holds(ORG_USER, { [prod]: EDITOR }));
    expect((await scim.put(`/Users/${body.id}`, { ...profile, roles: [] })).body.roles).toBeUndefined();
    expect(await held(body.id)).toEqual(holds(ORG_USER));
  });

  it('keeps a value that names nothing in the place of what it replaces, without effect and with the reason', async () => {
    const other = await t.fixtures.orgWithAdmin();
    const wrong = [
      'No such role',
      'Gone/Editor',
      'organization admin',
      EDITOR,
      `${prod}:${ADMIN}`,
      `${other.workspaceId}:${EDITOR}`,
      'x'.repeat(600),
    ];
    for (const value of wrong) {
      const { id } = await user({ roles: rolesOf('Prod/Viewer') });
      const changed = await scim.patch(`/Users/${id}`, [
        { op: 'replace', path: 'displayName', value: 'Changed' },
        { op: 'replace', path: 'roles', value: rolesOf('Organization Viewer', value, value) },
      ]);

      expect(changed).toMatchObject({ status: 200, body: { displayName: 'Changed' } });
      expect(changed.body.roles).toEqual([
        { value: VIEWER_OF_ORG, display: 'Organization Viewer' },
        { value },
      ]);
      expect(await shown(id)).toEqual(changed.body.roles);
      expect(await ignored(id)).toEqual([[value, 'unknown']]);
      expect(await held(id)).toEqual(holds(VIEWER_OF_ORG));
      const created = await user({ roles: rolesOf(value) });
      expect(created.roles).toEqual([{ value }]);
      expect(await held(created.id)).toEqual(holds(ORG_USER));
    }
    const { id } = await user();
    expect((await set(id, [{ display: 'Prod/Editor' }])).body.roles).toEqual([{ display: 'Prod/Editor' }]);
    expect(await ignored(id)).toEqual([['', 'missing']]);
    expect((await scim.patch(`/Users/${id}`, [{ op: 'remove', path: 'roles' }])).body.roles).toBeUndefined();
  });

  it('removes one value that is kept without effect', async () => {
    const { id } = await user({ roles: rolesOf('Gone/Editor', 'Prod/Editor', 'Gone/Viewer') });

    await scim.patch(`/Users/${id}`, [{ op: 'remove', path: 'roles[value eq "Gone/Editor"]' }]);
    await scim.patch(`/Users/${id}`, [{ op: 'remove', path: 'roles', value: rolesOf('Gone/Viewer') }]);
    expect(await shown(id)).toEqual([{ value: `${prod}:${EDITOR}`, display: 'Prod/Editor' }]);
  });

  it('counts the last of two roles in the same place', async () => {
    const { id, roles } = await user({ roles: rolesOf('Prod/Editor', 'Organization Viewer', 'Prod/Viewer') });

    expect(roles.map(({ display }: { display: string }) => display)).toEqual([
      'Organization Viewer',
      'Prod/Viewer',
    ]);
    expect(await held(id)).toEqual(holds(VIEWER_OF_ORG, { [prod]: VIEWER }));
    await set(id, rolesOf('Prod/Viewer', 'Prod/Editor'));
    expect(await held(id)).toEqual(holds(ORG_USER, { [prod]: EDITOR }));
    await scim.patch(`/Users/${id}`, [{ op: 'add', path: 'roles', value: rolesOf('Prod/Viewer') }]);
    expect(await held(id)).toEqual(holds(ORG_USER, { [prod]: VIEWER }));
  });

  it('keeps a name of two roles without effect until it is the name of one, and takes an id', async () => {
    const twin = await workspace('Prod');
    const { id } = await user({ roles: rolesOf('Prod/Viewer') });

    expect(await set(id, rolesOf('Prod/Editor'))).toMatchObject({
      status: 200,
      body: { roles: [{ value: 'Prod/Editor' }] },
    });
    expect(await ignored(id)).toEqual([['Prod/Editor', 'ambiguous']]);
    expect(await held(id)).toEqual(holds(ORG_USER));
    expect((await set(id, rolesOf(`${twin}:${EDITOR}`, 'Prod/Viewer'))).status).toBe(200);
    expect(await held(id)).toEqual(holds(ORG_USER, { [twin]: EDITOR }));
    await org.admin.api.as({ workspaceId: twin }).delete(`/api/v1/workspaces/${twin}`);
    expect(await held(id)).toEqual(holds(ORG_USER, { [prod]: VIEWER }));
  });

  it('gives nothing in a workspace whose name does not count until an Organization Admin saves the name', async () => {
    await t.sql('update workspaces set name_counts_in_groups = false where id = $1', [prod]);
    const { id } = await user();

    expect((await set(id, rolesOf('Prod/Editor'))).status).toBe(200);
    expect(await ignored(id)).toEqual([['Prod/Editor', 'unconfirmed']]);
    expect(await held(id)).toEqual(holds(ORG_USER));
    expect((await rename(prod, 'Prod')).status).toBe(200);
    expect(await held(id)).toEqual(holds(ORG_USER, { [prod]: EDITOR }));
    expect(await shown(id)).toEqual([{ value: `${prod}:${EDITOR}`, display: 'Prod/Editor' }]);
    expect(await ignored(id)).toEqual([]);
    const [entry] = await t.sql(
      `select user_id, details from audit_entries where org_id = $1 and operation = 'update_scim_user'
       order by position desc limit 1`,
      [org.orgId],
    );
    expect(entry).toMatchObject({
      user_id: org.admin.userId,
      details: {
        changed: ['roles'],
        workspace_members_added: { [prod]: { [await userIdOf(id)]: EDITOR } },
      },
    });
    expect((await set(id, rolesOf(`${prod}:${VIEWER}`))).status).toBe(200);
  });

  it('gives what it names once a workspace gets the name', async () => {
    const { id } = await user({ roles: rolesOf('Later/Editor') });
    await switchRoles(false);
    await rename(prod, 'Later');
    expect(await held(id)).toEqual(holds(ORG_USER)); // roles have no effect
    await rename(prod, 'Prod');
    await switchRoles(true);
    const operator = await t.fixtures.member(org, { org: 'ORGANIZATION_OPERATOR' });

    const later = await workspace('Later', operator);
    expect(await held(id)).toEqual(holds(ORG_USER, { [later]: EDITOR }));
    expect(await shown(id)).toEqual([{ value: `${later}:${EDITOR}`, display: 'Later/Editor' }]);
  });

  it('stays without effect if whoever gave its name a meaning could not give the role, and if it is sent again', async () => {
    const twin = await workspace('Prod');
    const lead = await t.fixtures.member({ ...org, workspaceId: twin }, { workspace: 'WORKSPACE_ADMIN' });
    const { id } = await user({ roles: rolesOf('Prod/Editor') });
    expect(await ignored(id)).toEqual([['Prod/Editor', 'ambiguous']]);

    expect((await rename(twin, 'Twin', lead)).status).toBe(200); // admin of the twin, and nothing in the other one
    expect(await held(id)).toEqual(holds(ORG_USER));
    expect(await ignored(id)).toEqual([['Prod/Editor', 'unconfirmed']]);
    expect((await set(id, rolesOf('Prod/Editor', 'Organization Viewer'))).status).toBe(200);
    expect((await set(id, rolesOf('Prod/Editor'))).body.roles).toEqual([{ value: 'Prod/Editor' }]);
    expect(await held(id)).toEqual(holds(ORG_USER));
    await rename(prod, 'Prod');
    expect(await held(id)).toEqual(holds(ORG_USER, { [prod]: EDITOR }));
  });

  it('stays without effect for an Organization Operator until an Organization Admin gives its name a meaning', async () => {
    const operator = await t.fixtures.member(org, { org: 'ORGANIZATION_OPERATOR' });
    const { id } = await user({ roles: rolesOf('Organization Operator', 'Later/Editor') });

    const later = await workspace('Later', operator);
    expect(await held(id)).toEqual(holds(role('ORGANIZATION_OPERATOR')));
    expect(await ignored(id)).toEqual([['Later/Editor', 'unconfirmed']]);
    await rename(later, 'Later');
    expect(await held(id)).toEqual(holds(role('ORGANIZATION_OPERATOR'), { [later]: EDITOR }));
  });

  it('is counted for each workspace that it names by those who may read its members', async () => {
    const countOf = async () =>
      (await org.admin.api.get('/api/v1/workspaces?include_counts=true')).body.find(
        ({ id }: { id: string }) => id === prod,
      ).provisioned_role_count;
    await user({ roles: rolesOf('Prod/Editor', 'Organization Viewer') });
    await user({ roles: rolesOf(`${prod}:${VIEWER}`, 'Gone/Editor') });
    await group('Organization User:Prod:Viewer', (await user()).id);

    expect(await countOf()).toBe(2);
    await switchRoles(false);
    expect(await countOf()).toBe(0);
  });

  it('finds a role by a name with ten slashes, and with more by its id only', async () => {
    const own = await customRole(org, ['projects:read']);
    const renameRole = (name: string) =>
      t.sql('update roles set display_name = $1 where id = $2', [name, own]);
    const { id } = await user();

    await renameRole('a/b/c/d/e/f/g/h/i/j');
    expect((await set(id, rolesOf('Prod/a/b/c/d/e/f/g/h/i/j'))).status).toBe(200);
    expect(await held(id)).toEqual(holds(ORG_USER, { [prod]: own }));
    await renameRole('a/b/c/d/e/f/g/h/i/j/k');
    await set(id, rolesOf('Prod/a/b/c/d/e/f/g/h/i/j/k'));
    expect(await ignored(id)).toEqual([['Prod/a/b/c/d/e/f/g/h/i/j/k', 'unknown']]);
    expect((await set(id, rolesOf(`${prod}:${own}`))).status).toBe(200);
  });

  it('comes after groups of admins and before all other groups and roles given by hand', async () => {
    const { id } = await user();
    await group('Organization Viewer:Prod:Viewer', id);
    expect(await held(id)).toEqual(holds(VIEWER_OF_ORG, { [prod]: VIEWER }));

    await set(id, rolesOf('Organization User', 'Prod/Editor'));
    expect(await held(id)).toEqual(holds(ORG_USER, { [prod]: EDITOR }));
    await group('Organization Operator:Prod:Admin', id); // newer
    expect(await held(id)).toEqual(holds(ORG_USER, { [prod]: EDITOR }));

    const admins = (await group('Organization Admins', id)).body.id;
    expect(await held(id)).toEqual(holds(ADMIN, { [prod]: WORKSPACE_ADMIN }));
    await scim.delete(`/Groups/${admins}`);
    expect(await held(id)).toEqual(holds(ORG_USER, { [prod]: EDITOR }));

    await set(id, []);
    expect(await held(id)).toEqual(holds(role('ORGANIZATION_OPERATOR'), { [prod]: WORKSPACE_ADMIN }));
  });

  it('overrides a role given by hand', async () => {
    const { id } = await user();
    await t.sql(
      `update org_memberships m set role_id = $2, source = 'manual' from scim_users s
       where s.id = $1 and m.org_id = s.org_id and m.user_id = s.user_id`,
      [id, ADMIN],
    );

    expect((await set(id, rolesOf('Organization Viewer'))).status).toBe(200);
    expect(await held(id)).toEqual(holds(VIEWER_OF_ORG));
  });

  it('keeps the last Organization Admin', async () => {
    const { id } = await user({ roles: rolesOf('Organization Admin') });
    await demote(org.admin.userId);

    expect(await set(id, [])).toMatchObject(scimError(409));
    expect(await held(id)).toEqual(holds(ADMIN));
    expect(await shown(id)).toEqual([{ value: ADMIN, display: 'Organization Admin' }]);
  });

  it('shows a role of a workspace that was deleted with the reason', async () => {
    const { id } = await user({ roles: rolesOf('Prod/Editor', 'Organization Viewer') });
    await org.admin.api.as({ workspaceId: prod }).delete(`/api/v1/workspaces/${prod}`);

    expect(await shown(id)).toEqual([
      { value: `${prod}:${EDITOR}`, display: 'Prod/Editor' },
      { value: VIEWER_OF_ORG, display: 'Organization Viewer' },
    ]);
    expect(await ignored(id)).toEqual([[`${prod}:${EDITOR}`, 'unknown']]);
    expect(await held(id)).toEqual(holds(VIEWER_OF_ORG));
    expect((await set(id, rolesOf('Organization Viewer'))).body.roles).toHaveLength(1);
  });

  it('gives roles in a bulk request', async () => {
    const { body } = await scim.post('/Bulk', {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
      Operations: ['Prod/Editor', 'No such role', 'Organization Admin'].map((value, at) => ({
        method: 'POST',
        path: '/Users',
        bulkId: `b${at}`,
        data: userOf(t.fixtures.email(), { roles: rolesOf(value) }),
      })),
    });

    expect(body.Operations).toMatchObject([{ status: '201' }, { status: '201' }, { status: '201' }]);
    const idOf = (at: number) => body.Operations[at].location.split('/').at(-1);
    expect(await held(idOf(0))).toEqual(holds(ORG_USER, { [prod]: EDITOR }));
    expect(await held(idOf(2))).toEqual(holds(ADMIN));
  });

  it('returns 403 to a token of an operator for what the operator could not give, and changes nothing', async () => {
    const operator = await t.fixtures.member(org, {
      org: 'ORGANIZATION_OPERATOR',
      workspace: 'WORKSPACE_USER',
    });
    const limited = await scimOfOperator(t, org, operator);
    const { id } = await user({}, limited);
    const roles = (value: string) =>
      limited.patch(`/Users/${id}`, [{ op: 'replace', path: 'roles', value: rolesOf(value) }]);

    for (const value of [
      'Organization Admin',
      'Organization Operator',
      `${prod}:${VIEWER}`,
      `${org.workspaceId}:${WORKSPACE_ADMIN}`,
    ])
      expect(await roles(value)).toMatchObject(scimError(403));
    expect(await held(id)).toEqual(holds(ORG_USER));
    expect(await shown(id)).toBeUndefined();
    expect(
      await limited.post('/Users', userOf(t.fixtures.email(), { roles: rolesOf('Organization Admin') })),
    ).toMatchObject(scimError(403));
    expect((await roles(`${org.workspaceId}:${EDITOR}`)).status).toBe(200);
    expect(await held(id)).toEqual(holds(ORG_USER, { [org.workspaceId]: EDITOR }));
    expect((await roles('Later/Admin')).body.roles).toBeUndefined(); // could give more than that later
    const made = await user({ roles: rolesOf('Later/Admin') }, limited);
    await workspace('Later');
    for (const one of [id, made.id]) expect(await held(one)).toEqual(holds(ORG_USER));
    await set(id, rolesOf('Organization Admin'));
    expect(await limited.patch(`/Users/${id}`, [{ op: 'remove', path: 'roles' }])).toMatchObject(
      scimError(403),
    );
    expect(await held(id)).toEqual(holds(ADMIN));
  });
});

describe('switching roles on and off', () => {
  it('gives what was stored, keeps what gives nothing, and takes it back', async () => {
    const admin = await user({
      roles: [{ value: 'Organization Admin', primary: true }, { value: 'No such role' }],
    });
    const editor = await user({ roles: rolesOf('Prod/Viewer', 'Prod/Editor') });
    const none = await user();
    const preview = await previewed();

    expect(preview).toMatchObject([
      {
        id: admin.id,
        email: emailOf(admin),
        organization_role: { from: 'Organization User', to: 'Organization Admin' },
        workspace_roles: [],
        ignored_values: [{ value: 'No such role', reason: 'unknown' }],
      },
      {
        id: editor.id,
        organization_role: null,
        workspace_roles: [{ workspace_id: prod, workspace_name: 'Prod', from: null, to: 'Editor' }],
        ignored_values: [{ value: 'Prod/Viewer', reason: 'conflicting' }],
      },
    ]);
    expect(await held(admin.id)).toEqual(holds(ORG_USER)); // a preview changes nothing
    expect((await switchRoles(true)).status).toBe(200);
    expect(await held(admin.id)).toEqual(holds(ADMIN));
    expect(await shown(admin.id)).toEqual([
      { value: ADMIN, display: 'Organization Admin', primary: true },
      { value: 'No such role' },
    ]);
    expect(await shown(editor.id)).toEqual([{ value: `${prod}:${EDITOR}`, display: 'Prod/Editor' }]);
    expect(await held(editor.id)).toEqual(holds(ORG_USER, { [prod]: EDITOR }));
    expect(await held(none.id)).toEqual(holds(ORG_USER));
    const entries = await t.sql<{ details: object }>(
      `select details from audit_entries where org_id = $1 and operation = 'update_scim_user' order by created_at, id`,
      [org.orgId],
    );
    expect(entries).toMatchObject([
      {
        details: {
          changed: ['roles'],
          org_roles_changed: { [await userIdOf(admin.id)]: { from: ORG_USER, to: ADMIN } },
        },
      },
      {
        details: {
          changed: ['roles'],
          workspace_members_added: { [prod]: { [await userIdOf(editor.id)]: EDITOR } },
        },
      },
    ]);
    expect(await previewed()).toMatchObject([
      { id: admin.id, organization_role: null, ignored_values: [{ value: 'No such role' }] },
    ]);
    expect(await previewed({ scim_roles_enabled: false })).toMatchObject([
      { id: admin.id, organization_role: { from: 'Organization Admin', to: 'Organization User' } },
      { id: editor.id, workspace_roles: [{ workspace_name: 'Prod', from: 'Editor', to: null }] },
    ]);
    expect((await switchRoles(false)).status).toBe(200);
    expect(await held(admin.id)).toEqual(holds(ORG_USER));
    expect(await held(editor.id)).toEqual(holds(ORG_USER));
    expect((await scim.get('/Roles')).status).toBe(404);
  });

  it('shows the preview in pages, to those who manage the organization', async () => {
    for (let at = 0; at < 3; at += 1) await user({ roles: rolesOf('Prod/Editor') });
    const first = (await org.admin.api.post(PREVIEW, { limit: 2 })).body;
    const second = (await org.admin.api.post(PREVIEW, { limit: 2, cursor: first.next_cursor })).body;
    const member = await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });

    expect([first.items.length, second.items.length, second.next_cursor]).toEqual([2, 1, null]);
    expect(new Set([...first.items, ...second.items].map(({ id }) => id)).size).toBe(3);
    expect((await member.api.post(PREVIEW, {})).status).toBe(403);
    expect((await org.admin.api.post(PREVIEW, { limit: 101 })).status).toBe(422);
  });

  it('gives nothing that a token of an operator wrote while roles had no effect', async () => {
    const operator = await t.fixtures.member(org, { org: 'ORGANIZATION_OPERATOR' });
    const limited = await scimOfOperator(t, org, operator);
    const made = await user({ roles: rolesOf('Organization Admin') }, limited);
    const changed = await user({ roles: rolesOf('Organization Viewer') });
    await limited.patch(`/Users/${changed.id}`, [
      { op: 'replace', path: 'roles', value: rolesOf('Organization Admin') },
    ]);

    expect(await previewed()).toMatchObject([
      {
        id: made.id,
        organization_role: null,
        ignored_values: [{ value: 'Organization Admin', reason: 'limited_token' }],
      },
      { id: changed.id, organization_role: null },
    ]);
    await switchRoles(true);
    for (const { id } of [made, changed]) {
      expect(await held(id)).toEqual(holds(ORG_USER));
      expect(await shown(id)).toBeUndefined();
    }
  });

  it('returns 409 when the last Organization Admin is one by the attribute, and nothing is changed', async () => {
    await switchRoles(true);
    const member = await t.fixtures.member(org, { workspace: 'WORKSPACE_USER' });
    const { status, body } = await scim.post(
      '/Users',
      userOf(member.email, { roles: rolesOf('Organization Admin') }),
    );
    expect(status).toBe(201);
    await demote(org.admin.userId);

    expect(await switchRoles(false, member.api)).toMatchObject({ status: 409 });
    expect(await held(body.id)).toMatchObject({ org: ADMIN });
    expect((await member.api.get(INFO)).body.scim_roles_enabled).toBe(true);
  });

  it('keeps one of two Organization Admins who lose the role at the same time', async () => {
    await switchRoles(true);
    const admins = [
      await user({ roles: rolesOf('Organization Admin') }),
      await user({ roles: rolesOf('Organization Admin') }),
    ];
    await demote(org.admin.userId);

    const replies = await Promise.all(admins.map(({ id }) => set(id, [])));
    expect(replies.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 409]);
  });

  it('gives what a request writes at the same time', async () => {
    for (let round = 0; round < 4; round += 1) {
      const { id } = await user();
      const [switched, written] = await Promise.all([switchRoles(true), set(id, rolesOf('Prod/Editor'))]);

      expect([switched.status, written.status]).toEqual([200, 200]);
      expect(await shown(id)).toEqual([{ value: `${prod}:${EDITOR}`, display: 'Prod/Editor' }]);
      expect(await held(id)).toEqual(holds(ORG_USER, { [prod]: EDITOR }));
      await switchRoles(false);
    }
  });
});

async function demote(userId: string): Promise<void> {
  await t.sql('update org_memberships set role_id = $3 where org_id = $1 and user_id = $2', [
    org.orgId,
    userId,
    ORG_USER,
  ]);
}

async function userIdOf(scimUserId: string): Promise<string> {
  const [row] = await t.sql<{ id: string }>('select user_id as id from scim_users where id = $1', [
    scimUserId,
  ]);
  return row!.id;
}
