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
import { ApiKeysController } from './api-keys/api-keys.controller.js';
import { ApiKeysRepository } from './api-keys/api-keys.repository.js';
import { ApiKeysService } from './api-keys/api-keys.service.js';
import { CallerKeys } from './api-keys/caller-keys.js';
import { ChangeServiceKey } from './api-keys/change-service-key.js';
import { KeysLastUsedJob } from './api-keys/keys-last-used.job.js';
import {
  CurrentApiKeysController,
  PersonalAccessTokensController,
} from './api-keys/personal-access-tokens.controller.js';
import { PersonalAccessTokensService } from './api-keys/personal-access-tokens.service.js';
import { ReportCreatedKeys } from './api-keys/report-created-keys.js';
import { ServiceKeyRights } from './api-keys/service-key-rights.js';
import { ServiceKeysController } from './api-keys/service-keys.controller.js';
import { ServiceKeysService } from './api-keys/service-keys.service.js';
import { AuthenticationGuard } from './authentication.guard.js';
import { AddBasicMembers } from './basic/add-basic-members.js';
import { BasicLoginService } from './basic/basic-login.service.js';
import { BasicMembersController } from './basic/basic-members.controller.js';
import { BasicMembersService } from './basic/basic-members.service.js';
import { ConfirmEmail } from './email-confirmation/confirm-email.js';
import { ConfirmationLinks } from './email-confirmation/confirmation-links.js';
import { ConfirmationStatus } from './email-confirmation/confirmation-status.js';
import { EmailConfirmationsRepository } from './email-confirmation/email-confirmations.repository.js';
import { EmailVerificationController } from './email-confirmation/email-verification.controller.js';
import { UserProviders } from './email-confirmation/user-providers.js';
import { SendConfirmation } from './email-confirmation/send-confirmation.js';
import { LoginMethodsController } from './login-methods/login-methods.controller.js';
import { OrgLoginMethodsService } from './login-methods/login-methods.service.js';
import { LoginController } from './login.controller.js';
import { LoginAudit } from './login-audit.js';
import { LoginNetworks } from './login-networks/login-networks.js';
import { LoginNetworksRepository } from './login-networks/login-networks.repository.js';
import { LoginThrottle } from './login-throttle.js';
import { CreateInvitedAccounts } from './basic/create-invited-accounts.js';
import { PasswordLogin } from './password-login.js';
import { PasswordsRepository } from './basic/passwords.repository.js';
import { PasswordsService } from './basic/passwords.service.js';
import { RejectUnprovedPasswords } from './basic/reject-unproved-passwords.js';
import { ResetPassword } from './basic/reset-password.js';
import { ResetPasswordCommand } from './basic/reset-password.command.js';
import { CredentialResolver } from './credential-resolver.js';
import { RequestRateLimiter } from './request-rate-limiter.js';
import { BackchannelLogout } from './logout/backchannel-logout.js';
import { LogOut } from './logout/log-out.js';
import { LogoutController } from './logout/logout.controller.js';
import { RefusedLogoutTokens } from './logout/refused-logout-tokens.js';
import { UsedLogoutTokensRepository } from './logout/used-logout-tokens.repository.js';
import { GrantAccess } from './provisioning/grant-access.js';
import { GroupSync } from './provisioning/group-sync.js';
import { RebindLogin } from './provisioning/rebind-login.js';
import { RebindLoginCommand } from './provisioning/rebind-login.command.js';
import { SignIn } from './provisioning/sign-in.js';
import { SignInAccounts } from './provisioning/sign-in-accounts.js';
import { SignInContextLoader } from './provisioning/sign-in-context-loader.js';
import { SignInAudit } from './provisioning/sign-in-audit.js';
import { SignInPersonResolver } from './provisioning/sign-in-person-resolver.js';
import { BreakGlassSession } from './break-glass/break-glass-session.js';
import { BreakGlassLogin } from './break-glass/break-glass-login.js';
import { BreakGlassPasswordsRepository } from './break-glass/break-glass-passwords.repository.js';
import { BreakGlassWindow } from './break-glass/break-glass-window.js';
import { BreakGlassCommand } from './break-glass/break-glass.command.js';
import { OpenBreakGlass } from './break-glass/open-break-glass.js';
import { WarnAboutOpenBreakGlass } from './break-glass/warn-about-open-break-glass.js';
import { CookieCredentials } from './cookie-credentials.js';
import { PrincipalLoader } from './principal-loader.js';
import { PrincipalsRepository } from './principals.repository.js';
import { Assignments } from './service-accounts/assignments.js';
import { ServiceAccountsController } from './service-accounts/service-accounts.controller.js';
import { ServiceAccountsRepository } from './service-accounts/service-accounts.repository.js';
import { ServiceAccountsService } from './service-accounts/service-accounts.service.js';
import { SessionRenewal } from './session-renewal.js';
import { EndSessionsWhenMemberRemoved } from './sessions/end-sessions-when-member-removed.js';
import { SessionCookie } from './sessions/session-cookie.js';
import { SessionSecrets } from './sessions/session-secrets.js';
import { SessionToken } from './sessions/session-token.js';
import { SessionsRepository } from './sessions/sessions.repository.js';
import { SessionsService } from './sessions/sessions.service.js';
import { SsoSessions } from './sessions/sso-sessions.js';
import { SsoSessionsRepository } from './sessions/sso-sessions.repository.js';
import { BeginLogin } from './sso-login/begin-login.js';
import { FailedLogins } from './sso-login/failed-logins.js';
import { FinishLogin } from './sso-login/finish-login.js';
import { IdentityProvider } from './sso/identity-provider.js';
import { LoginCookie } from './sso-login/login-cookie.js';
import { LoginVerification } from './sso-login/login-verification.js';
import { OidcLogin } from './sso/oidc-login.js';
import { OidcStrategy } from './sso/oidc.strategy.js';
import { Discovery } from './sso/provider/discovery.js';
import { KeySet } from './sso/provider/key-set.js';
import { TokenEndpoint } from './sso/provider/token-endpoint.js';
import { SsoLoginController } from './sso-login/sso-login.controller.js';
import { UsedLoginStatesRepository } from './sso-login/used-login-states.repository.js';
import { WhoamiController } from './whoami.controller.js';

