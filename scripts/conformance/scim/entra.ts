import { randomUUID } from 'node:crypto';
import type { Sequence } from '../area.ts';
import {
  ENTERPRISE,
  filter,
  get,
  GROUP,
  listOf,
  newAddress,
  newName,
  patch,
  post,
  remove,
  USER,
} from './requests.ts';

/** In the order of "Develop and plan provisioning for a SCIM endpoint in Microsoft Entra ID". */
export const ENTRA: Sequence = {
  name: 'Microsoft Entra ID',
  run: async (client) => {
    const [userName, externalId] = [newAddress(), randomUUID()];
    const lookup = filter('/Users', `userName eq "${userName}"`);
    await client.check('tests the connection', filter('/Users', `userName eq "${randomUUID()}"`), listOf(0));
    await client.check('reads the schemas as a list', get('/Schemas'), {
      status: 200,
      body: { schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'] },
    });
    await client.check('does not find the user', lookup, listOf(0));
    const { id } = await client.check(
      'creates the user',
      post('/Users', {
        schemas: [USER, ENTERPRISE],
        externalId,
        userName,
        active: true,
        emails: [{ primary: true, type: 'work', value: userName }],
        meta: { resourceType: 'User' },
        name: { formatted: 'givenName familyName', familyName: 'familyName', givenName: 'givenName' },
        roles: [],
      }),
      { status: 201, body: { id: /./, externalId, userName, active: true } },
    );
    client.removeAfterwards('/Users', id);
    const user = `/Users/${String(id)}`;
    await client.check('finds the user', lookup, listOf(1));
    await client.check('reads the user', get(user), { status: 200, body: { userName } });
    await client.check('reads a user who does not exist', get(`/Users/${randomUUID()}`), { status: 404 });
    const [updated, renamed] = [newAddress(), newAddress()];
    await client.check(
      'updates multi-valued properties',
      patch(
        user,
        { op: 'Replace', path: 'emails[type eq "work"].value', value: updated },
        { op: 'Replace', path: 'name.familyName', value: 'updatedFamilyName' },
      ),
      { status: 200, body: { emails: [{ value: updated }], name: { familyName: 'updatedFamilyName' } } },
    );
    await client.check(
      'updates single-valued properties',
      patch(user, { op: 'Replace', path: 'userName', value: renamed }),
      { status: 200, body: { userName: renamed } },
    );
    await client.check('disables the user', patch(user, { op: 'Replace', path: 'active', value: 'False' }), {
      status: 200,
      body: { active: false },
    });

    const displayName = newName();
    const byName = filter('/Groups', `displayName eq "${displayName}"`, '&excludedAttributes=members');
    await client.check('does not find the group', byName, listOf(0));
    const { id: groupId } = await client.check(
      'creates the group',
      post('/Groups', {
        schemas: [GROUP, 'http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group'],
        externalId: randomUUID(),
        displayName,
        meta: { resourceType: 'Group' },
      }),
      { status: 201, body: { id: /./, displayName } },
    );
    client.removeAfterwards('/Groups', groupId);
    const group = `/Groups/${String(groupId)}`;
    await client.check('reads the group', get(`${group}?excludedAttributes=members`), {
      status: 200,
      body: { displayName, members: undefined },
    });
    await client.check('finds the group', byName, listOf(1));
    const members = { path: 'members', value: [{ $ref: null, value: id }] };
    await client.check(
      'renames the group',
      patch(group, { op: 'Replace', path: 'displayName', value: newName() }),
      {
        status: 204,
      },
    );
    await client.check('adds a member', patch(group, { op: 'Add', ...members }), { status: 204 });
    await client.check(
      'asks whether the user is a member',
      filter('/Groups', `id eq "${String(groupId)}" and members eq "${String(id)}"`, '&attributes=id'),
      listOf(1),
    );
    await client.check('removes the member', patch(group, { op: 'Remove', ...members }), { status: 204 });
    await client.check('deletes the group', remove(group), { status: 204 });
    await client.check('deletes the user', remove(user), { status: 204 });
    await client.check('does not find the deleted user', get(user), { status: 404 });
  },
};
