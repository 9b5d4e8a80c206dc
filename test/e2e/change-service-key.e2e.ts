import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { attach, policy, TEAM_A } from '../support/access-policies.js';
import type { Api } from '../support/api.js';
import { type OrgWithAdmin, role } from '../support/fixtures.js';
import { anotherWorkspace, customRole } from '../support/invitations.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const KEYS = '/api/v1/orgs/current/service-keys';
const [ADMIN, EDITOR, VIEWER] = [role('WORKSPACE_ADMIN'), role('WORKSPACE_USER'), role('WORKSPACE_VIEWER')];
const NO_ID = '00000000-0000-4000-8000-000000000000';

let t: TestApp;
let org: OrgWithAdmin;
beforeAll(async () => {
  t = await startTestApp();
  org = await t.fixtures.defaultOrg();
});
afterAll(() => t.close());

type Key = { id: string; key: string };
const create = async (wish: object, api = org.admin.api): Promise<Key> => (await api.post(KEYS, wish)).body;
const change = (id: string, wish: object, api: Api = org.admin.api) => api.patch(`${KEYS}/${id}`, wish);
const listed = async (id: string) =>
  (await org.admin.api.get(KEYS)).body.find((key: { id: string }) => key.id === id);
const members = (key: string, workspaceId: string) =>
  t.api.as({ key, workspaceId }).get('/api/v1/workspaces/current/members');

describe('changing a service key', () => {
  it('changes name, role and workspaces of a service key, effective at once for the unchanged secret', async () => {
    const other = await anotherWorkspace(org);
    const { id, key } = await create({ description: 'CI', workspaces: [org.workspaceId] });

    const { status, body } = await change(id, { description: 'CD', workspaces: [other], role_id: VIEWER });

    expect(status).toBe(200);
    expect({ ...body, exceeds_creator: false }).toEqual(await listed(id)); // the mark is for lists only
    expect(body).toMatchObject({
      description: 'CD',
      access_scope: 'workspace',
      role_id: VIEWER,
      org_role_id: null,
      read_only: true,
      short_key: expect.stringContaining(key.slice(0, 12)),
    });
    expect((await members(key, other)).status).toBe(200);
    expect((await members(key, org.workspaceId)).status).toBe(403);
  });

  it('leaves absent fields unchanged and clears a default workspace that the key lost', async () => {
    const other = await anotherWorkspace(org);
    const { id } = await create({
      description: 'CI',
      workspaces: [org.workspaceId, other],
      role_id: EDITOR,
      default_workspace_id: org.workspaceId,
    });
    const before = await listed(id);

    const unchanged = await change(id, { role_id: null, org_role_id: null });
    expect({ ...unchanged.body, exceeds_creator: false }).toEqual(before);
    expect(before.default_workspace_name).toBe('Workspace 1');
    const { body } = await change(id, { workspaces: [other] });

    expect(body).toMatchObject({ role_id: EDITOR, description: 'CI', default_workspace_name: null });
  });

  it('changes the organization role of a key for the whole organization', async () => {
    const { id, key } = await create({ description: 'Terraform' });
    const invite = () =>
      t.api.as({ key }).post('/api/v1/orgs/current/members', { email: t.fixtures.email() });
    expect((await invite()).status).toBe(403);

    const { body } = await change(id, { org_role_id: role('ORGANIZATION_ADMIN') });

    expect(body).toMatchObject({
      access_scope: 'organization',
      role_id: ADMIN,
      org_role_id: role('ORGANIZATION_ADMIN'),
    });
    expect((await invite()).status).toBe(200);
  });

  it('writes an audit entry when a service key is changed', async () => {
    const { id } = await create({ workspaces: [org.workspaceId] });
    await change(id, { role_id: VIEWER });

    const rows = await t.sql(
      `select operation from audit_entries where $1 = any(resource_ids) order by created_at`,
      [id],
    );
    expect(rows).toEqual([{ operation: 'create_service_key' }, { operation: 'update_service_key' }]);
  });

  it.each([
    ['a later expiry', { expires_at: '2100-01-01T00:00:00Z' }, 422],
    ['no expiry', { expires_at: null }, 422],
    ['a null description', { description: null }, 422],
    ['no workspace', { workspaces: [] }, 422],
    ['an organization role beside its workspaces', { org_role_id: role('ORGANIZATION_USER') }, 422],
    ['an unknown workspace', { workspaces: [NO_ID] }, 404],
    ['an organization role as workspace role', { role_id: role('ORGANIZATION_USER') }, 404],
  ])('refuses to change a service key to %s and changes nothing', async (_, wish, status) => {
    const { id } = await create({ description: 'CI', workspaces: [org.workspaceId] });
    const before = await listed(id);

    expect((await change(id, wish)).status).toBe(status);
    expect(await listed(id)).toEqual(before);
  });

  it('returns 422 when a key for the whole organization is limited to workspaces', async () => {
    const { id } = await create({});

    expect((await change(id, { workspaces: [org.workspaceId] })).status).toBe(422);
  });

  it('returns 404 for a personal access token, an unknown key and a key of another organization', async () => {
    const token = await org.admin.api.post('/api/v1/orgs/current/personal-access-tokens', {});
    const other = await t.fixtures.orgWithAdmin();
    const { id } = await create({ workspaces: [org.workspaceId] });

    expect((await change(token.body.id, {})).status).toBe(404);
    expect((await change(NO_ID, {})).status).toBe(404);
    expect((await change(id, {}, other.admin.api)).status).toBe(404);
  });
});

