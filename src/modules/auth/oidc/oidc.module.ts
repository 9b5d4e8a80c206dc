import { Module } from '@nestjs/common';
import { SessionsModule } from '../../sessions/index.js';
import { IdentityProvider } from './identity-provider.js';
import { OidcClient } from './oidc-client.js';
import { OidcStrategy } from './oidc.strategy.js';
import { ProviderLogout } from './provider-logout.js';
import { ProviderClient } from './provider/provider-client.js';
import { ProviderFetch } from './provider/provider-fetch.js';
import { SessionRenewal } from './session-renewal.js';

/** The OpenID Connect client: the identity provider, its tokens and claims, and the renewal of sessions with it. */
@Module({
  imports: [SessionsModule],
  providers: [
    ProviderFetch,
    IdentityProvider,
    ProviderClient,
    OidcClient,
    OidcStrategy,
    ProviderLogout,
    SessionRenewal,
  ],
  exports: [IdentityProvider, OidcStrategy, ProviderLogout, SessionRenewal],
})
export class OidcModule {}
