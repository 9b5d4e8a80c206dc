import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
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
