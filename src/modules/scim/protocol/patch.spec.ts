import { describe, expect, it } from '@jest/globals';
import { GROUP_SHAPE, ENTERPRISE_URN, USER_SHAPE } from './schemas.js';
import { applyEdits } from './patch.js';
import { readPatch } from './patch-request.js';
import { readResource, type Resource } from './resource.js';

const PATCH = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
const body = (operations: unknown[]) => ({ schemas: [PATCH], Operations: operations });

const patched = (user: Resource, ...operations: unknown[]) =>
  applyEdits(user, readPatch(USER_SHAPE, body(operations)));
const patchedGroup = (group: Resource, ...operations: unknown[]) =>
  applyEdits(group, readPatch(GROUP_SHAPE, body(operations)));
const refused = (work: () => unknown, scimType: string) =>
  expect(work).toThrow(expect.objectContaining({ scimType, status: 400 }));

const BABS: Resource = {
  userName: 'babs',
  active: true,
  name: { givenName: 'Barbara', familyName: 'Jensen' },
  emails: [
    { type: 'work', value: 'babs@example.com', primary: true },
    { type: 'home', value: 'babs@jensen.org' },
  ],
};

const HOME = { type: 'home', value: 'babs@jensen.org', primary: true };

describe('the examples of RFC 7644, section 3.5.2', () => {
  it('adds a member once when the request is repeated', () => {
    const value = [
      { display: 'Babs Jensen', $ref: 'https://example.com/v2/Users/2819c223', value: '2819c223' },
    ];

    const once = patchedGroup({ displayName: 'Tour' }, { op: 'add', path: 'members', value });
    const twice = patchedGroup(once, { op: 'add', path: 'members', value });

    expect(once.members).toEqual([{ $ref: 'https://example.com/v2/Users/2819c223', value: '2819c223' }]);
    expect(twice).toEqual(once);
  });

  it('adds attributes without a path', () => {
    const value = { emails: [{ value: 'new@example.com', type: 'other' }], nickName: 'Babs' };

    expect(patched(BABS, { op: 'add', value })).toMatchObject({
      nickName: 'Babs',
      emails: [{ type: 'work' }, { type: 'home' }, { value: 'new@example.com', type: 'other' }],
    });
  });

  it('removes one member, all members, and one of several values', () => {
    const group = { displayName: 'Tour', members: [{ value: '1' }, { value: '2' }, { value: '3' }] };

    expect(patchedGroup(group, { op: 'remove', path: 'members[value eq "2"]' }).members).toEqual([
      { value: '1' },
      { value: '3' },
    ]);
    expect(patchedGroup(group, { op: 'remove', path: 'members' })).toEqual({ displayName: 'Tour' });
    expect(patched(BABS, { op: 'remove', path: 'emails', value: [] })).toEqual(BABS);
    expect(
      patched(BABS, { op: 'remove', path: 'emails[type eq "work" and value ew "example.com"]' }).emails,
    ).toEqual([{ type: 'home', value: 'babs@jensen.org' }]);
  });

  it('replaces a member by a remove and an add', () => {
    const group = { displayName: 'Tour', members: [{ value: '1' }, { value: '2' }] };
    const after = patchedGroup(
      group,
      { op: 'remove', path: 'members[value eq "1"]' },
      { op: 'add', path: 'members', value: [{ value: '9' }] },
    );

    expect(after.members).toEqual([{ value: '2' }, { value: '9' }]);
  });

  it('replaces all values, matching values, and a sub-attribute of matching values', () => {
    const value = [{ type: 'work', value: 'only@example.com' }];

    expect(patched(BABS, { op: 'replace', path: 'emails', value }).emails).toEqual(value);
    expect(
      patched(BABS, {
        op: 'replace',
        path: 'emails[type eq "home"]',
        value: { type: 'home', value: 'h@x.org' },
      }).emails,
    ).toEqual([
      { type: 'work', value: 'babs@example.com', primary: true },
      { type: 'home', value: 'h@x.org' },
    ]);
    expect(
      patched(BABS, { op: 'replace', path: 'emails[type eq "home"].value', value: 'h@x.org' }).emails,
    ).toEqual([
      { type: 'work', value: 'babs@example.com', primary: true },
      { type: 'home', value: 'h@x.org' },
    ]);
  });

  it('keeps unnamed attributes and sub-attributes on replace without a path', () => {
    const value = { name: { givenName: 'Babs' }, nickName: 'B' };

    expect(patched(BABS, { op: 'replace', value })).toEqual({
      ...BABS,
      nickName: 'B',
      name: { givenName: 'Babs', familyName: 'Jensen' },
    });
  });

  it('makes a new primary value replace the old one', () => {
    const after = patched(BABS, {
      op: 'add',
      path: 'emails',
      value: [{ value: 'p@example.com', primary: true }],
    });

    expect(after.emails).toMatchObject([{ primary: false }, { type: 'home' }, { primary: true }]);
  });
});

