import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Scim, scimError, scimOf, userOf } from '../support/scim.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

let t: TestApp;
let scim: Scim;
let userId: string;
let groupId: string;
let innerId: string;
beforeAll(async () => {
  t = await startTestApp();
  scim = await scimOf((await t.fixtures.orgWithAdmin()).admin.api);
  userId = (await scim.post('/Users', userOf(t.fixtures.email()))).body.id;
  groupId = (await scim.post('/Groups', { displayName: 'Team', members: [{ value: userId }] })).body.id;
  innerId = (await scim.post('/Groups', { displayName: 'Inner' })).body.id;
});
afterAll(() => t.close());

const add = (value: unknown) => ({ op: 'add', path: 'members', value });
/** Every request that gives a group these members. */
const REQUESTS = {
  POST: (members: unknown[]) => scim.post('/Groups', { displayName: t.fixtures.email(), members }),
  PUT: (members: unknown[]) => scim.put(`/Groups/${groupId}`, { displayName: 'Team', members }),
  'PATCH add': (members: unknown[]) => scim.patch(`/Groups/${groupId}`, [add(members)]),
  'PATCH replace': (members: unknown[]) =>
    scim.patch(`/Groups/${groupId}`, [{ op: 'replace', path: 'members', value: members }]),
  'PATCH without a path': (members: unknown[]) =>
    scim.patch(`/Groups/${groupId}`, [{ op: 'replace', value: { members } }]),
};
const memberIds = async () =>
  ((await scim.get(`/Groups/${groupId}`)).body.members as { value: string }[]).map(({ value }) => value);

describe('a member that does not exist', () => {
  it.each(Object.entries(REQUESTS))(
    'returns invalidValue for %s, and changes nothing',
    async (_, request) => {
      for (const value of [randomUUID(), 'unknown'])
        expect(await request([{ value: userId }, { value }])).toMatchObject(scimError(400, 'invalidValue'));

      expect(await memberIds()).toEqual([userId]);
      expect((await scim.get(`/Groups/${groupId}`)).body.meta.version).toBe('W/"1"');
    },
  );

  it('returns invalidValue within a bulk request', async () => {
    const { body } = await scim.post('/Bulk', {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
      Operations: [
        {
          method: 'POST',
          path: '/Groups',
          bulkId: 'a',
          data: { displayName: 'Bulk', members: [{ value: randomUUID() }] },
        },
      ],
    });

    expect(body.Operations).toMatchObject([{ status: '400', response: { scimType: 'invalidValue' } }]);
  });

  it('is removed without an error', async () => {
    const remove = [{ op: 'remove', path: 'members', value: [{ value: randomUUID() }] }];

    expect((await scim.patch(`/Groups/${groupId}`, remove)).status).toBe(204);
  });

  it('does not hide that the group itself does not exist, which is 404', async () => {
    expect(await scim.patch(`/Groups/${randomUUID()}`, [add([{ value: randomUUID() }])])).toMatchObject(
      scimError(404),
    );
  });
});

describe('a group as a member of a group', () => {
  it.each(Object.entries(REQUESTS))('is refused with the reason for %s', async (_, request) => {
    const nested = [
      { value: innerId },
      { value: innerId, type: 'Group' },
      { value: randomUUID(), type: 'group' },
      { value: innerId, $ref: `${t.url}/scim/v2/Groups/${innerId}` },
      { value: groupId },
    ];

    for (const member of nested) {
      const reply = await request([{ value: userId }, member]);
      expect(reply).toMatchObject(scimError(400, 'invalidValue'));
      expect(reply.body.detail).toBe('Groups of groups are not supported: add the users as members.');
    }
    expect(await memberIds()).toEqual([userId]);
  });

  it('is unknown like any other id when it belongs to another organization', async () => {
    const foreign = await scimOf((await t.fixtures.orgWithAdmin()).admin.api);
    const { id } = (await foreign.post('/Groups', { displayName: 'Foreign' })).body;

    const [known, unknown] = [
      await scim.patch(`/Groups/${groupId}`, [add([{ value: id }])]),
      await scim.patch(`/Groups/${groupId}`, [add([{ value: randomUUID() }])]),
    ];

    expect(known).toMatchObject(scimError(400, 'invalidValue'));
    expect(known.body).toEqual(unknown.body);
  });

  it('is removed without an error, since it is no member', async () => {
    const remove = [{ op: 'remove', path: 'members', value: [{ value: innerId, type: 'Group' }] }];

    expect((await scim.patch(`/Groups/${groupId}`, remove)).status).toBe(204);
  });

  it('is not named as a type of member by the published schema', async () => {
    const { body } = await scim.get('/Schemas/urn:ietf:params:scim:schemas:core:2.0:Group');
    const members = body.attributes.find(({ name }: { name: string }) => name === 'members');
    const type = members.subAttributes.find(({ name }: { name: string }) => name === 'type');

    expect(type.canonicalValues).toEqual(['User']);
    expect(members.description).toContain('groups of groups are not supported');
  });
});
