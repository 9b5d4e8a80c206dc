import { Module } from '@nestjs/common';
import { SessionsModule } from '../../sessions/index.js';
import { IdentityProvider } from './identity-provider.js';
import { OidcLogin } from './oidc-login.js';
import { OidcStrategy } from './oidc.strategy.js';
import { ClientAuthentication } from './provider/client-authentication.js';
import { Discovery } from './provider/discovery.js';
import { KeySet } from './provider/key-set.js';
import { ProviderClient } from './provider/provider-client.js';
import { TokenEndpoint } from './provider/token-endpoint.js';
import { UserInfo } from './provider/user-info.js';
import { SessionRenewal } from './session-renewal.js';

/** The OpenID Connect client: the identity provider, its tokens and claims, and the renewal of sessions with it. */
@Module({
  imports: [SessionsModule],
  providers: [
    ProviderClient,
    Discovery,
    KeySet,
    ClientAuthentication,
    TokenEndpoint,
    UserInfo,
    IdentityProvider,
    OidcStrategy,
    OidcLogin,
    SessionRenewal,
  ],
  exports: [IdentityProvider, OidcLogin, SessionRenewal],
})
export class OidcModule {}
