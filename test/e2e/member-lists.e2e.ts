import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createMembers, type CreatedMember } from '../support/members.js';
import { type OrgWithAdmin, role } from '../support/fixtures.js';
import type { SystemRoleName } from '../../src/modules/roles/index.js';
import { groupWith } from '../support/user-groups.js';
import { onOwnConnection } from '../support/audit-log.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { waitForBlockedQuery } from '../support/waiting-for-locks.js';

const IN_ORG = '/api/v1/orgs/current/members/active';
const IN_WORKSPACE = '/api/v1/workspaces/current/members/active';
const SIZE = 3000;

type Row = { id: string; user_id: string; email: string; full_name: string | null } & Record<string, unknown>;

let t: TestApp;
let org: OrgWithAdmin;
let people: CreatedMember[];
beforeAll(async () => {
  t = await startTestApp();
  org = await t.fixtures.orgWithAdmin();
  people = await createMembers(t, org, SIZE);
});
afterAll(() => t.close());

async function read(path: string, query: Record<string, string | string[]> = {}) {
  const parameters = Object.entries(query).flatMap(([name, values]) =>
    [values].flat().map((value): [string, string] => [name, value]),
  );
  const reply = await org.admin.api.get(`${path}?${new URLSearchParams(parameters)}`);
  const total = reply.headers.get('x-pagination-total');
  return { status: reply.status, rows: reply.body as Row[], total: total === null ? null : Number(total) };
}

/** Reads pages as clients do: until one is short. */
async function readAll(path: string, query: Record<string, string>): Promise<Row[]> {
  const all: Row[] = [];
  for (;;) {
    const { rows, total } = await read(path, { ...query, limit: '500', offset: String(all.length) });
    expect(total).toBe(SIZE + 1);
    all.push(...rows);
    if (rows.length < 500) return all;
  }
}

const emails = (rows: { email: string }[]) => rows.map(({ email }) => email).sort();

/** Absent names are last in either direction. */
const KEYS: Record<string, (row: Row) => string | null> = {
  name: ({ full_name }) => full_name,
  email: ({ email }) => email,
  role: ({ role_name }) => role_name as string,
  created_at: ({ created_at }) => created_at as string,
};

function expectSorted(keys: (string | null)[], isDescending: boolean): void {
  const present = keys.filter((key) => key !== null);
  expect(keys.slice(0, present.length)).toEqual(present);
  const sorted = [...present].sort();
  expect(present).toEqual(isDescending ? sorted.reverse() : sorted);
}