describe('permission to change a service key', () => {
  it('lets a workspace admin change keys of that workspace only', async () => {
    const other = await anotherWorkspace(org);
    const admin = await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });
    const here = await create({ workspaces: [org.workspaceId], role_id: VIEWER });
    const both = await create({ workspaces: [org.workspaceId, other], role_id: VIEWER });
    const orgWide = await create({});
    const status = async (key: Key, wish: object) => (await change(key.id, wish, admin.api)).status;

    expect(await status(here, { role_id: ADMIN })).toBe(200);
    expect(await status(here, { workspaces: [org.workspaceId, other] })).toBe(403);
    expect(await status(both, { description: 'mine' })).toBe(403);
    expect(await status(orgWide, { description: 'mine' })).toBe(403);
  });

  it('returns 403 when a caller gives a key more permissions than the caller holds', async () => {
    const limited = await t.fixtures.member(org, { workspace: await customRole(org, ['workspaces:read']) });
    const { id } = await create({ workspaces: [org.workspaceId], role_id: VIEWER });

    expect((await change(id, { role_id: ADMIN }, limited.api)).status).toBe(403);
    expect((await listed(id)).role_id).toBe(VIEWER);
  });

  it('returns 403 unless the caller manages the keys of every workspace, before and after the change', async () => {
    const other = await anotherWorkspace(org);
    const holders = await customRole(org, ['workspaces:read', 'workspaces:manage-keys']);
    const readers = await customRole(org, ['workspaces:read']);
    const manager = await t.fixtures.member(org, { workspace: holders });
    const editor = await t.fixtures.member(org, { workspace: 'WORKSPACE_USER' });
    await org.admin.api
      .as({ workspaceId: other })
      .post('/api/v1/workspaces/current/members', { user_id: manager.userId, role_id: readers });
    const here = await create({ workspaces: [org.workspaceId], role_id: readers });
    const both = await create({ workspaces: [org.workspaceId, other], role_id: readers });
    const status = async (key: Key, wish: object, { api } = manager) =>
      (await change(key.id, wish, api)).status;

    expect(await status(here, { role_id: holders })).toBe(200);
    expect(await status(here, { role_id: readers })).toBe(200);
    expect(await status(here, { workspaces: [org.workspaceId, other] })).toBe(403);
    expect(await status(both, { description: 'mine' })).toBe(403);
    expect(await status(here, { description: 'mine' }, editor)).toBe(403);
  });

  it('compares only what changes with what a manager of keys holds, in both directions', async () => {
    const holders = await customRole(org, ['workspaces:read', 'workspaces:manage-keys', 'datasets:read']);
    const [readers, allowing, denied] = [
      await customRole(org, ['workspaces:read']),
      await customRole(org, ['workspaces:read']),
      await customRole(org, ['workspaces:read', 'datasets:read']),
    ];
    const share = { condition_groups: [{ ...TEAM_A, permission: 'datasets:share' }] };
    await attach(org.admin, allowing, [await policy(org, share)]);
    const denying = await policy(org, { effect: 'deny' });
    for (const roleId of [denied, holders]) await attach(org.admin, roleId, [denying]);
    const manager = await t.fixtures.member(org, { workspace: holders });
    const [plain, allowed, closed, strong] = [
      await create({ workspaces: [org.workspaceId], role_id: readers }),
      await create({ workspaces: [org.workspaceId], role_id: allowing }),
      await create({ workspaces: [org.workspaceId], role_id: denied }),
      await create({ workspaces: [org.workspaceId] }),
    ];
    const code = async ({ id }: Key, wish: object) =>
      (await change(id, wish, manager.api)).headers.get('x-error-code');
    const free = await customRole(org, ['datasets:read']);

    expect(await code(strong, { description: 'renamed' })).toBeNull();
    expect(await code(strong, { role_id: ADMIN })).toBeNull(); // as it was
    expect(await code(strong, { role_id: readers })).toBe('role_not_grantable');
    expect(await code(plain, { role_id: allowing })).toBe('role_not_grantable');
    expect(await code(allowed, { role_id: readers })).toBe('role_not_grantable');
    expect(await code(closed, { role_id: free })).toBe('change_exceeds_rights');
    expect(await code(closed, { role_id: holders })).toBeNull();
  });

  it('lets an admin key of the organization change roles of other such keys within its own', async () => {
    const { key } = await create({ org_role_id: role('ORGANIZATION_ADMIN'), role_id: EDITOR });
    const [weaker, stronger] = [await create({ role_id: VIEWER }), await create({})];
    const client = t.api.as({ key, orgId: org.orgId });
    const status = async ({ id }: Key, role_id: string) => (await change(id, { role_id }, client)).status;

    expect(await status(weaker, EDITOR)).toBe(200);
    expect(await status(weaker, ADMIN)).toBe(403);
    expect(await status(stronger, VIEWER)).toBe(403);
  });

  it('lets an operator change keys that are no admins, within what the operator holds', async () => {
    const [OPERATOR, USER] = [role('ORGANIZATION_OPERATOR'), role('ORGANIZATION_USER')];
    const operator = await t.fixtures.member(org, {
      org: 'ORGANIZATION_OPERATOR',
      workspace: 'WORKSPACE_ADMIN',
    });
    const [here, wide] = [await create({ workspaces: [org.workspaceId] }), await create({ role_id: VIEWER })];
    const admin = await create({ org_role_id: role('ORGANIZATION_ADMIN') });
    const status = async ({ id }: Key, wish: object) => (await change(id, wish, operator.api)).status;

    expect(await status(here, { role_id: VIEWER, description: 'known' })).toBe(200);
    expect(await status(wide, { org_role_id: OPERATOR })).toBe(200);
    expect(await status(wide, { org_role_id: USER })).toBe(200);
    expect(await status(wide, { org_role_id: role('ORGANIZATION_ADMIN') })).toBe(403);
    expect(await status(wide, { role_id: ADMIN })).toBe(403);
    for (const wish of [{ org_role_id: USER }, { role_id: VIEWER }, { description: 'touched' }, {}])
      expect(await status(admin, wish)).toBe(403);
    expect(await listed(wide.id)).toMatchObject({ role_id: VIEWER, org_role_id: USER });
    expect(await listed(admin.id)).toMatchObject({ org_role_id: role('ORGANIZATION_ADMIN') });
  });

  it('returns 403 when a workspace admin changes the organization role of a key for the whole organization', async () => {
    const lead = await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });
    const { id } = await create({});

    expect((await change(id, { org_role_id: role('ORGANIZATION_VIEWER') }, lead.api)).status).toBe(403);
  });

  it('returns 403 when a service key changes itself', async () => {
    const { id, key } = await create({ org_role_id: role('ORGANIZATION_ADMIN') });
    const other = await create({});

    expect((await change(id, { description: 'me' }, t.api.as({ key }))).status).toBe(403);
    expect((await change(other.id, { description: 'you' }, t.api.as({ key }))).status).toBe(200);
  });
});

it('applies one of two concurrent changes of a key as a whole', async () => {
  const other = await anotherWorkspace(org);
  const { id } = await create({ workspaces: [org.workspaceId] });
  const wishes = [
    { description: 'first', workspaces: [org.workspaceId], role_id: EDITOR },
    { description: 'second', workspaces: [other], role_id: VIEWER },
  ];

  const replies = await Promise.all(Array.from({ length: 10 }, (_, n) => change(id, wishes[n % 2]!)));

  expect(replies.filter(({ status }) => status !== 200)).toEqual([]);
  const { description, role_id } = await listed(id);
  const workspaces = await t.sql<{ id: string }>(
    'select workspace_id as id from api_key_workspaces where api_key_id = $1',
    [id],
  );
  expect(wishes).toContainEqual({ description, role_id, workspaces: workspaces.map((row) => row.id) });
});
