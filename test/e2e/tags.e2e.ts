import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Api } from '../support/api.js';
import type { OrgWithAdmin } from '../support/fixtures.js';
import { newKey, newValue, tag, TAG_KEYS, TAGGINGS, TAGS, tagsOf, valuesOf } from '../support/tags.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

let t: TestApp;
let org: OrgWithAdmin;
let api: Api;
beforeAll(async () => {
  t = await startTestApp();
  org = await t.fixtures.orgWithAdmin();
  api = org.admin.api;
});
afterAll(() => t.close());

const TIMES = { created_at: expect.any(String), updated_at: expect.any(String) };
const sortedStatuses = (replies: { status: number }[]) =>
  replies.map(({ status }) => status).sort((a, b) => a - b);

describe('a tag key', () => {
  it('comes back as it was sent, is changed by PATCH and is gone after DELETE', async () => {
    const made = await api.post(TAG_KEYS, { key: 'Environment', description: 'Where' });
    const path = `${TAG_KEYS}/${made.body.id}`;

    expect(made).toMatchObject({ status: 200, body: { key: 'Environment', description: 'Where', ...TIMES } });
    expect((await api.get(path)).body).toEqual(made.body);
    expect((await api.get(TAG_KEYS)).body).toContainEqual(made.body);
    const renamed = await api.patch(path, { key: 'Stage' });
    expect(renamed.body).toMatchObject({ id: made.body.id, key: 'Stage', description: 'Where' });
    const cleared = await api.patch(path, { key: null, description: null });
    expect(cleared.body).toMatchObject({ key: 'Stage', description: null });
    expect(cleared.body.updated_at > made.body.created_at).toBe(true);

    expect((await api.delete(path)).status).toBe(200);
    expect([(await api.get(path)).status, (await api.delete(path)).status]).toEqual([404, 404]);
  });

  it('exists once in its workspace, also when eight requests create it at once', async () => {
    const other = await t.fixtures.orgWithAdmin();
    const body = { key: 'Once' };
    const replies = await Promise.all(Array.from({ length: 8 }, () => api.post(TAG_KEYS, body)));

    expect(sortedStatuses(replies)).toEqual([200, ...Array<number>(7).fill(409)]);
    const refused = replies.find(({ status }) => status === 409);
    expect(refused?.headers.get('x-should-retry')).toBe('false');
    const second = await newKey(api);
    expect((await api.patch(`${TAG_KEYS}/${second.id}`, body)).status).toBe(409);
    expect((await other.admin.api.post(TAG_KEYS, body)).status).toBe(200);
    expect((await api.post(TAG_KEYS, { key: 'once' })).status).toBe(200);
  });

  it.each([
    [{}, 'key'],
    [{ key: '' }, 'key'],
    [{ key: 'x'.repeat(256) }, 'key'],
    [{ key: 'Te\u200bam' }, 'key'],
    [{ key: 1 }, 'key'],
    [{ key: 'Long', description: 'x'.repeat(1001) }, 'description'],
  ])('is refused with 422: %j', async (body, field) => {
    const reply = await api.post(TAG_KEYS, body);
    expect(reply).toMatchObject({ status: 422, body: { detail: [{ loc: ['body', field] }] } });
  });
});

describe('a tag value', () => {
  it('comes back as it was sent, is changed by PATCH and is gone after DELETE', async () => {
    const key = await newKey(api);
    const made = await api.post(valuesOf(key.id), { value: 'production', description: null });
    const path = `${valuesOf(key.id)}/${made.body.id}`;

    expect(made.body).toMatchObject({ tag_key_id: key.id, value: 'production', description: null, ...TIMES });
    expect((await api.get(path)).body).toEqual(made.body);
    expect((await api.get(valuesOf(key.id))).body).toEqual([made.body]);
    expect((await api.patch(path, { value: 'prod' })).body).toMatchObject({ value: 'prod' });
    expect((await api.delete(path)).status).toBe(200);
    expect((await api.get(path)).status).toBe(404);
  });

  it('exists once in its key, and in other keys too', async () => {
    const [one, two] = [await newKey(api), await newKey(api)];
    const [body, other] = [{ value: 'A' }, await newValue(api, one.id)];

    expect((await api.post(valuesOf(one.id), body)).status).toBe(200);
    expect((await api.post(valuesOf(one.id), body)).status).toBe(409);
    expect((await api.patch(`${valuesOf(one.id)}/${other.id}`, body)).status).toBe(409);
    expect((await api.post(valuesOf(two.id), body)).status).toBe(200);
  });

  it('is not found below another key', async () => {
    const [one, two] = [await newKey(api), await newKey(api)];
    const value = await newValue(api, one.id);
    const path = `${valuesOf(two.id)}/${value.id}`;

    const replies = [await api.get(path), await api.patch(path, { value: 'x' }), await api.delete(path)];
    expect(replies.map(({ status }) => status)).toEqual([404, 404, 404]);
    expect((await api.get(valuesOf(randomUUID()))).status).toBe(404);
    expect((await api.post(valuesOf(randomUUID()), { value: 'x' })).status).toBe(404);
  });
});

