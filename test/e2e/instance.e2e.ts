import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Api } from '../support/api.js';
import type { OrgWithAdmin } from '../support/fixtures.js';
import { loggedDuring } from '../support/server-host.js';
import { oncePerWorker } from '../support/once-per-worker.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { USAGE_SHAPES } from '../support/usage-shapes.js';

const { schemaErrors } = oncePerWorker('./contract.ts') as typeof import('../support/contract.js');

const HEALTH = ['/livez', '/health', '/healthz', '/readyz', '/ok', '/startupz'];

let t: TestApp;
beforeAll(async () => {
  t = await startTestApp();
});
afterAll(() => t.close());

it.each(['/api/v1/ok', '/api/ok', '/api/v1', '/api/v1/', '/api/v1/health', '/api/health', ...HEALTH])(
  'responds to %s with 200 and JSON without a credential',
  async (path) => {
    const { status, headers, body } = await t.api.get(path);

    expect(status).toBe(200);
    expect(headers.get('content-type')).toMatch(/^application\/json/);
    expect(body).toEqual(expect.any(Object));
  },
);

it('serves the routes of the gateway without the prefix /api/v1', async () => {
  const { admin } = await t.fixtures.defaultOrg();

  for (const path of [
    '/info',
    '/info/health',
    '/settings',
    '/workspaces?include_deleted=false',
    '/workspaces/current/members',
    '/me/ls_user_id',
    '/v1/platform/orgs/current/info',
  ]) {
    const { status, body } = await admin.api.get(path);
    const published = path.startsWith('/v1') ? `/api${path}` : `/api/v1${path}`;
    expect([path, status, body]).toEqual([path, 200, (await admin.api.get(published)).body]);
  }
  expect((await admin.api.get('/api/openapi.json')).body).toHaveProperty('openapi');
  expect((await admin.api.get('/api/docs')).headers.get('content-type')).toMatch(/^text\/html/);
  for (const path of ['/orgs', '/me', '/oauth', '/login'])
    expect([path, (await admin.api.get(path)).status]).toEqual([path, 404]);
});

