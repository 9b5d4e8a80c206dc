import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CHECK, policy, TEAM_A } from '../support/access-policies.js';
import { auditPage } from '../support/audit-log.js';
import type { Api } from '../support/api.js';
import type { OrgWithAdmin } from '../support/fixtures.js';
import { anotherWorkspace, customRole } from '../support/invitations.js';
import { newKey, newValue, tag, TAG_KEYS, TAGGINGS, TAGS, tagsOf, valuesOf } from '../support/tags.js';
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
