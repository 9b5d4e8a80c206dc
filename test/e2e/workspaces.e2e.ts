import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ALL_WORKSPACE_PERMISSIONS } from '../../src/common/access/permissions.js';
import type { Api } from '../support/api.js';
import { onOwnConnection } from '../support/audit-log.js';
import { type OrgWithAdmin, role } from '../support/fixtures.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { groupWith, WORKSPACE_ADMIN } from '../support/user-groups.js';
import { waitForBlockedQuery } from '../support/waiting-for-locks.js';

const WORKSPACES = '/api/v1/workspaces';

let t: TestApp;
beforeAll(async () => {
  t = await startTestApp({ AUDIT_SEAL_SECONDS: '3600', CALLER_CACHE: 'off' }); // their statements would be counted
});
afterAll(() => t.close());

const handle = () => `team-${randomUUID().slice(0, 8)}`;
const ids = (body: { id: string }[]) => body.map(({ id }) => id);

async function workspaceIn({ admin }: OrgWithAdmin, more: object = {}): Promise<string> {
  const { status, body } = await admin.api.post(WORKSPACES, { display_name: 'Research', ...more });
  expect(status).toBe(200);
  return body.id;
}

describe('a new workspace', () => {
  it('a new workspace is returned as requested, with an id of its own', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const wish = { display_name: "R'n'D (EU) @ 2_a", tenant_handle: handle() };

    const { status, body } = await org.admin.api.post(WORKSPACES, wish);

    expect(status).toBe(200);
    expect(body).toMatchObject({
      ...wish,
      organization_id: org.orgId,
      is_personal: false,
      is_deleted: false,
    });
    expect(ids((await org.admin.api.get(WORKSPACES)).body)).toEqual([org.workspaceId, body.id]);
  });

  it('a new workspace has its creator as Admin, also when the creator is an operator', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const operator = await t.fixtures.member(org, { org: 'ORGANIZATION_OPERATOR' });
    const api = operator.api.as({ workspaceId: '' });

    const created = await api.post(WORKSPACES, { display_name: 'Mine' });

    const [only, ...others] = (await api.get(WORKSPACES)).body;
    expect(others).toEqual([]);
    expect(only).toMatchObject({ id: created.body.id, role_id: role('WORKSPACE_ADMIN'), role_name: 'Admin' });
    expect(new Set(only.permissions)).toEqual(ALL_WORKSPACE_PERMISSIONS);
    const renamed = await api.patch(`${WORKSPACES}/${created.body.id}`, { display_name: 'Still mine' });
    expect(renamed).toMatchObject({ status: 200, body: { display_name: 'Still mine' } });
  });

  it('a new workspace may have an id from the request unless it is or was in use', async () => {
    const [one, two] = [await t.fixtures.orgWithAdmin(), await t.fixtures.orgWithAdmin()];
    const id = randomUUID();

    expect(await workspaceIn(one, { id: id.toUpperCase() })).toBe(id);
    const again = await one.admin.api.post(WORKSPACES, { display_name: 'Again', id });
    const elsewhere = await two.admin.api.post(WORKSPACES, { display_name: 'Elsewhere', id });
    await one.admin.api.delete(`${WORKSPACES}/${id}`);
    const afterDeletion = await two.admin.api.post(WORKSPACES, { display_name: 'Afterwards', id });

    expect([again.status, elsewhere.status, afterDeletion.status]).toEqual([409, 409, 409]);
    expect(again.headers.get('x-should-retry')).toBe('false');
  });

  it('a new workspace cannot have the id of a workspace that is deleted at the same moment', async () => {
    const [one, two] = [await t.fixtures.orgWithAdmin(), await t.fixtures.orgWithAdmin()];
    const id = await workspaceIn(one);

    const reply = await onOwnConnection(t, async (client) => {
      await client.query('begin');
      await client.query('delete from workspaces where id = $1', [id]);
      await client.query(
        'insert into deleted_workspaces (id, org_id, display_name, created_at) values ($1, $2, $3, now())',
        [id, one.orgId, 'Research'],
      );
      const creation = two.admin.api.post(WORKSPACES, { display_name: 'Afterwards', id });
      await waitForBlockedQuery(t);
      await client.query('commit');
      return creation;
    });

    expect(reply.status).toBe(409);
    expect(ids((await two.admin.api.get(WORKSPACES)).body)).toEqual([two.workspaceId]);
  });

  it.each(['-team', 'Team', 't', 'te am', 'tëam', `t${'e'.repeat(63)}`, ''])(
    'a new workspace is refused with 422 for the handle "%s"',
    async (tenant_handle) => {
      const org = await t.fixtures.orgWithAdmin();

      const { status, body } = await org.admin.api.post(WORKSPACES, {
        display_name: 'Research',
        tenant_handle,
      });

      expect(status).toBe(422);
      expect(body.detail[0].loc).toEqual(['body', 'tenant_handle']);
    },
  );

  it('a new workspace cannot have the handle of another workspace of the installation', async () => {
    const [one, two] = [await t.fixtures.orgWithAdmin(), await t.fixtures.orgWithAdmin()];
    const tenant_handle = handle();
    await workspaceIn(one, { tenant_handle });

    const { status, headers } = await two.admin.api.post(WORKSPACES, {
      display_name: 'Research',
      tenant_handle,
    });

    expect([status, headers.get('x-should-retry')]).toEqual([409, 'false']);
  });

  it.each([
    ['no name', {}],
    ['an empty name', { display_name: '' }],
    ['a name with a slash', { display_name: 'R/D' }],
    ['a name with a colon', { display_name: 'R: D' }],
    ['a name with a mark for the direction of text', { display_name: 'R\u202eD' }],
    ['a name with a joiner that joins nothing', { display_name: 'R \u200d' }],
    ['a name with a letter that has no glyph', { display_name: 'R\u3164' }],
    ['a name of 256 letters', { display_name: '\u{1e900}'.repeat(256) }],
    ['a malformed id', { display_name: 'Research', id: 'research' }],
  ])('a new workspace is refused with 422 when it has %s', async (_what, body) => {
    const org = await t.fixtures.orgWithAdmin();

    expect((await org.admin.api.post(WORKSPACES, body)).status).toBe(422);
  });

  it.each(['ORGANIZATION_USER', 'ORGANIZATION_VIEWER'] as const)(
    'a workspace cannot be created by the role %s',
    async (orgRole) => {
      const org = await t.fixtures.orgWithAdmin();
      const { api } = await t.fixtures.member(org, { org: orgRole, workspace: 'WORKSPACE_ADMIN' });

      expect((await api.post(WORKSPACES, { display_name: 'Mine' })).status).toBe(403);
    },
  );
});

