import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/index.js';
import { MembersModule } from '../members/index.js';
import { OrgsModule } from '../orgs/index.js';
import { RbacModule } from '../rbac/index.js';
import { UsersModule } from '../users/index.js';
import { SessionsModule } from '../sessions/index.js';
import { AddressProofs } from './address-proofs/address-proofs.js';
import { PasswordOriginsRepository } from './address-proofs/password-origins.repository.js';
import { BasicLoginService } from './login/basic-login.service.js';
import { BreakGlassLogin } from './break-glass/break-glass-login.js';
import { BreakGlassPasswordsRepository } from './break-glass/break-glass-passwords.repository.js';
import { BreakGlassSession } from './break-glass/break-glass-session.js';
import { BreakGlassWindow } from './break-glass/break-glass-window.js';
import { BreakGlassCommand } from './break-glass/break-glass.command.js';
import { OpenBreakGlass } from './break-glass/open-break-glass.js';
import { WarnAboutOpenBreakGlass } from './break-glass/warn-about-open-break-glass.js';
import { LoginNetworks } from './login-limits/login-networks.js';
import { LoginNetworksRepository } from './login-limits/login-networks.repository.js';
import { LoginThrottle } from './login-limits/login-throttle.js';
import { LoginController } from './login/login.controller.js';
import { BrowserLogin } from './login/browser-login.js';
import { PasswordLogin } from './login/password-login.js';
import { PasswordMailJob } from './link-mails/password-mail.job.js';
import { PasswordMailsRepository } from './link-mails/password-mails.repository.js';
import { RequestPasswordLink } from './link-mails/request-password-link.js';
import { MailLinks } from './links/mail-links.js';
import { PasswordLinks } from './links/password-links.js';
import { PasswordLinksRepository } from './links/password-links.repository.js';
import { EarlierAccess } from './core/earlier-access.js';
import { PasswordsRepository } from './core/passwords.repository.js';
import { PasswordsService } from './core/passwords.service.js';
import { RejectUnprovedPasswords } from './reject-unproved-passwords.js';
import { ResetPasswordCommand } from './reset-password.command.js';
import { ResetPassword } from './reset-password.js';

const LOGIN_LIMITS = [LoginNetworksRepository, LoginNetworks, LoginThrottle];

const LINKS = [
  PasswordLinksRepository,
  PasswordLinks,
  MailLinks,
  PasswordMailsRepository,
  PasswordMailJob,
  RequestPasswordLink,
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

/** Passwords: what they prove, login with them and its limits, and break-glass access. */
@Module({
  imports: [AuditModule, UsersModule, RbacModule, MembersModule, OrgsModule, SessionsModule],
  controllers: [LoginController],
  providers: [
    ...LOGIN_LIMITS,
    ...LINKS,
    PasswordsRepository,
    PasswordOriginsRepository,
    AddressProofs,
    EarlierAccess,
    PasswordsService,
    ResetPassword,
    ResetPasswordCommand,
    BasicLoginService,
    PasswordLogin,
    BrowserLogin,
    RejectUnprovedPasswords,
    ...BREAK_GLASS,
  ],
  exports: [
    AddressProofs,
    PasswordsService,
    PasswordLinks,
    MailLinks,
    PasswordMailJob,
    RequestPasswordLink,
    LoginThrottle,
  ],
})
export class PasswordsModule {}
