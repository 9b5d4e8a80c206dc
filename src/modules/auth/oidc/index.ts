export { checkProvider } from './check-provider.js';
export { IdentityProvider } from './identity-provider.js';
export { type AuthorizationSecrets, CALLBACK_PATH, requestedScopes } from './oidc-client.js';
export { OidcModule } from './oidc.module.js';
export { OidcStrategy } from './oidc.strategy.js';
export { type LogoutToken, ProviderLogout } from './provider-logout.js';
export {
  AuthorizationCodeRejected,
  errorCode,
  InvalidIdToken,
  InvalidLogoutToken,
  NOT_GRANTED,
  ProviderFailed,
  ProviderUnavailable,
  RejectedByProvider,
  SsoDisabled,
} from './provider/provider.errors.js';
export { requestTimeout } from './provider/provider-fetch.js';
export { type SsoIdentity, type SsoLogin, subjectClaim } from './provider/sso-identity.js';
export type { ProviderMetadata } from './provider/trusted-metadata.js';
export { SessionRenewal } from './session-renewal.js';
