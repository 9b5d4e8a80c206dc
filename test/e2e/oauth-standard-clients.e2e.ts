import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import * as oauth from 'oauth4webapi';
import * as client from 'openid-client';
import type { Member, OrgWithAdmin } from '../support/fixtures.js';
import { approveDevice, approveOnPage, CLI, type OauthApp, startOauthApp } from '../support/oauth.js';

const CLIENTS = '/v1/platform/oauth/clients';
const CALLBACK = 'https://app.example.com/callback';
const SCOPE = 'openid profile email offline_access';

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

type Created = { client: { client_id: string }; client_secret: string };
async function newClient(kind: 'public' | 'confidential'): Promise<{ id: string; secret: string }> {
  const metadata = { client_name: 'Reports', client_type: kind, redirect_uris: [CALLBACK] };
  const { body } = await org.admin.api.post(CLIENTS, metadata);
  const created = body as Created;
  return { id: created.client.client_id, secret: created.client_secret };
}

describe.each(['oauth2', 'oidc'] as const)('openid-client after discovery of %s', (algorithm) => {
  /** It verifies the signature of ID tokens, too. */
  async function discover(id: string, authentication = client.None()) {
    return client.discovery(new URL(t.issuer), id, undefined, authentication, {
      algorithm,
      execute: [client.allowInsecureRequests, client.enableNonRepudiationChecks],
    });
  }

  async function signIn(config: client.Configuration) {
    const verifier = client.randomPKCECodeVerifier();
    const [state, nonce] = [client.randomState(), client.randomNonce()];
    const address = client.buildAuthorizationUrl(config, {
      redirect_uri: CALLBACK,
      scope: SCOPE,
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      ...{ state, nonce, resource: t.issuer },
    });
    const redirected = await approveOnPage(t, member, org.orgId, address);
    const checks = { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce };
    return client.authorizationCodeGrant(config, redirected, { ...checks, idTokenExpected: true });
  }

  it('gets tokens for a code, of which the ID token is valid, and refreshes and revokes them', async () => {
    const config = await discover((await newClient('public')).id);

    const tokens = await signIn(config);
    const user = await client.fetchUserInfo(config, tokens.access_token, member.userId);
    const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token!);
    await client.tokenRevocation(config, refreshed.refresh_token!);

    expect(tokens.claims()).toMatchObject({ iss: t.issuer, sub: member.userId, email: member.email });
    expect(tokens.expiresIn()).toBeGreaterThan(60);
    expect(user).toMatchObject({ sub: member.userId, email: member.email, ls_org_id: org.orgId });
    expect(refreshed.claims()).toMatchObject({ sub: member.userId });
    await expect(client.refreshTokenGrant(config, refreshed.refresh_token!)).rejects.toMatchObject({
      error: 'invalid_grant',
    });
    await expect(client.fetchUserInfo(config, refreshed.access_token, member.userId)).rejects.toMatchObject({
      status: 401,
    });
  });

  it.each([
    ['Basic', client.ClientSecretBasic],
    ['the form', client.ClientSecretPost],
  ])('authenticates a confidential client with %s, and with no other secret', async (_, authenticate) => {
    const { id, secret } = await newClient('confidential');
    const config = await discover(id, authenticate(secret));

    const tokens = await signIn(config);
    const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token!);

    expect(refreshed.claims()).toMatchObject({ sub: member.userId, aud: id });
    for (const other of [authenticate('tnt_cs_other'), client.None()])
      await expect(
        client.refreshTokenGrant(await discover(id, other), refreshed.refresh_token!),
      ).rejects.toThrow(/invalid_client|unexpected HTTP response|server responded/);
    expect((await client.refreshTokenGrant(config, refreshed.refresh_token!)).access_token).toMatch(
      /^tnt_at_/,
    );
  });

  it('signs a device in', async () => {
    const config = await discover(CLI);

    const device = await client.initiateDeviceAuthorization(config, { scope: 'openid', resource: t.issuer });
    const polled = client.pollDeviceAuthorizationGrant(config, device, { resource: t.issuer });
    await approveDevice(t, member, org.orgId, device.user_code);
    const tokens = await polled;

    expect(tokens.claims()).toMatchObject({ sub: member.userId, aud: CLI });
    const api = new URL(`${t.issuer}/v1/workspaces`);
    expect((await client.fetchProtectedResource(config, tokens.access_token, api, 'GET')).status).toBe(200);
  });
});

