import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { type Configuration, Provider } from 'oidc-provider';
import type { Account, ProviderOptions } from './identity-provider.js';

for (const level of ['info', 'warn'] as const) {
  const say = console[level];
  console[level] = (...words: unknown[]) => {
    if (!String(words[0]).includes('oidc-provider')) say(...words); // advice for providers in production
  };
}

export const CALLBACK_PATH = '/api/v1/oauth/custom-oidc/callback';
/** With characters that `client_secret_basic` encodes, and with those that it does not. */
export const CLIENT = { id: 'tenantry-test.client_1~', secret: "only-used_in.tests~!*'()+/=%&:?#a" };
export const PUBLIC_CLIENT = { id: 'tenantry-public' };

/** Shared by all providers, since generating a key is slow. */
export const signingKey: Promise<JWK> = generateKeyPair('RS256', { extractable: true })
  .then(({ privateKey }) => exportJWK(privateKey))
  .then((key) => ({ ...key, kid: 'test-key', alg: 'RS256', use: 'sig' }));

/**
 * The library's provider with our settings. This file is loaded once per worker, where its console is silenced; the
 * settings are created here since the library accepts only objects of its own realm.
 */
export const makeProvider = (
  issuer: string,
  options: ProviderOptions,
  accounts: ReadonlyMap<string, Account>,
  key: JWK,
): Provider => new Provider(issuer, configuration(options, accounts, { ...key }));

function configuration(
  { appUrl, idTokenSeconds = 3600, rotatesRefreshTokens = true, clientKey }: ProviderOptions,
  accounts: ReadonlyMap<string, Account>,
  key: JWK,
): Configuration {
  return {
    clients: clientsOf(appUrl, clientKey),
    acrValues: ['bronze', 'silver', 'gold'],
    jwks: { keys: [key] },
    cookies: { keys: ['only-used-in-tests'] },
    claims: {
      openid: [
        'sub',
        'groups',
        'oid',
        '_claim_names',
        'realm_access',
        'urn:zitadel:iam:org:project:roles',
        'amr',
        'session_expiry',
        'upn',
        'emails',
      ],
      email: ['email', 'email_verified'],
      profile: ['name', 'given_name', 'family_name', 'preferred_username'],
    },
    features: {
      rpInitiatedLogout: { enabled: true },
      backchannelLogout: { enabled: true },
      pushedAuthorizationRequests: {
        enabled: true,
        requirePushedAuthorizationRequests: clientKey !== undefined,
      },
    },
    ...(clientKey ? { clientAuthMethods: ['private_key_jwt'] } : {}),
    fetch: (url, { method, headers, body, redirect, signal }: RequestInit = {}) =>
      fetch(url, { method, headers, body, redirect, signal }), // without the library's guard against loopback addresses
    pkce: { required: () => true },
    ttl: {
      IdToken: idTokenSeconds,
      AccessToken: 600,
      AuthorizationCode: 60,
      Grant: 86_400,
      Interaction: 600,
      RefreshToken: 86_400,
      Session: 86_400,
    },
    issueRefreshToken: () => Promise.resolve(true),
    rotateRefreshToken: rotatesRefreshTokens,
    findAccount: (_, sub) => {
      const account = accounts.get(sub);
      return account && { accountId: sub, claims: () => ({ ...account, sub }) };
    },
    loadExistingGrant: async (ctx) => {
      const { client, session, params, provider } = ctx.oidc;
      const { acr, amr } = accounts.get(session!.accountId!) ?? {};
      Object.assign(session!, { acr, amr });
      const grant = new provider.Grant({ clientId: client!.clientId, accountId: session!.accountId! });
      grant.addOIDCScope(String(params!['scope']));
      await grant.save();
      return grant;
    },
  };
}

function clientsOf(appUrl: string, clientKey?: JWK): NonNullable<Configuration['clients']> {
  const shared = {
    redirect_uris: [`${appUrl}${CALLBACK_PATH}`, `${appUrl}/oauth-callback`],
    post_logout_redirect_uris: [appUrl, `${appUrl}/`],
    backchannel_logout_uri: `${appUrl}/api/v1/oauth/custom-oidc/backchannel-logout`,
    backchannel_logout_session_required: true,
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code' as const],
  };
  if (clientKey)
    return [
      {
        ...shared,
        client_id: CLIENT.id,
        token_endpoint_auth_method: 'private_key_jwt',
        jwks: { keys: [{ ...clientKey }] },
      },
    ];
  return [
    { ...shared, client_id: CLIENT.id, client_secret: CLIENT.secret },
    { ...shared, client_id: PUBLIC_CLIENT.id, token_endpoint_auth_method: 'none' },
  ];
}
