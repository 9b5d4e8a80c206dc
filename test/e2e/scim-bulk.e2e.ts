import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { auditOf } from '../support/audit.js';
import type { OrgWithAdmin } from '../support/given.js';
import { ENTERPRISE, listOf, type Scim, scimOf, userOf } from '../support/scim.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

let t: TestApp;
let org: OrgWithAdmin;
let scim: Scim;
beforeAll(async () => {
  t = await startTestApp({ AUDIT_SEAL_SECONDS: '3600' }); // sealing would be counted
  org = await t.given.orgWithAdmin();
  scim = await scimOf(org.admin.api);
});
afterAll(() => t.close());

const bulk = (Operations: unknown[], more: object = {}) =>
  scim.post('/Bulk', { schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'], Operations, ...more });
const createUser = (bulkId: string, email = t.given.email()) => ({
  method: 'POST',
  path: '/Users',
  bulkId,
  data: userOf(email),
});

it('a bulk makes a group of people whom it makes itself, whatever comes first', async () => {
  const { status, body } = await bulk([
    {
      method: 'POST',
      path: '/Groups',
      bulkId: 'team',
      data: { displayName: 'Team', members: [{ value: 'bulkId:ann' }, { value: 'bulkId:bob' }] },
    },
    createUser('ann'),
    createUser('bob'),
    {
      method: 'PATCH',
      path: '/Users/bulkId:bob',
      data: patchOf({ op: 'replace', path: 'title', value: 'T' }),
    },
    { method: 'PUT', path: '/Groups/bulkId:team', bulkId: 'again', data: { displayName: 'Team of two' } },
  ]);

  expect(status).toBe(200);
  expect(body.schemas).toEqual(['urn:ietf:params:scim:api:messages:2.0:BulkResponse']);
  expect(body.Operations).toMatchObject([
    {
      method: 'POST',
      bulkId: 'team',
      status: '201',
      version: 'W/"1"',
      location: expect.stringContaining('/Groups/'),
    },
    { method: 'POST', bulkId: 'ann', status: '201', location: expect.stringContaining('/scim/v2/Users/') },
    { method: 'POST', bulkId: 'bob', status: '201' },
    { method: 'PATCH', status: '200', version: 'W/"2"', location: body.Operations[2].location },
    { method: 'PUT', bulkId: 'again', status: '200', location: body.Operations[0].location },
  ]);
  const team = await scim.findOne('Groups', 'displayName eq "Team of two"');
  expect(team.members).toHaveLength(2);
});

it('each operation is done or refused by itself, with the error it would have alone, and an entry of it', async () => {
  const gone = randomUUID();
  const email = t.given.email();
  const { body } = await bulk([
    createUser('one', email),
    createUser('two', email),
    { method: 'DELETE', path: `/Users/${gone}` },
    { method: 'PATCH', path: '/Users/bulkId:nobody', data: {} },
    { method: 'GET', path: '/Users' },
    { method: 'PUT', path: '/Users/bulkId:one', version: 'W/"7"', data: userOf(email) },
    { method: 'DELETE', path: '/Users/bulkId:one' },
  ]);

  expect(body.Operations.map(({ status }: { status: string }) => status)).toEqual([
    '201',
    '409',
    '404',
    '400',
    '400',
    '412',
    '204',
  ]);
  expect(body.Operations[1]).toMatchObject({
    bulkId: 'two',
    response: { status: '409', scimType: 'uniqueness' },
  });
  expect(body.Operations[1]).not.toHaveProperty('location');
  const inUsers = (place: unknown) => expect.stringMatching(new RegExp(`/scim/v2/Users/${place}$`));
  expect(body.Operations.map(({ location }: { location?: string }) => location)).toEqual([
    inUsers('[0-9a-f-]{36}'),
    undefined,
    inUsers(gone),
    undefined,
    undefined,
    body.Operations[0].location,
    body.Operations[0].location,
  ]);
  expect(await auditOf(t, org.orgId, ['delete_scim_user'])).toMatchObject([
    { succeeded: false, responseStatus: 404 },
    { succeeded: true },
  ]);
});

it('people who are each made as the manager of the other are told so; a bulkId means one thing', async () => {
  const managed = (bulkId: string, value: string) => {
    const operation = createUser(bulkId);
    return { ...operation, data: { ...operation.data, [ENTERPRISE]: { manager: { value } } } };
  };
  const { body } = await bulk([managed('a', 'bulkId:b'), managed('b', 'bulkId:a'), createUser('c')]);

  expect(body.Operations).toMatchObject([{ status: '409' }, { status: '409' }, { status: '201' }]);
  expect(await bulk([createUser('one'), createUser('one')])).toMatchObject({
    status: 400,
    body: { scimType: 'invalidValue' },
  });
});

it('a bulk ends after as many errors as it allows', async () => {
  const email = t.given.email();
  const { body } = await bulk(
    [
      { method: 'DELETE', path: '/Users/1' },
      { method: 'DELETE', path: '/Users/2' },
      createUser('late', email),
    ],
    { failOnErrors: 2 },
  );

  expect(body.Operations).toMatchObject([{ status: '404' }, { status: '404' }]);
  expect((await scim.get(`/Users${listOf(`userName eq "${email}"`)}`)).body.totalResults).toBe(0);
});

it('a bulk has at most a thousand operations and a megabyte', async () => {
  const remove = { method: 'DELETE', path: '/Users/1' };
  const padded = { ...remove, path: `/Users/${'1'.repeat(1_100_000)}` };

  expect(
    (
      await bulk(
        Array.from({ length: 1_000 }, () => remove),
        { failOnErrors: 1 },
      )
    ).status,
  ).toBe(200);
  for (const operations of [Array.from({ length: 1_001 }, () => remove), [padded]])
    expect(await bulk(operations)).toMatchObject({ status: 413, body: { status: '413' } });
  expect(await bulk([], { schemas: [] })).toMatchObject({ status: 400, body: { scimType: 'invalidSyntax' } });
});

it('people who have accounts are looked up together: each more of them costs one statement, his entry', async () => {
  const cost = async (people: number) => {
    const emails = Array.from({ length: people }, () => t.given.email());
    await t.sql('insert into users (id, email) select gen_random_uuid(), unnest($1::text[])', [emails]);
    const before = await t.statements();
    const { body } = await bulk(emails.map((email, index) => createUser(`${index}`, email)));
    for (const { status } of body.Operations) expect(status).toBe('201');
    return (await t.statements()) - before;
  };
  await cost(4);

  expect((await cost(24)) - (await cost(4))).toBeLessThan(25);
});

function patchOf(...Operations: unknown[]) {
  return { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations };
}
