import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { attach, policy, TEAM_A } from '../support/access-policies.js';
import type { Api } from '../support/api.js';
import { type Member, role, type OrgWithAdmin } from '../support/fixtures.js';
import { columnsContaining } from '../support/stored-text.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const KEYS = '/api/v1/orgs/current/service-keys';
const WORKSPACE_KEYS = '/api/v1/api-key';
const MEMBERS = '/api/v1/workspaces/current/members';
const INVALID = { status: 401, body: { detail: 'Invalid token' } };
const DAY_MS = 24 * 60 * 60 * 1000;

let t: TestApp;
let org: OrgWithAdmin;
beforeAll(async () => {
  t = await startTestApp();
  org = await t.fixtures.defaultOrg();
});
afterAll(() => t.close());

const create = async (api: Api, wish: object) => (await api.post(KEYS, wish)).body;
const ids = (rows: { id: string }[]) => rows.map(({ id }) => id);
const newWorkspace = async (display_name: string) =>
  (await org.admin.api.post('/api/v1/workspaces', { display_name })).body.id as string;
const newRole = async (display_name: string, permissions: string[]) =>
  (await org.admin.api.post('/api/v1/orgs/current/roles', { display_name, description: '', permissions }))
    .body.id as string;

describe('a service key', () => {
  it('a service key is shown once in the published format, and found in the list by its id', async () => {
    const made = await create(org.admin.api, { description: 'CI', workspaces: [org.workspaceId] });
    const listed = (await org.admin.api.get(KEYS)).body.find(({ id }: { id: string }) => id === made.id);

    expect(made.key).toMatch(/^lsv2_sk_[0-9a-f]{32}_[0-9a-f]{10}$/);
    expect(listed).toMatchObject({ description: 'CI', workspace_names: ['Workspace 1'], read_only: false });
    expect(listed.short_key).toBe(`${made.key.slice(0, 12)}...${made.key.slice(-4)}`);
    expect(listed).not.toHaveProperty('key');
    expect(await columnsContaining(t.sql, made.key)).toEqual([]);
    expect(await columnsContaining(t.sql, made.key.slice(8, 40))).toEqual([]);
  });

  it('the names of its workspaces are in the order in which they were given, and stay so', async () => {
    const workspaces = [await newWorkspace('Zoo'), await newWorkspace('Ark'), org.workspaceId];
    const given = [workspaces[1]!, workspaces[2]!, workspaces[0]!, workspaces[1]!];
    const made = await create(org.admin.api, { workspaces: given });
    const names = async () =>
      (await org.admin.api.get(KEYS)).body.find(({ id }: { id: string }) => id === made.id).workspace_names;

    expect(await names()).toEqual(['Ark', 'Workspace 1', 'Zoo']);
    await org.admin.api.patch(`${KEYS}/${made.id}`, { role_id: role('WORKSPACE_VIEWER') });
    expect(await names()).toEqual(['Ark', 'Workspace 1', 'Zoo']);
    await t.sql('update api_key_workspaces set position = default where api_key_id = $1', [made.id]);
    expect(await names()).toEqual(['Workspace 1', 'Zoo', 'Ark']); // as keys that an earlier version created
  });

  it('a service key has the role Admin in its one workspace and no other rights', async () => {
    const elsewhere = await newWorkspace('Elsewhere');
    const { key } = await create(org.admin.api, { workspaces: [org.workspaceId] });
    const client = t.api.as({ key });

    expect((await client.get(MEMBERS)).status).toBe(200);
    expect(
      (await client.patch(`/api/v1/workspaces/${org.workspaceId}`, { display_name: 'Workspace 1' })).status,
    ).toBe(200);
    expect((await client.as({ workspaceId: elsewhere }).get(MEMBERS)).status).toBe(403);
    expect((await client.patch(`/api/v1/workspaces/${elsewhere}`, { display_name: 'Mine' })).status).toBe(
      403,
    );
  });

  it('returns 403 on routes of the organization when it is limited to workspaces', async () => {
    const { key } = await create(org.admin.api, { workspaces: [org.workspaceId] });

    for (const path of ['/orgs/current', '/orgs/current/members', '/orgs/current/roles', '/workspaces'])
      expect((await t.api.as({ key }).get(`/api/v1${path}`)).status).toBe(403);
  });

  it('a service key allows only reading when it is read-only', async () => {
    const made = await create(org.admin.api, { workspaces: [org.workspaceId], read_only: true });
    const client = t.api.as({ key: made.key });

    expect(made.read_only).toBe(true);
    expect((await client.get(MEMBERS)).status).toBe(200);
    expect((await client.post(WORKSPACE_KEYS, {})).status).toBe(403);
  });

  it('a service key allows what its custom role allows at the time of the request', async () => {
    const custom = await newRole('Reader of keys', ['workspaces:read']);
    const { key } = await create(org.admin.api, { workspaces: [org.workspaceId], role_id: custom });
    const before = await t.api.as({ key }).get(MEMBERS);

    await org.admin.api.patch(`/api/v1/orgs/current/roles/${custom}`, {
      display_name: 'Reader of keys',
      description: '',
      permissions: ['runs:create'],
    });

    expect(before.status).toBe(200);
    expect((await t.api.as({ key }).get(MEMBERS)).status).toBe(403);
  });

  it('a service key has the org role that is given, or Organization User, when it is for the whole organization', async () => {
    const user = await create(org.admin.api, {});
    const admin = await create(org.admin.api, { org_role_id: role('ORGANIZATION_ADMIN') });
    const later = await newWorkspace('Made later');
    const rename = (key: string) =>
      t.api.as({ key }).patch('/api/v1/orgs/current/info', { display_name: 'Default' });

    expect(user.workspace_names).toBeNull();
    expect((await t.api.as({ key: user.key }).get('/api/v1/orgs/current')).status).toBe(200);
    expect((await rename(user.key)).status).toBe(403);
    expect((await rename(admin.key)).status).toBe(200);
    expect((await t.api.as({ key: user.key, workspaceId: later }).get(MEMBERS)).status).toBe(200);
  });

  it('a service key does not see workspaces that were created after it when it is limited to some', async () => {
    const { key } = await create(org.admin.api, { workspaces: [org.workspaceId] });
    const later = await newWorkspace('After the key');

    expect((await t.api.as({ key, workspaceId: later }).get(MEMBERS)).status).toBe(403);
  });

  it('a service key has no access once its only workspace is deleted', async () => {
    const gone = await newWorkspace('Soon gone');
    const { key } = await create(org.admin.api, { workspaces: [gone] });
    await org.admin.api.delete(`/api/v1/workspaces/${gone}`);

    for (const workspaceId of [undefined, gone, org.workspaceId])
      expect((await t.api.as({ key, workspaceId }).get(MEMBERS)).status).toBe(403);
    expect((await t.api.as({ key }).get('/api/v1/orgs/current')).status).toBe(403);
  });

  it('a service key stays valid when its creator is no longer a member', async () => {
    const maker = await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });
    const { key } = await create(maker.api, { workspaces: [org.workspaceId] });

    await org.admin.api.delete(`/api/v1/orgs/current/members/${maker.membershipId}`);

    expect((await t.api.as({ key }).get(MEMBERS)).status).toBe(200);
  });

  it('a service key is refused like an unknown key from its expiry on, and not before', async () => {
    const inAnHour = new Date(Date.now() + 60 * 60 * 1000).toISOString();
    const { key, id } = await create(org.admin.api, {
      workspaces: [org.workspaceId],
      expires_at: inAnHour,
    });

    const before = await t.api.as({ key }).get(MEMBERS);
    await t.sql(`update api_keys set expires_at = now() - interval '1 second' where id = $1`, [id]);

    expect(before.status).toBe(200);
    expect(await t.api.as({ key }).get(MEMBERS)).toMatchObject(INVALID);
  });

  it('a service key is refused from the moment it is deleted', async () => {
    const { key, id } = await create(org.admin.api, { workspaces: [org.workspaceId] });

    const deleted = await org.admin.api.delete(`${KEYS}/${id}`);

    expect(deleted).toMatchObject({ status: 200, body: { id } });
    expect(await t.api.as({ key }).get(MEMBERS)).toMatchObject(INVALID);
    expect((await org.admin.api.delete(`${KEYS}/${id}`)).status).toBe(404);
  });

  it('a service key owns no personal access tokens and is refused on routes for sessions', async () => {
    const { key } = await create(org.admin.api, {});

    expect((await t.api.as({ key }).get('/api/v1/orgs/current/personal-access-tokens')).body).toEqual([]);
    expect((await t.api.as({ key }).get('/api/v1/orgs?skip_create=true')).status).toBe(403);
  });
});

