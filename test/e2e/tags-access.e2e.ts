import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { CHECK, policy, TEAM_A } from '../support/access-policies.js';
import { auditPage } from '../support/audit-log.js';
import type { Api } from '../support/api.js';
import type { Member, OrgWithAdmin } from '../support/fixtures.js';
import { anotherWorkspace, customRole } from '../support/invitations.js';
import { newKey, newValue, tag, TAG_KEYS, TAGGINGS, TAGS, tagsOf, valuesOf } from '../support/tags.js';
import { attachTo, childOf, grantTo, groupWith, userGroup, VIEWER } from '../support/user-groups.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

let t: TestApp;
let org: OrgWithAdmin;
beforeAll(async () => {
  t = await startTestApp();
  org = await t.fixtures.defaultOrg();
});
afterAll(() => t.close());

const tagged = async (api: Api) => {
  const key = await newKey(api);
  const value = await newValue(api, key.id);
  const resourceId = randomUUID();
  return { key, value, resourceId, tagging: await tag(api, value.id, resourceId) };
};

/** Every change of tags, by these ids. */
const changes = (api: Api, { key, value, tagging }: Awaited<ReturnType<typeof tagged>>) => [
  api.patch(`${TAG_KEYS}/${key.id}`, { key: 'Changed' }),
  api.post(valuesOf(key.id), { value: 'more' }),
  api.patch(`${valuesOf(key.id)}/${value.id}`, { value: 'Changed' }),
  api.post(TAGGINGS, { tag_value_id: value.id, resource_type: 'project', resource_id: randomUUID() }),
  api.delete(`${TAGGINGS}/${tagging.id}`),
  api.delete(`${valuesOf(key.id)}/${value.id}`),
  api.delete(`${TAG_KEYS}/${key.id}`),
];
const statusesOf = async (replies: Promise<{ status: number }>[]) =>
  (await Promise.all(replies)).map(({ status }) => status);

describe('permission for tags', () => {
  it('lets every member of the workspace read tags, and its managers write them', async () => {
    const things = await tagged(org.admin.api);
    const editor = await t.fixtures.member(org, { workspace: 'WORKSPACE_USER' });
    const lead = await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });

    for (const path of [TAG_KEYS, TAGGINGS, TAGS, tagsOf('project', things.resourceId)])
      expect((await editor.api.get(path)).status).toBe(200);
    expect((await editor.api.post(`${TAGS}/resources`, [])).status).toBe(200);
    expect((await editor.api.post(TAG_KEYS, { key: 'Mine' })).status).toBe(403);
    expect(await statusesOf(changes(editor.api, things))).toEqual(Array(7).fill(403));
    expect((await editor.api.get(tagsOf('project', things.resourceId))).body).toHaveLength(1);
    expect((await lead.api.post(TAG_KEYS, { key: 'Theirs' })).status).toBe(200);
  });

  it('neither shows, changes nor uses tags of another workspace', async () => {
    const elsewhere = org.admin.api.as({ workspaceId: await anotherWorkspace(org) });
    const things = await tagged(elsewhere);
    const { api } = org.admin;

    expect((await api.get(`${valuesOf(things.key.id)}/${things.value.id}`)).status).toBe(404);
    expect(await statusesOf(changes(api, things))).toEqual(Array(7).fill(404));

    expect((await api.get(`${TAG_KEYS}/${things.key.id}`)).status).toBe(404);
    expect((await api.get(tagsOf('project', things.resourceId))).body).toEqual([]);
    expect(JSON.stringify((await api.get(TAGS)).body)).not.toContain(things.key.id);
    expect((await api.get(`${TAGGINGS}?tag_value_id=${things.value.id}`)).body).toEqual([]);
    const asked = [{ resource_type: 'project', resource_id: things.resourceId }];
    expect((await api.post(`${TAGS}/resources`, asked)).body).toEqual({ [things.resourceId]: [] });
    expect((await elsewhere.get(tagsOf('project', things.resourceId))).body).toHaveLength(1);
  });

  it('accepts a service key of the workspace', async () => {
    const { body } = await org.admin.api.post('/api/v1/api-key', { description: 'Terraform' });
    const byKey = t.api.as({ key: body.key });

    expect((await byKey.post(TAG_KEYS, { key: 'By key' })).status).toBe(200);
  });
});