it('returns 503 while its database is unavailable, and 200 once it is back', async () => {
  const cut = await startTestApp();
  const { pathname } = new URL(cut.databaseUrl);
  const database = pathname.slice(1);
  const probe = (path: string) => fetch(`${cut.url}${path}`); // the test client throws on 5xx
  try {
    await t.sql(`alter database ${database} with allow_connections false`);
    const log = await loggedDuring(async () => {
      await t.sql('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [database]);
      for (const path of ['/api/v1/ok', '/api/v1', '/api/v1/health', '/ok', '/readyz']) {
        const response = await probe(path);
        expect(response.status).toBe(503);
        expect(await response.json()).toEqual({ detail: 'The database does not answer' });
      }
      await new Promise((resolve) => setTimeout(resolve, 1100)); // it is logged once a second, with a count
    });
    expect(log).toMatch(/unavailable \(not ready: .*\): \d+ failures/);
  } finally {
    await t.sql(`alter database ${database} with allow_connections true`);
  }
  expect((await probe('/api/v1/ok')).status).toBe(200);
  await cut.close();
});

it('ignores an invalid credential on routes that need none', async () => {
  const api = t.api.as({ key: 'lsv2_pt_wrong', token: 'wrong' });

  expect((await api.get('/api/v1/ok')).status).toBe(200);
  expect((await api.get('/api/v1/info')).status).toBe(200);
});

it('reports a disk percentage whether or not the data directory exists', async () => {
  const elsewhere = await startTestApp({ DATA_DIR: '/nonexistent/tenantry' });
  const replies = [await t.api.get('/api/v1/info/health'), await elsewhere.api.get('/api/v1/info/health')];
  await elsewhere.close();

  for (const { status, body } of replies) {
    expect(status).toBe(200);
    expect(body.clickhouse_disk_free_pct).toBeGreaterThanOrEqual(0);
    expect(body.clickhouse_disk_free_pct).toBeLessThanOrEqual(100);
  }
});

describe('the endpoint /api/v1/info', () => {
  it('returns the version, the batch limits that clients read, and every instance flag', async () => {
    const { status, body } = await t.api.get('/api/v1/info');

    expect(status).toBe(200);
    expect(body.version).toMatch(/^\d+\.\d+\.\d+/);
    expect(body.batch_ingest_config).toMatchObject({ size_limit: expect.any(Number) });
    expect(body.instance_flags).toEqual({
      access_expiry: true,
      workspace_scope_org_invites: false,
      personal_orgs_disabled: true,
      org_creation_disabled: true, // password installation
      self_hosted_jit_provisioning_enabled: true,
    });
  });

  describe('with FF_INFO_ENDPOINT_AUTH_REQUIRED and other settings', () => {
    let closed: TestApp;
    beforeAll(async () => {
      closed = await startTestApp({
        FF_INFO_ENDPOINT_AUTH_REQUIRED: 'true',
        WORKSPACE_SCOPE_ORG_INVITES_ENABLED: 'true',
        FF_PERSONAL_ORGS_DISABLED: 'false',
        EMPTY_USAGE_RESPONSES: 'true',
        SELF_HOSTED_JIT_PROVISIONING_ENABLED: 'false',
      });
    });
    afterAll(() => closed.close());

    it('returns 401 for /info without a valid credential', async () => {
      const anonymous = await closed.api.get('/api/v1/info');
      const wrong = await closed.api.as({ key: 'lsv2_pt_wrong' }).get('/api/v1/info');

      expect([anonymous.status, wrong.status]).toEqual([401, 401]);
      expect(anonymous.body).toEqual({ detail: 'Invalid token' });
    });

    it('returns the configured instance flags to a session and to a key', async () => {
      const { admin } = await closed.fixtures.defaultOrg();
      const pat = await admin.api.post('/api/v1/orgs/current/personal-access-tokens', {});

      const bySession = await admin.api.get('/api/v1/info');
      const byKey = await closed.api.as({ key: pat.body.key }).get('/api/v1/info');

      expect([bySession.status, byKey.status]).toEqual([200, 200]);
      expect(byKey.body.instance_flags).toEqual({
        access_expiry: true,
        workspace_scope_org_invites: true,
        personal_orgs_disabled: true, // password installation
        org_creation_disabled: true,
        self_hosted_jit_provisioning_enabled: false,
      });
    });

    it.each(USAGE_SHAPES)('returns the published shape without values for %s', async (path, schema) => {
      const org = await closed.fixtures.orgWithAdmin();
      const viewer = await closed.fixtures.member(org, { workspace: 'WORKSPACE_VIEWER' });
      const { body: key } = await org.admin.api.post('/api/v1/orgs/current/service-keys', {});
      const stranger = await closed.fixtures.orgWithAdmin();

      for (const api of [org.admin.api, viewer.api, closed.api.as({ key: key.key, ...placeOf(org) })]) {
        const { status, body } = await api.get(path);
        expect([status, schemaErrors(schema, body)]).toEqual([200, null]);
        expect(valuesIn(body)).toEqual('tenant_id' in body ? [org.workspaceId] : []);
      }
      expect((await closed.api.get(path)).status).toBe(401);
      expect((await stranger.admin.api.as(placeOf(org)).get(path)).status).toBe(403);
      expect((await viewer.api.put(path, {})).status).toBe(405);
    });

    it('returns 422 for the stats of a tag value that is no id', async () => {
      const { admin } = await closed.fixtures.orgWithAdmin();
      const stats = '/api/v1/workspaces/current/stats?tag_value_id=';

      expect((await admin.api.get(`${stats}${admin.userId}`)).status).toBe(200);
      expect((await admin.api.get(`${stats}production`)).status).toBe(422);
    });

    it('returns health and readiness without a credential even if /info requires one', async () => {
      expect((await closed.api.get('/api/v1/ok')).status).toBe(200);
      expect((await closed.api.get('/api/v1/info/health')).status).toBe(200);
    });
  });
});

const placeOf = ({ orgId, workspaceId }: OrgWithAdmin) => ({ orgId, workspaceId });

/** What is neither null, false nor zero. */
const valuesIn = (body: object) => Object.values(body).filter((value) => value);

it('knows the paths of usage and retention of traces as little as any other, unless EMPTY_USAGE_RESPONSES is set', async () => {
  const { admin } = await t.fixtures.orgWithAdmin();
  const { body: description } = await t.api.get('/openapi.json');
  const replyOf = async (api: Api, method: string, path: string) => {
    const { status, headers, body } = await api.send(method, path, undefined);
    const own = ['date', 'x-request-id', 'x-trace-id'];
    return { status, body, headers: [...headers].filter(([name]) => !own.includes(name)) };
  };

  for (const [path] of USAGE_SHAPES) {
    expect(description.paths).not.toHaveProperty([path]);
    for (const method of ['GET', 'PUT'])
      for (const api of [admin.api, t.api])
        expect(await replyOf(api, method, path)).toEqual(await replyOf(api, method, '/api/v1/nowhere'));
  }
});

it('serves OpenAPI 3.1 with ids of operations and the root as the server where no public URL is set', async () => {
  const { status, body } = await t.api.get('/openapi.json');

  expect(status).toBe(200);
  expect(body).toMatchObject({ openapi: '3.1.0', info: { title: 'Tenantry' }, servers: [{ url: '/' }] });
  expect(body.paths['/api/v1/workspaces'].get.operationId).toBe('list_workspaces_api_v1_workspaces_get');
  expect(body.paths['/access/v1/evaluation'].post.operationId).toBe(
    'evaluate_access_access_v1_evaluation_post',
  );
});

it('loads the assets of the documentation page from its own origin only', async () => {
  const { body: page } = await t.api.get('/docs');

  const assets = [...(page as string).matchAll(/(?:src|href)="([^"]+)"/g)].map(
    ([, url]) => new URL(url!, `${t.url}/docs`),
  );
  expect(assets.length).toBeGreaterThan(2);
  for (const asset of assets) {
    expect(asset.origin).toBe(t.url);
    expect((await fetch(asset)).status).toBe(200);
  }
});

it.each([
  ['GET', '/api/v1/nowhere', 404, null],
  ['DELETE', '/api/v1/ok', 405, 'GET, HEAD'],
  ['PUT', '/api/v1/workspaces', 405, 'GET, HEAD, POST'],
])('responds to %s %s with %i', async (method, path, expected, allow) => {
  const { status, headers, body } = await t.api.send(method, path, undefined);

  expect([status, headers.get('allow')]).toEqual([expected, allow]);
  expect(body.detail).toEqual(expect.any(String));
});