describe('the rights that a new service key may have', () => {
  it('the rights of a new key are limited to the workspaces in which an organization user is Admin', async () => {
    const lead = await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });
    const elsewhere = await newWorkspace('Not of the lead');

    expect((await lead.api.post(KEYS, { workspaces: [org.workspaceId] })).status).toBe(200);
    expect((await lead.api.post(KEYS, { workspaces: [elsewhere] })).status).toBe(403);
    expect((await lead.api.post(KEYS, { workspaces: [org.workspaceId, elsewhere] })).status).toBe(403);
    expect((await lead.api.post(KEYS, { workspaces: [elsewhere], read_only: true })).status).toBe(403);
  });

  it('an Editor, who does not manage keys, creates none, and a manager of keys none above their role', async () => {
    const editor = await t.fixtures.member(org, { workspace: 'WORKSPACE_USER' });
    const managing = await newRole('Manages keys', ['workspaces:read', 'workspaces:manage-keys']);
    const manager = await t.fixtures.member(org, { workspace: managing });
    const wish = ({ api }: Member, role_id: string) =>
      api.post(KEYS, { workspaces: [org.workspaceId], role_id });

    for (const name of ['WORKSPACE_USER', 'WORKSPACE_VIEWER'] as const) {
      const refused = await wish(editor, role(name));
      expect([refused.status, refused.headers.get('x-error-code')]).toEqual([403, 'permission_missing']);
      expect((await wish(manager, role(name))).headers.get('x-error-code')).toBe('role_not_grantable');
    }
    expect((await manager.api.post(KEYS, { workspaces: [org.workspaceId] })).status).toBe(403); // the default is Admin
    expect((await wish(manager, managing)).status).toBe(200);
  });

  it.each([
    ['the endpoint of the organization', KEYS],
    ['the endpoint of the workspace', WORKSPACE_KEYS],
  ])('the policies of roles limit what a manager of keys creates by %s', async (_, path) => {
    const suffix = randomUUID().slice(0, 8);
    const managing = ['workspaces:read', 'workspaces:manage-keys', 'datasets:read'];
    const [own, free, allowing] = [
      await newRole(`Denied ${suffix}`, managing),
      await newRole(`Free ${suffix}`, ['datasets:read']),
      await newRole(`Allowing ${suffix}`, ['workspaces:read']),
    ];
    const share = { condition_groups: [{ ...TEAM_A, permission: 'datasets:share' }] };
    await attach(org.admin, own, [await policy(org, { effect: 'deny' })]);
    await attach(org.admin, allowing, [await policy(org, share)]);
    const manager = await t.fixtures.member(org, { workspace: own });
    const wish = (role_id: string) => manager.api.post(path, { workspaces: [org.workspaceId], role_id });

    const refused = [await wish(free), await wish(allowing)];

    expect(refused.map(({ status }) => status)).toEqual([403, 403]);
    expect(refused.map(({ headers }) => headers.get('x-error-code'))).toEqual([
      'change_exceeds_rights',
      'role_not_grantable',
    ]);
    expect(refused[0]?.body.detail).toMatch(/denies you datasets:read.*would not apply to the service key/);
    expect((await wish(own)).status).toBe(200);
  });

  it('returns 403 for a key with a custom role that has a permission its creator lacks', async () => {
    const custom = await newRole('Deletes projects', ['projects:delete']);
    const managing = await newRole('Manages keys only', ['workspaces:read', 'workspaces:manage-keys']);
    const manager = await t.fixtures.member(org, { workspace: managing });

    const reply = await manager.api.post(KEYS, { workspaces: [org.workspaceId], role_id: custom });

    expect(reply).toMatchObject({
      status: 403,
      body: { detail: expect.stringContaining('Deletes projects') },
    });
  });

  it('returns 403 when anyone but an organization admin creates a key for the whole organization', async () => {
    const operator = await t.fixtures.member(org, {
      org: 'ORGANIZATION_OPERATOR',
      workspace: 'WORKSPACE_ADMIN',
    });
    const lead = await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });
    const { key } = await create(org.admin.api, {});

    for (const client of [operator.api, lead.api, t.api.as({ key })]) {
      expect(await client.post(KEYS, {})).toMatchObject({
        status: 403,
        body: { detail: expect.stringContaining('organization admins') },
      });
      expect((await client.post(KEYS, { org_role_id: role('ORGANIZATION_ADMIN') })).status).toBe(403);
    }
    expect((await operator.api.post(KEYS, { workspaces: [org.workspaceId] })).status).toBe(200);
  });

  it('returns 403 when a viewer of the organization creates a key', async () => {
    const viewer = await t.fixtures.member(org, { org: 'ORGANIZATION_VIEWER', workspace: 'WORKSPACE_ADMIN' });

    expect((await viewer.api.post(KEYS, { workspaces: [org.workspaceId] })).status).toBe(403);
  });

  it('a key creates keys only within its own workspaces and role', async () => {
    const elsewhere = await newWorkspace('Not of the key');
    const { key } = await create(org.admin.api, {
      workspaces: [org.workspaceId],
      role_id: role('WORKSPACE_ADMIN'),
    });
    const client = t.api.as({ key });

    expect((await client.post(WORKSPACE_KEYS, {})).status).toBe(200);
    expect((await client.as({ workspaceId: elsewhere }).post(WORKSPACE_KEYS, {})).status).toBe(403);
    expect((await client.post(KEYS, { workspaces: [org.workspaceId] })).status).toBe(403);
  });

  it('an admin key of the organization gives a new key no more in workspaces than its own role there', async () => {
    const [place, person] = [await newWorkspace('Out of reach'), await t.fixtures.member(org, {})];
    const { key } = await create(org.admin.api, {
      org_role_id: role('ORGANIZATION_ADMIN'),
      role_id: role('WORKSPACE_VIEWER'),
    });
    const client = t.api.as({ key, orgId: org.orgId });
    const asAdmin = { workspace_ids: [place], workspace_role_id: role('WORKSPACE_ADMIN') };
    const email = t.fixtures.email();

    const replies = [
      await client.post(KEYS, {}),
      await client.post(KEYS, { workspaces: [place] }),
      await client.post('/api/v1/orgs/current/members/batch', [{ email, ...asAdmin }]),
      await client.post('/api/v1/orgs/current/members/basic/batch', [{ email, ...asAdmin }]),
      await client
        .as({ workspaceId: place })
        .post(MEMBERS, { user_id: person.userId, role_id: role('WORKSPACE_ADMIN') }),
    ];

    expect(replies.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403]);
    expect((await client.post(KEYS, { role_id: role('WORKSPACE_VIEWER') })).status).toBe(200);
  });

  it('returns 403 when an organization admin key grants a workspace role above its own workspace role', async () => {
    const [workspaceId, member] = [await newWorkspace('Managed by a key'), await t.fixtures.member(org, {})];
    const { key } = await create(org.admin.api, {
      org_role_id: role('ORGANIZATION_ADMIN'),
      role_id: await newRole('Member manager', ['workspaces:read', 'workspaces:manage-members']),
    });
    const client = t.api.as({ key, orgId: org.orgId, workspaceId });
    const add = (roleId: string) => client.post(MEMBERS, { user_id: member.userId, role_id: roleId });

    expect((await add(role('WORKSPACE_ADMIN'))).status).toBe(403);
    expect((await add(await newRole('Reader', ['workspaces:read']))).status).toBe(200);
  });

  it('returns 403 when an admin key with lower workspace roles creates, changes or removes admins', async () => {
    const { key } = await create(org.admin.api, {
      org_role_id: role('ORGANIZATION_ADMIN'),
      role_id: role('WORKSPACE_VIEWER'),
    });
    const client = t.api.as({ key, orgId: org.orgId });
    const members = '/api/v1/orgs/current/members';
    const [person, admin] = [
      await t.fixtures.member(org, {}),
      await t.fixtures.member(org, { org: 'ORGANIZATION_ADMIN' }),
    ];
    const asAdmin = { role_id: role('ORGANIZATION_ADMIN') };
    const waiting = await client.post(members, { email: t.fixtures.email() });

    const replies = [
      await client.post(members, { email: t.fixtures.email(), ...asAdmin }),
      await client.post(`${members}/batch`, [{ email: t.fixtures.email(), ...asAdmin }]),
      await client.post(`${members}/basic/batch`, [{ email: t.fixtures.email(), ...asAdmin }]),
      await client.patch(`${members}/${waiting.body.id}/pending`, asAdmin),
      await client.patch(`${members}/${person.membershipId}`, asAdmin),
      await client.patch(`${members}/${admin.membershipId}`, { password: 'Another-Horse-Battery' }),
      await client.delete(`${members}/${admin.membershipId}`),
      await client.post('/api/v1/orgs/current/roles', {
        ...{ display_name: 'All there is', description: '', permissions: ['workspaces:manage'] },
      }),
    ];

    expect(waiting.status).toBe(200);
    expect(replies.map(({ status }) => status)).toEqual(replies.map(() => 403));
  });

  it('returns 403 when an admin key with lower workspace roles changes or removes an organization admin in a workspace', async () => {
    const steward = await org.admin.api.post('/api/v1/orgs/current/roles', {
      ...{ display_name: 'Steward', description: '', permissions: ['workspaces:manage-members'] },
    });
    const { key } = await create(org.admin.api, {
      org_role_id: role('ORGANIZATION_ADMIN'),
      role_id: steward.body.id,
    });
    const client = t.api.as({ key, orgId: org.orgId, workspaceId: org.workspaceId });
    const join = async ({ userId }: Member) =>
      (await org.admin.api.post(MEMBERS, { user_id: userId, role_id: steward.body.id })).body.id;
    const admin = await join(await t.fixtures.member(org, { org: 'ORGANIZATION_ADMIN' }));
    const user = await join(await t.fixtures.member(org, {}));

    expect((await client.delete(`${MEMBERS}/${admin}`)).status).toBe(403);
    expect((await client.patch(`${MEMBERS}/${admin}`, { role_id: steward.body.id })).status).toBe(403);
    expect((await client.delete(`${MEMBERS}/${user}`)).status).toBe(200);
  });

  it('returns 403 unless a manager of the organization deletes a key whose workspaces are all deleted', async () => {
    const gone = await newWorkspace('Gone');
    const { id } = await create(org.admin.api, { workspaces: [gone] });
    await org.admin.api.delete(`/api/v1/workspaces/${gone}`);
    const lead = await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });

    expect((await lead.api.patch(`${KEYS}/${id}`, { workspaces: [org.workspaceId] })).status).toBe(403);
    const { key } = await create(org.admin.api, {}); // manages the keys of all workspaces
    for (const api of [lead.api, t.api.as({ key })])
      expect((await api.delete(`${KEYS}/${id}`)).status).toBe(403);
    expect((await org.admin.api.delete(`${KEYS}/${id}`)).status).toBe(200);
  });
});