describe('an organization with a limit of three workspaces', () => {
  let limited: TestApp;
  beforeAll(async () => {
    limited = await startTestApp({ DEFAULT_ORG_MAX_WORKSPACES: '3' });
  });
  afterAll(() => limited.close());

  it('creates no more than three workspaces under concurrent requests, and another one after a deletion', async () => {
    const { admin } = await limited.fixtures.defaultOrg();
    const info = async () => (await admin.api.get('/api/v1/orgs/current/info')).body;
    expect((await info()).reached_max_workspaces).toBe(false);

    const replies = await Promise.all(
      [1, 2, 3, 4, 5].map((n) => admin.api.post(WORKSPACES, { display_name: `Number ${n}` })),
    );

    expect(replies.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 200, 403, 403, 403]);
    expect(replies.find(({ status }) => status === 403)!.body.detail).toMatch(/max_workspaces/);
    expect(await info()).toMatchObject({ reached_max_workspaces: true, config: { max_workspaces: 3 } });
    await admin.api.delete(`${WORKSPACES}/${replies.find(({ status }) => status === 200)!.body.id}`);
    expect((await info()).reached_max_workspaces).toBe(false);
  });
});

describe('reading one workspace', () => {
  it('returns the workspace with the caller’s role in it', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const viewer = await t.fixtures.member(org, { workspace: 'WORKSPACE_VIEWER' });
    const path = `${WORKSPACES}/${org.workspaceId}`;

    const seen = await viewer.api.as({ workspaceId: '' }).get(path);
    const seenByAdmin = await org.admin.api.get(path);

    const [listed] = (await viewer.api.get(WORKSPACES)).body;
    expect(seen).toMatchObject({ status: 200, body: { id: org.workspaceId, role_name: 'Viewer' } });
    expect(seen.body).toEqual(listed);
    expect(seenByAdmin.body).toMatchObject({ role_id: role('WORKSPACE_ADMIN'), role_name: 'Admin' });
  });

  it('returns the workspace to a key with the key’s role', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const { body } = await org.admin.api.post('/api/v1/orgs/current/service-keys', {
      workspaces: [org.workspaceId],
      role_id: role('WORKSPACE_USER'),
    });

    const seen = await t.api.as({ key: body.key }).get(`${WORKSPACES}/${org.workspaceId}`);

    expect(seen).toMatchObject({ status: 200, body: { role_name: 'Editor' } });
  });

  it('lists all workspaces of the organization to an organization-wide key, with the key’s role', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const [second, deleted] = [await workspaceIn(org), await workspaceIn(org)];
    await org.admin.api.as({ workspaceId: deleted }).delete(`${WORKSPACES}/${deleted}`);
    const roles = { org_role_id: role('ORGANIZATION_VIEWER'), role_id: role('WORKSPACE_USER') };
    const { key } = (await org.admin.api.post('/api/v1/orgs/current/service-keys', roles)).body;
    const api = t.api.as({ key });

    const live = (await api.get(WORKSPACES)).body;
    const all = (await api.get(`${WORKSPACES}?include_deleted=true`)).body;

    expect(live).toMatchObject([
      { id: org.workspaceId, role_name: 'Editor' },
      { id: second, role_name: 'Editor' },
    ]);
    expect(ids(all)).toEqual([org.workspaceId, second, deleted]);
  });

  it('returns 403 to members outside the workspace, and 404 to users of other organizations', async () => {
    const [org, other] = [await t.fixtures.orgWithAdmin(), await t.fixtures.orgWithAdmin()];
    const outside = await t.fixtures.member(org, { org: 'ORGANIZATION_OPERATOR' });
    const path = `${WORKSPACES}/${org.workspaceId}`;

    const replies = [
      await outside.api.get(path),
      await other.admin.api.get(path),
      await other.admin.api.get(`${WORKSPACES}/${randomUUID()}`),
      await other.admin.api.get(`${WORKSPACES}/research`),
      await t.api.get(path),
    ];

    expect(replies.map(({ status }) => status)).toEqual([403, 404, 404, 422, 401]);
    expect(replies[1]!.body.detail.replace(org.workspaceId, 'X')).toBe(
      replies[2]!.body.detail.replace(/[0-9a-f-]{36}/, 'X'),
    );
  });
});

