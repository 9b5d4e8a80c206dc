import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type OrgWithAdmin, role } from '../support/fixtures.js';
import {
  ENTERPRISE,
  GROUP,
  listOf,
  type Scim,
  scimError,
  scimOf,
  scimOfOperator,
  USER,
  userOf,
} from '../support/scim.js';
import {
  type PublishedAttribute,
  type PublishedSchema,
  SchemaValues,
} from '../support/scim-schema-values.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

let t: TestApp;
let org: OrgWithAdmin;
let scim: Scim;
beforeAll(async () => {
  t = await startTestApp();
  org = await t.fixtures.orgWithAdmin();
  scim = await scimOf(org.admin.api);
});
afterAll(() => t.close());

const create = async (more: object = {}) =>
  (await scim.post('/Users', userOf(t.fixtures.email(), more))).body;
const accountOf = async (email: string) =>
  (await t.sql<{ email: string }>('select email from users where email = $1', [email]))[0];

describe('a SCIM user without emails', () => {
  it('is created when userName is an e-mail address, which becomes the address of the account', async () => {
    const userName = t.fixtures.email('Only.Name');

    const { status, body } = await scim.post('/Users', { schemas: [USER], userName });

    expect({ status, body }).toMatchObject({ status: 201, body: { userName, active: true } });
    expect(body).not.toHaveProperty('emails');
    expect(await accountOf(userName.toLowerCase())).toBeDefined();
    expect((await scim.get(`/Users${listOf(`userName eq "${userName}"`)}`)).body.totalResults).toBe(1);
  });

  it.each([[], [{ type: 'work' }], null])(
    'is created with emails %j, which holds no address',
    async (emails) => {
      const userName = t.fixtures.email();

      expect((await scim.post('/Users', { schemas: [USER], userName, emails })).status).toBe(201);
      expect(await accountOf(userName)).toBeDefined();
    },
  );

  it.each([
    { userName: 'jane' },
    { userName: 'jane', emails: [] },
    { userName: 'jane', emails: [{ type: 'work' }] },
    { userName: 'jane@example.com', emails: [{ value: 'jane' }] },
  ])('returns invalidValue when no address can be used: %j', async (body) => {
    expect(await scim.post('/Users', { schemas: [USER], ...body })).toMatchObject(
      scimError(400, 'invalidValue'),
    );
  });

  it('keeps the account address in step with a userName that changes', async () => {
    const { id } = (await scim.post('/Users', { userName: t.fixtures.email() })).body;
    const renamed = t.fixtures.email('renamed');

    await scim.patch(`/Users/${id}`, [{ op: 'replace', path: 'userName', value: renamed }]);

    expect(await accountOf(renamed)).toBeDefined();
  });

  it('results from removing the emails of a user whose userName is an address', async () => {
    const { id, userName } = await create();

    const removed = await scim.patch(`/Users/${id}`, [{ op: 'remove', path: 'emails' }]);

    expect(removed).toMatchObject({ status: 200, body: { userName } });
    expect(removed.body).not.toHaveProperty('emails');
    const named = await create({ userName: 'no address' });
    expect(await scim.patch(`/Users/${named.id}`, [{ op: 'remove', path: 'emails' }])).toMatchObject(
      scimError(400, 'invalidValue'),
    );
  });
});

describe('the userName of a SCIM user', () => {
  it.each([undefined, null, ''])(
    'returns invalidValue for POST and PUT with userName %j',
    async (userName) => {
      const { id, userName: name } = await create();
      const body = userOf(t.fixtures.email(), { userName });

      expect(await scim.post('/Users', body)).toMatchObject(scimError(400, 'invalidValue'));
      expect(await scim.put(`/Users/${id}`, body)).toMatchObject(scimError(400, 'invalidValue'));
      expect((await scim.get(`/Users/${id}`)).body).toMatchObject({
        userName: name,
        meta: { version: 'W/"1"' },
      });
    },
  );

  it.each([
    [{ op: 'remove', path: 'userName' }, 'mutability'],
    [{ op: 'Remove', path: `${USER}:userName` }, 'mutability'],
    [{ op: 'replace', path: 'userName', value: '' }, 'invalidValue'],
    [{ op: 'replace', path: 'userName', value: null }, 'invalidValue'],
    [{ op: 'add', value: { userName: null } }, 'invalidValue'],
  ])('returns an error when PATCH removes or empties it: %j', async (operation, scimType) => {
    const { id, userName } = await create();

    expect(await scim.patch(`/Users/${id}`, [operation])).toMatchObject(scimError(400, scimType));
    expect((await scim.get(`/Users/${id}`)).body).toMatchObject({ userName, meta: { version: 'W/"1"' } });
  });
});

