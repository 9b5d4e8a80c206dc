import { Module } from '@nestjs/common';
import { AuditModule } from '../../audit/index.js';
import { IdempotencyModule } from '../../idempotency/index.js';
import { InvitationsModule } from '../../invitations/index.js';
import { MembersModule } from '../../members/index.js';
import { OrgsModule } from '../../orgs/index.js';
import { RolesModule } from '../../roles/index.js';
import { UsersModule } from '../../users/index.js';
import { PasswordsModule } from '../../passwords/index.js';
import { SessionsModule } from '../../sessions/index.js';
import { AccountRights } from './account-rights.js';
import { AddBasicMembers } from './add-basic-members.js';
import { BasicMembersController } from './basic-members.controller.js';
import { BasicMembersService } from './basic-members.service.js';
import { AcceptByLink } from './accept-by-link.js';
import { HandOverPasswordLink } from './hand-over-password-link.js';
import { HandedOverLink } from './handed-over-link.js';
import { PasswordLinksController } from './password-links.controller.js';
import { PasswordLinkUses } from './password-link-uses.js';
import { ResetByLink } from './reset-by-link.js';
import { SetInvitedPassword } from './set-invited-password.js';
import { SetPasswordByLink } from './set-password-by-link.js';

/** Members with passwords: who may choose them, and the links with which members choose their own. */
@Module({
  imports: [
    AuditModule,
    IdempotencyModule,
    UsersModule,
    RolesModule,
    MembersModule,
    OrgsModule,
    InvitationsModule,
    SessionsModule,
    PasswordsModule,
  ],
  controllers: [BasicMembersController, PasswordLinksController],
  providers: [
    BasicMembersService,
    AccountRights,
    AddBasicMembers,
    HandedOverLink,
    HandOverPasswordLink,
    SetInvitedPassword,
    AcceptByLink,
    ResetByLink,
    PasswordLinkUses,
    SetPasswordByLink,
  ],
})
export class BasicMembersModule {}