describe('requests of Entra ID', () => {
  it.each([
    [{ op: 'Replace', path: 'active', value: 'False' }, { active: false }],
    [{ op: 'Replace', value: { active: 'True' } }, { active: true }],
    [{ op: 'Replace', path: 'active', value: [{ value: 'False' }] }, { active: false }],
    [{ op: 'Add', path: 'displayName', value: [{ $ref: null, value: 'Babs' }] }, { displayName: 'Babs' }],
    [{ op: 'Replace', value: { 'name.givenName': 'B' } }, { name: { givenName: 'B', familyName: 'Jensen' } }],
    [
      { op: 'Replace', value: { [`${ENTERPRISE_URN}:department`]: 'D' } },
      { [ENTERPRISE_URN]: { department: 'D' } },
    ],
    [
      { op: 'Add', value: { [ENTERPRISE_URN]: { department: 'D' } } },
      { [ENTERPRISE_URN]: { department: 'D' } },
    ],
    [
      { op: 'Add', path: `${ENTERPRISE_URN}:department`, value: 'D' },
      { [ENTERPRISE_URN]: { department: 'D' } },
    ],
    [
      { op: 'Add', path: `${ENTERPRISE_URN}:manager`, value: '7' },
      { [ENTERPRISE_URN]: { manager: { value: '7' } } },
    ],
    [
      { op: 'REPLACE', path: 'NAME.GIVENNAME', value: 'B' },
      { name: { givenName: 'B', familyName: 'Jensen' } },
    ],
    [
      { op: 'Replace', path: 'phoneNumbers[type eq "work"].value', value: '1' },
      { phoneNumbers: [{ type: 'work', value: '1' }] },
    ],
    [
      { op: 'Add', value: { 'emails[type eq "other"].value': 'o@x.org' } },
      { emails: [{ type: 'work' }, { type: 'home' }, { type: 'other', value: 'o@x.org' }] },
    ],
    [
      { op: 'Add', path: 'roles', value: [{ primary: 'True', value: 'r' }] },
      { roles: [{ primary: true, value: 'r' }] },
    ],
  ])('applies the Entra ID operation %j', (operation, result) => {
    expect(patched(BABS, operation)).toMatchObject(result);
  });

  it('removes members that are given as a list of values', () => {
    const group = { displayName: 'G', members: [{ value: '1' }, { value: '2' }, { value: '3' }] };

    expect(
      patchedGroup(group, {
        op: 'Remove',
        path: 'members',
        value: [{ $ref: null, value: '2' }, { value: '3' }],
      }).members,
    ).toEqual([{ value: '1' }]);
  });
});

describe('requests of Okta', () => {
  it('deactivates a user without a path', () => {
    expect(patched(BABS, { op: 'replace', value: { active: false } }).active).toBe(false);
  });

  it('ignores the id in a value and keeps the name of the group', () => {
    const group = { displayName: 'G', members: [{ value: '1' }] };

    expect(patchedGroup(group, { op: 'replace', value: { id: 'abc', displayName: 'G' } })).toEqual(group);
  });
});