describe('deleting', () => {
  it('deletes the values and taggings of a deleted key, and all tags of a deleted workspace', async () => {
    const workspaceId = await anotherWorkspace(org);
    const api = org.admin.api.as({ workspaceId });
    const [one, two] = [await tagged(api), await tagged(api)];
    const left = async () => {
      const [row] = await t.sql<{ left: number[] }>(
        `select array[(select count(*)::int from tag_keys where workspace_id = $1),
          (select count(*)::int from tag_values where workspace_id = $1),
          (select count(*)::int from taggings where workspace_id = $1)] as left`,
        [workspaceId],
      );
      return row?.left;
    };

    await api.delete(`${TAG_KEYS}/${one.key.id}`);
    expect(await left()).toEqual([1, 1, 1]);
    await api.delete(`${valuesOf(two.key.id)}/${two.value.id}`);
    expect(await left()).toEqual([1, 0, 0]);
    await tagged(api);
    expect((await org.admin.api.as({ workspaceId }).delete(`/api/v1/workspaces/${workspaceId}`)).status).toBe(
      200,
    );
    expect(await left()).toEqual([0, 0, 0]);
  });

  it('writes an audit entry for each change of tags', async () => {
    const own = await t.fixtures.orgWithAdmin();
    const things = await tagged(own.admin.api);
    await own.admin.api.patch(`${TAG_KEYS}/${things.key.id}`, { description: 'x' });
    await own.admin.api.delete(`${TAG_KEYS}/${things.key.id}`);

    const { items } = await auditPage(own.admin.api);
    expect(items.map(({ api }) => api.operation).filter((name) => name.includes('tag'))).toEqual([
      'delete_tag_key',
      'update_tag_key',
      'create_tagging',
      'create_tag_value',
      'create_tag_key',
    ]);
  });
});

describe('an access check of a resource by its id', () => {
  const ASKED = { permission: 'datasets:read', resource_type: 'dataset' };

  /** A member whose role has a policy that denies data sets with the tag `Team: A`. */
  async function denied() {
    const roleId = await customRole(org, ['datasets:read']);
    await policy(org, { effect: 'deny', condition_groups: [TEAM_A], role_ids: [roleId] });
    return t.fixtures.member(org, { workspace: roleId });
  }
  const check = (api: Api, parts: object) =>
    api.post(CHECK, { workspace_id: org.workspaceId, ...ASKED, ...parts });

  it('evaluates the policies with the tags of the resource in that workspace', async () => {
    const person = await denied();
    const team = await newKey(org.admin.api, 'Team');
    const [teamA, teamB] = [
      await newValue(org.admin.api, team.id, 'A'),
      await newValue(org.admin.api, team.id, 'B'),
    ];
    const [ofA, ofBoth, untagged, prompt] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
    await tag(org.admin.api, teamA.id, ofA, 'dataset');
    for (const { id } of [teamB, teamA]) await tag(org.admin.api, id, ofBoth, 'dataset');
    await tag(org.admin.api, teamA.id, prompt, 'prompt');
    const reasonFor = async (resource_id: string) => (await check(person.api, { resource_id })).body.reason;

    expect(await reasonFor(ofA)).toBe('policy_deny');
    expect(await reasonFor(ofBoth)).toBe('policy_deny');
    expect(await reasonFor(untagged)).toBe('role');
    expect(await reasonFor(prompt)).toBe('role');

    const elsewhere = org.admin.api.as({ workspaceId: await anotherWorkspace(org) });
    const theirKey = await newKey(elsewhere, 'Team');
    await tag(elsewhere, (await newValue(elsewhere, theirKey.id, 'A')).id, untagged, 'dataset');
    expect(await reasonFor(untagged)).toBe('role');
  });

  it('returns 422 for an id without a type, or with tags', async () => {
    const { api } = org.admin;
    const replies = [
      await check(api, { resource_id: randomUUID(), resource_type: null }),
      await check(api, { resource_id: randomUUID(), resource_tags: { Team: 'A' } }),
      await check(api, { resource_id: 'mine' }),
    ];

    expect(replies.map(({ status }) => status)).toEqual([422, 422, 422]);
  });
});

