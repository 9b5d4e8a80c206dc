import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { OrgWithAdmin } from '../support/fixtures.js';
import { ENTERPRISE, GROUP, listOf, type Scim, scimOf, USER, userOf } from '../support/scim.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const AN_ID = '0191e5f2-3c4d-7e8f-9a0b-1c2d3e4f5a6b';

let t: TestApp;
let org: OrgWithAdmin;
let scim: Scim;
const ids: Record<string, string> = {};

/** Three users; every filter that is listed below finds those named beside it. */
beforeAll(async () => {
  t = await startTestApp();
  org = await t.fixtures.orgWithAdmin();
  scim = await scimOf(org.admin.api);
  const people = {
    ann: userOf('Ann@example.com', {
      displayName: "Ann O'Neil",
      name: { givenName: 'Ann', familyName: "O'Neil" },
      title: 'Engineer',
      emails: [
        { type: 'work', value: 'Ann@example.com', primary: true },
        { type: 'home', value: 'ann@home.org' },
      ],
      [ENTERPRISE]: { department: 'Tools', employeeNumber: '7' },
    }),
    bob: userOf('bob@example.com', {
      displayName: 'Bob "100%_" \\ Ünal',
      name: { givenName: 'Bob', familyName: 'Ünal' },
      emails: [
        { type: 'work', value: 'bob@example.com' },
        { type: 'other', value: 'ann@other.org' },
      ],
      active: false,
    }),
    cid: userOf('cid@example.net', { externalId: 'Case', name: {}, [ENTERPRISE]: { department: 'sales' } }),
  };
  for (const [name, user] of Object.entries(people)) {
    const { status, body } = await scim.post('/Users', user);
    if (status !== 201) throw new Error(JSON.stringify(body));
    ids[name] = body.id;
  }
});
afterAll(() => t.close());

const nameOf = (id: string) => Object.keys(ids).find((name) => ids[name] === id);
const found = async (query: string) => {
  const { status, body } = await scim.get(`/Users${query}`);
  if (status !== 200) throw new Error(JSON.stringify(body));
  return (body.Resources as { id: string }[]).map(({ id }) => nameOf(id)).join(' ');
};
const refused = (scimType: string) => ({ status: 400, body: { status: '400', scimType } });