describe('a tagging', () => {
  it('succeeds again when the resource has the tag already, also when eight requests create it at once', async () => {
    const value = await newValue(api, (await newKey(api)).id);
    const body = { tag_value_id: value.id, resource_type: 'dataset', resource_id: randomUUID() };

    const replies = await Promise.all(Array.from({ length: 8 }, () => api.post(TAGGINGS, body)));

    expect(replies[0]?.body).toEqual({ ...body, id: expect.any(String), created_at: expect.any(String) });
    expect(new Set(replies.map((reply) => JSON.stringify(reply.body))).size).toBe(1);
  });

  it('is listed by value, with the resources by type', async () => {
    const key = await newKey(api);
    const value = await newValue(api, key.id);
    const [project, sandbox] = [randomUUID(), randomUUID()];
    const made = await tag(api, value.id, project);
    await tag(api, value.id, sandbox, 'sandbox');
    await tag(api, (await newValue(api, key.id)).id, project);

    const { body } = await api.get(`${TAGGINGS}?tag_value_id=${value.id}`);

    expect(body).toMatchObject([
      {
        tag_key: key.key,
        tag_key_id: key.id,
        tag_value: value.value,
        tag_value_id: value.id,
        resources: {
          projects: [{ tagging_id: made.id, resource_id: project, resource_name: project }],
          sandboxes: [{ resource_id: sandbox }],
          datasets: [],
          alerts: [],
        },
      },
    ]);
    const all = (await api.get(TAGGINGS)).body;
    expect(all.filter((entry: any) => entry.tag_key_id === key.id)).toHaveLength(2);
    expect((await api.get(`${TAGGINGS}?tag_value_id=${randomUUID()}`)).body).toEqual([]);
  });

  it('is in a list of more values than one part of a streamed response holds', async () => {
    const { admin, workspaceId } = await t.fixtures.orgWithAdmin();
    const key = await newKey(admin.api);
    await t.sql(
      `with made as (
         insert into tag_values (id, tag_key_id, workspace_id, value)
         select gen_random_uuid(), $1, $2, lpad(n::text, 3, '0') from generate_series(1, 300) n returning id)
       insert into taggings (id, tag_value_id, workspace_id, resource_type, resource_id)
       select gen_random_uuid(), id, $2, 'project', gen_random_uuid() from made`,
      [key.id, workspaceId],
    );

    const { body } = await admin.api.get(TAGGINGS);

    expect(body).toHaveLength(300);
    expect(body[299]).toMatchObject({
      tag_value: '300',
      resources: { projects: [{ tagging_id: expect.any(String) }] },
    });
  });

  it('is gone after DELETE, which removes it from the resource only', async () => {
    const value = await newValue(api, (await newKey(api)).id);
    const id = randomUUID();
    const made = await tag(api, value.id, id);

    expect((await api.delete(`${TAGGINGS}/${made.id}`)).status).toBe(200);

    expect((await api.delete(`${TAGGINGS}/${made.id}`)).status).toBe(404);
    expect((await api.get(tagsOf('project', id))).body).toEqual([]);
    expect((await api.get(valuesOf(value.tag_key_id))).body).toEqual([value]);
  });

  it('is refused with 422 for an unknown type, and with 404 for an unknown value', async () => {
    const value = await newValue(api, (await newKey(api)).id);
    const body = { tag_value_id: value.id, resource_type: 'project', resource_id: randomUUID() };

    expect((await api.post(TAGGINGS, { ...body, resource_type: 'queues' })).status).toBe(422);
    expect((await api.post(TAGGINGS, { ...body, resource_id: 'mine' })).status).toBe(422);
    expect((await api.post(TAGGINGS, { ...body, tag_value_id: randomUUID() })).status).toBe(404);
  });
});