describe('a tag that an access policy compares', () => {
  const DELETE = 'datasets:delete';
  let own: OrgWithAdmin;
  /** Writes tags, and may not delete data sets. */
  let manager: Member;
  let roleId: string;
  beforeEach(async () => {
    own = await t.fixtures.orgWithAdmin();
    roleId = await customRole(own, ['workspaces:read', 'workspaces:manage', 'datasets:read']);
    manager = await t.fixtures.member(own, { workspace: roleId });
  });

  const comparing = (permission: string) => ({ condition_groups: [{ ...TEAM_A, permission }] });
  const refused = {
    status: 403,
    body: { detail: expect.stringMatching(/tag key Team and names datasets:delete.* An Organization Admin/) },
  };
  const mayDelete = async ({ api }: Member, resource_id: string) =>
    (
      await api.post(CHECK, {
        ...{ workspace_id: own.workspaceId, permission: DELETE, resource_type: 'dataset', resource_id },
      })
    ).body.allowed;
  const tagWith = ({ api }: Member, tag_value_id: string, resource_id: string) =>
    api.post(TAGGINGS, { tag_value_id, resource_type: 'dataset', resource_id });

  it('is not given by a caller whom it would allow more than they hold', async () => {
    await policy(own, { ...comparing(DELETE), role_ids: [roleId] });
    const value = await newValue(own.admin.api, (await newKey(own.admin.api, 'Team')).id, 'A');
    const dataset = randomUUID();

    expect(await tagWith(manager, value.id, dataset)).toMatchObject(refused);
    expect(await mayDelete(manager, dataset)).toBe(false);
    expect((await tagWith(own.admin, value.id, dataset)).status).toBe(200);
    expect(await mayDelete(manager, dataset)).toBe(true);
    expect((await tagWith(manager, value.id, dataset)).status).toBe(200); // the resource has it already
  });

  it('is not taken away by a caller who does not hold what it denies to others', async () => {
    const deleting = await customRole(own, [DELETE]);
    await policy(own, { effect: 'deny', ...comparing(DELETE), role_ids: [deleting] });
    const other = await t.fixtures.member(own, { workspace: deleting });
    const value = await newValue(own.admin.api, (await newKey(own.admin.api, 'Team')).id, 'A');
    const dataset = randomUUID();
    const tagging = await tag(own.admin.api, value.id, dataset, 'dataset');

    expect(await manager.api.delete(`${TAGGINGS}/${tagging.id}`)).toMatchObject(refused);
    expect(await mayDelete(other, dataset)).toBe(false);
    expect((await own.admin.api.delete(`${TAGGINGS}/${tagging.id}`)).status).toBe(200);
    expect(await mayDelete(other, dataset)).toBe(true);
  });

  it('is not written with its key and values either, by the present and the new name of a key', async () => {
    await policy(own, { ...comparing(DELETE), role_ids: [roleId] });
    const { api } = manager;
    expect(await api.post(TAG_KEYS, { key: 'Team' })).toMatchObject(refused);
    const free = await tagged(api);
    expect(await api.patch(`${TAG_KEYS}/${free.key.id}`, { key: 'Team' })).toMatchObject(refused);
    await own.admin.api.patch(`${TAG_KEYS}/${free.key.id}`, { key: 'Team' });

    expect(await statusesOf(changes(api, free))).toEqual(Array(7).fill(403));

    const key = await api.patch(`${TAG_KEYS}/${free.key.id}`, { key: 'Team', description: 'By team' });
    expect(key).toMatchObject({ status: 200, body: { key: 'Team', description: 'By team' } });
    const value = { value: free.value.value, description: 'The first' };
    expect((await api.patch(`${valuesOf(free.key.id)}/${free.value.id}`, value)).status).toBe(200);
    expect(await statusesOf(changes(own.admin.api, free))).not.toContain(403);
  });

  it('is written by a caller who holds what the policy names, and so are tags that no policy compares', async () => {
    await policy(own, { ...comparing('datasets:read'), role_ids: [roleId] });
    await policy(own, comparing(DELETE)); // attached to nothing

    for (const key of ['Team', 'team']) expect((await manager.api.post(TAG_KEYS, { key })).status).toBe(200);
  });

  it('is judged by the groups of the caller and by the role of a service key, too', async () => {
    await policy(own, { ...comparing(DELETE), role_ids: [roleId] });
    await groupWith(own, await customRole(own, [DELETE]), manager);
    const key = { workspaces: [own.workspaceId], role_id: roleId };
    const { body } = await own.admin.api.post('/api/v1/orgs/current/service-keys', key);

    expect(await t.api.as({ key: body.key }).post(TAG_KEYS, { key: 'Team' })).toMatchObject(refused);
    expect((await manager.api.post(TAG_KEYS, { key: 'Team' })).status).toBe(200);
  });

  it.each(['its group', 'the child of its group'])(
    'is compared by a policy of a user group only where %s is granted',
    async (attachedTo) => {
      const elsewhere = await anotherWorkspace(own);
      const policyId = await policy(own, comparing(DELETE));
      const group = await userGroup(own);
      await grantTo(own.admin, group, elsewhere, VIEWER);
      const write = async () => {
        const { status, body } = await manager.api.post(TAG_KEYS, { key: 'Team' });
        if (status === 200) await manager.api.delete(`${TAG_KEYS}/${body.id}`);
        return status;
      };
      await attachTo(own.admin, group, policyId, elsewhere);
      expect(await write()).toBe(200);

      await grantTo(own.admin, group, own.workspaceId, VIEWER);
      expect(await write()).toBe(200);
      const child = await childOf(t, group, own.workspaceId);
      await attachTo(own.admin, attachedTo === 'its group' ? group : child, policyId);
      expect(await write()).toBe(403);
    },
  );
});
