import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ENTERPRISE, GROUP, listOf, type Scim, scimError, scimOf, USER, userOf } from '../support/scim.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

let t: TestApp;
let scim: Scim;
const ids: Record<string, string> = {};

/** Two users, of whom only Barbara has values for the attributes that the filters name, and a group of one user. */
beforeAll(async () => {
  t = await startTestApp();
  scim = await scimOf((await t.fixtures.orgWithAdmin()).admin.api);
  const users = {
    babs: userOf('bjensen@example.com', {
      name: { familyName: "O'Malley", givenName: 'Barbara', honorificPrefix: 'Ms.' },
      title: 'Tour Guide',
      userType: 'Employee',
      profileUrl: 'https://login.example.com/Bjensen',
      timezone: 'America/Los_Angeles',
      ims: [{ type: 'xmpp', value: 'babs@foo.com' }],
      photos: [{ type: 'photo', value: 'https://photos.example.com/F' }],
      addresses: [{ type: 'work', country: 'USA', postalCode: '91608' }],
      roles: [{ value: 'Guide', primary: true }],
      entitlements: [{ value: 'Tickets' }],
      x509Certificates: [{ value: 'MIIDQz' }],
      [ENTERPRISE]: { department: 'Tours', manager: { value: '26118915', $ref: '../Users/26118915' } },
    }),
    jim: userOf('jim@example.com'),
  };
  for (const [name, user] of Object.entries(users)) ids[name] = (await scim.post('/Users', user)).body.id;
  const { body } = await scim.post('/Groups', { displayName: 'Guides', members: [{ value: ids.babs }] });
  ids.guides = body.id;
});
afterAll(() => t.close());

const found = async (path: string) => {
  const { status, body } = await scim.get(path);
  expect({ status, body }).toMatchObject({ status: 200 });
  return (body.Resources as { id: string }[])
    .map(({ id }) => Object.keys(ids).find((name) => ids[name] === id))
    .join(' ');
};

describe('the filters of RFC 7644, section 3.4.2.2', () => {
  it.each([
    ['userName eq "bjensen"', ''],
    [`name.familyName co "O'Malley"`, 'babs'],
    ['userName sw "J"', 'jim'],
    ['urn:ietf:params:scim:schemas:core:2.0:User:userName sw "J"', 'jim'],
    ['title pr', 'babs'],
    ['meta.lastModified gt "2011-05-13T04:42:34Z"', 'babs jim'],
    ['meta.lastModified ge "2011-05-13T04:42:34Z"', 'babs jim'],
    ['meta.lastModified lt "2011-05-13T04:42:34Z"', ''],
    ['meta.lastModified le "2011-05-13T04:42:34Z"', ''],
    ['title pr and userType eq "Employee"', 'babs'],
    ['title pr or userType eq "Intern"', 'babs'],
    [`schemas eq "${ENTERPRISE}"`, 'babs'],
    ['userType eq "Employee" and (emails co "example.com" or emails.value co "example.org")', 'babs'],
    ['userType ne "Employee" and not (emails co "example.com" or emails.value co "example.org")', ''],
    ['userType eq "Employee" and (emails.type eq "work")', 'babs'],
    ['userType eq "Employee" and emails[type eq "work" and value co "@example.com"]', 'babs'],
    [
      'emails[type eq "work" and value co "@example.com"] or ims[type eq "xmpp" and value co "@foo.com"]',
      'babs jim',
    ],
  ])('returns 200 for %s', async (filter, names) => {
    expect(await found(`/Users${listOf(filter)}`)).toBe(names);
  });
});

