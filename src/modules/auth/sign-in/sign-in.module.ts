import { Module } from '@nestjs/common';
import { AuditModule } from '../../audit/index.js';
import { InvitationsModule } from '../../invitations/index.js';
import { MembersModule } from '../../members/index.js';
import { OrgsModule } from '../../orgs/index.js';
import { RolesModule } from '../../roles/index.js';
import { SettingsModule } from '../../settings/index.js';
import { UsersModule } from '../../users/index.js';
import { UserGroupsModule } from '../../user-groups/index.js';
import { WorkspacesModule } from '../../workspaces/index.js';
import { OidcModule } from '../oidc/index.js';
import { PasswordsModule } from '../../passwords/index.js';
import { SessionsModule } from '../../sessions/index.js';
import { ConfirmEmail } from './email-confirmation/confirm-email.js';
import { ConfirmationLinks } from './email-confirmation/confirmation-links.js';
import { ConfirmationStatus } from './email-confirmation/confirmation-status.js';
import { EmailConfirmationsRepository } from './email-confirmation/email-confirmations.repository.js';
import { EmailVerificationController } from './email-confirmation/email-verification.controller.js';
import { ConfirmationMail } from './email-confirmation/confirmation-mail.js';
import { SendConfirmation } from './email-confirmation/send-confirmation.js';
import { UserProviders } from './email-confirmation/user-providers.js';
import { LoginMethodsController } from './login-methods/login-methods.controller.js';
import { OrgLoginMethodsService } from './login-methods/org-login-methods.service.js';
import { BackchannelLogout } from './logout/backchannel-logout.js';
import { FrontchannelLogout } from './logout/frontchannel-logout.js';
import { LogOut } from './logout/log-out.js';
import { SignedOutController } from './logout/signed-out.controller.js';
import { RetryLink } from './sso-login/failure/retry-link.js';
import { LogoutController } from './logout/logout.controller.js';
import { UsedLogoutTokensRepository } from './logout/used-logout-tokens.repository.js';
import { GrantAccess } from './provisioning/grant-access.js';
import { GroupSync } from './provisioning/group-sync.js';
import { ResolveClaimedGroups } from './provisioning/resolve-claimed-groups.js';
import { RebindLoginCommand } from './provisioning/rebind-login.command.js';
import { RebindLogin } from './provisioning/rebind-login.js';
import { SignInAccounts } from './provisioning/sign-in-accounts.js';
import { SignInAudit } from './provisioning/sign-in-audit.js';
import { SignInOrgLoader } from './provisioning/sign-in-org-loader.js';
import { SignInContextLoader } from './provisioning/sign-in-context-loader.js';
import { SignInPersonResolver } from './provisioning/sign-in-person-resolver.js';
import { SignIn } from './provisioning/sign-in.js';
import { BeginLogin } from './sso-login/begin-login.js';
import { LoginAttempts } from './sso-login/attempt/login-attempts.js';
import { FailedLogins } from './sso-login/failed-logins.js';
import { FinishFormLogin } from './sso-login/finish-form-login.js';
import { FinishLogin } from './sso-login/finish-login.js';
import { LoginCookie } from './sso-login/attempt/login-cookie.js';
import { LoginVerification } from './sso-login/login-verification.js';
import { SsoLoginController } from './sso-login/sso-login.controller.js';
import { UsedLoginStatesRepository } from './sso-login/attempt/used-login-states.repository.js';

const EMAIL_CONFIRMATION = [
  EmailConfirmationsRepository,
  UserProviders,
  ConfirmationLinks,
  SendConfirmation,
  ConfirmationMail,
  ConfirmationStatus,
  ConfirmEmail,
];

const PROVISIONING = [
  SignInPersonResolver,
  SignInContextLoader,
  SignInOrgLoader,
  SignInAccounts,
  ResolveClaimedGroups,
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
  FinishFormLogin,
  RetryLink,
];

const LOGOUT = [UsedLogoutTokensRepository, LogOut, BackchannelLogout, FrontchannelLogout];

/** Signing in by single sign-on and what it gives, login methods, e-mail confirmation and logout. */
@Module({
  imports: [
    AuditModule,
    UsersModule,
    RolesModule,
    MembersModule,
    OrgsModule,
    UserGroupsModule,
    WorkspacesModule,
    SettingsModule,
    InvitationsModule,
    SessionsModule,
    OidcModule,
    PasswordsModule,
  ],
  controllers: [
    LoginMethodsController,
    EmailVerificationController,
    SsoLoginController,
    LogoutController,
    SignedOutController,
  ],
  providers: [...SSO_LOGIN, ...LOGOUT, ...PROVISIONING, OrgLoginMethodsService, ...EMAIL_CONFIRMATION],
})
export class SignInModule {}