describe('the tags of resources', () => {
  it('are the keys and values of that resource, with several values of one key together', async () => {
    const [key, other] = [await newKey(api, 'B key'), await newKey(api, 'A key')];
    const [one, two] = [await newValue(api, key.id, '1'), await newValue(api, key.id, '2')];
    const unused = await newValue(api, other.id);
    const id = randomUUID();
    const taggings = [await tag(api, one.id, id), await tag(api, two.id, id)];
    await tag(api, one.id, id, 'dataset'); // another resource, although with the same id

    const { body } = await api.get(tagsOf('project', id));

    expect(body).toEqual([
      {
        ...key,
        values: [
          { ...one, taggings: [taggings[0]] },
          { ...two, taggings: [taggings[1]] },
        ],
      },
    ]);
    expect(JSON.stringify(body)).not.toContain(unused.id);
    expect((await api.get(TAGS)).body).toEqual(
      expect.arrayContaining([
        { ...key, values: [one, two] },
        { ...other, values: [unused] },
      ]),
    );
  });

  it('are listed for up to 100 resources at once, by their ids', async () => {
    const value = await newValue(api, (await newKey(api)).id);
    const [tagged, untagged] = [randomUUID(), randomUUID()];
    await tag(api, value.id, tagged);
    const project = (resource_id: string) => ({ resource_type: 'project', resource_id });

    const { body } = await api.post(`${TAGS}/resources`, [
      project(tagged.toUpperCase()),
      project(tagged),
      project(untagged),
    ]);

    expect(Object.keys(body).sort()).toEqual([tagged, untagged].sort());
    expect(body[tagged]).toMatchObject([{ id: value.tag_key_id, values: [{ id: value.id }] }]);
    expect(body[tagged][0].values[0].taggings).toHaveLength(1);
    expect(body[untagged]).toEqual([]);
    const many = Array.from({ length: 101 }, () => project(randomUUID()));
    expect((await api.post(`${TAGS}/resources`, many)).status).toBe(422);
    expect((await api.post(`${TAGS}/resources`, many.slice(1))).status).toBe(200);
    expect((await api.post(`${TAGS}/resources`, [project('mine')])).body.detail[0].loc).toEqual([
      ...['body', 0, 'resource_id'],
    ]);
  });
});

describe('limits of tags', () => {
  it('refuses the 201st key, the 5,001st value and the 101st tag of a resource, also at once', async () => {
    const { admin, workspaceId } = await t.fixtures.orgWithAdmin();
    const key = await newKey(admin.api);
    await t.sql(
      `insert into tag_keys (id, workspace_id, key)
       select gen_random_uuid(), $1, 'filled ' || n from generate_series(1, 197) n`,
      [workspaceId],
    );
    await t.sql(
      `insert into tag_values (id, tag_key_id, workspace_id, value)
       select gen_random_uuid(), $1, $2, 'filled ' || n from generate_series(1, 4998) n`,
      [key.id, workspaceId],
    );
    const resource = randomUUID();
    await t.sql(
      `insert into taggings (id, tag_value_id, workspace_id, resource_type, resource_id)
       select gen_random_uuid(), id, workspace_id, 'project', $2 from tag_values where workspace_id = $1 limit 98`,
      [workspaceId, resource],
    );
    const four = [1, 2, 3, 4];
    const keys = await Promise.all(four.map((n) => admin.api.post(TAG_KEYS, { key: `${n}` })));
    const values = await Promise.all(four.map((n) => admin.api.post(valuesOf(key.id), { value: `${n}` })));
    const free = await t.sql<{ id: string }>(
      `select id from tag_values v where workspace_id = $1
       and not exists (select from taggings where tag_value_id = v.id) limit 4`,
      [workspaceId],
    );
    const tagged = await Promise.all(
      free.map(({ id }) =>
        admin.api.post(TAGGINGS, { tag_value_id: id, resource_type: 'project', resource_id: resource }),
      ),
    );

    for (const replies of [keys, values, tagged])
      expect(sortedStatuses(replies)).toEqual([200, 200, 403, 403]);
    expect(tagged.find(({ status }) => status === 403)?.body.detail).toContain('100 tags of the resource');
    const { body } = await admin.api.get(TAGS);
    expect(body).toHaveLength(200);
  });

  it('refuses a tagging beyond 50,000 in the workspace', async () => {
    const { admin, workspaceId } = await t.fixtures.orgWithAdmin();
    const value = await newValue(admin.api, (await newKey(admin.api)).id);
    await t.sql(
      `insert into taggings (id, tag_value_id, workspace_id, resource_type, resource_id)
       select gen_random_uuid(), $1, $2, 'project', gen_random_uuid() from generate_series(1, 49999)`,
      [value.id, workspaceId],
    );
    const body = () => ({ tag_value_id: value.id, resource_type: 'project', resource_id: randomUUID() });

    expect((await admin.api.post(TAGGINGS, body())).status).toBe(200);
    expect((await admin.api.post(TAGGINGS, body())).status).toBe(403);
    const [all] = (await admin.api.get(TAGGINGS)).body;
    expect(all.resources.projects).toHaveLength(50_000);
  });
});
