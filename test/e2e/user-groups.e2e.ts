import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { auditOf } from '../support/audit.js';
import type { Member, OrgWithAdmin } from '../support/fixtures.js';
import { anotherWorkspace } from '../support/invitations.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import {
  addTo,
  childOf,
  EDITOR,
  grantTo,
  GROUPS,
  groupWith,
  userGroup,
  VIEWER,
} from '../support/user-groups.js';

let t: TestApp;
let org: OrgWithAdmin;
beforeAll(async () => {
  t = await startTestApp();
});
afterAll(() => t.close());

const namesIn = (body: { items: { name: string }[] }) => body.items.map(({ name }) => name);

describe('a user group of an organization', () => {
  beforeAll(async () => {
    org = await t.fixtures.orgWithAdmin();
  });

  it('is created with a trimmed name, read, changed and deleted', async () => {
    const made = await org.admin.api.post(GROUPS, { name: '  Data science ', description: 'Trains models' });

    expect(made.status).toBe(201);
    expect(made.body).toEqual({
      id: expect.any(String),
      organization_id: org.orgId,
      name: 'Data science',
      description: 'Trains models',
      idp_sync_enabled: false,
      created_at: expect.any(String),
      updated_at: expect.any(String),
    });
    const path = `${GROUPS}/${made.body.id}`;
    expect((await org.admin.api.get(path)).body).toEqual(made.body);
    const changed = await org.admin.api.patch(path, { name: 'Science', description: null });
    expect(changed.body).toMatchObject({ name: 'Science', description: '' });
    expect((await org.admin.api.delete(path)).status).toBe(204);
    expect((await org.admin.api.get(path)).status).toBe(404);
    expect((await org.admin.api.delete(path)).status).toBe(204);
    const recorded = await auditOf(t, org.orgId, [
      'create_user_group',
      'update_user_group',
      'delete_user_group',
    ]);
    expect(recorded.map(({ operation, resourceIds }) => [operation, resourceIds])).toEqual(
      ['create_user_group', 'update_user_group', 'delete_user_group'].map((name) => [name, [made.body.id]]),
    );
  });

  it('is served below /api, too', async () => {
    const id = await userGroup(org);

    expect((await org.admin.api.get(`/api${GROUPS}/${id}`)).body).toMatchObject({ id });
  });

  it.each([
    ['without a name', {}],
    ['with an empty name', { name: '' }],
    ['with a blank name', { name: '  ' }],
    ['with a name of 256 characters', { name: 'x'.repeat(256) }],
    ['with a parent', { name: 'Child', parent_user_group_id: randomUUID() }],
    ['with a workspace', { name: 'Child', workspace_id: randomUUID() }],
  ])('returns 400 for a group %s', async (_, body) => {
    expect((await org.admin.api.post(GROUPS, body)).status).toBe(400);
  });

  it('returns 409 for a name that another group has in another case', async () => {
    const other = await userGroup(org);
    await userGroup(org, { name: 'Research' });

    const made = await org.admin.api.post(GROUPS, { name: ' RESEARCH' });
    const renamed = await org.admin.api.patch(`${GROUPS}/${other}`, { name: 'reSearch' });

    expect([made.status, renamed.status]).toEqual([409, 409]);
    expect(made.headers.get('content-type')).toContain('application/problem+json');
  });

  it('keeps synchronization only with a name of a group to follow', async () => {
    const path = `${GROUPS}/${await userGroup(org)}`;
    const patch = (body: object) => org.admin.api.patch(path, body);

    expect((await patch({ idp_sync_enabled: true })).status).toBe(400);
    expect((await patch({ idp_group_name: ' idp-one ', idp_sync_enabled: true })).body).toMatchObject({
      idp_group_name: 'idp-one',
      idp_sync_enabled: true,
    });
    expect((await patch({ idp_group_name: null, idp_sync_enabled: true })).status).toBe(400);
    const cleared = await patch({ idp_group_name: null });
    expect(cleared.body.idp_sync_enabled).toBe(false);
    expect(cleared.body).not.toHaveProperty('idp_group_name');
  });

  it('returns 409 when two groups are to follow the same group', async () => {
    const [first, second] = [await userGroup(org), await userGroup(org)];
    await org.admin.api.patch(`${GROUPS}/${first}`, { idp_group_name: 'shared' });

    const { status, body } = await org.admin.api.patch(`${GROUPS}/${second}`, { idp_group_name: 'shared' });

    expect([status, body.title]).toEqual([409, 'Conflict']);
  });

  it('is not found in another organization, and may have the same name there', async () => {
    const other = await t.fixtures.orgWithAdmin();
    const id = await userGroup(org, { name: 'Twins' });
    const path = `${GROUPS}/${id}`;

    await userGroup(other, { name: 'Twins' });
    const replies = [
      await other.admin.api.get(path),
      await other.admin.api.patch(path, { name: 'Taken over' }),
      await other.admin.api.get(`${path}/members`),
      await addTo(other.admin, id, other.admin),
      await grantTo(other.admin, id, other.workspaceId, VIEWER),
      await other.admin.api.get(`${path}/workspaces`),
    ];

    expect(replies.map(({ status }) => status)).toEqual([404, 404, 404, 404, 404, 404]);
    expect((await other.admin.api.delete(path)).status).toBe(204);
    expect((await org.admin.api.get(path)).body.name).toBe('Twins');
  });

  it('is refused with a remedy where the organization does not have the feature', async () => {
    const other = await t.fixtures.orgWithAdmin();
    await t.sql('update organizations set can_use_user_groups = false where id = $1', [other.orgId]);

    const { status, body } = await other.admin.api.get(GROUPS);

    expect([status, body.remedy]).toEqual([403, expect.stringContaining('operator')]);
  });
});