const SESSIONS = [
  SessionToken,
  SessionsRepository,
  SessionsService,
  EndSessionsWhenMemberRemoved,
  SessionCookie,
  SessionSecrets,
  SsoSessionsRepository,
  SsoSessions,
  SessionRenewal,
];

const API_KEYS = [
  ApiKeysRepository,
  CallerKeys,
  ApiKeysService,
  PersonalAccessTokensService,
  ServiceKeysService,
  ServiceKeyRights,
  ChangeServiceKey,
  ReportCreatedKeys,
  KeysLastUsedJob,
];

const SERVICE_ACCOUNTS = [ServiceAccountsRepository, ServiceAccountsService, Assignments];

const BASIC = [
  LoginNetworksRepository,
  LoginNetworks,
  LoginThrottle,
  LoginAudit,
  PasswordsRepository,
  PasswordsService,
  ResetPassword,
  ResetPasswordCommand,
  BasicLoginService,
  PasswordLogin,
  BasicMembersService,
  AddBasicMembers,
  CreateInvitedAccounts,
  RejectUnprovedPasswords,
];

const BREAK_GLASS = [
  BreakGlassPasswordsRepository,
  BreakGlassWindow,
  OpenBreakGlass,
  BreakGlassSession,
  BreakGlassLogin,
  BreakGlassCommand,
  WarnAboutOpenBreakGlass,
];

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

const PROVIDER = [Discovery, KeySet, TokenEndpoint, IdentityProvider, OidcStrategy, OidcLogin];

const SSO_LOGIN = [
  LoginCookie,
  UsedLoginStatesRepository,
  LoginVerification,
  FailedLogins,
  BeginLogin,
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
  ],
  controllers: [
    LoginController,
    LoginMethodsController,
    EmailVerificationController,
    SsoLoginController,
    BasicMembersController,
    CurrentApiKeysController,
    ApiKeysController,
    PersonalAccessTokensController,
    ServiceKeysController,
    ServiceAccountsController,
    LogoutController,
    WhoamiController,
  ],
  providers: [
    ...SESSIONS,
    ...API_KEYS,
    ...SERVICE_ACCOUNTS,
    ...BASIC,
    ...PROVIDER,
    ...SSO_LOGIN,
    ...LOGOUT,
    ...PROVISIONING,
    ...BREAK_GLASS,
    OrgLoginMethodsService,
    ...EMAIL_CONFIRMATION,
    PrincipalsRepository,
    RequestRateLimiter,
    CookieCredentials,
    CredentialResolver,
    PrincipalLoader,
    AuthenticationGuard,
  ],
  exports: [
    AuthenticationGuard,
    CallerKeys,
    IdentityProvider,
    PrincipalLoader,
    PasswordsService,
    SessionsService,
  ],
})
export class AuthModule {}
