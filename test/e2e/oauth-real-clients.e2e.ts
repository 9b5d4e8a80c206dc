import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { auth, extractWWWAuthenticateParams } from '@modelcontextprotocol/sdk/client/auth.js';
import { Client } from 'langsmith';
import type { Member, OrgWithAdmin } from '../support/fixtures.js';
import { McpClient } from '../support/mcp-client.js';
import {
  approveDevice,
  approveOnPage,
  CLI,
  DEVICE_GRANT,
  type OauthApp,
  refresh,
  signDeviceIn,
  startOauthApp,
  type Tokens,
} from '../support/oauth.js';

let t: OauthApp;
let org: OrgWithAdmin;
let member: Member;
beforeAll(async () => {
  t = await startOauthApp();
  org = await t.fixtures.orgWithAdmin();
});
beforeEach(async () => {
  member = await t.fixtures.member(org, { workspace: 'WORKSPACE_USER' });
});
afterAll(() => t.close());

const statusWith = async (token: string): Promise<number> =>
  (await fetch(`${t.issuer}/v1/workspaces`, { headers: { authorization: `Bearer ${token}` } })).status;

describe('the MCP SDK', () => {
  it('goes from a 401 through registration and consent to tokens, and refreshes them', async () => {
    const serverUrl = `${t.issuer}/v1/workspaces`;
    const app = new McpClient();

    const { resourceMetadataUrl } = extractWWWAuthenticateParams(await fetch(serverUrl));
    const step = (authorizationCode?: string) =>
      auth(app, {
        serverUrl,
        resourceMetadataUrl: resourceMetadataUrl!,
        ...(authorizationCode === undefined ? {} : { authorizationCode }),
      });
    const started = await step();
    const redirected = await approveOnPage(t, member, org.orgId, app.address);
    const finished = await step(redirected.searchParams.get('code')!);
    const first = app.tokens()!;
    const refreshed = await step();
    const second = app.tokens()!;

    expect([started, finished, refreshed]).toEqual(['REDIRECT', 'AUTHORIZED', 'AUTHORIZED']);
    expect(app.clientInformation()?.client_id).toMatch(/^dcr_/);
    expect(app.address.searchParams.get('resource')).toBe(t.issuer);
    expect(second.refresh_token).not.toBe(first.refresh_token);
    expect(await statusWith(second.access_token)).toBe(200);
  });

  it('finds the server without the header, and by the openid document alone', async () => {
    const app = new McpClient();
    const onlyOpenid: typeof fetch = (address, init) =>
      String(address).includes('oauth-authorization-server')
        ? Promise.resolve(new Response(null, { status: 404 }))
        : fetch(address, init);

    expect(await auth(app, { serverUrl: t.issuer, fetchFn: onlyOpenid })).toBe('REDIRECT');
    expect(app.address.href).toContain(`${t.issuer}/oauth/authorize?`);
  });
});

describe('the JavaScript SDK of LangSmith', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tenantry-profile-'));
  const file = join(folder, 'config.json');
  afterEach(() => rmSync(file, { force: true }));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** A call that this server has, too. */
  class SettingsClient extends Client {
    read() {
      return this['_getSettings']();
    }
  }
  type Profile = { api_url: string; oauth: Tokens & { expires_at: string } };
  const save = (apiUrl: string, tokens: Tokens, expiresInMs: number) => {
    const expires_at = new Date(Date.now() + expiresInMs).toISOString();
    const own: Profile = { api_url: apiUrl, oauth: { ...tokens, expires_at } };
    writeFileSync(file, JSON.stringify({ current_profile: 'own', profiles: { own } }));
  };
  const stored = () =>
    (JSON.parse(readFileSync(file, 'utf8')) as { profiles: { own: Profile } }).profiles.own.oauth;
  const newClient = () =>
    new SettingsClient({ profileConfigPath: file, profile: 'own', preferProfileAuth: true });

  it('calls with the access token of its profile', async () => {
    save(`${t.issuer}/v1`, await signDeviceIn(t, member, org.orgId), 900_000);

    expect(await newClient().read()).toMatchObject({ id: org.workspaceId });
  });

  it('refreshes an expired access token at the token endpoint that it discovers, and keeps the new tokens', async () => {
    const tokens = await signDeviceIn(t, member, org.orgId);
    await t.sql(
      `update oauth_artifacts a set expires_at = now() from oauth_grants g
       where g.id = a.grant_id and g.user_id = $1 and a.kind = 'AccessToken'`,
      [member.userId],
    );
    save(`${t.issuer}/v1`, tokens, -60_000);
    expect(await statusWith(tokens.access_token)).toBe(401);
    const own = newClient();

    const settings = await Promise.all([own.read(), newClient().read()]);

    for (const each of settings) expect(each).toMatchObject({ id: org.workspaceId });
    const kept = stored();
    expect(kept.refresh_token).not.toBe(tokens.refresh_token);
    expect(Date.parse(kept.expires_at)).toBeGreaterThan(Date.now() + 800_000);
    expect(await statusWith(kept.access_token)).toBe(200);
    expect((await refresh(t, kept.refresh_token)).status).toBe(200);
  });

  it('fails with 401 once the person has revoked the application', async () => {
    const tokens = await signDeviceIn(t, member, org.orgId);
    await t.post('/api/v1/oauth/revoke', { token: tokens.refresh_token });
    save(`${t.issuer}/v1`, tokens, -60_000);

    await expect(newClient().read()).rejects.toMatchObject({ status: 401 });
  });
});

