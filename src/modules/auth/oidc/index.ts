export { IdentityProvider, type LogoutToken } from './identity-provider.js';
export { CALLBACK_PATH, OidcLogin } from './oidc-login.js';
export { OidcModule } from './oidc.module.js';
export type { AuthorizationSecrets } from './oidc.strategy.js';
export {
  errorCode,
  InvalidLogoutToken,
  ProviderUnavailable,
  SsoDisabled,
} from './provider/provider.errors.js';
export { requestTimeout } from './provider/provider-request.js';
export type { ProviderMetadata } from './provider/trusted-metadata.js';
export { SessionRenewal } from './session-renewal.js';
export type { SsoIdentity, SsoLogin } from './provider/sso-identity.js';
