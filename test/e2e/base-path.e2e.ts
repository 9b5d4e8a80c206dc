import type { Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Browser } from '../support/browser.js';
import { freePort } from '../support/free-port.js';
import { BASE, type Gateway, KEEPING, NGINX_OF_CHART, startGateway } from '../support/gateway.js';
import { TestIdentityProvider } from '../support/identity-provider.js';
import { ADMIN, startTestApp, type TestApp } from '../support/test-app.js';

const GATEWAYS: readonly (readonly [string, Gateway])[] = [
  ['a proxy that keeps the base path', KEEPING],
  ['the nginx of the LangSmith chart, which strips it', NGINX_OF_CHART],
];

describe.each(GATEWAYS)('behind %s', (_, gateway) => {
  let t: TestApp;
  let idp: TestIdentityProvider;
  let server: Server;
  let publicUrl: string;
  let key: string;

  beforeAll(async () => {
    const port = await freePort();
    ({ url: publicUrl, server } = await startGateway(gateway, `http://127.0.0.1:${port}`));
    idp = await TestIdentityProvider.start({ appUrl: publicUrl });
    t = await startTestApp({ ...idp.environment, PORT: String(port) });
    idp.account({ sub: 'the-admin', email: ADMIN.email, email_verified: true });
  });
  afterAll(async () => {
    server.closeAllConnections();
    server.close();
    await Promise.all([t?.close(), idp?.stop()]);
  });

  const ask = (path: string, init: RequestInit = {}) =>
    fetch(`${publicUrl}${path}`, { redirect: 'manual', ...init });

  const send = (method: string, path: string, headers: Record<string, string>, body: unknown = {}) =>
    ask(path, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });

  it('signs in by single sign-on, and the session is valid below the base path', async () => {
    const browser = new Browser();

    const page = await idp.logIn(browser, 'the-admin');

    expect(page).toMatchObject({ status: 302, location: publicUrl });
    const { origin } = new URL(publicUrl);
    const cookie = { ...browser.cookieHeader(origin), origin };
    const created = await send('POST', '/api/v1/orgs/current/personal-access-tokens', cookie);
    expect(created.status).toBe(200);
    ({ key } = (await created.json()) as { key: string });
  });

  it.each([
    ['/api/v1/ok', 200],
    ['/api/v1/info', 200],
    ['/api/v1/info/health', 200],
    ['/api/info', 200],
    ['/api/v1/orgs/current', 200],
    ['/api/orgs/current', 200],
    ['/api/v1/workspaces?limit=1', 200],
    ['/api/v1/me/ls_user_id', 403],
    ['/api/v1/me', 404],
    ['/api/v1/auth/public', 200],
    ['/api/v1/platform/orgs/current/scim/tokens', 200],
    ['/api/v1/oauth/custom-oidc/login', 302],
    ['/api/oauth/custom-oidc/login', 302],
    ['/scim/v2/Users', 401],
    ['/api/docs', 200],
    ['/api/redoc', 200],
    ['/api/openapi.json', 200],
  ])('serves %s with status %i', async (path, status) => {
    const reply = await ask(path, { headers: { 'x-api-key': key } });

    expect({ path, status: reply.status }).toEqual({ path, status });
    if (status === 404) expect(await reply.json()).toEqual({ detail: expect.any(String) });
  });

  it('sends the provider an address below the base path', async () => {
    const login = await ask('/api/v1/oauth/custom-oidc/login');

    const { searchParams } = new URL(login.headers.get('location') ?? '');
    expect(searchParams.get('redirect_uri')).toBe(`${publicUrl}/api/v1/oauth/custom-oidc/callback`);
  });

  it('handles a form post of the provider to the callback of the front end', async () => {
    const reply = await ask('/oauth-callback', {
      method: 'POST',
      body: new URLSearchParams({ state: 'x', code: 'y' }),
    });

    expect(reply.headers.get('location') ?? publicUrl).toContain(publicUrl);
    expect(reply.status).not.toBe(404);
  });

  it('names SCIM resources below the base path', async () => {
    const token = await send(
      'POST',
      '/api/v1/platform/orgs/current/scim/tokens',
      { 'x-api-key': key },
      { name: 'x' },
    );
    const { token: secret } = (await token.json()) as { token: string };
    const headers = { authorization: `Bearer ${secret}` };
    const user = { schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName: 'grace@example.com' };

    const created = await send('POST', '/scim/v2/Users', headers, user);

    const { id, meta } = (await created.json()) as { id: string; meta: { location: string } };
    const location = `${publicUrl}/scim/v2/Users/${id}`;
    expect([created.status, meta.location, created.headers.get('location')]).toEqual([
      201,
      location,
      location,
    ]);
    expect((await fetch(location, { headers })).status).toBe(200);
  });

  it('serves the reference with all its files and the address of the API', async () => {
    const page = await (await ask('/api/docs')).text();
    const links = [...page.matchAll(/(?:href|src)="([^"#]+)"/g)].map(([, link = '']) => link);
    const files = links.map((link) => new URL(link, `${publicUrl}/api/docs`).href);

    expect(links).toHaveLength(4);
    for (const file of files) expect([file, (await fetch(file)).status]).toEqual([file, 200]);
    expect(page).toContain(`data-base="${BASE}"`);
    expect(await (await ask('/api/openapi.json')).json()).toMatchObject({ servers: [{ url: publicUrl }] });
  });

  it('leads from the reference with a slash at its end to the one without', async () => {
    const { status, headers } = await ask('/api/docs/');

    expect(status).toBe(308);
    expect(new URL(headers.get('location') ?? '', `${publicUrl}/api/docs/`).href).toBe(
      `${publicUrl}/api/docs`,
    );
  });
});

describe('a server whose public address has https and a base path', () => {
  let t: TestApp;
  beforeAll(async () => {
    t = await startTestApp({ LANGSMITH_URL: `https://tenantry.example.com${BASE}` });
  });
  afterAll(() => t.close());

  it.each(['/health', '/ok', `${BASE}/ok`])('responds to probes on %s', async (path) => {
    expect((await fetch(`${t.url}${path}`)).status).toBe(200);
  });

  it.each(['/health', '/api/v1/nothing', '/api/v1/%zz', '/api/v1/orgs/current', '/docs', '/console/'])(
    'tells browsers on %s to use https for a year, without subdomains and preload lists',
    async (path) => {
      const { headers } = await fetch(`${t.url}${path}`);

      expect(headers.get('strict-transport-security')).toBe('max-age=31536000');
    },
  );
});
