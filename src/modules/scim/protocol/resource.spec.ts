import { describe, expect, it } from '@jest/globals';
import { resourceTypes, schemaResources, serviceProviderConfig } from './discovery.js';
import { errorEnvelope } from './scim.errors.js';
import { etagOf, matchesEtag, readResource, schemasOf } from './resource.js';
import { readListRequest, listResponse } from './list.js';
import { includes, project, readProjection } from './projection.js';
import { ENTERPRISE_URN, USER_SHAPE } from './schemas.js';

const read = (body: unknown) => readResource(USER_SHAPE, body);

describe('readResource', () => {
  it('drops read-only, unknown and empty attributes', () => {
    const user = read({
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:User', 'urn:example:other'],
      id: 'mine',
      meta: { created: '2011-05-13T04:42:34Z' },
      groups: [],
      password: 'Secret-Secret-1',
      userName: 'babs',
      nickName: null,
      title: '',
      phoneNumbers: [],
      unheardOf: 1,
      'urn:example:other': { a: 1 },
    });

    expect(user).toEqual({ userName: 'babs' });
    expect(schemasOf(USER_SHAPE, user)).toEqual(['urn:ietf:params:scim:schemas:core:2.0:User']);
  });

  it('spells attribute names as the schema does, whatever their case was', () => {
    const user = read({
      USERNAME: 'babs',
      Name: { FAMILYNAME: 'J' },
      [ENTERPRISE_URN.toUpperCase()]: { Department: 'D' },
    });

    expect(user).toEqual({
      userName: 'babs',
      name: { familyName: 'J' },
      [ENTERPRISE_URN]: { department: 'D' },
    });
    expect(schemasOf(USER_SHAPE, user)).toEqual([USER_SHAPE.core.id, ENTERPRISE_URN]);
  });

  it('keeps one primary value in each list', () => {
    const { emails } = read({
      emails: [
        { value: 'a', primary: true },
        { value: 'b', primary: 'true' },
      ],
    });

    expect(emails).toEqual([
      { value: 'a', primary: false },
      { value: 'b', primary: true },
    ]);
  });

  it.each([null, [], 'text', 7])('rejects the body %j, which is no object', (body) => {
    expect(() => read(body)).toThrow(expect.objectContaining({ scimType: 'invalidSyntax' }));
  });

  it.each([
    { userName: 1.5 },
    { userName: ['a', 'b'] },
    { active: 'perhaps' },
    { emails: [true] },
    { name: 'x' },
  ])('rejects a value of the wrong type: %j', (body) => {
    expect(() => read(body)).toThrow(expect.objectContaining({ scimType: 'invalidValue' }));
  });
});

describe('a projection', () => {
  const user = {
    schemas: ['s'],
    id: '1',
    userName: 'babs',
    name: { givenName: 'B', familyName: 'J' },
    emails: [{ value: 'a', type: 'work' }],
    [ENTERPRISE_URN]: { department: 'D', division: 'V' },
  };
  const shown = (attributes: string[] | null, excluded: string[] | null = null) =>
    project(USER_SHAPE, user, readProjection(USER_SHAPE, attributes, excluded));

  it('always includes schemas and id', () => {
    expect(shown(['userName'])).toEqual({ schemas: ['s'], id: '1', userName: 'babs' });
    expect(shown(null, ['id', 'schemas', 'userName', 'name', 'emails', ENTERPRISE_URN])).toEqual({
      schemas: ['s'],
      id: '1',
    });
    expect(shown(['unknownName'])).toEqual({ schemas: ['s'], id: '1' });
  });

  it('selects sub-attributes and attributes of extensions', () => {
    expect(shown(['NAME.givenName', 'emails.value', `${ENTERPRISE_URN}:department`])).toEqual({
      schemas: ['s'],
      id: '1',
      name: { givenName: 'B' },
      emails: [{ value: 'a' }],
      [ENTERPRISE_URN]: { department: 'D' },
    });
    expect(shown(null, ['name.givenName', 'emails', `${ENTERPRISE_URN}:division`])).toEqual({
      schemas: ['s'],
      id: '1',
      userName: 'babs',
      name: { familyName: 'J' },
      [ENTERPRISE_URN]: { department: 'D' },
    });
  });

  it('returns everything without a selection', () => {
    expect(project(USER_SHAPE, user, readProjection(USER_SHAPE, null, null))).toEqual(user);
  });

  it('tells whether an attribute has to be loaded', () => {
    const includesGroups = (attributes: string[] | null, excluded: string[] | null) =>
      includes(readProjection(USER_SHAPE, attributes, excluded), 'groups');

    expect(includesGroups(null, null)).toBe(true);
    expect(includesGroups(['groups.value'], null)).toBe(true);
    expect(includesGroups(['userName'], null)).toBe(false);
    expect(includesGroups(null, ['groups'])).toBe(false);
    expect(includesGroups(null, ['groups.display'])).toBe(true);
  });

  it('has each attribute once, however often and under whatever spelling it is named', () => {
    const names = ['userName', 'USERNAME', ' userName', `${USER_SHAPE.core.id}:userName`, 'name.givenName'];
    expect(readProjection(USER_SHAPE, [...names, ...names], null).only).toHaveLength(2);
    expect(readProjection(USER_SHAPE, null, [...names, ...names]).without).toHaveLength(2);
  });

  it('rejects attributes together with excludedAttributes', () => {
    expect(() => readProjection(USER_SHAPE, ['a'], ['b'])).toThrow(expect.objectContaining({ status: 400 }));
  });
});