describe('deleting a service key', () => {
  const remove = (api: Api, id: string) => api.delete(`${KEYS}/${id}`);

  it('returns 403 to members who neither manage keys in all of its workspaces nor created it', async () => {
    const elsewhere = await newWorkspace('Where the lead is not');
    const { id: here } = await create(org.admin.api, { workspaces: [org.workspaceId] });
    const { id: shared } = await create(org.admin.api, { workspaces: [org.workspaceId, elsewhere] });
    const { id: orgWide } = await create(org.admin.api, {});
    const editor = await t.fixtures.member(org, { workspace: 'WORKSPACE_USER' });
    const lead = await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });

    const { status, headers } = await remove(editor.api, here);
    expect([status, headers.get('x-error-code')]).toEqual([403, 'permission_missing']);
    expect((await remove(lead.api, shared)).status).toBe(403);
    expect((await remove(lead.api, orgWide)).status).toBe(403);
    expect((await lead.api.delete(`${WORKSPACE_KEYS}/${shared}`)).status).toBe(403);
    expect((await remove(lead.api, here)).status).toBe(200);
  });

  it('needs workspaces:manage-keys in its workspaces, whatever role it has there', async () => {
    const keeper = await newRole('Key keeper', ['workspaces:read', 'workspaces:manage-keys']);
    const member = await t.fixtures.member(org, { workspace: keeper });
    const viewer = await t.fixtures.member(org, { org: 'ORGANIZATION_VIEWER', workspace: keeper });
    const made = async () => (await create(org.admin.api, { workspaces: [org.workspaceId] })).id as string;

    expect((await remove(member.api, await made())).status).toBe(200);
    expect((await remove(viewer.api, await made())).status).toBe(200);
    expect((await member.api.delete(`${WORKSPACE_KEYS}/${await made()}`)).status).toBe(200);
  });

  it('is allowed to those who manage the organization, except for keys for the whole organization', async () => {
    const elsewhere = await newWorkspace('Without the operator');
    const operator = (await t.fixtures.member(org, { org: 'ORGANIZATION_OPERATOR' })).api.as({
      workspaceId: undefined,
    });
    const { id } = await create(org.admin.api, { workspaces: [org.workspaceId, elsewhere] });
    const { id: orgWide } = await create(org.admin.api, {});
    const limited = await create(org.admin.api, {
      ...{ org_role_id: role('ORGANIZATION_ADMIN'), role_id: role('WORKSPACE_VIEWER') },
    });

    expect((await remove(operator, id)).status).toBe(200);
    expect((await remove(operator, orgWide)).status).toBe(403);
    expect((await remove(t.api.as({ key: limited.key, orgId: org.orgId }), orgWide)).status).toBe(403);
    expect((await remove(org.admin.api, orgWide)).status).toBe(200);
  });

  it('is allowed to the user or the key that created it, also when they have lost the right to create it', async () => {
    const maker = await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });
    const peer = await t.fixtures.member(org, { workspace: 'WORKSPACE_USER' });
    const [{ id: own }, { id: withToken }] = [
      await create(maker.api, { workspaces: [org.workspaceId] }),
      await create(maker.api, { workspaces: [org.workspaceId] }),
    ];
    const { body: token } = await maker.api.post('/api/v1/orgs/current/personal-access-tokens', {});
    const creator = await create(org.admin.api, { org_role_id: role('ORGANIZATION_USER') });
    const other = await create(org.admin.api, { role_id: role('WORKSPACE_VIEWER') });
    const { id: ofKey } = await create(t.api.as({ key: creator.key }), { workspaces: [org.workspaceId] });
    const membership = (await org.admin.api.get(`${MEMBERS}/active?limit=100`)).body.find(
      ({ email }: Member) => email === maker.email,
    );
    const lowered = { role_id: role('WORKSPACE_VIEWER') };
    expect((await org.admin.api.patch(`${MEMBERS}/${membership.id}`, lowered)).status).toBe(200);
    await org.admin.api.patch(`${KEYS}/${creator.id}`, lowered);

    for (const id of [own, withToken]) expect((await remove(peer.api, id)).status).toBe(403);
    expect((await remove(maker.api, own)).status).toBe(200);
    expect((await remove(t.api.as({ key: token.key, orgId: org.orgId }), withToken)).status).toBe(200);
    expect((await remove(t.api.as({ key: other.key }), ofKey)).status).toBe(403);
    expect((await remove(t.api.as({ key: creator.key }), ofKey)).status).toBe(200);
  });
});