describe('renaming a workspace', () => {
  it.each(['Müller & Söhne', 'ශ්‍රී ලංකා', '東京 (第２)', 'می‌خواهم', '\u{1e900}'.repeat(255), 'R+D, Ltd.'])(
    'accepts a name in any script, and stores %s in NFC',
    async (name) => {
      const org = await t.fixtures.orgWithAdmin();
      const path = `${WORKSPACES}/${org.workspaceId}`;

      const changed = await org.admin.api.patch(path, { display_name: name.normalize('NFD') });

      expect(changed).toMatchObject({ status: 200, body: { display_name: name.normalize('NFC') } });
    },
  );

  it('requires the right to manage the workspace in the path, whichever workspace the header names', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const id = await workspaceIn(org, { tenant_handle: handle() });
    const lead = await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });
    const editor = await t.fixtures.member({ ...org, workspaceId: id }, { workspace: 'WORKSPACE_USER' });

    const own = await lead.api.patch(`${WORKSPACES}/${org.workspaceId}`, { display_name: 'Renamed' });
    const foreign = await lead.api.patch(`${WORKSPACES}/${id}`, { display_name: 'Renamed' });
    const withoutRight = await editor.api.patch(`${WORKSPACES}/${id}`, { display_name: 'Renamed' });

    expect(own).toMatchObject({ status: 200, body: { id: org.workspaceId, display_name: 'Renamed' } });
    expect([foreign.status, withoutRight.status]).toEqual([403, 403]);
  });

  it('keeps the handle when the display name changes', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const tenant_handle = handle();
    const path = `${WORKSPACES}/${await workspaceIn(org, { tenant_handle })}`;

    const changed = await org.admin.api.patch(path, { display_name: 'New', tenant_handle: handle() });
    const nameless = await org.admin.api.patch(path, {});

    expect(changed.body).toMatchObject({ display_name: 'New', tenant_handle });
    expect(nameless.status).toBe(422);
  });

  it('returns 404 for a workspace of another organization', async () => {
    const [one, two] = [await t.fixtures.orgWithAdmin(), await t.fixtures.orgWithAdmin()];
    const path = `${WORKSPACES}/${two.workspaceId}`;

    const replies = [
      await one.admin.api.patch(path, { display_name: 'Taken over' }),
      await one.admin.api.delete(path),
    ];

    expect(replies.map(({ status }) => status)).toEqual([404, 404]);
  });
});

