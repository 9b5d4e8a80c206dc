import type { Sequence } from '../area.ts';
import {
  filter,
  get,
  GROUP,
  listOf,
  newAddress,
  newName,
  patch,
  post,
  put,
  refused,
  remove,
  USER,
} from './requests.ts';

const PAGE = '&startIndex=1&count=100';

/** In the order of "Okta and SCIM Version 2.0". */
export const OKTA: Sequence = {
  name: 'Okta',
  run: async (client) => {
    const userName = newAddress();
    const lookup = filter('/Users', `userName eq "${userName}"`, PAGE);
    const body = {
      schemas: [USER],
      userName,
      name: { givenName: 'Test', familyName: 'User' },
      emails: [{ primary: true, value: userName, type: 'work' }],
      displayName: 'Test User',
      locale: 'en-US',
      externalId: `00u of ${userName}`,
      groups: [],
      password: '1mz050nq',
      active: true,
    };
    await client.check('reads a page of users', get('/Users?startIndex=1&count=2'), {
      status: 200,
      body: { startIndex: 1, Resources: Array.isArray },
    });
    await client.check('reads a page of groups', get('/Groups?startIndex=1&count=100'), { status: 200 });
    await client.check('does not find the user', lookup, listOf(0));
    const { id } = await client.check('creates the user', post('/Users', body), {
      status: 201,
      body: { id: /./, userName, locale: 'en-US', password: undefined, groups: [] },
    });
    client.removeAfterwards('/Users', id);
    const user = `/Users/${String(id)}`;
    await client.check('creates the user again', post('/Users', body), refused(409, 'uniqueness'));
    await client.check('finds the user', lookup, listOf(1));
    const stored = await client.check('reads the user', get(user), { status: 200, body: { userName } });
    await client.check(
      'replaces the user',
      put(user, { ...stored, name: { givenName: 'Another', familyName: 'User' } }),
      { status: 200, body: { name: { givenName: 'Another' }, displayName: 'Test User' } },
    );
    await client.check('deactivates the user', patch(user, { op: 'replace', value: { active: false } }), {
      status: 200,
      body: { active: false },
    });
    await client.check('activates the user by PUT', put(user, body), { status: 200, body: { active: true } });

    const displayName = newName();
    const byName = filter('/Groups', `displayName eq "${displayName}"`, PAGE);
    await client.check('does not find the group', byName, listOf(0));
    const { id: groupId } = await client.check(
      'creates the group',
      post('/Groups', { schemas: [GROUP], displayName, members: [] }),
      { status: 201, body: { id: /./, displayName, members: [] } },
    );
    client.removeAfterwards('/Groups', groupId);
    const group = `/Groups/${String(groupId)}`;
    const sameName = { op: 'replace', value: { id: groupId, displayName } };
    const member = { value: id, display: userName };
    await client.check(
      'adds a member',
      patch(group, sameName, { op: 'add', path: 'members', value: [member] }),
      { status: 204 },
    );
    await client.check('reads the members', get(group), {
      status: 200,
      body: { members: [{ value: id as string }] },
    });
    await client.check(
      'removes the member',
      patch(group, sameName, { op: 'remove', path: `members[value eq "${String(id)}"]` }),
      { status: 204 },
    );
    await client.check(
      'replaces the members',
      patch(group, { op: 'replace', path: 'members', value: [member] }),
      { status: 204 },
    );
    await client.check('deletes the group', remove(group), { status: 204 });
    await client.check('keeps the user', get(user), { status: 200, body: { groups: [] } });
  },
};