describe.each([
  ['an organization', IN_ORG],
  ['a workspace', IN_WORKSPACE],
])('the members of %s', (_what, path) => {
  it.each(
    ['name', 'email', 'role', 'created_at'].flatMap((key) => [
      [key, 'false'],
      [key, 'true'],
    ]),
  )('lists each member on exactly one page, sorted by %s, descending %s', async (key, descending) => {
    const rows = await readAll(path, { sort_by: key, sort_by_desc: descending });

    expect(new Set(rows.map(({ user_id }) => user_id)).size).toBe(SIZE + 1);
    expect(emails(rows)).toEqual(emails([...people, org.admin]));
    expectSorted(rows.map(KEYS[key]!), descending === 'true');
  });

  it('lists the fifty newest members by default', async () => {
    const { rows, total } = await read(path);

    expect([rows.length, total]).toEqual([50, SIZE + 1]);
    expect(rows[0]!.email).toBe(org.admin.email);
    expectSorted(rows.map(KEYS['created_at']!), true);
  });

  it('returns an empty page with the total past the end of the list', async () => {
    const { status, rows, total } = await read(path, { offset: '9999' });

    expect([status, rows, total]).toEqual([200, [], SIZE + 1]);
  });

  it('finds members by a part of the name or the address in any letter case', async () => {
    const wanted = (text: string) =>
      emails(
        people.filter(({ email, fullName }) => `${email}\n${fullName ?? ''}`.toLowerCase().includes(text)),
      );

    const byName = await read(path, { q: 'nAmE 000', limit: '500' });
    const byAddress = await read(path, { q: '-00012', limit: '500' });

    expect(byName.rows.length).toBeGreaterThan(0);
    expect(emails(byName.rows)).toEqual(wanted('name 000'));
    expect(byAddress.rows.length).toBeGreaterThan(0);
    expect(emails(byAddress.rows)).toEqual(wanted('-00012'));
  });

  it.each([
    ['zo', ['by-address', 'by-word']],
    ['ZO', ['by-address', 'by-word']],
    ['z', ['by-address', 'by-word']],
    ['oe', []],
    ['太郎', ['by-part']],
    ["o'", ['by-word']],
  ])('finds by one or two letters who has a word that begins with them: %s', async (q, expected) => {
    const few = await t.fixtures.orgWithAdmin();
    const named = {
      'by-address': ['zoe', 'Ann'],
      'by-word': ['max', "Ann Zoe O'Neil"],
      'by-part': ['kim', '田中太郎'],
    };
    for (const [who, [address, name]] of Object.entries(named)) {
      const { userId } = await t.fixtures.member(few, { workspace: 'WORKSPACE_VIEWER' });
      const email = `${address}.${who}.${userId}@example.com`;
      await t.sql('update users set email = $2, full_name = $3 where id = $1', [userId, email, name]);
    }

    const { status, body } = await few.admin.api.get(`${path}?${new URLSearchParams({ q })}`);

    expect(status).toBe(200);
    expect(body.map(({ email }: Row) => email.split('.')[1]).sort()).toEqual(expected);
  });

  it.each(['%', '_', '\\', "'", 'a%b'])('does not treat %s as a pattern in a search', async (q) => {
    expect(await read(path, { q })).toMatchObject({ status: 200, rows: [], total: 0 });
  });

  it('finds members by address, in any notation, and by id', async () => {
    const [one, two, three] = [people[3]!, people[1234]!, people[2999]!];

    const byAddress = await read(path, {
      emails: [` ${one.email.toUpperCase()}`, two.email, 'x@example.com'],
    });
    const byId = await read(path, { ls_user_ids: [one.userId, three.userId.toUpperCase()] });
    const byOldId = await read(path, { user_ids: [two.userId] });
    const byBothIds = await read(path, { ls_user_ids: [one.userId, two.userId], user_ids: [two.userId] });
    const byContradiction = await read(path, { ls_user_ids: [one.userId], user_ids: [two.userId] });

    expect(emails(byAddress.rows)).toEqual(emails([one, two]));
    expect(emails(byId.rows)).toEqual(emails([one, three]));
    expect(emails(byOldId.rows)).toEqual([two.email]);
    expect(emails(byBothIds.rows)).toEqual([two.email]);
    expect(byContradiction).toMatchObject({ rows: [], total: 0 });
  });

  it('filters members by whether they are disabled', async () => {
    const disabled = people.filter(({ isDisabled }) => isDisabled);

    const stopped = await read(path, { is_disabled: 'true', limit: '500' });
    const active = await read(path, { is_disabled: 'false', limit: '1' });

    expect(emails(stopped.rows)).toEqual(emails(disabled));
    expect(stopped.rows.every(({ is_disabled }) => is_disabled === true)).toBe(true);
    expect([stopped.total, active.total]).toEqual([disabled.length, SIZE + 1 - disabled.length]);
  });

  it('combines all filters, page by page with one total', async () => {
    const wanted = people.filter(({ isDisabled, fullName }) => !isDisabled && fullName?.includes('Name 01'));
    const query = { q: 'name 01', is_disabled: 'false', sort_by: 'name', sort_by_desc: 'false', limit: '7' };

    const first = await read(path, query);
    const second = await read(path, { ...query, offset: '7' });
    const behind = await read(path, { ...query, offset: '5000' });

    const sorted = [...first.rows, ...second.rows].map(KEYS['name']!);
    expect(sorted).toHaveLength(14);
    expectSorted(sorted, false);
    expect(sorted).toEqual(
      wanted
        .map(({ fullName }) => fullName!)
        .sort()
        .slice(0, 14),
    );
    expect([first.total, second.total, behind.total]).toEqual(Array(3).fill(wanted.length));
  });

  it.each([
    ['limit', '0'],
    ['limit', '501'],
    ['limit', 'ten'],
    ['offset', '-1'],
    ['offset', '99999999999'],
    ['sort_by', 'age'],
    ['sort_by_desc', 'down'],
    ['is_disabled', 'maybe'],
    ['ls_user_ids', 'ada'],
    ['role_ids', 'ada'],
    ['sources', 'by hand'],
    ['not_active_since', 'yesterday'],
    ['never_active', 'maybe'],
    ['user_group_ids', 'ada'],
  ])('returns 422 for %s = %s in a member list', async (name, value) => {
    expect((await read(path, { [name]: value })).status).toBe(422);
  });

  it.each(['1000-01-01T00:00:00Z', '2021-01-01T00:00:00+23:59', '2021-01-01T00:00', '9999-12-31T23:59:59Z'])(
    'reads every time that it accepts: %s',
    async (time) => {
      expect((await read(path, { not_active_since: time })).status).toBe(200);
    },
  );
});