describe('the mark of service keys that exceed their creator', () => {
  const marks = async (...keys: { id: string }[]) => {
    const listed = new Map<string, boolean | null>(
      (await org.admin.api.get(KEYS)).body.map((one: { id: string; exceeds_creator: boolean | null }) => [
        one.id,
        one.exceeds_creator,
      ]),
    );
    return keys.map(({ id }) => listed.get(id));
  };

  it('follows the present role of the creator in the workspaces of the key', async () => {
    const maker = await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });
    const wish = { workspaces: [org.workspaceId] };
    const [admin, viewer] = [
      await create(maker.api, wish),
      await create(maker.api, { ...wish, role_id: role('WORKSPACE_VIEWER') }),
    ];
    expect(await marks(admin, viewer)).toEqual([false, false]);

    const membership = (await org.admin.api.get(`${MEMBERS}/active?limit=100`)).body.find(
      ({ email }: Member) => email === maker.email,
    );
    await org.admin.api.patch(`${MEMBERS}/${membership.id}`, { role_id: role('WORKSPACE_USER') });
    expect(await marks(admin, viewer)).toEqual([true, false]);
    const { body: here } = await org.admin.api.get(WORKSPACE_KEYS);
    expect(here.find(({ id }: { id: string }) => id === admin.id)).toMatchObject({ exceeds_creator: true });

    await org.admin.api.delete(`${MEMBERS}/${membership.id}`);
    expect(await marks(admin, viewer)).toEqual([true, true]);
  });

  it('is set when a role of the key or a deleted membership leaves the creator with less', async () => {
    const custom = await newRole('Grows later', ['workspaces:read']);
    const managing = await newRole('Makes such keys', ['workspaces:read', 'workspaces:manage-keys']);
    const maker = await t.fixtures.member(org, { workspace: managing });
    const made = await create(maker.api, { workspaces: [org.workspaceId], role_id: custom });
    expect(await marks(made)).toEqual([false]);

    const grown = { display_name: 'Grows later', description: '', permissions: ['workspaces:manage'] };
    await org.admin.api.patch(`/api/v1/orgs/current/roles/${custom}`, grown);
    expect(await marks(made)).toEqual([true]);
  });

  it('is set for keys of the organization unless the creator is an organization admin', async () => {
    const maker = await t.fixtures.member(org, { org: 'ORGANIZATION_ADMIN' });
    const api = maker.api.as({ workspaceId: undefined });
    const [wide, viewing] = [await create(api, {}), await create(api, { role_id: role('WORKSPACE_VIEWER') })];
    expect(await marks(wide, viewing)).toEqual([false, false]);

    const member = `/api/v1/orgs/current/members/${maker.membershipId}`;
    await org.admin.api.patch(member, { role_id: role('ORGANIZATION_OPERATOR') });
    expect(await marks(wide, viewing)).toEqual([true, true]);
    await org.admin.api.patch(member, { role_id: role('ORGANIZATION_ADMIN') });
    expect(await marks(wide)).toEqual([false]);
    await t.sql('update org_memberships set is_disabled = true where id = $1', [maker.membershipId]);
    expect(await marks(wide)).toEqual([true]);
  });

  it('is null when the creator is unknown, and not set for keys that give nothing', async () => {
    const gone = await newWorkspace('Gone with its key');
    const maker = await t.fixtures.member(org, { org: 'ORGANIZATION_ADMIN', workspace: 'WORKSPACE_ADMIN' });
    const [unknown, expired, empty] = [
      await create(maker.api, {}),
      await create(maker.api, {}),
      await create(maker.api, { workspaces: [gone] }),
    ];
    await t.sql('update api_keys set created_by_user_id = null where id = $1', [unknown.id]);
    await t.sql(`update api_keys set expires_at = now() - interval '1 second' where id = $1`, [expired.id]);
    await org.admin.api.delete(`/api/v1/workspaces/${gone}`);
    await org.admin.api.delete(`/api/v1/orgs/current/members/${maker.membershipId}`);

    expect(await marks(unknown, expired, empty)).toEqual([null, false, false]);
  });
});

