import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Api } from '../support/api.js';
import { role } from '../support/fixtures.js';
import { scimOf } from '../support/scim.js';
import { ADMIN, startTestApp, type TestApp } from '../support/test-app.js';

let behindProxy: TestApp;
let open: TestApp;
beforeAll(async () => {
  const limit = { RATE_LIMIT_LOGINS_PER_MINUTE: '2' };
  behindProxy = await startTestApp({ ...limit, TRUSTED_PROXIES: '127.0.0.0/8, 10.0.0.0/8' });
  open = await startTestApp({ ...limit, TRUSTED_PROXIES: '10.0.0.0/8' });
});
afterAll(async () => {
  await behindProxy.close();
  await open.close();
});

/** Logs in as a proxy on this machine forwards it: the client's own header, then the client's address. */
const logIn = (t: TestApp, forwardedFor: string, password = ADMIN.password) =>
  t.api.post(
    '/api/v1/login',
    { email: ADMIN.email, password },
    { headers: { 'x-forwarded-for': forwardedFor } },
  );

const lastClient = async ({ sql }: TestApp) =>
  (
    await sql<{ client_host: string; client_port: number | null; forwarded_for: string }>(
      'select client_host, client_port, forwarded_for from audit_entries order by created_at desc, id desc limit 1',
    )
  )[0];

describe('a server behind a trusted proxy', () => {
  it("counts logins by the client's address, whatever addresses the client sends", async () => {
    const statuses = [];
    for (const spoofed of ['198.51.100.1', '198.51.100.2', '198.51.100.3'])
      statuses.push((await logIn(behindProxy, `${spoofed}, 203.0.113.7:${statuses.length + 1}`)).status);

    expect(statuses).toEqual([200, 200, 429]);
    expect((await logIn(behindProxy, '203.0.113.8')).status).toBe(200);
  });

  it('counts an IPv4 client as one network in every spelling of its address', async () => {
    const statuses = [];
    for (const client of ['203.0.113.20', '::ffff:203.0.113.20', '::ffff:cb00:7114', '::ffff:cb00:7115'])
      statuses.push((await logIn(behindProxy, client)).status);

    expect(statuses).toEqual([200, 200, 429, 200]);
  });

  it('counts lookups of the provider by the network of an IPv6 address', async () => {
    const lookUp = async (client: string) => {
      const headers = { 'x-forwarded-for': client };
      const wanted = { email: 'unknown@example.com' };
      return (await behindProxy.api.post('/api/v1/sso/email-lookup', wanted, { headers })).status;
    };

    const statuses = [];
    for (const client of ['2001:db8::1', '2001:db8::2', '2001:db8::3', '2001:db8:0:1::1'])
      statuses.push(await lookUp(client));

    expect(statuses).toEqual([200, 200, 429, 200]);
  });

  it('records the client in the audit log behind as many proxies as are trusted', async () => {
    await logIn(behindProxy, '192.0.2.1, 203.0.113.9, 10.1.1.1', 'Wrong-Horse-Battery');

    expect(await lastClient(behindProxy)).toEqual({
      client_host: '203.0.113.9',
      client_port: null,
      forwarded_for: '192.0.2.1, 203.0.113.9, 10.1.1.1',
    });
  });

  it('removes the zone from a client address', async () => {
    expect((await logIn(behindProxy, 'fe80::1%eth0')).status).toBe(200);

    expect((await lastClient(behindProxy))!.client_host).toBe('fe80::1');
  });

  it('records the proxy as the client when a forwarded hop is no address', async () => {
    await logIn(behindProxy, 'unknown', 'Wrong-Horse-Battery');

    expect((await lastClient(behindProxy))!.client_host).toBe('127.0.0.1');
  });
});

