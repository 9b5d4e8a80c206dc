import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { OrgWithAdmin } from '../support/fixtures.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const POLICIES = '/v1/platform/orgs/current/access-policies';
const PROBLEM = 'application/problem+json; charset=utf-8';
const JSON_TYPE = 'application/json; charset=utf-8';

let t: TestApp;
let org: OrgWithAdmin;
beforeAll(async () => {
  t = await startTestApp();
  org = await t.fixtures.orgWithAdmin();
});
afterAll(() => t.close());

const missing = (accept?: string) =>
  org.admin.api.get(`${POLICIES}/${randomUUID()}`, accept === undefined ? {} : { headers: { accept } });

it('returns an error of an access policy as a problem that keeps the member `error`', async () => {
  const { status, headers, body } = await missing();

  expect([status, headers.get('content-type')]).toEqual([404, PROBLEM]);
  expect(body).toEqual({
    type: 'about:blank',
    title: 'Not Found',
    status: 404,
    detail: 'There is no such access policy here.',
    error: 'There is no such access policy here.',
  });
  expect(headers.get('x-error-code')).toBe('access_policy_not_found');
});

it.each([
  ['*/*', PROBLEM],
  ['application/*', PROBLEM],
  ['application/problem+json', PROBLEM],
  ['application/json, text/plain, */*', PROBLEM],
  ['application/json', JSON_TYPE],
  ['Application/JSON; q=1, */*; q=0.1', JSON_TYPE],
  ['application/problem+json;q=0, */*', JSON_TYPE],
  ['text/html', JSON_TYPE],
])('responds to a request that accepts %s with %s', async (accept, type) => {
  const { headers, body } = await missing(accept);

  expect(headers.get('content-type')).toBe(type);
  expect(body.title).toBe('Not Found');
});

it('returns a refusal before the handler as a problem, too', async () => {
  const unauthenticated = await t.api.get(POLICIES);
  const malformed = await org.admin.api.post(POLICIES, undefined, {
    raw: '{',
    headers: { 'content-type': 'application/json' },
  });

  expect(unauthenticated.headers.get('content-type')).toBe(PROBLEM);
  expect(unauthenticated.body).toMatchObject({ title: 'Unauthorized', status: 401 });
  expect(malformed.body).toMatchObject({ title: 'Bad Request', status: 400 });
});

it('tells clients not to retry a conflict', async () => {
  const policy = { name: 'twice', effect: 'deny', condition_groups: [GROUP] };
  expect((await org.admin.api.post(POLICIES, policy)).status).toBe(201);

  const { status, headers, body } = await org.admin.api.post(POLICIES, policy);
  expect([status, headers.get('x-should-retry'), body.status]).toEqual([409, 'false', 409]);
});

it('keeps the errors of other platform routes as they were', async () => {
  const { headers, body } = await t.api.get('/v1/platform/orgs/current/scim/tokens');

  expect(headers.get('content-type')).toBe(JSON_TYPE);
  expect(Object.keys(body)).toEqual(['error']);
});

const GROUP = {
  permission: 'projects:read',
  resource_type: 'project',
  conditions: [
    {
      attribute_name: 'resource_tag_key',
      attribute_key: 'environment',
      operator: 'equals',
      attribute_value: 'production',
    },
  ],
};