describe('the list of user groups', () => {
  let workspaceId: string;
  let granted: string;
  let child: string;
  let lead: Member;
  beforeAll(async () => {
    org = await t.fixtures.orgWithAdmin();
    workspaceId = await anotherWorkspace(org);
    for (const name of ['Bees', 'ants', 'Cats']) await userGroup(org, { name });
    granted = await userGroup(org, { name: 'Dogs' });
    await grantTo(org.admin, granted, org.workspaceId, EDITOR);
    await grantTo(org.admin, granted, workspaceId, VIEWER);
    child = await childOf(t, granted, org.workspaceId);
    lead = await t.fixtures.member(org, { org: 'ORGANIZATION_VIEWER', workspace: 'WORKSPACE_ADMIN' });
  });

  it('has pages in the order of names without regard to case, with the children in workspaces', async () => {
    const first = await org.admin.api.get(`${GROUPS}?page_size=4`);
    const second = await org.admin.api.get(`${GROUPS}?page_size=4&cursor=${first.body.next_cursor}`);

    const all = [...namesIn(first.body), ...namesIn(second.body)];
    expect(all).toHaveLength(6);
    expect(second.body.next_cursor).toBeNull();
    expect(all.slice(0, 4)).toEqual(['ants', 'Bees', 'Cats', 'Dogs']);
    expect(all.slice(4).toSorted()).toEqual(
      [`Dogs (${org.workspaceId})`, `Dogs (${workspaceId})`].toSorted(),
    );
    const single: string[] = [];
    for (let cursor = ''; single.length < 6;) {
      const { body } = await org.admin.api.get(`${GROUPS}?page_size=1&cursor=${cursor}`);
      single.push(...namesIn(body));
      cursor = body.next_cursor;
    }
    expect(single).toEqual(all);
  });

  it('starts again with a cursor of another list, and refuses a page of 101', async () => {
    const { body } = await org.admin.api.get(`${GROUPS}?page_size=1`);
    const filtered = await org.admin.api.get(
      `${GROUPS}?page_size=1&workspace_id=${org.workspaceId}&cursor=${body.next_cursor}`,
    );

    expect(namesIn(filtered.body)).toEqual(['Dogs']);
    expect((await org.admin.api.get(`${GROUPS}?page_size=101`)).status).toBe(400);
  });

  it('shows with a workspace the groups with a role there and its own, each with the role', async () => {
    const { body } = await org.admin.api.get(`${GROUPS}?workspace_id=${org.workspaceId}`);

    expect(namesIn(body)).toEqual(['Dogs', `Dogs (${org.workspaceId})`]);
    for (const group of body.items) expect(group).toMatchObject({ role_id: EDITOR, role_name: 'Editor' });
    expect(body.items[1]).toMatchObject({ id: child, workspace_id: org.workspaceId });
  });

  it('shows to a workspace admin the children of their workspace only', async () => {
    const visible = async (query: string) => namesIn((await lead.api.get(`${GROUPS}${query}`)).body);

    expect(await visible(`?workspace_id=${org.workspaceId}`)).toEqual(['Dogs', `Dogs (${org.workspaceId})`]);
    expect(await visible(`?workspace_id=${workspaceId}`)).toEqual(['Dogs']);
    expect(await visible('')).not.toContain(`Dogs (${workspaceId})`);
    expect(await visible('')).toContain(`Dogs (${org.workspaceId})`);
  });

  it('is empty for a key without a permission for groups', async () => {
    await groupWith(org, VIEWER);
    const { body } = await org.admin.api.post('/api/v1/orgs/current/service-keys', {
      description: 'x',
      workspaces: [org.workspaceId],
      role_id: VIEWER,
    });
    const key = t.api.as({ key: body.key });

    expect(namesIn((await key.get(`${GROUPS}?workspace_id=${workspaceId}`)).body)).toEqual([]);
    expect(
      (await key.get(GROUPS)).body.items.every((group: any) => group.workspace_id === org.workspaceId),
    ).toBe(true);
    expect((await key.get(`${GROUPS}/${randomUUID()}`)).status).toBe(403);
  });

  it('lets a workspace admin read a child of their workspace, and no other', async () => {
    const other = await childOf(t, granted, workspaceId);

    expect((await lead.api.get(`${GROUPS}/${child}`)).body.id).toBe(child);
    expect((await lead.api.get(`${GROUPS}/${other}`)).status).toBe(403);
  });
});