describe.each([
  ['an organization', IN_ORG, 'org_memberships', role('ORGANIZATION_VIEWER')],
  ['a workspace', IN_WORKSPACE, 'workspace_memberships', role('WORKSPACE_VIEWER')],
])('the filters of the members of %s', (_what, path, memberships, viewer) => {
  let own: OrgWithAdmin;
  /** By the first letter of the address: a viewer, one by SCIM, active long ago, active today, joined long ago, in a group. */
  const ids: Record<string, string> = {};
  let groups: { own: string; foreign: string };

  beforeAll(async () => {
    own = await t.fixtures.orgWithAdmin();
    const join = async (
      letter: string,
      roles: { org?: 'ORGANIZATION_VIEWER'; workspace: SystemRoleName },
    ) => {
      const person = await t.fixtures.member(own, { email: `${letter}-${t.fixtures.email()}`, ...roles });
      ids[letter] = person.userId;
      return person;
    };
    await join('v', { org: 'ORGANIZATION_VIEWER', workspace: 'WORKSPACE_VIEWER' });
    for (const letter of ['s', 'l', 't', 'j']) await join(letter, { workspace: 'WORKSPACE_USER' });
    const grouped = await join('g', { workspace: 'WORKSPACE_USER' });
    const other = await t.fixtures.orgWithAdmin();
    groups = {
      own: await groupWith(own, role('WORKSPACE_VIEWER'), grouped),
      foreign: await groupWith(other, role('WORKSPACE_VIEWER')),
    };
    await t.sql(
      `with joined as (
        insert into org_memberships (id, org_id, user_id, role_id, source, created_via)
        values (gen_random_uuid(), $1, $2, $3, 'manual', 'unknown') returning org_id, user_id)
      insert into user_group_members (user_group_id, org_id, user_id, source)
      select $4, org_id, user_id, 'manual' from joined`,
      [other.orgId, grouped.userId, role('ORGANIZATION_USER'), groups.foreign],
    );
    await t.sql(`update ${memberships} set source = 'scim' where user_id = $1`, [ids['s']]);
    const active = `insert into member_activity (membership_id, last_active_at)
      select id, $3::timestamptz from org_memberships where org_id = $1 and user_id = $2
      on conflict (membership_id) do update set last_active_at = excluded.last_active_at`;
    await t.sql(active, [own.orgId, ids['l'], '2020-01-01']);
    await t.sql(active, [own.orgId, ids['t'], new Date().toISOString()]);
    await t.sql(
      `update org_memberships set created_at = '2020-01-01' where org_id = $1 and user_id = any($2)`,
      [own.orgId, [ids['l'], ids['j']]],
    );
  });

  const found = async (query: string, by = own.admin) => {
    const { status, body, headers } = await by.api.get(`${path}?sort_by=email&${query}`);
    if (status !== 200) return { status, body };
    const letters = (body as Row[]).map(({ email }) => email.slice(0, email.indexOf('-'))).sort();
    return { letters, total: Number(headers.get('x-pagination-total')) };
  };
  const only = (letters: string) => ({ letters: [...letters].sort(), total: letters.length });

  it.each([
    [`role_ids=${viewer}`, 'v'],
    ['sources=scim', 's'],
    ['sources=scim&sources=jit', 's'],
    ['sources=jit', ''],
    ['not_active_since=2021-01-01T00:00:00Z', 'lj'],
    [`not_active_since=2021-01-01T00:00:00Z&role_ids=${viewer}`, ''],
    ['never_active=true&q=-person', 'vsjg'],
    ['not_active_since=2021-01-01T00:00:00Z&never_active=true', 'j'],
    ['not_active_since=2021-01-01T00:00:00Z&never_active=false', 'l'],
  ])('finds members by %s', async (query, letters) => {
    expect(await found(query)).toEqual(only(letters));
  });

  it('finds members by a user group of the organization, and by none of another one', async () => {
    expect(await found(`user_group_ids=${groups.own}`)).toEqual(only('g'));
    expect(await found(`user_group_ids=${groups.own}&limit=1&offset=5`)).toEqual({ letters: [], total: 1 });
    expect(await found(`user_group_ids=${groups.foreign}`)).toEqual(only(''));
  });

  it.each([
    ['sources=manual', 'organization:manage'],
    ['not_active_since=2021-01-01T00:00:00Z', 'organization:manage'],
    ['never_active=false', 'organization:manage'],
    ['sources=unknown&limit=0', 'organization:manage'], // before 422
    ['not_active_since=yesterday', 'organization:manage'],
  ])('returns 403 to callers who may not read what they filter by: %s', async (query, permission) => {
    const caller = await t.fixtures.member(own, { org: 'ORGANIZATION_VIEWER', workspace: 'WORKSPACE_ADMIN' });

    expect(await found(query, caller)).toEqual({
      status: 403,
      body: { detail: `This needs the permission ${permission}.` },
    });
    await own.admin.api.delete(`/api/v1/orgs/current/members/${caller.membershipId}`);
  });
});

