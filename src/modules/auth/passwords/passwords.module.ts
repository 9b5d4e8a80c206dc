import { Module } from '@nestjs/common';
import { AuditModule } from '../../audit/index.js';
import { MembersModule } from '../../members/index.js';
import { OrgsModule } from '../../orgs/index.js';
import { RbacModule } from '../../rbac/index.js';
import { UsersModule } from '../../users/index.js';
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
import { PasswordsRepository } from './core/passwords.repository.js';
import { PasswordsService } from './core/passwords.service.js';
import { RejectUnprovedPasswords } from './reject-unproved-passwords.js';
import { ResetPasswordCommand } from './reset-password.command.js';
import { ResetPassword } from './reset-password.js';

const LOGIN_LIMITS = [LoginNetworksRepository, LoginNetworks, LoginThrottle];

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
    PasswordsRepository,
    PasswordOriginsRepository,
    AddressProofs,
    PasswordsService,
    ResetPassword,
    ResetPasswordCommand,
    BasicLoginService,
    PasswordLogin,
    BrowserLogin,
    RejectUnprovedPasswords,
    ...BREAK_GLASS,
  ],
  exports: [AddressProofs, PasswordsService, LoginThrottle],
})
export class PasswordsModule {}
