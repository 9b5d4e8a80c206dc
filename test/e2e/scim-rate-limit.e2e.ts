import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { OrgWithAdmin } from '../support/fixtures.js';
import { scimOf } from '../support/scim.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const LIMIT = 5;

let t: TestApp;
let org: OrgWithAdmin;
beforeAll(async () => {
  t = await startTestApp({ RATE_LIMIT_SCIM_REQUESTS_PER_MINUTE: String(LIMIT) });
  org = await t.fixtures.defaultOrg();
});
afterAll(() => t.close());

it('returns 429 with Retry-After in the SCIM envelope after the limit of requests of a token', async () => {
  const [scim, other] = [await scimOf(org.admin.api), await scimOf(org.admin.api)];
  for (let count = 0; count < LIMIT; count++) expect((await scim.get('/Users?count=0')).status).toBe(200);

  const { status, headers, body } = await scim.post('/Bulk', {});

  expect([status, body]).toEqual([
    429,
    {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
      status: '429',
      detail: expect.stringMatching(/^Too many requests; try again in \d+/),
    },
  ]);
  expect(headers.get('x-error-code')).toBe('too_many_requests');
  expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
  expect(Number(headers.get('retry-after'))).toBeLessThanOrEqual(60);
  expect((await other.get('/Users?count=0')).status).toBe(200);
  expect((await org.admin.api.get('/api/v1/orgs/current/info')).status).toBe(200);
});

it('does not count requests with an unknown token', async () => {
  const scim = await scimOf(org.admin.api);
  const unknown = { headers: { authorization: 'Bearer unknown' } };
  for (let count = 0; count <= LIMIT; count++) expect((await scim.get('/Users', unknown)).status).toBe(401);

  expect((await scim.get('/Users?count=0')).status).toBe(200);
});