describe('a SCIM filter', () => {
  it.each([
    ['userName eq "ANN@EXAMPLE.COM"', 'ann'],
    ['username Eq "ann@example.com"', 'ann'],
    [`${USER}:userName eq "bob@example.com"`, 'bob'],
    ['userName ne "ann@example.com"', 'bob cid'],
    ['userName sw "B"', 'bob'],
    ['userName co "EXAMPLE.COM"', 'ann bob'],
    ['userName ew ".net"', 'cid'],
    ['userName gt "ann@example.com" and userName lt "cid@"', 'bob'],
    ['userName ge "bob@example.com"', 'bob cid'],
    ['userName le "bob@example.com"', 'ann bob'],
    ['externalId eq "Case"', 'cid'],
    ['externalId eq "case"', ''],
    ['externalId pr', 'ann bob cid'],
    ['title pr', 'ann'],
    ['not (title pr)', 'bob cid'],
    ['title eq null', 'bob cid'],
    ['title ne "Engineer"', 'bob cid'],
    ['not (title eq "Engineer")', 'bob cid'],
    ['active eq true', 'ann cid'],
    ['active eq "False"', 'bob'],
    ['active ne true', 'bob'],
    [`name.familyName eq "o'neil"`, 'ann'],
    ['name.familyName eq "ünal"', 'bob'],
    [String.raw`displayName co "\"100%_\" \\"`, 'bob'],
    ['displayName co "%"', 'bob'],
    ['displayName sw "_"', ''],
    ['emails eq "ANN@HOME.ORG"', 'ann'],
    ['emails.value eq "ann@other.org"', 'bob'],
    ['emails co "ann@"', 'ann bob'],
    ['emails[type eq "work" and value co "ann@"]', 'ann'],
    ['emails[type eq "other" and value eq "ann@home.org"]', ''],
    ['emails[type eq "work"].value eq "bob@example.com"', 'bob'],
    ['emails[not (type eq "work")]', 'ann bob'],
    ['emails[primary eq true]', 'ann cid'],
    ['emails.type eq "home" or externalId eq "Case"', 'ann cid'],
    [`${ENTERPRISE}:department eq "tools"`, 'ann'],
    [`${ENTERPRISE}:department pr and not (${ENTERPRISE}:employeeNumber eq "7")`, 'cid'],
    ['meta.created lt "2020-01-01T00:00:00Z"', ''],
    ['meta.lastModified gt "2020-01-01T00:00:00+02:00" and userName sw "a"', 'ann'],
    ['groups pr', ''],
    [`groups.value eq "${AN_ID}"`, ''],
    ['id eq "1"', ''],
    ['id ne "1"', 'ann bob cid'],
    ['userName eq "ann@example.com" or userName eq "bob@example.com" and active eq true', 'ann'],
    ['(userName sw "ann" or userName sw "bob") and active eq false', 'bob'],
    [`userName eq "'; drop table scim_users; --"`, ''],
    [String.raw`userName eq "\u0000"`, ''],
    [String.raw`userName eq "\ud800"`, ''],
    [String.raw`emails[value eq "\ud800"]`, ''],
  ])('finds the users that match the filter %s', async (filter, names) => {
    expect(await found(listOf(filter))).toBe(names);
  });

  it('finds users by id and by time of creation', async () => {
    const { meta } = (await scim.get(`/Users/${ids.bob}`)).body;

    expect(await found(listOf(`id eq "${ids.bob}"`))).toBe('bob');
    expect(await found(listOf(`meta.created eq "${meta.created}" and userName sw "bob"`))).toBe('bob');
  });

  it.each(['+16:00', '-16:00', '+23:59'])(
    'finds users by an instant with the time zone offset %s',
    async (zone) => {
      const { meta } = (await scim.get(`/Users/${ids.bob}`)).body;
      const [, sign, hours, minutes] = /([+-])(\d\d):(\d\d)/.exec(zone)!;
      const ahead = (sign === '+' ? 1 : -1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
      const there = new Date(Date.parse(meta.created) + ahead).toISOString().replace('Z', zone);

      expect(await found(listOf(`meta.created eq "${there}" and userName sw "bob"`))).toBe('bob');
      expect(await found(listOf(`meta.created lt "${there}" and userName sw "bob"`))).toBe('');
      const later = there.replace(zone, `001${zone}`);
      expect(await found(listOf(`meta.created lt "${later}" and userName sw "bob"`))).toBe('bob');
    },
  );
});

describe('an invalid SCIM filter', () => {
  it.each([
    'userName',
    'userName eq',
    'unknown eq "x"',
    'password eq "x"',
    'password pr',
    'name eq "x"',
    'name.unknown eq "x"',
    'emails.unknown eq "x"',
    'emails[unknown eq "x"]',
    'userName[value eq "x"]',
    'active gt true',
    'active eq "perhaps"',
    'userName gt true',
    'userName eq 7',
    'meta.created eq "yesterday"',
    'meta.created co "2020"',
    'meta.created eq "2020-13-45T00:00:00Z"',
    'meta.created gt "2020-02-30T00:00:00Z"',
    'meta.created gt "2020-04-31T00:00:00Z"',
    'meta.created gt "0000-01-01T00:00:00Z"',
    'meta.created gt "0001-01-01T00:00:00+01:00"',
    'meta.created lt "9999-12-31T23:59:59-01:00"',
    'meta.created gt "2020-01-01T00:00:00+24:00"',
    'title gt null',
    'urn:example:User:userName eq "x"',
  ])('returns invalidFilter for the filter %s', async (filter) => {
    expect(await scim.get(`/Users${listOf(filter)}`)).toMatchObject(refused('invalidFilter'));
  });
});

describe('a list of SCIM resources', () => {
  it('a list of users is sorted as requested, with absent values last', async () => {
    expect(await found('?sortBy=userName')).toBe('ann bob cid');
    expect(await found('?sortBy=userName&sortOrder=descending')).toBe('cid bob ann');
    expect(await found('?sortBy=name.familyName')).toBe('ann bob cid');
    expect(await found('?sortBy=title')).toMatch(/^ann/);
    expect(await found('?sortBy=emails&sortOrder=descending')).toBe('cid bob ann');
    expect(await found('?sortBy=emails.value&sortOrder=descending')).toBe('cid bob ann');
    expect(await found('?sortBy=meta.created')).toBe('ann bob cid');
    expect(await scim.get('/Users?sortBy=photos.value')).toMatchObject({ status: 400 });
    expect(await scim.get('/Users?sortBy=emails.type')).toMatchObject({ status: 400 });
    expect(await scim.get('/Users?sortBy=user%20name')).toMatchObject({ status: 400 });
  });

  it('a list of users has pages that neither miss nor repeat a user', async () => {
    const page = async (query: string) => (await scim.get(`/Users${query}`)).body;

    expect(await page('?startIndex=1&count=2')).toMatchObject({
      totalResults: 3,
      itemsPerPage: 2,
      startIndex: 1,
    });
    expect(`${await found('?count=2')} ${await found('?startIndex=3&count=2')}`).toBe('ann bob cid');
    expect(await page('?count=0')).toMatchObject({ totalResults: 3, itemsPerPage: 0, Resources: [] });
    expect(await page('?startIndex=9')).toMatchObject({ totalResults: 3, itemsPerPage: 0, startIndex: 9 });
    expect(await page('?startIndex=-1&count=-5')).toMatchObject({
      totalResults: 3,
      startIndex: 1,
      itemsPerPage: 0,
    });
    expect(await page(listOf('active eq true', '&startIndex=5'))).toMatchObject({
      totalResults: 2,
      Resources: [],
    });
    expect(await page(listOf('active eq true', '&count=0'))).toMatchObject({
      totalResults: 2,
      Resources: [],
    });
    expect(await scim.get('/Users?count=many')).toMatchObject(refused('invalidValue'));
  });

  it.each<[query: string, names: string]>([
    ['', 'ann bob cid'],
    ['&sortOrder=descending', 'cid bob ann'],
    ['&sortBy=userName&sortOrder=descending', 'cid bob ann'],
    ['&sortBy=meta.lastModified', 'ann bob cid'],
    ['&sortBy=title', 'ann bob cid'],
    ['&sortBy=title&sortOrder=descending', 'cid bob ann'],
    ['&sortBy=active', 'bob ann cid'],
    ['&sortBy=id', 'ann bob cid'],
    ['&filter=active%20eq%20true&sortBy=userName', 'ann cid'],
    ['&filter=userName%20eq%20%22ann@example.com%22', 'ann'],
    ['&filter=title%20eq%20%22nothing%22', ''],
  ])(
    'a list of users by cursor has pages of one user that neither miss nor repeat one: %s',
    async (query, names) => {
      const seen: string[] = [];
      let cursor: string | undefined = '';
      while (cursor !== undefined) {
        expect(cursor).toMatch(/^[\w.~-]*$/);
        const { body } = await scim.get(`/Users?cursor=${cursor}&count=1${query}`);
        const total = names === '' ? 0 : names.split(' ').length;
        expect(body).toMatchObject({ totalResults: total, itemsPerPage: Math.min(1, total) });
        expect(body).not.toHaveProperty('startIndex');
        seen.push(...body.Resources.map(({ id }: { id: string }) => nameOf(id)));
        cursor = body.nextCursor;
      }
      expect(seen.join(' ')).toBe(names);
    },
  );

  it('a page by cursor continues behind its last user, whoever is created or deleted meanwhile', async () => {
    const first = await scim.get('/Users?cursor&count=2&sortBy=userName');
    const before = await scim.post('/Users', { schemas: [USER], userName: 'aaa@example.com' });
    const after = await scim.post('/Users', { schemas: [USER], userName: 'zzz@example.com' });

    const next = await scim.get(`/Users?cursor=${first.body.nextCursor}&count=2&sortBy=userName`);

    expect(next.body.Resources).toMatchObject([{ id: ids.cid }, { id: after.body.id }]);
    expect(next.body).not.toHaveProperty('nextCursor');
    for (const { body } of [before, after]) await scim.delete(`/Users/${body.id}`);
  });

  it('groups have cursors, too, and so has a search', async () => {
    for (const displayName of ['Page 1', 'Page 2'])
      await scim.post('/Groups', { schemas: [GROUP], displayName });
    const search = { filter: 'displayName sw "Page"', count: 1 };
    const first = await scim.post('/Groups/.search', { ...search, cursor: '' });
    expect(first.body).toMatchObject({ totalResults: 2, Resources: [{ displayName: 'Page 1' }] });
    const next = await scim.post('/Groups/.search', { ...search, cursor: first.body.nextCursor });
    expect(next.body).toMatchObject({ totalResults: 2, Resources: [{ displayName: 'Page 2' }] });
    expect(next.body).not.toHaveProperty('nextCursor');
    for (const { id } of [...first.body.Resources, ...next.body.Resources])
      await scim.delete(`/Groups/${id}`);
  });

  it('a cursor belongs to its list, filter, order and organization', async () => {
    const { nextCursor } = (await scim.get('/Users?cursor=&count=1&sortBy=userName')).body;
    const other = await scimOf((await t.fixtures.orgWithAdmin()).admin.api);

    const invalid = refused('invalidCursor');
    for (const query of [
      '',
      '&sortBy=title',
      '&sortBy=userName&sortOrder=descending',
      '&sortBy=userName&filter=title%20pr',
    ])
      expect(await scim.get(`/Users?cursor=${nextCursor}${query}`)).toMatchObject(invalid);
    expect(await scim.get(`/Groups?cursor=${nextCursor}&sortBy=userName`)).toMatchObject({ status: 400 });
    expect(await other.get(`/Users?cursor=${nextCursor}&sortBy=userName`)).toMatchObject(invalid);
    for (const forged of ['x', '1', '%00', `${nextCursor}x`, nextCursor.slice(1)])
      expect(await scim.get(`/Users?cursor=${forged}&sortBy=userName`)).toMatchObject(invalid);
    expect(await scim.get('/Users?cursor=a&cursor=b')).toMatchObject(invalid);
    expect(await scim.post('/Users/.search', { cursor: 5 })).toMatchObject(invalid);
  });

  it('refuses a count below 1 and an index in a request by cursor', async () => {
    for (const count of ['0', '-1', 'many'])
      expect(await scim.get(`/Users?cursor&count=${count}`)).toMatchObject(refused('invalidCount'));
    expect(await scim.get('/Users?cursor&startIndex=1')).toMatchObject(refused('invalidValue'));
    expect((await scim.get('/Users?cursor&count=5000')).body).toMatchObject({ totalResults: 3 });
    expect((await scim.get('/Users')).body).not.toHaveProperty('nextCursor');
  });

  it.each([
    ['userName eq "ann@example.com"', 1],
    ['externalId eq "Case"', 1],
    ['userName eq "unknown@example.com"', 0],
  ])('counts the users that %s finds on every page', async (filter, totalResults) => {
    for (const more of ['', '&count=1', '&count=0', '&startIndex=2', '&sortBy=userName'])
      expect((await scim.get(`/Users${listOf(filter, more)}`)).body).toMatchObject({ totalResults });
  });

  it('finds all resources without a value of a unique attribute', async () => {
    const displayNames = ['First', 'Second'];
    for (const displayName of displayNames) await scim.post('/Groups', { schemas: [GROUP], displayName });

    const { body } = await scim.get(`/Groups${listOf('externalId eq null', '&count=1')}`);

    expect(body).toMatchObject({ totalResults: 2, Resources: [{ displayName: 'First' }] });
  });

  it('returns only the requested attributes', async () => {
    const { body } = await scim.get(`/Users${listOf('userName sw "ann"', '&attributes=emails.value')}`);

    expect(body.Resources).toEqual([
      {
        schemas: expect.any(Array),
        id: ids.ann,
        emails: [{ value: 'Ann@example.com' }, { value: 'ann@home.org' }],
      },
    ]);
  });

  it('a list of users can be requested by POST to .search', async () => {
    const search = await scim.post('/Users/.search', {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:SearchRequest'],
      filter: 'active eq true',
      attributes: ['userName'],
      sortBy: 'userName',
      sortOrder: 'descending',
      count: 1,
    });

    expect(search).toMatchObject({
      status: 200,
      body: { totalResults: 2, Resources: [{ id: ids.cid, userName: 'cid@example.net' }] },
    });
    expect(await scim.post('/Users/.search', { filter: 'unknown pr' })).toMatchObject(
      refused('invalidFilter'),
    );
    expect(await scim.post('/Users/.search', [])).toMatchObject(refused('invalidSyntax'));
    expect(await scim.post('/Users/.search', { startIndex: 1e300 })).toMatchObject(refused('invalidValue'));
  });
});