/** As testers of SCIM servers do: they know what the schemas say, and nothing else. */
describe('a client that builds its requests from the published schemas', () => {
  let schemas: PublishedSchema[];
  let values: SchemaValues;
  beforeAll(async () => {
    schemas = (await scim.get('/Schemas')).body.Resources;
    const { id, meta } = await create();
    values = new SchemaValues({ id, location: meta.location });
  });

  const schemaOf = (id: string) => schemas.find((one) => one.id === id)!;
  const minimal = (id: string) => ({
    schemas: [id],
    ...values.object(
      schemaOf(id)
        .attributes.filter(({ required }) => required)
        .map(withRequiredParts),
    ),
  });
  const full = (id: string) => ({
    schemas: [id, ENTERPRISE],
    ...values.object(schemaOf(id).attributes),
    [ENTERPRISE]: values.object(schemaOf(ENTERPRISE).attributes),
  });
  const withRequiredParts = (one: PublishedAttribute): PublishedAttribute =>
    one.subAttributes ? { ...one, subAttributes: one.subAttributes.filter(({ required }) => required) } : one;
  const made = async (path: string, body: object) => {
    const { status, body: resource } = await scim.post(path, body);
    expect(status).toBe(201);
    return resource as { id: string };
  };
  const read = async (path: string) => (await scim.get(path)).body as Record<string, unknown>;
  /** RFC 7643, section 2.5: an empty list is no value. */
  const isAssigned = (found: unknown) => found !== undefined && !(Array.isArray(found) && found.length === 0);
  /** What can be changed, by path. */
  const paths = (ids: string[]) =>
    ids.flatMap((id) =>
      values.writable(schemaOf(id).attributes).map((one) => ({ ...one, path: `${id}:${one.name}`, id })),
    );
  const valueAt = (resource: Record<string, unknown>, { id, name }: { id: string; name: string }) =>
    (id === ENTERPRISE ? (resource[ENTERPRISE] as Record<string, unknown> | undefined) : resource)?.[name];

  it('finds that users need userName and emails with values, and groups a displayName', () => {
    const required = (id: string) =>
      schemaOf(id).attributes.flatMap(({ name, subAttributes = [], ...one }) => [
        ...(one.required ? [name] : []),
        ...subAttributes.filter((part) => part.required).map((part) => `${name}.${part.name}`),
      ]);

    expect([USER, ENTERPRISE, GROUP].map(required)).toEqual([
      ['userName', 'emails', 'emails.value'],
      [],
      ['displayName'],
    ]);
  });

  it.each([
    ['/Users', USER],
    ['/Groups', GROUP],
  ])('creates, replaces and deletes what is required, and all that can be set, at %s', async (path, id) => {
    for (const body of [minimal(id), full(id)]) {
      const at = `${path}/${(await made(path, body)).id}`;
      expect((await scim.put(at, full(id))).status).toBe(200);
      expect((await scim.put(at, minimal(id))).status).toBe(200);
      expect((await scim.delete(at)).status).toBe(204);
    }
  });

  it.each([
    ['/Users', [USER, ENTERPRISE]],
    ['/Groups', [GROUP]],
  ])('adds, replaces and removes each attribute at %s', async (path, ids) => {
    const at = `${path}/${(await made(path, minimal(ids[0]!))).id}`;
    for (const op of ['add', 'replace', 'remove'] as const)
      for (const attribute of paths(ids)) {
        if (op !== 'replace' && attribute.required) continue;
        const value = values.of(attribute);
        const { status } = await scim.patch(at, [
          { op, path: attribute.path, ...(op !== 'remove' && { value }) },
        ]);
        const found = valueAt(await read(at), attribute);
        const isKept = op !== 'remove' || attribute.name === 'active'; // true by default

        expect([op, attribute.path, status < 300]).toEqual([op, attribute.path, true]);
        if (attribute.mutability !== 'writeOnly')
          expect([op, attribute.path, isAssigned(found)]).toEqual([op, attribute.path, isKept]);
      }
  });
});

