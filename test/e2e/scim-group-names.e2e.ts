import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { GROUP, listOf, type Scim, scimError, scimOf } from '../support/scim.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

let t: TestApp;
let scim: Scim;
beforeAll(async () => {
  t = await startTestApp();
  scim = await scimOf((await t.fixtures.orgWithAdmin()).admin.api);
});
afterAll(() => t.close());

let count = 0;
const newName = () => `Team Ünit ${(count += 1)}`;
const create = (displayName: string, by = scim) => by.post('/Groups', { displayName });

describe('the displayName of a SCIM group', () => {
  it('returns 409 for POST, PUT and PATCH with the name of another group in another case', async () => {
    const name = newName();
    await create(name);
    const { id } = (await create(newName())).body;

    for (const taken of [name, name.toUpperCase(), name.toLowerCase()])
      for (const reply of [
        await create(taken),
        await scim.put(`/Groups/${id}`, { displayName: taken }),
        await scim.patch(`/Groups/${id}`, [{ op: 'replace', path: 'displayName', value: taken }]),
      ]) {
        expect(reply).toMatchObject(scimError(409, 'uniqueness'));
        expect(reply.body.detail).toContain('displayName');
      }
    expect((await scim.get(`/Groups${listOf(`displayName eq "${name}"`)}`)).body.totalResults).toBe(1);
  });

  it('is created once by requests that differ in case and are sent at once', async () => {
    const name = newName();
    const names = [name, name.toUpperCase(), name.toLowerCase(), name];

    const replies = await Promise.all(names.map((displayName) => create(displayName)));

    expect(replies.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(replies.filter(({ status }) => status === 409)).toHaveLength(3);
  });

  it('may change its own case, and is unique within its organization only', async () => {
    const name = newName();
    const { id } = (await create(name)).body;
    const foreign = await scimOf((await t.fixtures.orgWithAdmin()).admin.api);

    expect(await scim.put(`/Groups/${id}`, { displayName: name.toUpperCase() })).toMatchObject({
      status: 200,
      body: { displayName: name.toUpperCase() },
    });
    expect((await create(name, foreign)).status).toBe(201);
  });

  it('is published as unique without regard to case', async () => {
    const { body } = await scim.get(`/Schemas/${GROUP}`);

    expect(body.attributes.find(({ name }: { name: string }) => name === 'displayName')).toMatchObject({
      required: true,
      caseExact: false,
      uniqueness: 'server',
    });
  });

  it('cannot be held twice by the database either', async () => {
    const { id } = (await create(newName())).body;

    await expect(
      t.sql(
        `insert into scim_groups (id, org_id, display_name, kind)
         select gen_random_uuid(), org_id, upper(display_name), kind from scim_groups where id = $1`,
        [id],
      ),
    ).rejects.toThrow('scim_groups_one_per_name');
  });
});