describe('a list request', () => {
  it('starts at 1 with a page of 100, and raises numbers that are too small to the minimum', () => {
    expect(readListRequest({})).toMatchObject({ startIndex: 1, count: 100, filter: null, descending: false });
    expect(readListRequest({ startIndex: '-3', count: '-1' })).toMatchObject({ startIndex: 1, count: 0 });
    expect(readListRequest({ startIndex: 0, count: 0 })).toMatchObject({ startIndex: 1, count: 0 });
    expect(readListRequest({ count: '99999' })).toMatchObject({ count: 1_000 });
    expect(readListRequest({ attributes: 'a, b', sortOrder: 'Descending' })).toMatchObject({
      attributes: ['a', 'b'],
      descending: true,
    });
    expect(readListRequest({ excludedAttributes: ['a,b', 'c'] }).excludedAttributes).toEqual(['a', 'b', 'c']);
  });

  it.each([
    { count: 'x' },
    { count: 1.5 },
    { startIndex: '1e3' },
    { filter: ['a', 'b'] },
    { sortOrder: 'up' },
    { attributes: [1] },
  ])('rejects the invalid parameters %j', (given) => {
    expect(() => readListRequest(given)).toThrow(expect.objectContaining({ status: 400 }));
  });

  it('responds with numeric totalResults, startIndex and itemsPerPage', () => {
    expect(listResponse([{ id: '1' }], { totalResults: 7, startIndex: 3 })).toEqual({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
      totalResults: 7,
      startIndex: 3,
      itemsPerPage: 1,
      Resources: [{ id: '1' }],
    });
  });
});

it('an error has the envelope of RFC 7644, section 3.12', () => {
  expect(errorEnvelope(400, 'why', 'invalidFilter')).toEqual({
    schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
    status: '400',
    scimType: 'invalidFilter',
    detail: 'why',
  });
  expect(errorEnvelope(404, 'why')).not.toHaveProperty('scimType');
});

it('an ETag is compared weakly, also within a list', () => {
  expect(etagOf(3)).toBe('W/"3"');
  expect(matchesEtag('W/"3"', 'W/"3"')).toBe(true);
  expect(matchesEtag('"3"', 'W/"3"')).toBe(true);
  expect(matchesEtag('"1", W/"3"', 'W/"3"')).toBe(true);
  expect(matchesEtag('*', 'W/"3"')).toBe(true);
  expect(matchesEtag('"31"', 'W/"3"')).toBe(false);
  expect(matchesEtag('nonsense', 'W/"3"')).toBe(false);
});

describe('discovery', () => {
  it('describes each schema with its attributes, as in RFC 7643, section 7', () => {
    const schemas = schemaResources({ base: 'https://x/scim/v2', rolesAreEnabled: false });

    expect(schemas.map(({ id }) => id)).toEqual([
      'urn:ietf:params:scim:schemas:core:2.0:User',
      ENTERPRISE_URN,
      'urn:ietf:params:scim:schemas:core:2.0:Group',
      'urn:ietf:params:scim:schemas:extension:tenantry:2.0:Group',
      'urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig',
    ]);
    for (const schema of schemas)
      for (const attribute of schema.attributes as object[])
        expect(attribute).toMatchObject({
          name: expect.any(String),
          type: expect.any(String),
          multiValued: expect.any(Boolean),
          description: expect.any(String),
          required: expect.any(Boolean),
          mutability: expect.any(String),
          returned: expect.any(String),
        });
  });

  it('lists the resource types and the supported features', () => {
    expect(resourceTypes({ base: 'b', rolesAreEnabled: false })).toMatchObject([
      { id: 'User', endpoint: '/Users', schemaExtensions: [{ schema: ENTERPRISE_URN, required: false }] },
      { id: 'Group', endpoint: '/Groups' },
    ]);
    expect(serviceProviderConfig('b', 1_048_576)).toMatchObject({
      patch: { supported: true },
      bulk: { maxOperations: 1_000, maxPayloadSize: 1_048_576 },
      filter: { maxResults: 1_000 },
      changePassword: { supported: false },
      etag: { supported: true },
      sort: { supported: true },
    });
  });
});
