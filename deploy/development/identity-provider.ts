/**
 * The identity provider of deploy/compose.yaml, to try single sign-on: three users, any password. It forgets everything when
 * it ends, and accepts any client that knows the secret below; never use it for more than a trial.
 */
import { generateKeyPairSync } from 'node:crypto';
import { Provider } from 'oidc-provider';

const { ISSUER = 'http://localhost:4000', LANGSMITH_URL = 'http://localhost:1984' } = process.env;
const SCOPES = 'openid email profile offline_access';
const USERS = [
  { sub: 'ada', name: 'Ada Lovelace', groups: [] },
  { sub: 'ben', name: 'Ben Turing', groups: [] },
  { sub: 'cleo', name: 'Cleo Hopper', groups: ['Organization Admins'] },
];

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const provider = new Provider(ISSUER, {
  clients: [
    {
      client_id: 'tenantry',
      client_secret: 'a-secret-for-trials-only',
      redirect_uris: [`${LANGSMITH_URL}/api/v1/oauth/custom-oidc/callback`],
      post_logout_redirect_uris: [LANGSMITH_URL, `${LANGSMITH_URL}/`],
      backchannel_logout_uri: `${LANGSMITH_URL}/api/v1/oauth/custom-oidc/backchannel-logout`,
      backchannel_logout_session_required: true,
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
    },
  ],
  jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), kty: 'RSA', use: 'sig', alg: 'RS256' }] },
  cookies: { keys: ['for-trials-only'] },
  claims: {
    openid: ['sub', 'groups'],
    email: ['email', 'email_verified'],
    profile: ['name'],
  },
  features: { rpInitiatedLogout: { enabled: true }, backchannelLogout: { enabled: true } },
  fetch: (url, { method, headers, body, redirect, signal }: RequestInit = {}) =>
    fetch(url, { method, headers, body, redirect, signal }), // the library's own refuses loopback addresses
  pkce: { required: () => true },
  issueRefreshToken: () => Promise.resolve(true),
  findAccount: (_, sub) => {
    const user = USERS.find((each) => each.sub === sub);
    return (
      user && {
        accountId: sub,
        claims: () => ({ ...user, email: `${sub}@example.com`, email_verified: true }),
      }
    );
  },
  loadExistingGrant: async ({ oidc }) => {
    const { client, session } = oidc;
    if (!client || !session?.accountId) return undefined;
    const grant = new oidc.provider.Grant({ clientId: client.clientId, accountId: session.accountId });
    grant.addOIDCScope(SCOPES);
    await grant.save();
    return grant;
  },
});

provider.listen(Number(new URL(ISSUER).port), '0.0.0.0', () => {
  console.log(
    `Identity provider ${ISSUER}: ada (first admin), ben, cleo (in a group of admins); any password`,
  );
});
process.once('SIGTERM', () => process.exit(0));
