import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/index.js';
import { MembersModule } from '../members/index.js';
import { NoticesModule } from '../notices/index.js';
import { OrgsModule } from '../orgs/index.js';
import { RolesModule } from '../roles/index.js';
import { UsersModule } from '../users/index.js';
import { SessionsModule } from '../sessions/index.js';
import { AddressProofs } from './core/address-proofs.js';
import { PasswordsRepository } from './core/passwords.repository.js';
import { BasicLogin } from './core/basic-login.js';
import { BreakGlassLogin } from './break-glass/break-glass-login.js';
import { BreakGlassPasswordsRepository } from './break-glass/break-glass-passwords.repository.js';
import { BreakGlassWindow } from './break-glass/break-glass-window.js';
import { BreakGlassCommand } from './break-glass/break-glass.command.js';
import { OpenBreakGlass } from './break-glass/open-break-glass.js';
import { LoginNetworksRepository } from './core/login-networks.repository.js';
import { LoginThrottle } from './core/login-throttle.js';
import { LoginController } from './login.controller.js';
import { PasswordLogin } from './password-login.js';
import { PasswordMails } from './core/password-mails.js';
import { PasswordLinksRepository } from './core/password-links.repository.js';
import { PasswordLinks } from './core/password-links.js';
import { PasswordsService } from './core/passwords.service.js';
import { RejectUnprovedPasswords } from './reject-unproved-passwords.js';
import { ResetPasswordCommand } from './reset-password.command.js';

const LOGIN_LIMITS = [LoginNetworksRepository, LoginThrottle];

const LINKS = [PasswordLinksRepository, PasswordLinks, PasswordMails];

const BREAK_GLASS = [
  BreakGlassPasswordsRepository,
  BreakGlassWindow,
  OpenBreakGlass,
  BreakGlassLogin,
  BreakGlassCommand,
];

/** Passwords: what they prove, login with them and its limits, and break-glass access. */
@Module({
  imports: [AuditModule, UsersModule, RolesModule, MembersModule, OrgsModule, NoticesModule, SessionsModule],
  controllers: [LoginController],
  providers: [
    ...LOGIN_LIMITS,
    ...LINKS,
    PasswordsRepository,
    AddressProofs,
    PasswordsService,
    ResetPasswordCommand,
    BasicLogin,
    PasswordLogin,
    RejectUnprovedPasswords,
    ...BREAK_GLASS,
  ],
  exports: [AddressProofs, PasswordsService, PasswordLinks, PasswordMails, LoginThrottle],
})
export class PasswordsModule {}
