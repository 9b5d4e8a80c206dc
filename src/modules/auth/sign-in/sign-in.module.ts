import { Module } from '@nestjs/common';
import { AuditModule } from '../../audit/index.js';
import { InvitationsModule } from '../../invitations/index.js';
import { MembersModule } from '../../members/index.js';
import { OrgsModule } from '../../orgs/index.js';
import { PasswordsModule } from '../../passwords/index.js';
import { RolesModule } from '../../roles/index.js';
import { SessionsModule } from '../../sessions/index.js';
import { SettingsModule } from '../../settings/index.js';
import { UserGroupsModule } from '../../user-groups/index.js';
import { UsersModule } from '../../users/index.js';
import { WorkspacesModule } from '../../workspaces/index.js';
import { OidcModule } from '../oidc/index.js';
import { ConfirmEmail } from './confirm-email.js';
import { ConfirmationLinks } from './confirmation-links.js';
import { EmailVerificationController } from './email-verification.controller.js';
import { SendConfirmation } from './send-confirmation.js';
import { LoginMethodsController } from './login-methods.controller.js';
import { BackchannelLogout } from './backchannel-logout.js';
import { FrontchannelLogout } from './frontchannel-logout.js';
import { LogOut } from './log-out.js';
import { LogoutController } from './logout.controller.js';
import { OrgLoginMethodsService } from './org-login-methods.service.js';
import { GrantAccess } from './provisioning/grant-access.js';
import { RehearseSignIn } from './provisioning/rehearse-sign-in.js';
import { RebindLoginCommand } from './provisioning/rebind-login.command.js';
import { ResolveClaimedGroups } from './provisioning/resolve-claimed-groups.js';
import { SignInAccounts } from './provisioning/sign-in-accounts.js';
import { SignInContextLoader } from './provisioning/sign-in-context-loader.js';
import { OwnEndedAccessController } from './own-ended-access.controller.js';
import { SignInAccess } from './provisioning/sign-in-access.js';
import { SignInPersonResolver } from './provisioning/sign-in-person-resolver.js';
import { SignIn } from './provisioning/sign-in.js';
import { RedeemCallback } from './core/redeem-callback.js';
import { SingleUseRepository } from './core/single-use.repository.js';
import { StepUp } from './core/step-up.js';
import { ForetellSignIns } from './provisioning/foretell-sign-ins.js';
import { SignInOutcomesController } from './sign-in-outcomes.controller.js';
import { SsoConnectionController } from './sso-connection.controller.js';
import { BeginLogin } from './sso-login/begin-login.js';
import { FailedLogins } from './sso-login/failed-logins.js';
import { FinishLogin } from './sso-login/finish-login.js';
import { LoginAttempts } from './sso-login/login-attempts.js';
import { SsoLoginController } from './sso-login/sso-login.controller.js';
import { FinishTest } from './test-sign-in/finish-test.js';
import { TestAttempts } from './test-sign-in/test-attempts.js';
import { DescribeTest } from './test-sign-in/describe-test.js';
import { TestSignInController } from './test-sign-in/test-sign-in.controller.js';
import { TestSignInsRepository } from './test-sign-in/test-sign-ins.repository.js';
import { TestSignInsService } from './test-sign-in/test-sign-ins.service.js';

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
    SsoConnectionController,
    LoginMethodsController,
    EmailVerificationController,
    SsoLoginController,
    LogoutController,
    OwnEndedAccessController,
    TestSignInController,
    SignInOutcomesController,
  ],
  providers: [
    SingleUseRepository,
    RedeemCallback,
    LoginAttempts,
    FailedLogins,
    BeginLogin,
    StepUp,
    FinishLogin,
    SignInAccess,
    SignInPersonResolver,
    SignInContextLoader,
    SignInAccounts,
    ResolveClaimedGroups,
    GrantAccess,
    SignIn,
    RehearseSignIn,
    ForetellSignIns,
    TestAttempts,
    TestSignInsRepository,
    DescribeTest,
    TestSignInsService,
    FinishTest,
    RebindLoginCommand,
    LogOut,
    BackchannelLogout,
    FrontchannelLogout,
    OrgLoginMethodsService,
    ConfirmationLinks,
    SendConfirmation,
    ConfirmEmail,
  ],
})
export class SignInModule {}