/** Its requests in their order: ../../docs/contract/oauth.md#devices. */
describe('the command line of LangSmith', () => {
  type Metadata = Record<string, string>;
  const form = (address: string, parameters: Record<string, string>) =>
    fetch(address, { method: 'POST', body: new URLSearchParams(parameters) });

  /** The first of its addresses whose document is about this address and has the endpoints on the same host. */
  async function discover(configured: string): Promise<Metadata> {
    const given = configured.replace(/\/+$/, '').replace(/\/api\/v1$/, '');
    const root = given.replace(/\/api$/, '');
    for (const candidate of new Set([given, `${root}/api`, root])) {
      const response = await fetch(`${candidate}/.well-known/oauth-authorization-server`);
      expect(response.status).toBeLessThan(405); // others count as an outage
      const isJson = response.headers.get('content-type')?.includes('json') ?? false;
      if (!response.ok || !isJson) continue;
      const metadata = (await response.json()) as Metadata;
      const endpoints = ['token', 'device_authorization', 'registration'] as const;
      const { origin } = new URL(metadata['issuer']!);
      for (const name of endpoints) expect(new URL(metadata[`${name}_endpoint`]!).origin).toBe(origin);
      if (metadata['issuer'] === candidate) return metadata;
    }
    throw new Error('no document');
  }

  it.each(['', '/', '/api', '/api/v1'])('signs in with the address of the server and "%s"', async (path) => {
    const metadata = await discover(t.url + path);
    const [resource, endpoint] = [metadata['issuer']!, metadata['token_endpoint']!];
    const started = await form(metadata['device_authorization_endpoint']!, { client_id: CLI, resource });
    const device = (await started.json()) as Record<string, string>;
    const poll = { grant_type: DEVICE_GRANT, client_id: CLI, device_code: device['device_code']!, resource };

    const first = await form(endpoint, poll);
    await approveDevice(t, member, org.orgId, device['user_code']!);
    await t.sql("update oauth_artifacts set polled_at = polled_at - interval '5 seconds'");
    const second = await form(endpoint, poll);
    const tokens = (await second.json()) as Tokens & { expires_in: number };
    const refreshed = await form(endpoint, {
      grant_type: 'refresh_token',
      client_id: CLI,
      refresh_token: tokens.refresh_token,
      resource,
    });

    expect([first.status, await first.json()]).toMatchObject([400, { error: 'authorization_pending' }]);
    expect(second.status).toBe(200);
    expect(tokens.expires_in).toBeGreaterThan(60);
    expect(refreshed.status).toBe(200);
    expect(await statusWith(((await refreshed.json()) as Tokens).access_token)).toBe(200);
  });

  it('signs in at the addresses that it knows without a document', async () => {
    const started = await form(`${t.url}/oauth/device/code`, { client_id: CLI, resource: t.issuer });
    const device = (await started.json()) as Record<string, string>;
    await approveDevice(t, member, org.orgId, device['user_code']!);

    const poll = { grant_type: DEVICE_GRANT, client_id: CLI, device_code: device['device_code']! };
    expect((await form(`${t.url}/oauth/token`, poll)).status).toBe(200);
  });
});
