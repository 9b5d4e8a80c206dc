import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { role, type OrgWithAdmin, type Member } from '../support/fixtures.js';
import { columnsContaining } from '../support/stored-text.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const OWN = '/api/v1/orgs/members/basic';
const PASSWORD = 'Another-Horse-Battery';

let t: TestApp;
let org: OrgWithAdmin;
beforeAll(async () => {
  t = await startTestApp();
  org = await t.fixtures.defaultOrg();
});
afterAll(() => t.close());

const pathOf = ({ membershipId }: Member) => `/api/v1/orgs/current/members/${membershipId}`;
const member = () => t.fixtures.member(org, { workspace: 'WORKSPACE_USER' });
const opens = async (email: string, password: string) =>
  (await t.api.post('/api/v1/login', { email, password })).status === 200;
const nameOf = async ({ userId }: Member) =>
  (await t.sql<{ full_name: string | null }>('select full_name from users where id = $1', [userId]))[0]!
    .full_name;

describe('the caller’s own account', () => {
  it('replaces the caller’s password and refuses the old one', async () => {
    const person = await member();

    const reply = await person.api.patch(OWN, { password: PASSWORD });

    expect(reply).toMatchObject({ status: 200, body: null });
    expect(await opens(person.email, PASSWORD)).toBe(true);
    expect(await opens(person.email, person.password)).toBe(false);
  });

  it('stores the password as an argon2id digest only', async () => {
    const person = await member();
    await person.api.patch(OWN, { password: PASSWORD });
    const { password: generated } = await t.fixtures.addMember(org, { email: t.fixtures.email() }, {});

    const [row] = await t.sql<{ digest: string }>('select digest from passwords where user_id = $1', [
      person.userId,
    ]);

    expect(row!.digest).toMatch(/^\$argon2id\$v=19\$/);
    expect(await columnsContaining(t.sql, PASSWORD)).toEqual([]);
    expect(await columnsContaining(t.sql, generated)).toEqual([]);
  });

  it('changes the caller’s name without the password, and clears the name with null', async () => {
    const person = await member();

    await person.api.patch(OWN, { full_name: 'Ada Lovelace' });
    const named = await nameOf(person);
    await person.api.patch(OWN, {});
    const untouched = await nameOf(person);
    await person.api.patch(OWN, { full_name: null, password: null });

    expect([named, untouched, await nameOf(person)]).toEqual(['Ada Lovelace', 'Ada Lovelace', null]);
    expect(await opens(person.email, person.password)).toBe(true);
    const changes = `select from audit_entries where operation = 'update_basic_auth_user' and user_id = $1`;
    expect(await t.sql(changes, [person.userId])).toHaveLength(2);
  });

  it('limits password changes per minute like logins, and does not limit other changes', async () => {
    const limited = await startTestApp({ RATE_LIMIT_LOGINS_PER_EMAIL_PER_MINUTE: '2' }, t.databaseUrl);
    try {
      const person = await member();
      const api = person.api.at(limited.url);
      for (const password of [PASSWORD, person.password])
        expect((await api.patch(OWN, { password })).status).toBe(200);

      const third = await api.patch(OWN, { password: PASSWORD });

      expect(third.status).toBe(429);
      expect(Number(third.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(await opens(person.email, person.password)).toBe(true);
      expect((await api.patch(OWN, { full_name: 'Ada Lovelace' })).status).toBe(200);
    } finally {
      await limited.close();
    }
  });

  it('returns 403 when a personal access token changes the account, since a token may have leaked', async () => {
    const person = await member();
    const { body } = await person.api.post('/api/v1/orgs/current/personal-access-tokens', {});

    const reply = await t.api.as({ key: body.key as string }).patch(OWN, { password: PASSWORD });

    expect(reply.status).toBe(403);
    expect(await opens(person.email, person.password)).toBe(true);
  });

  const weak: [what: string, password: string][] = [
    ['eleven characters', 'Abcdefgh-12'],
    ['no capital', 'abcdefgh-123'],
    ['no small letter', 'ABCDEFGH-123'],
    ['no symbol', 'Abcdefghi123'],
    ['a symbol that does not count', 'Abcdefgh&123'],
    ['another that does not count', "Abcdefgh'123"],
    ['nothing at all', ''],
    ['NUL', 'Abcdefgh-123\0'],
    ['more than a thousand characters', `Ab-${'c'.repeat(998)}`],
  ];
  it.each(weak)(
    'returns 422 for a password of %s, naming the field and not the password',
    async (_, password) => {
      const person = await member();

      const reply = await person.api.patch(OWN, { password });

      expect(reply).toMatchObject({ status: 422, body: { detail: expect.any(Array) } });
      expect(reply.body.detail[0].loc).toEqual(['body', 'password']);
      expect(JSON.stringify(reply.body)).not.toContain(JSON.stringify(password));
      expect(await opens(person.email, person.password)).toBe(true);
    },
  );

  it('accepts each symbol of the password rule and requires no digit', async () => {
    const person = await member();

    for (const symbol of '!#$%()+,-./:?@[\\]^_{}~')
      expect((await person.api.patch(OWN, { password: `Abcdefghijk${symbol}` })).status).toBe(200);
  });
});

describe('account changes by an admin', () => {
  it('sets the password, name and role of a member in one request and returns the member', async () => {
    const person = await member();

    const reply = await org.admin.api.patch(pathOf(person), {
      password: PASSWORD,
      full_name: 'Grace Hopper',
      role_id: role('ORGANIZATION_VIEWER'),
    });

    expect(reply).toMatchObject({
      status: 200,
      body: { id: person.membershipId, full_name: 'Grace Hopper', role_id: role('ORGANIZATION_VIEWER') },
    });
    expect(JSON.stringify(reply.body)).not.toContain(PASSWORD);
    expect(await opens(person.email, PASSWORD)).toBe(true);
  });

  it('changes nothing when one part of the change is refused', async () => {
    const person = await member();
    const change = { password: PASSWORD, full_name: 'Unchanged', role_id: role('WORKSPACE_ADMIN') };

    const reply = await org.admin.api.patch(pathOf(person), change);

    expect(reply.status).toBe(404);
    expect(await opens(person.email, PASSWORD)).toBe(false);
    expect(await nameOf(person)).toBeNull();
  });

  it('leaves absent fields unchanged and treats a null password as absent', async () => {
    const person = await member();
    await org.admin.api.patch(pathOf(person), { full_name: 'Grace Hopper' });

    await org.admin.api.patch(pathOf(person), { password: null, role_id: null });

    expect(await nameOf(person)).toBe('Grace Hopper');
    expect(await opens(person.email, person.password)).toBe(true);
  });

  it('returns 403 when an admin changes an account that other organizations share', async () => {
    const person = await member();
    const other = await t.fixtures.orgWithAdmin();
    await t.fixtures.addMember(other, person, {});

    for (const change of [{ password: PASSWORD }, { full_name: 'Taken over' }])
      expect(await org.admin.api.patch(pathOf(person), change)).toMatchObject({
        status: 403,
        body: { detail: expect.stringContaining('other organizations') },
      });
    expect(await opens(person.email, PASSWORD)).toBe(false);
    expect((await org.admin.api.patch(pathOf(person), { role_id: role('ORGANIZATION_VIEWER') })).status).toBe(
      200,
    );
  });

  it('returns 403 when a token changes its owner’s account that other organizations share; a session may', async () => {
    const admin = await t.fixtures.member(org, { org: 'ORGANIZATION_ADMIN' });
    const other = await t.fixtures.orgWithAdmin();
    await t.sql(
      `insert into org_memberships (id, org_id, user_id, role_id, source, created_via)
       values (gen_random_uuid(), $1, $2, $3, 'manual', 'unknown')`,
      [other.orgId, admin.userId, role('ORGANIZATION_USER')],
    );
    const { body } = await admin.api.post('/api/v1/orgs/current/personal-access-tokens', {});
    const byToken = t.api.as({ key: body.key as string });

    for (const change of [{ full_name: 'Taken over' }, { password: PASSWORD }])
      expect((await byToken.patch(pathOf(admin), change)).status).toBe(403);

    expect(await nameOf(admin)).toBeNull();
    expect(await opens(admin.email, PASSWORD)).toBe(false);
    expect((await admin.api.patch(pathOf(admin), { full_name: 'Ada Lovelace' })).status).toBe(200);
    expect(await nameOf(admin)).toBe('Ada Lovelace');
  });

  it('returns 404 when an admin changes a member of another organization', async () => {
    const person = await member();
    const other = await t.fixtures.orgWithAdmin();

    const reply = await other.admin.api.patch(pathOf(person), { password: PASSWORD });

    expect(reply.status).toBe(404);
    expect(await opens(person.email, PASSWORD)).toBe(false);
  });
});

describe('account changes by an operator', () => {
  it('lets an operator change names of users and viewers, not accounts of admins or other operators', async () => {
    const operator = await t.fixtures.member(org, { org: 'ORGANIZATION_OPERATOR' });
    const peer = await t.fixtures.member(org, { org: 'ORGANIZATION_OPERATOR' });
    const admin = await t.fixtures.member(org, { org: 'ORGANIZATION_ADMIN' });
    const user = await member();
    const api = operator.api.as({ workspaceId: undefined });

    expect((await api.patch(pathOf(user), { full_name: 'Renamed' })).status).toBe(200);
    const unknown = `/api/v1/orgs/current/members/${randomUUID()}`;
    expect((await api.patch(unknown, { role_id: role('ORGANIZATION_ADMIN') })).status).toBe(403);
    for (const person of [peer, admin]) {
      for (const change of [
        { password: PASSWORD },
        { full_name: 'Renamed' },
        { password: 'weak' },
        { role_id: randomUUID() },
      ])
        expect((await api.patch(pathOf(person), change)).status).toBe(403);
      expect(await opens(person.email, PASSWORD)).toBe(false);
    }
  });

  it('returns 403 when an operator changes the organization role of an admin or of another operator', async () => {
    const operator = await t.fixtures.member(org, { org: 'ORGANIZATION_OPERATOR' });
    const api = operator.api.as({ workspaceId: undefined });
    const superiors = [
      await t.fixtures.member(org, { org: 'ORGANIZATION_ADMIN' }),
      await t.fixtures.member(org, { org: 'ORGANIZATION_OPERATOR' }),
    ];

    for (const person of superiors)
      for (const name of ['ORGANIZATION_USER', 'ORGANIZATION_VIEWER'] as const)
        expect(await api.patch(pathOf(person), { role_id: role(name) })).toMatchObject({
          status: 403,
          body: { detail: expect.stringContaining('Operators') },
        });

    const ids = superiors.map(({ membershipId }) => membershipId);
    expect(
      await t.sql('select role_id from org_memberships where id = any($1) order by array_position($1, id)', [
        ids,
      ]),
    ).toEqual([{ role_id: role('ORGANIZATION_ADMIN') }, { role_id: role('ORGANIZATION_OPERATOR') }]);
  });

  it('returns 403 when an operator removes an admin or another operator', async () => {
    const operator = await t.fixtures.member(org, { org: 'ORGANIZATION_OPERATOR' });
    const api = operator.api.as({ workspaceId: undefined });
    const superiors = [
      await t.fixtures.member(org, { org: 'ORGANIZATION_ADMIN' }),
      await t.fixtures.member(org, { org: 'ORGANIZATION_OPERATOR' }),
    ];

    for (const person of superiors) {
      expect(await api.delete(pathOf(person))).toMatchObject({
        status: 403,
        body: { detail: expect.stringContaining('Operators') },
      });
      expect((await person.api.as({ workspaceId: undefined }).get('/api/v1/orgs/current')).status).toBe(200);
    }
    expect((await api.delete(pathOf(await member()))).status).toBe(200);
  });

  it('returns 403 when an operator raises a member’s role together with the password', async () => {
    const operator = await t.fixtures.member(org, { org: 'ORGANIZATION_OPERATOR' });
    const user = await member();

    const reply = await operator.api
      .as({ workspaceId: undefined })
      .patch(pathOf(user), { password: PASSWORD, role_id: role('ORGANIZATION_ADMIN') });

    expect(reply.status).toBe(403);
    expect(await opens(user.email, PASSWORD)).toBe(false);
  });
});

describe('account changes by an ordinary member', () => {
  it('returns 403 when a member or workspace admin changes another account', async () => {
    const person = await member();
    const lead = await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });

    for (const { api } of [person, lead])
      for (const target of [org.admin, person, lead])
        expect((await api.patch(pathOf(target), { password: PASSWORD })).status).toBe(403);
  });

  it('records the caller’s own account change without the new values', async () => {
    const person = await member();
    await person.api.patch(OWN, { password: PASSWORD, full_name: 'A Secret Name' });

    const rows = await t.sql(
      `select * from audit_entries where operation = 'update_basic_auth_user' and user_id = $1`,
      [person.userId],
    );

    expect(rows).toMatchObject([
      { succeeded: true, resource_ids: [person.userId], credential_kind: 'session' },
    ]);
    expect(JSON.stringify(rows)).not.toMatch(/Secret Name|Another-Horse/);
  });
});