describe('an organization with an IP allowlist', () => {
  const INFO = '/api/v1/orgs/current/info';
  const from = (address: string) => ({ headers: { 'x-forwarded-for': address } });
  const INSIDE = from('203.0.113.50');
  const OUTSIDE = from('198.51.100.50');
  const REFUSED = { status: 403, code: 'address_not_allowed' };
  const outcome = async (reply: ReturnType<Api['get']>) => {
    const { status, headers } = await reply;
    return { status, code: headers.get('x-error-code') };
  };

  async function orgWithAllowlist(networks: string[]) {
    const org = await behindProxy.fixtures.orgWithAdmin();
    const set = await org.admin.api.patch(INFO, { ip_allowlist: networks }, INSIDE);
    if (set.status !== 200) throw new Error(JSON.stringify(set.body));
    return org;
  }

  it('accepts sessions, tokens, keys and SCIM tokens from its networks only', async () => {
    const { admin, workspaceId } = await behindProxy.fixtures.orgWithAdmin();
    const scim = await scimOf(admin.api);
    const token = await admin.api.post('/api/v1/api-key/current', { description: 'mine' });
    const key = await admin.api.post('/api/v1/orgs/current/service-keys', {
      description: 'deployment',
      workspaces: [workspaceId],
      role_id: null,
    });
    const keys = [token, key].map(({ body }) => behindProxy.api.as({ key: body.key }));
    const callers: ((options: typeof INSIDE) => ReturnType<Api['get']>)[] = [
      (options) => admin.api.get(INFO, options),
      ...keys.map(
        (api) => (options: typeof INSIDE) => api.get('/api/v1/workspaces/current/members', options),
      ),
      (options) => scim.get('/Users?count=0', options),
    ];
    for (const call of callers) expect(await outcome(call(OUTSIDE))).toMatchObject({ status: 200 });

    const networks = ['203.0.113.0/24', '2001:db8:7::/48', '192.0.2.9'];
    const set = await admin.api.patch(INFO, { ip_allowlist: networks }, INSIDE);

    expect(set.body).toMatchObject({ ip_allowlist: networks, ip_allowlist_enabled: true });
    expect(set.body.config).toMatchObject({ ip_allowlist_enabled: true });
    for (const call of callers) {
      for (const address of ['203.0.113.50', '::ffff:203.0.113.50', '2001:db8:7::1', '192.0.2.9'])
        expect(await outcome(call(from(address)))).toMatchObject({ status: 200 });
      for (const address of ['198.51.100.50', '2001:db8:8::1', '192.0.2.10', '203.0.113.50, 198.51.100.50'])
        expect(await outcome(call(from(address)))).toEqual(REFUSED);
    }
  });

  it('leaves routes of the user to whom it belongs, and accepts everybody when it is empty', async () => {
    const { admin, orgId } = await orgWithAllowlist(['203.0.113.0/24']);

    const orgs = await admin.api.get('/api/v1/orgs', OUTSIDE);
    const workspaces = await admin.api.get('/api/v1/workspaces', OUTSIDE);
    expect(orgs).toMatchObject({ status: 200, body: [{ id: orgId }] });
    expect(workspaces.status).toBe(403);

    await admin.api.patch(INFO, { ip_allowlist: [] }, INSIDE);
    expect((await admin.api.get(INFO, OUTSIDE)).body).toMatchObject({ ip_allowlist: [] });
  });

  it('is hidden with its workspaces in lists over several organizations, from other networks', async () => {
    const home = await behindProxy.fixtures.orgWithAdmin();
    const guarded = await behindProxy.fixtures.orgWithAdmin();
    await behindProxy.fixtures.addMember(guarded, home.admin, { org: 'ORGANIZATION_ADMIN' });
    await guarded.admin.api.patch(INFO, { ip_allowlist: ['203.0.113.0/24'] }, INSIDE);
    const inNoOrganization = home.admin.api.as({ orgId: '', workspaceId: '' });
    const seen = async (path: string, options: typeof INSIDE) => {
      const { status, body } = await inNoOrganization.get(path, options);
      return { status, ids: body.map(({ id }: { id: string }) => id) };
    };

    for (const path of ['/api/v1/tenants?skip_create=true', '/api/v1/tenants', '/api/v1/workspaces']) {
      const both = [home.workspaceId, guarded.workspaceId];
      expect(await seen(path, INSIDE)).toEqual({ status: 200, ids: both });
      expect(await seen(path, OUTSIDE)).toEqual({ status: 200, ids: [home.workspaceId] });
      expect(await seen(path, INSIDE)).toEqual({ status: 200, ids: both });
    }
  });

  it('is not changed by a request that would lose access with it', async () => {
    const org = await orgWithAllowlist(['203.0.113.0/24']);
    const { admin } = org;
    const operator = await behindProxy.fixtures.member(org, {
      org: 'ORGANIZATION_OPERATOR',
      workspace: 'WORKSPACE_ADMIN',
    });

    const change = await outcome(admin.api.patch(INFO, { ip_allowlist: ['192.0.2.0/24'] }, INSIDE));

    expect(change).toEqual({ status: 409, code: 'allowlist_excludes_caller' });
    const unpermitted = { ip_allowlist: ['192.0.2.0/24'], scim_roles_enabled: true };
    expect(await outcome(operator.api.patch(INFO, unpermitted, INSIDE))).toEqual({
      status: 403,
      code: 'only_admins_switch_scim_roles',
    });
    expect((await admin.api.get(INFO, INSIDE)).body).toMatchObject({ ip_allowlist: ['203.0.113.0/24'] });
    expect(await outcome(admin.api.patch(INFO, { ip_allowlist: ['198.51.100.0/24'] }, OUTSIDE))).toEqual(
      REFUSED,
    );
  });

  it('is changed by callers of Organization Admin rank only', async () => {
    const org = await orgWithAllowlist(['203.0.113.0/24']);
    const roles = { org: 'ORGANIZATION_OPERATOR', workspace: 'WORKSPACE_ADMIN' } as const;
    const operator = await behindProxy.fixtures.member(org, roles);
    const made = await org.admin.api.post(
      '/api/v1/orgs/current/service-keys',
      { description: 'operator', org_role_id: role('ORGANIZATION_OPERATOR') },
      INSIDE,
    );
    const key = behindProxy.api.as({ key: made.body.key });

    for (const { api } of [operator, { api: key }]) {
      for (const ip_allowlist of [[], null, ['203.0.113.0/24', '192.0.2.0/24']])
        expect(await outcome(api.patch(INFO, { ip_allowlist }, INSIDE))).toEqual({
          status: 403,
          code: 'only_admins_change_allowlist',
        });
      const asItIs = { ip_allowlist: ['203.0.113.0/24'], display_name: 'Renamed' };
      expect((await api.patch(INFO, asItIs, INSIDE)).status).toBe(200);
    }
    expect((await org.admin.api.patch(INFO, { ip_allowlist: null }, INSIDE)).body.ip_allowlist).toEqual([]);
  });

  it('records refused requests with their address, and every change with the networks', async () => {
    const { admin, orgId } = await orgWithAllowlist(['203.0.113.0/24']);
    await admin.api.patch(INFO, { display_name: 'Renamed' }, OUTSIDE);

    const entries = await behindProxy.sql(
      `select client_host, succeeded, details from audit_entries
       where org_id = $1 and operation = 'update_organization_info' order by position`,
      [orgId],
    );

    expect(entries).toMatchObject([
      { client_host: '203.0.113.50', succeeded: true, details: { ip_allowlist: ['203.0.113.0/24'] } },
      { client_host: '198.51.100.50', succeeded: false },
    ]);
  });

  it.each([
    [['192.0.2.0/33'], [0]],
    [['192.0.2.1', 'example.com'], [1]],
    [['fe80::1%eth0'], [0]],
    [
      ['10.0.0.0/8/8', ' 10.0.0.1', '2001:db8::/129', ''],
      [0, 1, 2, 3],
    ],
  ])('refuses malformed networks: %j', async (networks, at) => {
    const { admin } = await behindProxy.fixtures.orgWithAdmin();
    const { status, body } = await admin.api.patch(INFO, { ip_allowlist: networks }, INSIDE);
    expect(status).toBe(422);
    expect(body.detail.map(({ loc }: { loc: unknown[] }) => loc)).toEqual(
      at.map((index) => ['body', 'ip_allowlist', index]),
    );
  });

  it('has at most 100 networks', async () => {
    const { admin } = await behindProxy.fixtures.orgWithAdmin();
    const networks = Array.from({ length: 101 }, (_, index) => `203.0.113.${index}`);
    expect((await admin.api.patch(INFO, { ip_allowlist: networks }, INSIDE)).status).toBe(422);
    expect((await admin.api.patch(INFO, { ip_allowlist: networks.slice(0, 100) }, INSIDE)).status).toBe(200);
  });
});