describe('a deleted workspace', () => {
  it('a deleted workspace is absent from lists unless a request asks for deleted workspaces', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const id = await workspaceIn(org, { tenant_handle: handle() });

    const { status } = await org.admin.api.delete(`${WORKSPACES}/${id}`);

    expect(status).toBe(200);
    expect(ids((await org.admin.api.get(WORKSPACES)).body)).toEqual([org.workspaceId]);
    const all = (await org.admin.api.get(`${WORKSPACES}?include_deleted=true`)).body;
    expect(all.map((each: { id: string; is_deleted: boolean }) => [each.id, each.is_deleted])).toEqual([
      [org.workspaceId, false],
      [id, true],
    ]);
    const gone = [
      await org.admin.api.get(`${WORKSPACES}/${id}`),
      await org.admin.api.patch(`${WORKSPACES}/${id}`, { display_name: 'Back' }),
      await org.admin.api.delete(`${WORKSPACES}/${id}`),
    ];
    expect(gone.map((reply) => reply.status)).toEqual([404, 404, 404]);
  });

  it('a deleted workspace is returned on request to those who see it in the list, and is 404 for all others', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const id = await workspaceIn(org);
    const here = { ...org, workspaceId: id };
    const member = await t.fixtures.member(here, { workspace: 'WORKSPACE_ADMIN' });
    const operator = await t.fixtures.member(here, {
      org: 'ORGANIZATION_OPERATOR',
      workspace: 'WORKSPACE_ADMIN',
    });
    const keyOf = async (body: object) =>
      t.api.as({ key: (await org.admin.api.post('/api/v1/orgs/current/service-keys', body)).body.key });
    const everywhere = await keyOf({});
    const elsewhere = await keyOf({ workspaces: [org.workspaceId] });
    await org.admin.api.delete(`${WORKSPACES}/${id}`);

    const one = (api: Api, wish = 'true', wanted = id) =>
      api.get(`${WORKSPACES}/${wanted}?include_deleted=${wish}`);
    const rows = (await org.admin.api.get(`${WORKSPACES}?include_deleted=true`)).body;
    const listed = rows.find((row: { id: string }) => row.id === id);
    const anywhere = org.admin.api.as({ orgId: undefined, workspaceId: undefined });

    expect(listed).toMatchObject({ id, is_deleted: true });
    for (const [api, wish] of [
      [org.admin.api, 'true'],
      [org.admin.api, '1'],
      [anywhere, 'TRUE'],
    ] as const)
      expect(await one(api, wish)).toMatchObject({ status: 200, body: listed });
    expect(await one(everywhere)).toMatchObject({ status: 200, body: { id, is_deleted: true } });
    const stranger = (await t.fixtures.orgWithAdmin()).admin;
    for (const { api } of [member, operator, stranger, { api: elsewhere }])
      expect(await one(api)).toMatchObject({ status: 404 });
    for (const [wish, wanted] of [
      ['false', id],
      ['maybe', id],
      ['true', randomUUID()],
    ] as const)
      expect((await one(org.admin.api, wish, wanted)).status).toBe(404);
    expect((await one(org.admin.api, 'true', 'no-id')).status).toBe(422);
    expect((await t.api.get(`${WORKSPACES}/${id}?include_deleted=true`)).status).toBe(401);
  });

  it('a workspace that exists is returned with include_deleted as without', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const lead = await t.fixtures.member(org, { workspace: 'WORKSPACE_USER' });
    const outsider = await t.fixtures.member(org, {});
    const path = `${WORKSPACES}/${org.workspaceId}`;
    const made = await org.admin.api.post('/api/v1/orgs/current/service-keys', {
      workspaces: [org.workspaceId],
    });
    const key = t.api.as({ key: made.body.key });

    for (const api of [org.admin.api, lead.api, key])
      expect((await api.get(`${path}?include_deleted=true`)).body).toEqual((await api.get(path)).body);
    expect((await outsider.api.get(`${path}?include_deleted=true`)).status).toBe(403);
  });

  it('a deleted workspace loses its workspace memberships, while the org memberships remain', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const id = await workspaceIn(org);
    const member = await t.fixtures.member({ ...org, workspaceId: id }, { workspace: 'WORKSPACE_USER' });

    await org.admin.api.delete(`${WORKSPACES}/${id}`);

    expect((await member.api.get('/api/v1/workspaces/current/members/active')).status).toBe(403);
    const [still] = (
      await org.admin.api.get(`/api/v1/orgs/current/members/active?ls_user_ids=${member.userId}`)
    ).body;
    expect(still).toMatchObject({ user_id: member.userId, tenant_ids: [] });
  });

  it('deleting a workspace invalidates the keys that were limited to it, and no others', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const id = await workspaceIn(org);
    const keyFor = async (workspaces: string[]) =>
      (await org.admin.api.post('/api/v1/orgs/current/service-keys', { workspaces })).body.key as string;
    const [only, both] = [await keyFor([id]), await keyFor([id, org.workspaceId])];
    const read = (key: string, workspaceId: string) => t.api.as({ key }).get(`${WORKSPACES}/${workspaceId}`);
    expect((await read(only, id)).status).toBe(200);

    await org.admin.api.delete(`${WORKSPACES}/${id}`);

    const members = '/api/v1/workspaces/current/members/active';
    expect((await t.api.as({ key: only }).get(members)).status).toBe(403);
    expect((await read(only, id)).status).toBe(404);
    expect((await read(only, org.workspaceId)).status).not.toBe(200);
    expect((await read(both, org.workspaceId)).status).toBe(200);
  });

  it('deleting a workspace makes its handle available again', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const tenant_handle = handle();
    await org.admin.api.delete(`${WORKSPACES}/${await workspaceIn(org, { tenant_handle })}`);

    expect(await workspaceIn(org, { tenant_handle })).toEqual(expect.any(String));
  });

  it('a workspace is deleted once when two requests delete it at the same moment', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const id = await workspaceIn(org);

    const replies = await Promise.all([1, 2, 3].map(() => org.admin.api.delete(`${WORKSPACES}/${id}`)));

    expect(replies.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 404, 404]);
  });
});