it('returns 403 to a key of a workspace that filters its members by user groups', async () => {
  const { body: key } = await org.admin.api.post('/api/v1/orgs/current/service-keys', {
    workspaces: [org.workspaceId],
  });
  const group = await groupWith(org, role('WORKSPACE_VIEWER'));
  const reply = await t.api.as({ key: key.key }).get(`${IN_WORKSPACE}?user_group_ids=${group}`);

  expect(reply).toMatchObject({
    status: 403,
    body: { detail: 'This needs the permission organization:user-groups:read.' },
  });
});

it('lists a member with roles, workspaces and login methods', async () => {
  const person = await t.fixtures.member(org, { org: 'ORGANIZATION_VIEWER', workspace: 'WORKSPACE_USER' });

  const inOrg = await read(IN_ORG, { emails: person.email });
  const inWorkspace = await read(IN_WORKSPACE, { emails: person.email });

  const login = { provider: 'email', email: person.email, ls_user_id: person.userId };
  expect(inOrg.rows).toMatchObject([
    {
      id: person.membershipId,
      access_scope: 'organization',
      tenant_id: null,
      tenant_ids: [org.workspaceId],
      role_name: 'Organization Viewer',
      is_disabled: false,
      linked_login_methods: [login],
    },
  ]);
  expect(inWorkspace.rows).toMatchObject([
    {
      access_scope: 'workspace',
      tenant_id: org.workspaceId,
      role_name: 'Editor',
      org_role_name: 'Organization Viewer',
      linked_login_methods: [login],
    },
  ]);
  await org.admin.api.delete(`/api/v1/orgs/current/members/${person.membershipId}`);
});

