import { Module } from '@nestjs/common';
import { AuditModule } from '../../audit/index.js';
import { IdempotencyModule } from '../../idempotency/index.js';
import { InvitationsModule } from '../../invitations/index.js';
import { MembersModule } from '../../members/index.js';
import { OrgsModule } from '../../orgs/index.js';
import { RbacModule } from '../../rbac/index.js';
import { UsersModule } from '../../users/index.js';
import { PasswordsModule } from '../../passwords/index.js';
import { SessionsModule } from '../../sessions/index.js';
import { AccountRights } from './core/account-rights.js';
import { AddBasicMembers } from './add-basic-members.js';
import { BasicMembersController } from './basic-members.controller.js';
import { BasicMembersService } from './basic-members.service.js';
import { CreateInvitedAccounts } from './create-invited-accounts.js';
import { AcceptByLink } from './password-links/accept-by-link.js';
import { HandOverPasswordLink } from './password-links/hand-over-password-link.js';
import { HandedOverLink } from './password-links/handed-over-link.js';
import { HandedOverLinksController } from './password-links/handed-over-links.controller.js';
import { InvitedAccount } from './password-links/invited-account.js';
import { PasswordLinksController } from './password-links/password-links.controller.js';
import { DescribePasswordLink } from './password-links/describe-password-link.js';
import { FindPasswordLink } from './password-links/find-password-link.js';
import { LinkTargets } from './password-links/link-targets.js';
import { PasswordLinkUses } from './password-links/password-link-uses.js';
import { RefusedLinks } from './password-links/refused-links.js';
import { ResetByHandedOverLink } from './password-links/reset-by-handed-over-link.js';
import { ResetByMailedLink } from './password-links/reset-by-mailed-link.js';
import { SetInvitedPassword } from './password-links/set-invited-password.js';
import { SetPasswordByLink } from './password-links/set-password-by-link.js';

const PASSWORD_LINKS = [
  InvitedAccount,
  HandedOverLink,
  LinkTargets,
  HandOverPasswordLink,
  SetInvitedPassword,
  AcceptByLink,
  ResetByMailedLink,
  ResetByHandedOverLink,
  PasswordLinkUses,
  FindPasswordLink,
  RefusedLinks,
  DescribePasswordLink,
  SetPasswordByLink,
];

/**
 * Members with passwords: who may choose their passwords, accounts for people invited with one, and links with which they
 * choose their own.
 */
@Module({
  imports: [
    AuditModule,
    IdempotencyModule,
    UsersModule,
    RbacModule,
    MembersModule,
    OrgsModule,
    InvitationsModule,
    SessionsModule,
    PasswordsModule,
  ],
  controllers: [BasicMembersController, PasswordLinksController, HandedOverLinksController],
  providers: [BasicMembersService, AccountRights, AddBasicMembers, CreateInvitedAccounts, ...PASSWORD_LINKS],
})
export class BasicMembersModule {}