describe('a filter on an attribute of users', () => {
  it.each([
    [`schemas eq "${USER}"`, 'babs jim'],
    [`schemas ne "${USER}"`, 'babs'],
    ['schemas sw "urn:ietf:params:scim:schemas:extension"', 'babs'],
    ['meta.resourceType eq "User"', 'babs jim'],
    ['meta.resourceType eq "Group"', ''],
    ['meta.version eq "W/\\"1\\""', 'babs jim'],
    ['meta pr', 'babs jim'],
    ['name pr', 'babs jim'],
    ['name.honorificPrefix eq "ms."', 'babs'],
    ['profileUrl eq "https://login.example.com/bjensen"', 'babs'],
    ['ims eq "BABS@foo.com"', 'babs'],
    ['photos.value eq "https://photos.example.com/F"', 'babs'],
    ['photos.value eq "https://photos.example.com/f"', ''],
    ['photos[type eq "photo"]', 'babs'],
    ['addresses.country eq "usa"', 'babs'],
    ['addresses[type eq "work" and postalCode sw "91"]', 'babs'],
    ['addresses pr', 'babs'],
    ['roles eq "guide"', 'babs'],
    ['roles[primary eq true]', 'babs'],
    ['entitlements.value co "ticket"', 'babs'],
    ['x509Certificates.value eq "MIIDQz"', 'babs'],
    ['x509Certificates.value eq "miidqz"', ''],
    [`${ENTERPRISE}:manager eq "26118915"`, 'babs'],
    [`${ENTERPRISE}:manager.value eq "26118915"`, 'babs'],
    [`${ENTERPRISE}:manager.$ref ew "26118915"`, 'babs'],
    [`${ENTERPRISE}:manager pr`, 'babs'],
    [`${ENTERPRISE}:manager.displayName eq "x"`, ''],
    ['groups.display eq "guides"', 'babs'],
    ['groups.type eq "direct"', 'babs'],
  ])('finds the users that match %s', async (filter, names) => {
    expect(await found(`/Users${listOf(filter)}`)).toBe(names);
  });

  it.each(['eq', 'sw', 'co', 'ew', 'ge', 'le'])(
    'compares the id and the location as text: %s',
    async (operator) => {
      const { location } = (await scim.get(`/Users/${ids.babs}`)).body.meta;
      const part = { sw: [0, -1], ew: [1, undefined], co: [1, -1] }[operator] ?? [0, undefined];
      const both = ` and userName sw "bj"`;

      for (const [path, text] of Object.entries({ id: ids.babs, 'meta.location': location as string }))
        expect(await found(`/Users${listOf(`${path} ${operator} "${text?.slice(...part)}"${both}`)}`)).toBe(
          'babs',
        );
    },
  );

  it('finds nothing by a location below another base URL', async () => {
    expect(await found(`/Users${listOf(`meta.location eq "https://other/scim/v2/Users/${ids.babs}"`)}`)).toBe(
      '',
    );
    expect(await found(`/Users${listOf(`meta.location eq "${t.url}/scim/v2/Groups/${ids.guides}"`)}`)).toBe(
      '',
    );
    expect(await found(`/Users${listOf(`groups.$ref eq "${t.url}/scim/v2/Groups/${ids.guides}"`)}`)).toBe(
      'babs',
    );
  });

  it('sorts by stored attributes, with absent values last', async () => {
    for (const attribute of ['timezone', 'name.honorificPrefix', `${ENTERPRISE}:manager.value`])
      expect(await found(`/Users?sortBy=${attribute}`)).toBe('babs jim');
    for (const attribute of ['name', `${ENTERPRISE}:manager`, 'schemas', 'ims'])
      expect(await scim.get(`/Users?sortBy=${attribute}`)).toMatchObject(scimError(400, 'invalidValue'));
  });
});

describe('a filter on an attribute of groups', () => {
  it.each([
    [`schemas eq "${GROUP}"`, 'guides'],
    ['meta.resourceType eq "group"', ''],
    ['meta.resourceType eq "Group" and displayName sw "g"', 'guides'],
    ['members.type eq "User"', 'guides'],
    ['members.display eq "BJENSEN@example.com"', 'guides'],
    ['members.display eq "jim@example.com"', ''],
    ['members pr', 'guides'],
  ])('finds the groups that match %s', async (filter, names) => {
    expect(await found(`/Groups${listOf(filter)}`)).toBe(names);
  });

  it('finds a group by the beginning of its id, its location and the reference to a member', async () => {
    const { meta } = (await scim.get(`/Groups/${ids.guides}`)).body;

    for (const filter of [
      `id sw "${ids.guides?.slice(0, 20)}"`,
      `meta.location eq "${meta.location}"`,
      `members.$ref eq "${t.url}/scim/v2/Users/${ids.babs}"`,
      `members[value sw "${ids.babs?.slice(0, 30)}"]`,
    ])
      expect(await found(`/Groups${listOf(filter)}`)).toBe('guides');
  });
});

describe('a filter that is not supported', () => {
  it.each([
    'password pr',
    'name eq "x"',
    'meta eq "x"',
    'addresses eq "x"',
    'x509Certificates.value gt "M"',
    'unknown pr',
  ])('returns invalidFilter for %s', async (filter) => {
    expect(await scim.get(`/Users${listOf(filter)}`)).toMatchObject(scimError(400, 'invalidFilter'));
  });
});