describe('the older endpoint for keys of one workspace', () => {
  it('creates a key for the current workspace, whatever scope the request has', async () => {
    const elsewhere = await newWorkspace('Sent along');
    const lead = await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });

    const bare = await lead.api.post(WORKSPACE_KEYS);
    const scoped = await lead.api.post(WORKSPACE_KEYS, { workspaces: [elsewhere] });

    expect(bare).toMatchObject({
      status: 200,
      body: { description: 'Default API key', workspace_names: ['Workspace 1'] },
    });
    expect(scoped.body).toMatchObject({ workspace_names: ['Workspace 1'] });
    expect(ids((await lead.api.get(WORKSPACE_KEYS)).body)).toEqual(
      expect.arrayContaining([bare.body.id, scoped.body.id]),
    );
  });

  it('lists and deletes only keys of the current workspace', async () => {
    const elsewhere = await newWorkspace('With a key of its own');
    const { id } = await create(org.admin.api, { workspaces: [elsewhere] });
    const { id: orgWide } = await create(org.admin.api, {});

    expect(ids((await org.admin.api.get(WORKSPACE_KEYS)).body)).not.toContain(id);
    expect((await org.admin.api.delete(`${WORKSPACE_KEYS}/${id}`)).status).toBe(404);
    expect((await org.admin.api.delete(`${WORKSPACE_KEYS}/${orgWide}`)).status).toBe(404);
    expect(
      (await org.admin.api.as({ workspaceId: elsewhere }).delete(`${WORKSPACE_KEYS}/${id}`)).status,
    ).toBe(200);
  });

  it('returns 404 for the id of a key of another workspace, as for an unknown key', async () => {
    const elsewhere = await newWorkspace('Whose keys are not shown here');
    const lead = await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });
    const { id: scoped } = await create(org.admin.api, { workspaces: [elsewhere] });
    const { id: orgWide } = await create(org.admin.api, {});
    const { id: shared } = await create(org.admin.api, { workspaces: [org.workspaceId, elsewhere] });

    const replies = [randomUUID(), scoped, orgWide, shared].map((id) =>
      lead.api.delete(`${WORKSPACE_KEYS}/${id}`),
    );

    expect((await Promise.all(replies)).map(({ status }) => status)).toEqual([404, 404, 404, 403]);
  });

  it('requires a workspace admin for changes, and lists keys for members', async () => {
    const editor = await t.fixtures.member(org, { workspace: 'WORKSPACE_USER' });

    expect((await editor.api.post(WORKSPACE_KEYS, {})).status).toBe(403);
    expect((await editor.api.get(WORKSPACE_KEYS)).status).toBe(200);
  });
});

