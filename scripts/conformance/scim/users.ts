import type { Sequence } from '../area.ts';
import { ENTERPRISE, get, newAddress, patch, post, put, refused, USER, userOf } from './requests.ts';

const REQUIRED: Sequence = {
  name: 'required attributes',
  run: async (client) => {
    for (const emails of [undefined, [], [{ type: 'work' }]]) {
      const userName = newAddress();
      const name = `creates a user by userName, emails ${JSON.stringify(emails)}`;
      const { id } = await client.check(name, post('/Users', { schemas: [USER], userName, emails }), {
        status: 201,
        body: { userName },
      });
      client.removeAfterwards('/Users', id);
    }
    await client.check(
      'refuses a user without any address',
      post('/Users', { schemas: [USER], userName: 'conformance' }),
      refused(400, 'invalidValue'),
    );
    const address = newAddress();
    const { id } = await client.create('/Users', userOf(address));
    const unnamed = userOf(newAddress(), { userName: undefined });
    await client.check(
      'refuses POST without userName',
      post('/Users', unnamed),
      refused(400, 'invalidValue'),
    );
    await client.check(
      'refuses PUT without userName',
      put(`/Users/${id}`, unnamed),
      refused(400, 'invalidValue'),
    );
    await client.check(
      'refuses to remove userName',
      patch(`/Users/${id}`, { op: 'remove', path: 'userName' }),
      refused(400, 'mutability'),
    );
    await client.check(
      'refuses to empty userName',
      patch(`/Users/${id}`, { op: 'replace', path: 'userName', value: '' }),
      refused(400, 'invalidValue'),
    );
    await client.check('keeps userName', get(`/Users/${id}`), { status: 200, body: { userName: address } });
    await client.check('publishes userName and emails as required', get(`/Schemas/${USER}`), {
      status: 200,
      body: { attributes: (value) => requiredIn(value) === 'userName,emails' },
    });
  },
};

const requiredIn = (attributes: unknown): string =>
  (attributes as { name: string; required: boolean }[])
    .filter(({ required }) => required)
    .map(({ name }) => name)
    .join();

const VALUES: Sequence = {
  name: 'values of a PATCH',
  run: async (client) => {
    const { id } = await client.create('/Users', userOf(newAddress()));
    const change = (...operations: unknown[]) => patch(`/Users/${id}`, ...operations);
    await client.check(
      'clears a sub-attribute by null',
      change({ op: 'replace', path: 'name', value: { familyName: null } }),
      { status: 200, body: { name: { givenName: 'Given', familyName: undefined } } },
    );
    await client.check(
      'accepts the URN of an extension as a path',
      change({ op: 'add', path: ENTERPRISE, value: { department: 'D', costCenter: 'C' } }),
      { status: 200, body: { [ENTERPRISE]: { department: 'D', costCenter: 'C' } } },
    );
    await client.check(
      'accepts the manager as a list of one element',
      change({ op: 'Add', path: `${ENTERPRISE}:manager`, value: [{ value: '7' }] }),
      { status: 200, body: { [ENTERPRISE]: { manager: { value: '7' }, department: 'D' } } },
    );
    await client.check(
      'accepts an integer where text is expected',
      change({ op: 'replace', path: `${ENTERPRISE}:employeeNumber`, value: 701984 }),
      { status: 200, body: { [ENTERPRISE]: { employeeNumber: '701984' } } },
    );
    await client.check(
      'creates the value that a filter describes',
      change({ op: 'replace', path: 'phoneNumbers[type eq "work"].value', value: '555' }),
      { status: 200, body: { phoneNumbers: [{ type: 'work', value: '555' }] } },
    );
    await client.check('removes an extension', change({ op: 'remove', path: ENTERPRISE }), {
      status: 200,
      body: { [ENTERPRISE]: undefined },
    });
  },
};

const ADDRESSES: Sequence = {
  name: 'addresses',
  run: async (client) => {
    const [taken, own] = [newAddress(), newAddress()];
    await client.create('/Users', userOf(taken));
    const { id } = await client.create('/Users', userOf(own));
    const stolen = { op: 'replace', path: 'emails[type eq "work"].value', value: taken.toUpperCase() };
    const body = userOf(taken, { userName: own, externalId: newAddress() });
    await client.check('refuses POST of the address of another user', post('/Users', body), {
      ...refused(409, 'uniqueness'),
    });
    await client.check(
      'refuses PATCH to the address of another user',
      patch(`/Users/${id}`, stolen),
      refused(409, 'uniqueness'),
    );
    await client.check(
      'refuses PUT with the address of another user',
      put(`/Users/${id}`, body),
      refused(409, 'uniqueness'),
    );
  },
};

const REQUESTS: Sequence = {
  name: 'requests',
  run: async (client) => {
    await client.check('accepts a base URL that ends with a slash', get('//Users?count=0'), { status: 200 });
    await client.check(
      'has no limit of errors when failOnErrors is 0',
      post('/Bulk', {
        schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
        failOnErrors: 0,
        Operations: ['1', '2'].map((id) => ({ method: 'DELETE', path: `/Users/${id}` })),
      }),
      { status: 200, body: { Operations: [{ status: '404' }, { status: '404' }] } },
    );
    await client.check('names its documentation', get('/ServiceProviderConfig'), {
      status: 200,
      body: { documentationUri: /\/scim\/v2\/docs$/, patch: { supported: true } },
    });
  },
};

export const USERS: readonly Sequence[] = [REQUIRED, VALUES, ADDRESSES, REQUESTS];