describe('oauth4webapi', () => {
  const insecure = { [oauth.allowInsecureRequests]: true };
  const none = oauth.None();
  let server: oauth.AuthorizationServer;
  beforeAll(async () => {
    const issuer = new URL(t.issuer);
    const response = await oauth.discoveryRequest(issuer, { ...insecure, algorithm: 'oauth2' });
    server = await oauth.processDiscoveryResponse(issuer, response);
  });

  it('finds the authorization server by the metadata of the resource', async () => {
    const resource = new URL(t.issuer);

    const response = await oauth.resourceDiscoveryRequest(resource, insecure);
    const metadata = await oauth.processResourceDiscoveryResponse(resource, response);

    expect(metadata.authorization_servers).toEqual([server.issuer]);
  });

  it('finds that neither introspection nor pushed requests are offered', async () => {
    const asked = { client_id: CLI };

    await expect(oauth.introspectionRequest(server, asked, none, 'x', insecure)).rejects.toMatchObject({
      code: oauth.MISSING_SERVER_METADATA,
    });
    await expect(oauth.pushedAuthorizationRequest(server, asked, none, {}, insecure)).rejects.toMatchObject({
      code: oauth.MISSING_SERVER_METADATA,
    });
  });

  it('registers, gets tokens for a code, and refreshes and revokes them', async () => {
    const registered = await oauth.processDynamicClientRegistrationResponse(
      await oauth.dynamicClientRegistrationRequest(
        server,
        { client_name: 'Example', redirect_uris: ['http://127.0.0.1/callback'] },
        insecure,
      ),
    );
    const app: oauth.Client = { ...registered, client_id: registered.client_id };
    const [verifier, state, nonce] = [
      oauth.generateRandomCodeVerifier(),
      oauth.generateRandomState(),
      oauth.generateRandomNonce(),
    ];
    const redirectUri = 'http://127.0.0.1:51234/callback';
    const address = new URL(server.authorization_endpoint!);
    address.search = new URLSearchParams({
      response_type: 'code',
      client_id: app.client_id,
      redirect_uri: redirectUri,
      scope: SCOPE,
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      ...{ state, nonce },
    }).toString();

    const redirected = await approveOnPage(t, member, org.orgId, address);
    const parameters = oauth.validateAuthResponse(server, app, redirected, state);
    const code = await oauth.authorizationCodeGrantRequest(
      ...([server, app, none, parameters, redirectUri, verifier, insecure] as const),
    );
    const tokens = await oauth.processAuthorizationCodeResponse(server, app, code, {
      expectedNonce: nonce,
      requireIdToken: true,
    });
    await oauth.validateApplicationLevelSignature(server, code, insecure);
    const { sub } = oauth.getValidatedIdTokenClaims(tokens)!;
    const userinfo = await oauth.userInfoRequest(server, app, tokens.access_token, insecure);
    const user = await oauth.processUserInfoResponse(server, app, sub, userinfo);
    const refresh = await oauth.refreshTokenGrantRequest(server, app, none, tokens.refresh_token!, insecure);
    const refreshed = await oauth.processRefreshTokenResponse(server, app, refresh);
    const revoked = await oauth.revocationRequest(server, app, none, refreshed.refresh_token!, insecure);
    await oauth.processRevocationResponse(revoked);

    expect(user).toMatchObject({ sub: member.userId, email_verified: true });
    expect(oauth.getValidatedIdTokenClaims(refreshed)).toMatchObject({ sub, aud: app.client_id });
    const api = new URL(`${t.issuer}/v1/workspaces`);
    await expect(
      oauth.protectedResourceRequest(refreshed.access_token, 'GET', api, undefined, undefined, insecure),
    ).rejects.toMatchObject({
      code: oauth.WWW_AUTHENTICATE_CHALLENGE,
      cause: [
        {
          scheme: 'bearer',
          parameters: {
            error: 'invalid_token',
            resource_metadata: `${t.issuer}/.well-known/oauth-protected-resource`,
          },
        },
      ],
    });
  });

  it('refuses a response without the issuer, or with another one', () => {
    for (const iss of ['', '&iss=https://attacker.example']) {
      const response = new URLSearchParams(`code=x&state=y${iss}`);
      expect(() => oauth.validateAuthResponse(server, { client_id: CLI }, response, 'y')).toThrow('iss');
    }
  });

  it('signs a device in', async () => {
    const app: oauth.Client = { client_id: CLI };

    const asked = await oauth.deviceAuthorizationRequest(server, app, none, { scope: 'openid' }, insecure);
    const device = await oauth.processDeviceAuthorizationResponse(server, app, asked);
    await approveDevice(t, member, org.orgId, device.user_code);
    const polled = await oauth.deviceCodeGrantRequest(server, app, none, device.device_code, insecure);
    const tokens = await oauth.processDeviceCodeResponse(server, app, polled);

    expect(oauth.getValidatedIdTokenClaims(tokens)).toMatchObject({ sub: member.userId, aud: CLI });
  });
});