describe('a service key of another organization', () => {
  it('returns 404 for a service key of another organization with any method', async () => {
    const foreign = await t.fixtures.orgWithAdmin();
    for (const scope of [{ workspaces: [org.workspaceId] }, {}]) {
      const { id } = await create(org.admin.api, scope);

      expect(ids((await foreign.admin.api.get(KEYS)).body)).not.toContain(id);
      expect((await foreign.admin.api.delete(`${KEYS}/${id}`)).status).toBe(404);
      expect((await foreign.admin.api.delete(`${WORKSPACE_KEYS}/${id}`)).status).toBe(404);
      expect(ids((await org.admin.api.get(KEYS)).body)).toContain(id);
    }
  });

  it('refuses an organization-wide admin key that reads or changes workspaces of another organization', async () => {
    const foreign = await t.fixtures.orgWithAdmin();
    const { key } = await create(org.admin.api, { org_role_id: role('ORGANIZATION_ADMIN') });
    const client = t.api.as({ key });
    const named = client.as({ workspaceId: foreign.workspaceId });

    const replies = [
      await named.get(MEMBERS),
      await named.post(MEMBERS, { user_id: foreign.admin.userId }),
      await named.post(WORKSPACE_KEYS, {}),
      await named.get(WORKSPACE_KEYS),
      await client.patch(`/api/v1/workspaces/${foreign.workspaceId}`, { display_name: 'Taken over' }),
      await client.delete(`/api/v1/workspaces/${foreign.workspaceId}`),
    ];

    expect(replies.map(({ status }) => status)).toEqual([403, 403, 403, 403, 404, 404]);
    expect(
      await t.sql('select display_name as name from workspaces where id = $1', [foreign.workspaceId]),
    ).toEqual([{ name: 'Workspace 1' }]);
  });

  it('a service key cannot be created with workspaces or roles of another organization', async () => {
    const foreign = await t.fixtures.orgWithAdmin();
    const foreignRole = (
      await foreign.admin.api.post('/api/v1/orgs/current/roles', {
        display_name: 'Foreign',
        description: '',
        permissions: ['workspaces:read'],
      })
    ).body.id as string;
    const wishes = [
      { workspaces: [foreign.workspaceId] },
      { workspaces: [randomUUID()] },
      { workspaces: [org.workspaceId], role_id: foreignRole },
      { workspaces: [org.workspaceId], role_id: role('ORGANIZATION_ADMIN') },
      { role_id: foreignRole },
      { org_role_id: role('WORKSPACE_ADMIN') },
      { default_workspace_id: foreign.workspaceId },
    ];

    for (const wish of wishes) expect((await org.admin.api.post(KEYS, wish)).status).toBe(404);
  });
});