describe('the list of workspaces', () => {
  it('the list of workspaces shows all to an admin, and to others those they are members of, each with the role there', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const second = await workspaceIn(org);
    const member = await t.fixtures.member({ ...org, workspaceId: second }, { workspace: 'WORKSPACE_USER' });

    const forAdmin = (await org.admin.api.get(WORKSPACES)).body;
    const forMember = (await member.api.get(WORKSPACES)).body;

    expect(ids(forAdmin)).toEqual([org.workspaceId, second]);
    expect(forMember).toMatchObject([{ id: second, role_name: 'Editor' }]);
    expect(forMember[0].permissions).not.toContain('workspaces:manage');
  });

  it('the list of workspaces leaves out an organization in which the caller is disabled', async () => {
    const [one, two] = [await t.fixtures.orgWithAdmin(), await t.fixtures.orgWithAdmin()];
    const person = await t.fixtures.member(one, { workspace: 'WORKSPACE_VIEWER' });
    await t.fixtures.addMember(two, person, { workspace: 'WORKSPACE_USER' });
    await t.sql('update org_memberships set is_disabled = true where org_id = $1 and user_id = $2', [
      ...[two.orgId, person.userId],
    ]);

    const { body } = await person.api.as({ workspaceId: '', orgId: '' }).get(WORKSPACES);

    expect(ids(body)).toEqual([one.workspaceId]);
  });

  it('the list of workspaces covers all organizations of the caller, or only the named one', async () => {
    const [one, two] = [await t.fixtures.orgWithAdmin(), await t.fixtures.orgWithAdmin()];
    const person = await t.fixtures.member(one, { workspace: 'WORKSPACE_VIEWER' });
    await t.fixtures.addMember(two, person, { workspace: 'WORKSPACE_USER' });
    const api = person.api.as({ workspaceId: '', orgId: '' });

    const everywhere = (await api.get(WORKSPACES)).body;
    const inOne = (await api.as({ orgId: one.orgId }).get(WORKSPACES)).body;

    expect(ids(everywhere).sort()).toEqual([one.workspaceId, two.workspaceId].sort());
    expect(ids(inOne)).toEqual([one.workspaceId]);
  });

  it('the list of workspaces counts members and pending invitations on request, where the caller may read members', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const research = await workspaceIn(org);
    const member = await t.fixtures.member(org, { workspace: 'WORKSPACE_VIEWER' });
    const roles = '/api/v1/orgs/current/roles';
    const blind = await org.admin.api.post(roles, {
      display_name: 'Blind',
      description: '',
      permissions: ['runs:read'],
    });
    expect(blind.status).toBe(200);
    const other = await t.fixtures.member(org, { workspace: blind.body.id });
    await org.admin.api.post('/api/v1/workspaces/current/members/batch', [
      { email: t.fixtures.email('open') },
      { email: t.fixtures.email('again') },
    ]);
    const pending = (await org.admin.api.get('/api/v1/workspaces/current/members/pending')).body;
    await org.admin.api.delete(`/api/v1/workspaces/current/members/${pending[0].id}/pending`);
    const countsFor = async (api: Api) =>
      (await api.get(`${WORKSPACES}?include_counts=true`)).body.map(
        (one: { id: string; member_count: number; pending_count: number }) => [
          one.id,
          one.member_count,
          one.pending_count,
        ],
      );

    expect(await countsFor(org.admin.api)).toEqual([
      [org.workspaceId, 3, 1],
      [research, 1, 0],
    ]);
    expect(await countsFor(member.api)).toEqual([[org.workspaceId, 3, 1]]);
    expect(await countsFor(other.api)).toEqual([[org.workspaceId, null, null]]);
    for (const query of [`workspace_ids=${research}`, `include_counts=true&workspace_ids=${research}`])
      expect((await org.admin.api.get(`${WORKSPACES}?${query}`)).body).toMatchObject([{ id: research }]);
    expect((await member.api.get(`${WORKSPACES}?workspace_ids=${research}`)).body).toEqual([]);
    const [plain] = (await org.admin.api.get(WORKSPACES)).body;
    expect(Object.keys(plain).filter((name) => name.endsWith('_count'))).toEqual([]);
  });

  it('the list of workspaces of all organizations counts only in the organization of the request', async () => {
    const [one, two] = [await t.fixtures.orgWithAdmin(), await t.fixtures.orgWithAdmin()];
    await t.fixtures.addMember(two, one.admin, { workspace: 'WORKSPACE_USER' });
    const api = one.admin.api.as({ orgId: '', workspaceId: '' });

    const { body } = await api.get(`${WORKSPACES}?include_counts=true`);

    const counted = body.filter((each: { member_count: number | null }) => each.member_count !== null);
    expect(body).toHaveLength(2);
    expect(counted).toHaveLength(1);
  });

  it('the list of workspaces needs the same number of statements for any number of organizations', async () => {
    const person = await t.fixtures.userWithoutOrg();
    const joined = async (roles: Parameters<typeof t.fixtures.addMember>[2]) => {
      const org = await t.fixtures.orgWithAdmin();
      const [second, gone] = [await workspaceIn(org), await workspaceIn(org)];
      await org.admin.api.as({ workspaceId: gone }).delete(`${WORKSPACES}/${gone}`);
      const design = { display_name: 'Reader', description: '', permissions: ['runs:read'] };
      const { body: reader } = await org.admin.api.post('/api/v1/orgs/current/roles', design);
      await t.fixtures.addMember(org, person, roles);
      await t.fixtures.addMember({ ...org, workspaceId: second }, person, { workspace: reader.id });
      return { first: org.workspaceId, second, gone };
    };
    const asAdmin = async () => {
      const { first, second, gone } = await joined({ org: 'ORGANIZATION_ADMIN' });
      return [first, second, gone].map((id) => [id, 'Admin', id === gone]);
    };
    const asMember = async () => {
      const { first, second } = await joined({ workspace: 'WORKSPACE_VIEWER' });
      return [
        [first, 'Viewer', false],
        [second, 'Reader', false],
      ];
    };
    const list = async () => {
      const before = await t.statements();
      const { body } = await person.api.get(`${WORKSPACES}?include_deleted=true`);
      const statements = (await t.statements()) - before;
      return { rows: body.map((row: any) => [row.id, row.role_name, row.is_deleted]), statements };
    };
    const expected = [...(await asAdmin()), ...(await asMember())];
    /** The least of two: beside those of the request, now and then one of the server's own is counted. */
    const leastStatements = async () => Math.min((await list()).statements, (await list()).statements);
    await list();
    const few = await leastStatements();
    expected.push(...(await asMember()), ...(await asAdmin()));

    const many = await list();

    expect(many.rows).toEqual(expected);
    expect(Math.min(many.statements, await leastStatements())).toBeLessThanOrEqual(few);
  });
});

