import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ENTERPRISE, type Scim, scimError, scimOf, userOf } from '../support/scim.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

let t: TestApp;
let scim: Scim;
beforeAll(async () => {
  t = await startTestApp();
  scim = await scimOf((await t.fixtures.orgWithAdmin()).admin.api);
});
afterAll(() => t.close());

const create = async (more: object = {}) => {
  const { status, body } = await scim.post('/Users', userOf(t.fixtures.email(), more));
  if (status !== 201) throw new Error(`creating a user: ${status} ${JSON.stringify(body)}`);
  return body;
};
/** The user after a PATCH with one operation. */
const patched = async (user: object, operation: object) => {
  const { id } = await create(user);
  const { status, body } = await scim.patch(`/Users/${id}`, [operation]);
  expect({ status, body }).toMatchObject({ status: 200 });
  expect((await scim.get(`/Users/${id}`)).body).toEqual(body);
  return body;
};

describe('null inside a complex value of a PATCH', () => {
  it.each([
    { op: 'replace', path: 'name', value: { familyName: null } },
    { op: 'Replace', path: 'name', value: { familyName: '' } },
    { op: 'add', path: 'name', value: { familyName: null } },
    { op: 'replace', value: { name: { familyName: null } } },
    { op: 'replace', value: { 'name.familyName': null } },
  ])('clears that sub-attribute and keeps the others: %j', async (operation) => {
    expect((await patched({}, operation)).name).toEqual({ givenName: 'Given' });
  });

  it('clears the attribute when no sub-attribute is left', async () => {
    const value = { familyName: null, givenName: null };

    expect(await patched({}, { op: 'replace', path: 'name', value })).not.toHaveProperty('name');
  });

  it('sets and clears in the same value', async () => {
    const value = { familyName: null, middleName: 'M' };

    expect((await patched({}, { op: 'replace', path: 'name', value })).name).toEqual({
      givenName: 'Given',
      middleName: 'M',
    });
  });

  it('clears sub-attributes of the manager and of a filtered value', async () => {
    const manager = { value: '7', $ref: 'https://example.com/Users/7' };
    const cleared = await patched(
      { [ENTERPRISE]: { manager, department: 'D' } },
      { op: 'replace', path: `${ENTERPRISE}:manager`, value: { $ref: null } },
    );
    const emails = [{ type: 'work', value: t.fixtures.email(), display: 'Shown' }];
    const undisplayed = await patched(
      { emails },
      { op: 'add', path: 'emails[type eq "work"]', value: { display: null } },
    );

    expect(cleared[ENTERPRISE]).toEqual({ manager: { value: '7' }, department: 'D' });
    expect(undisplayed.emails).toEqual([{ type: 'work', value: emails[0]?.value }]);
  });

  it('changes nothing when the value names no known sub-attribute', async () => {
    const { name, meta } = await patched({}, { op: 'replace', path: 'name', value: { unknown: null } });

    expect(name).toEqual({ givenName: 'Given', familyName: 'Family' });
    expect(meta.version).toBe('W/"1"');
  });
});

describe('a PATCH whose path is the URN of an extension', () => {
  it.each(['add', 'Replace'])(
    'changes the attributes in the value and keeps the others on %s',
    async (op) => {
      const before = { [ENTERPRISE]: { department: 'D', costCenter: 'C' } };
      const value = { department: 'New', manager: { value: '7' }, costCenter: null, unknown: 1 };

      expect((await patched(before, { op, path: ENTERPRISE, value }))[ENTERPRISE]).toEqual({
        department: 'New',
        manager: { value: '7' },
      });
    },
  );

  it('removes all attributes of the extension on remove', async () => {
    const before = { [ENTERPRISE]: { department: 'D', manager: { value: '7' } } };
    const after = await patched(before, { op: 'remove', path: ENTERPRISE.toUpperCase() });

    expect(after).not.toHaveProperty([ENTERPRISE]);
    expect(after.schemas).not.toContain(ENTERPRISE);
  });

  it('returns invalidValue for a value that is no object, and mutability for a read-only extension', async () => {
    const { id } = await create();
    const group = await scim.post('/Groups', { displayName: t.fixtures.email() });
    const readOnly = 'urn:ietf:params:scim:schemas:extension:tenantry:2.0:Group';

    expect(await scim.patch(`/Users/${id}`, [{ op: 'add', path: ENTERPRISE, value: 'D' }])).toMatchObject(
      scimError(400, 'invalidValue'),
    );
    expect(
      await scim.patch(`/Groups/${group.body.id}`, [{ op: 'add', path: readOnly, value: { grants: true } }]),
    ).toMatchObject(scimError(400, 'mutability'));
  });
});

describe('a value of another type than the schema declares', () => {
  it.each([
    [{ op: 'Add', path: `${ENTERPRISE}:manager`, value: [{ $ref: '../Users/7', value: '7' }] }],
    [{ op: 'Add', path: `${ENTERPRISE}:manager`, value: ['7'] }],
    [{ op: 'Replace', value: { [`${ENTERPRISE}:manager`]: [{ value: '7' }] } }],
  ])('accepts the manager as a list with one element, as Entra ID sends it: %j', async (operation) => {
    expect((await patched({}, operation))[ENTERPRISE].manager).toMatchObject({ value: '7' });
  });

  it('accepts integers where text is expected, as their text', async () => {
    const made = await create({ [ENTERPRISE]: { employeeNumber: 701984, manager: { value: 7 } }, title: 0 });

    expect(made).toMatchObject({
      title: '0',
      [ENTERPRISE]: { employeeNumber: '701984', manager: { value: '7' } },
    });
    expect(
      await patched({}, { op: 'add', path: 'addresses[type eq "work"].postalCode', value: 10115 }),
    ).toMatchObject({ addresses: [{ type: 'work', postalCode: '10115' }] });
  });

  it.each([
    { title: 1.5 },
    { title: 1e300 },
    { title: true },
    { active: 1 },
    { profileUrl: 7 },
    { name: [{ familyName: 'A' }, { familyName: 'B' }] },
  ])('returns invalidValue for %j', async (wrong) => {
    expect(await scim.post('/Users', userOf(t.fixtures.email(), wrong))).toMatchObject(
      scimError(400, 'invalidValue'),
    );
  });
});