it("counts callbacks from the identity provider by the client's address, too", async () => {
  const t = await startTestApp({
    RATE_LIMIT_LOGINS_PER_MINUTE: '2',
    TRUSTED_PROXIES: '127.0.0.0/8',
    LANGSMITH_URL: 'http://localhost:1984',
    OAUTH_CLIENT_ID: 'tenantry',
    OAUTH_CLIENT_SECRET: 'hush',
    OAUTH_ISSUER_URL: 'http://localhost:9',
  });
  const comeBack = async (client: string) => {
    const headers = { 'x-forwarded-for': client };
    return (await t.api.get('/api/v1/oauth/custom-oidc/callback?state=none&code=none', { headers })).status;
  };

  const statuses = [];
  for (const client of ['203.0.113.1', '203.0.113.1', '203.0.113.1', '203.0.113.2'])
    statuses.push(await comeBack(client));

  expect(statuses).toEqual([400, 400, 429, 400]);
  await t.close();
});

it('ignores forwarded addresses from a client that is no trusted proxy', async () => {
  const statuses = [];
  for (const spoofed of ['203.0.113.1', '203.0.113.2', '203.0.113.3'])
    statuses.push((await logIn(open, spoofed)).status);

  expect(statuses).toEqual([200, 200, 429]);
  expect(await lastClient(open)).toMatchObject({ client_host: '127.0.0.1', client_port: expect.any(Number) });
});
