import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/index.js';
import { IdempotencyModule } from '../idempotency/index.js';
import { MembersModule } from '../members/index.js';
import { OrgsModule } from '../orgs/index.js';
import { RbacModule } from '../rbac/index.js';
import { UsersModule } from '../users/index.js';
import { SettingsModule } from '../settings/index.js';
import { InvitationsModule } from '../invitations/index.js';
import { WorkspacesModule } from '../workspaces/index.js';
import { AuthenticationGuard } from './authentication/authentication.guard.js';
import { CredentialResolver } from './authentication/credential-resolver.js';
import { RequestRateLimiter } from './authentication/request-rate-limiter.js';
import { CookieCredentials } from './authentication/cookie-credentials.js';
import { PrincipalLoader } from './authentication/principal-loader.js';
import { PrincipalsRepository } from './authentication/principals.repository.js';
import { WhoamiController } from './authentication/whoami.controller.js';
import { SessionsModule } from './sessions/index.js';
import { ApiKeysModule } from './api-keys/index.js';
import { OidcModule } from './oidc/index.js';
import { PasswordsModule } from './passwords/index.js';
import { SignInModule } from './sign-in/index.js';

/** Authentication: sessions, keys and passwords. Authorization is declared by the access rules of the handlers. */
@Module({
  imports: [
    AuditModule,
    IdempotencyModule,
    UsersModule,
    RbacModule,
    MembersModule,
    OrgsModule,
    WorkspacesModule,
    SettingsModule,
    InvitationsModule,
    SignInModule,
    PasswordsModule,
    OidcModule,
    ApiKeysModule,
    SessionsModule,
  ],
  controllers: [WhoamiController],
  providers: [
    PrincipalsRepository,
    RequestRateLimiter,
    CookieCredentials,
    CredentialResolver,
    PrincipalLoader,
    AuthenticationGuard,
  ],
  exports: [AuthenticationGuard, PrincipalLoader],
})
export class AuthModule {}