describe('the names of workspaces', () => {
  const NAMES = `${WORKSPACES}/names`;

  it('are those of the list, with the role there, in at most 100 bytes each', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const id = await workspaceIn(org, { display_name: 'Workspace 12' });
    const viewer = await t.fixtures.member(org, { workspace: 'WORKSPACE_VIEWER' });

    const { body: all } = await org.admin.api.get(NAMES);
    const { body: own } = await viewer.api.get(NAMES);

    expect(ids(all)).toEqual([org.workspaceId, id]);
    expect(all[1]).toEqual({ id, display_name: 'Workspace 12', role_name: 'Admin' });
    expect(own).toEqual([{ ...all[0], role_name: 'Viewer' }]);
    expect(JSON.stringify(all).length).toBeLessThan(2 * 100);
  });

  it('are those of workspaces where the caller has a permission, by a role or by a user group', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const viewer = await t.fixtures.member(org, { workspace: 'WORKSPACE_VIEWER' });
    const withPermission = async (permission: string) => {
      const { status, body } = await viewer.api.get(`${NAMES}?permission=${permission}`);
      return status === 200 ? ids(body) : status;
    };

    expect(await withPermission('workspaces:read')).toEqual([org.workspaceId]);
    expect(await withPermission('workspaces:manage-members')).toEqual([]);
    await groupWith(org, WORKSPACE_ADMIN, viewer);
    expect(await withPermission('workspaces:manage-members')).toEqual([org.workspaceId]);
    expect(await withPermission('workspaces:fly')).toBe(422);
  });
});
