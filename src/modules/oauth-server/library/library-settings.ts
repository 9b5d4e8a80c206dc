import type { ClientMetadata, Configuration } from 'oidc-provider';
import { DEVICE_GRANT, SCOPES } from '../../../common/oauth-values.js';

const ACCESS_TOKEN_SECONDS = 900;
const REFRESH_TOKEN_SECONDS = 30 * 24 * 3600;
const CODE_SECONDS = 60;
const DEVICE_CODE_SECONDS = 600;

/** Known everywhere: the command lines of LangSmith and of this product. They sign in with device codes only. */
const FIXED_CLIENTS: ClientMetadata[] = Object.entries({
  'langsmith-cli': 'LangSmith CLI',
  'tenantry-cli': 'Tenantry CLI',
}).map(([clientId, name]) => ({
  client_id: clientId,
  client_name: name,
  redirect_uris: [],
  response_types: [],
  grant_types: [DEVICE_GRANT, 'refresh_token'],
  token_endpoint_auth_method: 'none',
}));

const OFF = { enabled: false };

export const FEATURES: NonNullable<Configuration['features']> = {
  devInteractions: OFF,
  deviceFlow: {
    enabled: true,
    charset: 'base-20',
    mask: '****-****',
    deviceInfo: (ctx) => ({ ip: ctx.ip, userAgent: ctx.get('user-agent') }),
  },
  dPoP: OFF,
  pushedAuthorizationRequests: OFF,
  rpInitiatedLogout: OFF,
  userinfo: OFF,
};

export const SETTINGS: Configuration = {
  clients: FIXED_CLIENTS,
  clientAuthMethods: ['none', 'client_secret_basic', 'client_secret_post'],
  clientDefaults: {
    grant_types: ['authorization_code', 'refresh_token'], // of a metadata document without them
    id_token_signed_response_alg: 'RS256',
  },
  claims: {
    openid: ['sub'],
    profile: ['name', 'picture', 'ls_org_id', 'ls_org_name'],
    email: ['email', 'email_verified'],
  },
  clientBasedCORS: () => true,
  expiresWithSession: () => Promise.resolve(false),
  issueRefreshToken: (_, client) => Promise.resolve(client.grantTypeAllowed('refresh_token')),
  pkce: { required: () => true },
  responseTypes: ['code'],
  rotateRefreshToken: true,
  routes: { device_authorization: '/oauth/device/code', token: '/oauth/token' },
  scopes: SCOPES,
  ttl: {
    AccessToken: ACCESS_TOKEN_SECONDS,
    AuthorizationCode: CODE_SECONDS,
    DeviceCode: DEVICE_CODE_SECONDS,
    IdToken: ACCESS_TOKEN_SECONDS,
    RefreshToken: REFRESH_TOKEN_SECONDS,
  },
};
