import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Api } from '../support/api.js';
import { until } from '../support/audit-log.js';
import type { OrgWithAdmin } from '../support/fixtures.js';
import { scimOf } from '../support/scim.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

describe('the rate limits of sessions and keys', () => {
  const LIMIT = 30;
  const PATH = '/api/v1/orgs/current/info';

  let t: TestApp;
  let replica: TestApp;
  let org: OrgWithAdmin;
  beforeAll(async () => {
    t = await startTestApp({ RATE_LIMIT_REQUESTS_PER_MINUTE: String(LIMIT) });
    replica = await startTestApp({ RATE_LIMIT_REQUESTS_PER_MINUTE: String(LIMIT) }, t.databaseUrl);
    org = await t.fixtures.defaultOrg();
  });
  afterAll(async () => {
    await replica.close();
    await t.close();
  });

  /** A new session, with no requests counted yet. */
  const session = async (): Promise<Api> =>
    org.admin.api.as({ token: await t.fixtures.login(org.admin.email, org.admin.password) });

  /** The statuses of sequential requests. */
  async function statuses(api: Api, times: number): Promise<number[]> {
    const seen: number[] = [];
    for (let count = 0; count < times; count += 1) seen.push((await api.get(PATH)).status);
    return seen;
  }

  const useUp = (api: Api) => statuses(api, LIMIT);

  /** The number of requests of the newest session that the servers have exchanged. */
  async function exchangedHits(): Promise<number> {
    const [newest] = await t.sql<{ id: string }>('select id from sessions order by created_at desc limit 1');
    const key = createHash('sha256').update(`requests of\0${newest!.id}`).digest();
    const [row] = await t.sql<{ hits: number }>('select hits from rate_windows where key = $1', [key]);
    return row?.hits ?? 0;
  }

  describe('the rate limit of a credential', () => {
    it('returns 429 with Retry-After after the limit of requests in a minute', async () => {
      const api = await session();
      expect(await useUp(api)).toEqual(Array.from({ length: LIMIT }, () => 200));

      const { status, headers, body } = await api.get(PATH);

      expect([status, body]).toEqual([
        429,
        { detail: expect.stringMatching(/^Too many requests; try again in \d+/) },
      ]);
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
      expect(Number(headers.get('retry-after'))).toBeLessThanOrEqual(60);
    });

    it('affects neither other credentials nor public routes when one credential is over the limit', async () => {
      const [api, other] = [await session(), await session()];
      await useUp(api);

      expect((await api.get('/v1/platform/orgs/current/access-policies')).status).toBe(429);
      expect((await api.get('/api/v1/info')).status).toBe(200);
      expect((await api.get('/api/v1/ok')).status).toBe(200);
      expect((await other.get(PATH)).status).toBe(200);
      expect((await t.api.as({ token: 'unknown' }).get(PATH)).status).toBe(401);
    });

    it('counts every request of a key, whichever route it names and whether or not it is allowed', async () => {
      const { body } = await org.admin.api.post('/api/v1/api-key', {});
      const api = t.api.as({ key: body.key });
      const refused = api.as({ orgId: '01980000-0000-7000-8000-000000000000' });

      for (let count = 0; count < LIMIT; count += 1) expect((await refused.get(PATH)).status).toBe(403);

      expect((await api.get(PATH)).status).toBe(429);
    });

    it('the rate limit of a credential is one limit over all servers, which exchange their counts within seconds', async () => {
      const api = await session();
      const elsewhere = api.at(replica.url);
      await useUp(api);
      await until(async () => (await exchangedHits()) === LIMIT);

      expect((await elsewhere.get(PATH)).status).toBe(200);
      await until(async () => (await exchangedHits()) === LIMIT + 1);
      let allowed = 0;
      while ((await elsewhere.get(PATH)).status === 200) allowed += 1;

      expect(allowed).toBeLessThan(LIMIT / 2);
    });

    it('writes no row for a single request', async () => {
      const api = await session();
      const before = await t.queries();
      await statuses(api, 20);
      const during = (await t.queries()) - before;

      const quiet = await startTestApp({ RATE_LIMIT_REQUESTS_PER_MINUTE: '0' }, t.databaseUrl);
      const start = await quiet.queries();
      await statuses(api.at(quiet.url), 20);
      const without = (await quiet.queries()) - start;
      expect((await statuses(api.at(quiet.url), LIMIT)).at(-1)).toBe(200); // 0 turns the limit off
      await quiet.close();

      expect(during - without).toBeLessThan(10);
    });
  });
});

describe('the rate limit of a SCIM token', () => {
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
});