describe('a request that leaves a user inactive', () => {
  const change = (path: string, value: unknown) => ({ op: 'replace', path, value });
  const isActive = async (id: string) => (await scim.get(`/Users/${id}`)).body.active;
  const membership = async (id: string) =>
    (
      await t.sql<{ is_disabled: boolean }>(
        `select m.is_disabled from scim_users s join org_memberships m on m.org_id = s.org_id and m.user_id = s.user_id
         where s.id = $1`,
        [id],
      )
    )[0];
  const lastDetails = async (id: string) =>
    (
      await t.sql<{ details: object }>(
        `select details from audit_entries where operation = 'update_scim_user' and succeeded and $1 = any(resource_ids)
         order by position desc limit 1`,
        [id],
      )
    )[0]?.details;
  const LONG = 'x'.repeat(501);

  it('takes effect in that, leaves what is refused as it was, changes the rest, and names what was left', async () => {
    const other = await create({ externalId: `of another ${t.fixtures.email()}` });
    const refused: [attribute: string, more: object][] = [
      ['userName', { userName: other.userName }],
      ['userName', { userName: '' }],
      ['userName', { userName: LONG }],
      ['externalId', { externalId: other.externalId }],
      ['emails', { emails: [{ type: 'work', value: 'no address' }] }],
      ['emails', { emails: [{ type: 'work', value: other.emails[0].value }] }],
      ['displayName', { displayName: LONG }],
      ['name', { name: { givenName: LONG } }],
      ['title', { title: 'a\0' }],
      [ENTERPRISE, { [ENTERPRISE]: { department: '\ud800' } }],
    ];
    for (const [attribute, more] of refused)
      for (const send of ['put', 'patch'] as const) {
        const before = await create({ title: 'Before', displayName: 'Name' });
        const path = `/Users/${before.id}`;
        const edits = Object.entries({ active: false, nickName: 'New', ...more }).map(([at, value]) =>
          change(at, value),
        );
        const reply = await (send === 'put'
          ? scim.put(path, { ...before, active: false, nickName: 'New', ...more })
          : scim.patch(path, edits));

        expect(reply).toMatchObject({ status: 200, body: { active: false, nickName: 'New' } });
        for (const name of ['userName', 'externalId', 'emails', 'displayName', 'name', 'title', ENTERPRISE])
          expect(reply.body[name]).toEqual(before[name]);
        expect(await membership(before.id)).toEqual({ is_disabled: true });
        expect(await lastDetails(before.id)).toMatchObject({
          active: false,
          changed: ['active', 'nickName'],
          left_unchanged: [attribute],
        });
      }
  });

  it('leaves all that is refused, and an address only where it comes from', async () => {
    const other = await create();
    const named = (await scim.post('/Users', { userName: t.fixtures.email() })).body;

    const reply = await scim.put(`/Users/${named.id}`, {
      userName: 'no address',
      externalId: other.externalId,
      displayName: LONG,
      active: 'False',
    });
    expect(reply).toMatchObject({ status: 200, body: { userName: named.userName, active: false } });
    expect(await lastDetails(named.id)).toMatchObject({
      changed: ['active'],
      left_unchanged: ['userName', 'displayName', 'externalId'],
    });
    const taken = await scim.patch(`/Users/${named.id}`, [change('userName', other.emails[0].value)]);
    expect(taken).toMatchObject({ status: 200, body: { userName: named.userName } }); // stays inactive
    const { Operations } = (
      await scim.post('/Bulk', {
        schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
        Operations: [
          { method: 'PUT', path: `/Users/${other.id}`, data: { userName: named.userName, active: false } },
        ],
      })
    ).body;
    expect(Operations).toMatchObject([{ status: '200' }]);
    expect(await isActive(other.id)).toBe(false);
  });

  it('is refused for wrong types, for what cannot be removed, and if the user is active afterwards', async () => {
    const other = await create();
    const { id } = await create();
    const off = change('active', false);
    for (const [operations, status, scimType] of [
      [[off, change('userName', { a: 1 })], 400, 'invalidValue'],
      [[off, change('name', 'x')], 400, 'invalidValue'],
      [[change('active', 'maybe')], 400, 'invalidValue'],
      [[off, { op: 'remove', path: 'userName' }], 400, 'mutability'],
      [[off, change('unknown', 'x')], 400, 'invalidPath'],
      [[off, change('userName', other.userName), change('active', true)], 409, 'uniqueness'],
      [[change('userName', other.userName)], 409, 'uniqueness'],
      [[change('userName', '')], 400, 'invalidValue'],
      [[change('title', 'a\0')], 400, 'invalidValue'],
    ] as const)
      expect(await scim.patch(`/Users/${id}`, [...operations])).toMatchObject(scimError(status, scimType));
    expect(await isActive(id)).toBe(true);
    await scim.patch(`/Users/${id}`, [off]);
    const resumed = await scim.patch(`/Users/${id}`, [
      change('active', true),
      change('userName', other.userName),
    ]);
    expect(resumed).toMatchObject(scimError(409, 'uniqueness'));
    expect(await isActive(id)).toBe(false);
  });

  it('is refused for the last Organization Admin, and to a token of an operator for an admin', async () => {
    const its = await t.fixtures.orgWithAdmin();
    const own = await scimOf(its.admin.api);
    const { id } = (await own.post('/Users', { userName: its.admin.email })).body;
    const operator = await t.fixtures.member(its, { org: 'ORGANIZATION_OPERATOR' });
    const limited = await scimOfOperator(t, its, operator);
    const body = { userName: '', active: false };

    expect(await limited.put(`/Users/${id}`, body)).toMatchObject(scimError(403));
    expect(await own.put(`/Users/${id}`, body)).toMatchObject(scimError(409));
    expect((await own.get(`/Users/${id}`)).body.active).toBe(true);
  });

  it('takes effect although it names roles that are gone', async () => {
    const its = await t.fixtures.orgWithAdmin();
    const own = await scimOf(its.admin.api);
    await its.admin.api.patch('/api/v1/orgs/current/info', { scim_roles_enabled: true });
    const prod = (await its.admin.api.post('/api/v1/workspaces', { display_name: 'Prod' })).body.id;
    const roles = [{ value: 'Prod/Editor' }];
    const users = [1, 2].map(async () => own.post('/Users', userOf(t.fixtures.email(), { roles })));
    const [put, patched] = (await Promise.all(users)).map(({ body }) => body);
    await its.admin.api
      .as({ workspaceId: prod })
      .patch(`/api/v1/workspaces/${prod}`, { display_name: 'Live' });

    const { roles: _its, ...profile } = put;
    expect(await own.put(`/Users/${put.id}`, { ...profile, roles, active: false })).toMatchObject({
      status: 200,
      body: { active: false, roles },
    });
    expect(
      await own.patch(`/Users/${patched.id}`, [change('roles', roles), change('active', 'False')]),
    ).toMatchObject({ status: 200, body: { active: false, roles } });
    for (const { id } of [put, patched]) expect(await membership(id)).toEqual({ is_disabled: true });
    const places = await t.sql('select from workspace_memberships where workspace_id = $1 and role_id = $2', [
      prod,
      role('WORKSPACE_USER'),
    ]);
    expect(places).toEqual([]);
  });
});
