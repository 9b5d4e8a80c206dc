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
import { ConfirmEmail } from './sign-in/email-confirmation/confirm-email.js';
import { ConfirmationLinks } from './sign-in/email-confirmation/confirmation-links.js';
import { ConfirmationStatus } from './sign-in/email-confirmation/confirmation-status.js';
import { EmailConfirmationsRepository } from './sign-in/email-confirmation/email-confirmations.repository.js';
import { EmailVerificationController } from './sign-in/email-confirmation/email-verification.controller.js';
import { UserProviders } from './sign-in/email-confirmation/user-providers.js';
import { SendConfirmation } from './sign-in/email-confirmation/send-confirmation.js';
import { LoginMethodsController } from './sign-in/login-methods/login-methods.controller.js';
import { OrgLoginMethodsService } from './sign-in/login-methods/login-methods.service.js';
import { CredentialResolver } from './authentication/credential-resolver.js';
import { RequestRateLimiter } from './authentication/request-rate-limiter.js';
import { BackchannelLogout } from './sign-in/logout/backchannel-logout.js';
import { LogOut } from './sign-in/logout/log-out.js';
import { LogoutController } from './sign-in/logout/logout.controller.js';
import { RefusedLogoutTokens } from './sign-in/logout/refused-logout-tokens.js';
import { UsedLogoutTokensRepository } from './sign-in/logout/used-logout-tokens.repository.js';
import { GrantAccess } from './sign-in/provisioning/grant-access.js';
import { GroupSync } from './sign-in/provisioning/group-sync.js';
import { RebindLogin } from './sign-in/provisioning/rebind-login.js';
import { RebindLoginCommand } from './sign-in/provisioning/rebind-login.command.js';
import { SignIn } from './sign-in/provisioning/sign-in.js';
import { SignInAccounts } from './sign-in/provisioning/sign-in-accounts.js';
import { SignInContextLoader } from './sign-in/provisioning/sign-in-context-loader.js';
import { SignInAudit } from './sign-in/provisioning/sign-in-audit.js';
import { SignInPersonResolver } from './sign-in/provisioning/sign-in-person-resolver.js';
import { CookieCredentials } from './authentication/cookie-credentials.js';
import { PrincipalLoader } from './authentication/principal-loader.js';
import { PrincipalsRepository } from './authentication/principals.repository.js';
import { BeginLogin } from './sign-in/sso-login/begin-login.js';
import { LoginAttempts } from './sign-in/sso-login/login-attempts.js';
import { FailedLogins } from './sign-in/sso-login/failed-logins.js';
import { FinishLogin } from './sign-in/sso-login/finish-login.js';
import { LoginCookie } from './sign-in/sso-login/login-cookie.js';
import { LoginVerification } from './sign-in/sso-login/login-verification.js';
import { SsoLoginController } from './sign-in/sso-login/sso-login.controller.js';
import { UsedLoginStatesRepository } from './sign-in/sso-login/used-login-states.repository.js';
import { WhoamiController } from './authentication/whoami.controller.js';
import { SessionsModule } from './sessions/index.js';
import { ApiKeysModule } from './api-keys/index.js';
import { OidcModule } from './oidc/index.js';
import { PasswordsModule } from './passwords/index.js';

const EMAIL_CONFIRMATION = [
  EmailConfirmationsRepository,
  UserProviders,
  ConfirmationLinks,
  SendConfirmation,
  ConfirmationStatus,
  ConfirmEmail,
];

const PROVISIONING = [
  SignInPersonResolver,
  SignInContextLoader,
  SignInAccounts,
  GroupSync,
  GrantAccess,
  SignInAudit,
  SignIn,
  RebindLogin,
  RebindLoginCommand,
];

const SSO_LOGIN = [
  LoginCookie,
  UsedLoginStatesRepository,
  LoginVerification,
  FailedLogins,
  BeginLogin,
  LoginAttempts,
  FinishLogin,
];

const LOGOUT = [UsedLogoutTokensRepository, RefusedLogoutTokens, LogOut, BackchannelLogout];

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
    PasswordsModule,
    OidcModule,
    ApiKeysModule,
    SessionsModule,
  ],
  controllers: [
    LoginMethodsController,
    EmailVerificationController,
    SsoLoginController,
    LogoutController,
    WhoamiController,
  ],
  providers: [
    ...SSO_LOGIN,
    ...LOGOUT,
    ...PROVISIONING,
    OrgLoginMethodsService,
    ...EMAIL_CONFIRMATION,
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
