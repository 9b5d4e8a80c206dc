import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { OrgWithAdmin } from '../support/fixtures.js';
import { type Scim, scimError, scimOf, userOf } from '../support/scim.js';
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

const create = async (by = scim) => (await by.post('/Users', userOf(t.fixtures.email()))).body;
const work = (value: string) => ({ op: 'replace', path: 'emails[type eq "work"].value', value });

/** Every way to give a user another main address; `id` of the user, `name` as the new userName. */
const CHANGES = {
  'PATCH with a value filter': (id: string, email: string) => scim.patch(`/Users/${id}`, [work(email)]),
  'PATCH of the whole list': (id: string, email: string) =>
    scim.patch(`/Users/${id}`, [{ op: 'replace', path: 'emails', value: [{ type: 'work', value: email }] }]),
  'PATCH without a path': (id: string, email: string) =>
    scim.patch(`/Users/${id}`, [{ op: 'Replace', value: { emails: [{ value: email, primary: true }] } }]),
  PUT: (id: string, email: string) =>
    scim.put(`/Users/${id}`, userOf(email, { userName: `name of ${email}`, externalId: `${id} itself` })),
  'the userName of a user without emails': async (id: string, email: string) => {
    await scim.patch(`/Users/${id}`, [{ op: 'remove', path: 'emails' }]);
    return scim.patch(`/Users/${id}`, [{ op: 'replace', path: 'userName', value: ` ${email}` }]);
  },
};

describe('the address of another user of the organization', () => {
  it.each(Object.entries(CHANGES))('returns 409 uniqueness for %s', async (_, change) => {
    const { userName: taken } = await create();
    const { id, userName } = await create();

    const reply = await change(id, taken.toUpperCase());

    expect(reply).toMatchObject(scimError(409, 'uniqueness'));
    expect(reply.headers.get('x-should-retry')).toBe('false');
    expect((await scim.get(`/Users/${id}`)).body.userName).toBe(userName);
    expect(await t.sql('select from users where email = $1', [userName])).toHaveLength(1);
  });

  it('returns 409 for the address of a member who has no SCIM user', async () => {
    const { id } = await create();

    expect(await scim.patch(`/Users/${id}`, [work(org.admin.email)])).toMatchObject(
      scimError(409, 'uniqueness'),
    );
  });

  it('returns 409 for an address that only the record of the other user holds', async () => {
    const shared = await t.fixtures.member(org, {});
    const { id: holder } = (await scim.post('/Users', userOf(shared.email))).body;
    const recorded = t.fixtures.email('recorded');
    expect((await scim.patch(`/Users/${holder}`, [work(recorded)])).status).toBe(200);
    const { id } = await create();

    expect(await scim.patch(`/Users/${id}`, [work(recorded)])).toMatchObject(scimError(409, 'uniqueness'));
    expect(await scim.post('/Users', userOf(recorded))).toMatchObject(scimError(409, 'uniqueness'));
  });

  it('goes to one of two users at most when both ask for it at once', async () => {
    const [one, other] = [await create(), await create()];
    const wanted = t.fixtures.email('wanted');

    const replies = await Promise.all(
      [one, other].map(({ id }) => scim.patch(`/Users/${id}`, [work(wanted)])),
    );

    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(replies.filter(({ status }) => status === 409)).toHaveLength(1);
  });

  it('is free again once the other user is deleted or has changed it', async () => {
    const [first, second] = [await create(), await create()];
    const { id } = await create();
    await scim.patch(`/Users/${first.id}`, [work(t.fixtures.email())]);
    await scim.delete(`/Users/${second.id}`);

    expect((await scim.patch(`/Users/${id}`, [work(first.userName)])).status).toBe(200);
    expect((await scim.patch(`/Users/${id}`, [work(second.userName)])).status).toBe(200);
  });
});

it('accepts an address that a user of another organization has, without telling so', async () => {
  const foreign = await scimOf((await t.fixtures.orgWithAdmin()).admin.api);
  const { userName: elsewhere } = await create(foreign);
  const { id } = await create();

  expect(await scim.patch(`/Users/${id}`, [work(elsewhere)])).toMatchObject({
    status: 200,
    body: { emails: [{ value: elsewhere }] },
  });
});

it('accepts a further address that another user has as well', async () => {
  const { userName: taken } = await create();
  const { id } = await create();
  const home = { op: 'add', path: 'emails', value: [{ type: 'home', value: taken }] };

  expect((await scim.patch(`/Users/${id}`, [home])).status).toBe(200);
});
