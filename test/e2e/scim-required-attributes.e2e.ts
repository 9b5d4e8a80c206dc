import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ENTERPRISE, listOf, type Scim, scimError, scimOf, USER, userOf } from '../support/scim.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

let t: TestApp;
let scim: Scim;
beforeAll(async () => {
  t = await startTestApp();
  scim = await scimOf((await t.fixtures.orgWithAdmin()).admin.api);
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

  it('is the only attribute that the published schemas of users require', async () => {
    const { body } = await scim.get('/Schemas');
    const required = (body.Resources as { id: string; attributes: { name: string; required: boolean }[] }[])
      .filter(({ id }) => [USER, ENTERPRISE].includes(id))
      .flatMap(({ attributes }) => attributes.filter((one) => one.required).map(({ name }) => name));

    expect(required).toEqual(['userName']);
  });
});