it('lists the login methods of a member oldest first, with their times in UTC', async () => {
  const person = await t.fixtures.member(org, { org: 'ORGANIZATION_VIEWER', workspace: 'WORKSPACE_USER' });
  for (const [subject, createdAt] of [
    ['later', '2020-01-02T03:04:05.060Z'],
    ['earlier', '2020-01-02T03:04:05Z'],
  ])
    await t.sql(
      `insert into login_methods (id, user_id, provider, issuer, subject, provider_username, created_at, updated_at)
      values (gen_random_uuid(), $1, 'custom-oidc', 'https://idp.example', $2, $2, $3, $3)`,
      [person.userId, subject, createdAt],
    );

  for (const path of [IN_ORG, IN_WORKSPACE]) {
    const { rows } = await read(path, { emails: person.email });
    expect(rows).toMatchObject([
      {
        linked_login_methods: [
          { username: 'earlier', created_at: '2020-01-02T03:04:05.000Z', email_confirmed_at: null },
          { username: 'later', created_at: '2020-01-02T03:04:05.060Z', email_confirmed_at: null },
          { username: person.email },
        ],
      },
    ]);
  }
  await org.admin.api.delete(`/api/v1/orgs/current/members/${person.membershipId}`);
});

/** Members of a new organization in the order of their names. */
const namesOf = async ({ admin }: OrgWithAdmin, path: string): Promise<(string | null)[]> => {
  const { body } = await admin.api.get(`${path}?sort_by=name&sort_by_desc=false`);
  return body.map((row: Row) => row.full_name);
};

it.each([IN_ORG, IN_WORKSPACE])('sorts members by their new names at once: %s', async (path) => {
  const small = await t.fixtures.orgWithAdmin();
  const ada = await t.fixtures.member(small, { org: 'ORGANIZATION_USER', workspace: 'WORKSPACE_USER' });
  const rename = (userId: string, name: string | null) =>
    t.sql('update users set full_name = $2 where id = $1', [userId, name]);

  await rename(small.admin.userId, 'Mona');
  await rename(ada.userId, 'Zoe');
  const before = await namesOf(small, path);
  await rename(ada.userId, 'Ada');
  const after = await namesOf(small, path);
  await rename(ada.userId, null);

  expect(before).toEqual(['Mona', 'Zoe']);
  expect(after).toEqual(['Ada', 'Mona']);
  expect(await namesOf(small, path)).toEqual(['Mona', null]);
});

it('sorts a member who was renamed while joining by the new name', async () => {
  const small = await t.fixtures.orgWithAdmin();
  const [ada] = await t.sql<{ id: string }>(
    `insert into users (id, email, full_name) values (gen_random_uuid(), gen_random_uuid() || '@example.com', 'Zoe') returning id`,
  );
  const join = () =>
    t.sql(
      `insert into org_memberships (id, org_id, user_id, role_id, source, created_via)
       values (gen_random_uuid(), $1, $2, $3, 'manual', 'unknown')`,
      [small.orgId, ada!.id, role('ORGANIZATION_USER')],
    );
  await t.sql(`update users set full_name = 'Mona' where id = $1`, [small.admin.userId]);

  await onOwnConnection(t, async (client) => {
    await client.query('begin');
    await client.query(`update users set full_name = 'Ada' where id = $1`, [ada!.id]);
    const joining = join();
    await waitForBlockedQuery(t);
    await client.query('commit');
    await joining;
  });

  expect(await namesOf(small, IN_ORG)).toEqual(['Ada', 'Mona']);
});

it('lists no members of another organization', async () => {
  const other = await t.fixtures.orgWithAdmin();

  for (const path of [IN_ORG, IN_WORKSPACE]) {
    const { body, headers } = await other.admin.api.get(`${path}?limit=500`);
    expect(body.map(({ email }: Row) => email)).toEqual([other.admin.email]);
    expect(headers.get('x-pagination-total')).toBe('1');
    const byId = await other.admin.api.get(`${path}?ls_user_ids=${people[0]!.userId}`);
    expect(byId.body).toEqual([]);
  }
});