describe('a request for a service key', () => {
  it('returns 422 for a service key with a scope that no key can have', async () => {
    const elsewhere = await newWorkspace('No default of the key');
    const wishes: [field: string, wish: object][] = [
      ['workspaces', { workspaces: [] }],
      ['org_role_id', { workspaces: [org.workspaceId], org_role_id: role('ORGANIZATION_USER') }],
      ['default_workspace_id', { workspaces: [org.workspaceId], default_workspace_id: elsewhere }],
    ];

    for (const [field, wish] of wishes)
      expect(await org.admin.api.post(KEYS, wish)).toMatchObject({
        status: 422,
        body: { detail: [{ loc: ['body', field] }] },
      });
  });

  it('a new service key is subject to the expiry limit of the organization for service keys', async () => {
    const { admin } = await t.fixtures.orgWithAdmin();
    await admin.api.patch('/api/v1/orgs/current/info', {
      max_service_key_expiry_days: 10,
      max_pat_expiry_days: 1,
    });
    const inDays = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString();

    const unasked = await create(admin.api, {});
    const more = await admin.api.post(KEYS, { expires_at: inDays(11) });

    expect((new Date(unasked.expires_at).getTime() - Date.now()) / DAY_MS).toBeCloseTo(10, 1);
    expect(more).toMatchObject({ status: 422, body: { detail: [{ loc: ['body', 'expires_at'] }] } });
  });
});
