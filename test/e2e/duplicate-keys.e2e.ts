import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { OrgWithAdmin } from '../support/fixtures.js';
import { type Scim, scimOf, USER } from '../support/scim.js';
import { rowCounts } from '../support/stored-text.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const BATCH = '/api/v1/orgs/current/members/batch';
const RECORDS = ['audit_entries', 'audit_seals', 'rate_windows']; // grow with every request, refused or not

let t: TestApp;
let org: OrgWithAdmin;
let scim: Scim;
beforeAll(async () => {
  t = await startTestApp();
  org = await t.fixtures.orgWithAdmin();
  scim = await scimOf(org.admin.api);
});
afterAll(() => t.close());

async function writingNothing(work: () => Promise<void>): Promise<void> {
  const before = await rowCounts(t.sql, RECORDS);
  await work();
  expect(await rowCounts(t.sql, RECORDS)).toEqual(before);
}

const duplicate = (...loc: (string | number)[]) => ({
  status: 422,
  body: { detail: [{ loc: ['body', ...loc], msg: 'Duplicate key', type: 'duplicate_key' }] },
});

it('returns 422 that names a duplicate key of a body, however it is escaped, and writes nothing', async () => {
  const workspaces = '/api/v1/workspaces';

  await writingNothing(async () => {
    for (const raw of [
      '{"display_name":"One","display_name":"Two"}',
      '{"display_name":"One","display\\u005fname":"Two"}',
      '{ "\\u0064isplay_name" : "One",\n "display_name" : "Two" }',
      '{"display_name":"One","unknown":"\\u003a","display_name":"Two"}',
    ])
      expect(await org.admin.api.post(workspaces, null, { raw })).toMatchObject(duplicate('display_name'));
  });
});

it('returns 422 that names every row of a batch with a duplicate key', async () => {
  const row = (more = '') => `{"email":"${t.fixtures.email()}"${more}}`;
  const raw = `[${row()},${row(',"email":"other@example.com"')},${row()},${row(',"workspace_ids":[],"workspace_ids":[]')}]`;

  await writingNothing(async () => {
    for (const headers of [{}, { 'idempotency-key': randomUUID() }] as Record<string, string>[])
      expect(await org.admin.api.post(BATCH, null, { raw, headers })).toMatchObject({
        status: 422,
        body: {
          detail: [
            { loc: ['body', 1, 'email'], type: 'duplicate_key' },
            { loc: ['body', 3, 'workspace_ids'], type: 'duplicate_key' },
          ],
        },
      });
  });
});

it('returns 422 for a login with two passwords, and for a duplicate key below a nested object', async () => {
  const login = `{"email":"${org.admin.email}","password":"wrong","password":${JSON.stringify(org.admin.password)}}`;
  const nested = `{"default_workspace_role_id":"${randomUUID()}","default_workspace_ids":[],"attribute_mapping":{"keys":{"email":{"name":"a","name":"b"}}}}`;

  expect(await t.api.post('/api/v1/login', null, { raw: login })).toMatchObject(duplicate('password'));
  expect(await org.admin.api.post('/api/v1/orgs/current/sso-settings', null, { raw: nested })).toMatchObject(
    duplicate('attribute_mapping', 'keys', 'email', 'name'),
  );
});

it('returns 401 and 403 before it looks at the keys of a body', async () => {
  const raw = '{"display_name":"One","display_name":"Two"}';
  const viewer = await t.fixtures.member(org, { org: 'ORGANIZATION_VIEWER', workspace: 'WORKSPACE_VIEWER' });

  expect((await t.api.post('/api/v1/orgs/current/roles', null, { raw })).status).toBe(401);
  expect((await viewer.api.post('/api/v1/orgs/current/roles', null, { raw })).status).toBe(403);
});

it('returns 400 in one line on platform routes for a body with a duplicate key', async () => {
  const raw = '{"description":"One","description":"Two"}';

  const reply = await org.admin.api.post('/v1/platform/orgs/current/scim/tokens', null, { raw });

  expect(reply).toMatchObject({ status: 400, body: { error: 'body.description: Duplicate key' } });
});

it('returns 400 invalidSyntax in the SCIM envelope for a duplicate key, in a bulk too', async () => {
  const [email, other] = [t.fixtures.email(), t.fixtures.email()];
  const user = `{"schemas":["${USER}"],"userName":"${email}","userName":"${other}","emails":[{"value":"${email}"}]}`;
  const bulk = `{"schemas":["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],"Operations":[{"method":"POST","path":"/Users","bulkId":"a","data":${user}}]}`;

  await writingNothing(async () => {
    for (const [path, raw, place] of [
      ['/Users', user, 'body.userName'],
      ['/Bulk', bulk, 'body.Operations.0.data.userName'],
    ] as const)
      expect(await scim.post(path, null, { raw })).toMatchObject({
        status: 400,
        body: {
          schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
          scimType: 'invalidSyntax',
          detail: `${place}: Duplicate key`,
        },
      });
  });
});

it('accepts bodies that only look as if they had a duplicate key', async () => {
  for (const display_name of ['a":1,"a":2', 'a: b', '\\', '"', '\\u003a', '{"a":1,"a":2}', ':::'])
    expect(
      await org.admin.api.post('/api/v1/orgs/current/roles', {
        display_name,
        description: display_name,
        permissions: ['runs:read'],
      }),
    ).toMatchObject({ status: 200, body: { display_name, description: display_name } });
});