describe('applying a PATCH', () => {
  it('applies the operations in their order', () => {
    const after = patched(
      BABS,
      { op: 'replace', path: 'nickName', value: 'one' },
      { op: 'replace', path: 'nickName', value: 'two' },
      { op: 'remove', path: 'title' },
    );

    expect(after.nickName).toBe('two');
  });

  it('leaves the resource unchanged when an operation fails', () => {
    const before = structuredClone(BABS);
    const change = () =>
      patched(
        BABS,
        { op: 'replace', path: 'userName', value: 'other' },
        { op: 'replace', path: 'emails[value co "unknown"].value', value: 'x' },
      );

    refused(change, 'noTarget');
    expect(BABS).toEqual(before);
  });

  it.each([
    { op: 'replace', path: 'emails[type eq "home"].primary', value: true },
    { op: 'add', path: 'emails[type eq "home"].primary', value: 'True' },
    { op: 'replace', path: 'emails[type eq "home"]', value: HOME },
    { op: 'add', path: 'emails[type eq "home"]', value: { primary: true } },
    { op: 'add', path: 'emails', value: [HOME] },
    { op: 'add', value: { emails: [HOME] } },
  ])('keeps one primary value in any order of the values: %j', (operation) => {
    const work = { type: 'work', value: 'babs@example.com', primary: true };
    const home = { type: 'home', value: 'babs@jensen.org' };

    for (const emails of [
      [work, home],
      [home, work],
    ])
      expect(patched({ ...BABS, emails }, operation).emails).toEqual(
        emails.map((one) => (one === home ? HOME : { ...work, primary: false })),
      );
  });

  it('keeps the primary value when another value changes', () => {
    const after = patched(BABS, {
      op: 'replace',
      path: 'emails[type eq "home"].value',
      value: 'x@jensen.org',
    });

    expect(after.emails).toMatchObject([{ type: 'work', primary: true }, { value: 'x@jensen.org' }]);
  });

  it('removes a value that is replaced by an empty one', () => {
    expect(patched(BABS, { op: 'replace', path: 'name.givenName', value: '' }).name).toEqual({
      familyName: 'Jensen',
    });
    expect(patched(BABS, { op: 'replace', path: 'emails', value: [] })).not.toHaveProperty('emails');
    expect(patched(BABS, { op: 'replace', value: { nickName: null } })).toEqual(BABS);
  });

  it('accepts the removal of an absent value without effect', () => {
    expect(patched(BABS, { op: 'remove', path: 'title' })).toEqual(BABS);
    expect(patched(BABS, { op: 'remove', path: 'emails[type eq "other"]' })).toEqual(BABS);
    expect(patched(BABS, { op: 'remove', path: `${ENTERPRISE_URN}:department` })).toEqual(BABS);
  });

  it('discards a password that is sent', () => {
    expect(patched(BABS, { op: 'replace', path: 'password', value: 'Secret-Secret-1' })).toEqual(BABS);
  });

  it('ignores keys such as __proto__ that are no attributes', () => {
    const after = patched(BABS, {
      op: 'add',
      value: JSON.parse('{"__proto__": {"active": false}, "constructor": 1}'),
    });

    expect(after).toEqual(BABS);
    expect(({} as { active?: boolean }).active).toBeUndefined();
  });

  it.each([
    [{ op: 'move', path: 'a' }, 'invalidSyntax'],
    [{ path: 'active', value: true }, 'invalidSyntax'],
    ['add', 'invalidSyntax'],
    [{ op: 'remove' }, 'noTarget'],
    [{ op: 'add', value: 'x' }, 'invalidValue'],
    [{ op: 'add', path: 'active' }, 'invalidValue'],
    [{ op: 'add', path: 'unknown', value: 'x' }, 'invalidPath'],
    [{ op: 'add', path: 'name.unknown', value: 'x' }, 'invalidPath'],
    [{ op: 'add', path: 'urn:example:other:User:x', value: 'x' }, 'invalidPath'],
    [{ op: 'add', path: 'emails[type eq', value: 'x' }, 'invalidPath'],
    [{ op: 'add', path: 'emails[unknown eq "x"].value', value: 'x' }, 'invalidFilter'],
    [{ op: 'add', path: 'userName[value eq "x"]', value: 'x' }, 'invalidPath'],
    [{ op: 'add', path: 'emails garbage', value: 'x' }, 'invalidPath'],
    [{ op: 'replace', path: 'id', value: 'x' }, 'mutability'],
    [{ op: 'replace', path: 'groups', value: [] }, 'mutability'],
    [{ op: 'replace', path: 'meta.created', value: 'x' }, 'mutability'],
    [{ op: 'replace', path: 'active', value: 'maybe' }, 'invalidValue'],
    [{ op: 'replace', path: 'userName', value: { a: 1 } }, 'invalidValue'],
    [{ op: 'replace', path: 'userName', value: 1.5 }, 'invalidValue'],
    [{ op: 'replace', path: 'name', value: 'x' }, 'invalidValue'],
  ])('rejects the invalid operation %j with %s', (operation, scimType) => {
    refused(() => patched(BABS, operation), scimType);
  });

  it.each([
    [null],
    [[]],
    [{}],
    [{ schemas: [PATCH] }],
    [{ schemas: [PATCH], Operations: [] }],
    [{ Operations: [{}] }],
  ])('rejects %j as a malformed PATCH request', (request) => {
    refused(() => readPatch(USER_SHAPE, request), 'invalidSyntax');
  });

  it('accepts a thousand operations and rejects more', () => {
    const operations = Array.from({ length: 1_001 }, () => ({ op: 'remove', path: 'title' }));

    expect(() => readPatch(USER_SHAPE, body(operations.slice(1)))).not.toThrow();
    refused(() => readPatch(USER_SHAPE, body(operations)), 'tooMany');
  });

  it('accepts a thousand values of a list and rejects more, in whatever form', () => {
    const numbers = Array.from({ length: 1_001 }, (_, index) => ({ value: String(index) }));
    const keys = numbers.map(({ value }) => [`phoneNumbers[type eq "${value}"].value`, value]);
    const add = (value: unknown) => body([{ op: 'add', path: 'phoneNumbers', value }]);

    expect(() => readPatch(USER_SHAPE, add(numbers.slice(1)))).not.toThrow();
    refused(() => readPatch(USER_SHAPE, add(numbers)), 'tooMany');
    refused(() => readPatch(USER_SHAPE, body([{ op: 'add', value: Object.fromEntries(keys) }])), 'tooMany');
    refused(() => readResource(USER_SHAPE, { phoneNumbers: numbers }), 'tooMany');
    const full = readResource(USER_SHAPE, { phoneNumbers: numbers.slice(1) });
    refused(() => applyEdits(full, readPatch(USER_SHAPE, add(numbers[0]))), 'tooMany');
    const members = numbers.map(({ value }) => ({ value }));
    expect(() =>
      readPatch(GROUP_SHAPE, body([{ op: 'add', path: 'members', value: members }])),
    ).not.toThrow();
  });
});
