import { Module } from '@nestjs/common';
import { AuditModule } from '../../audit/index.js';
import { IdempotencyModule } from '../../idempotency/index.js';
import { InvitationsModule } from '../../invitations/index.js';
import { MembersModule } from '../../members/index.js';
import { OrgsModule } from '../../orgs/index.js';
import { RbacModule } from '../../rbac/index.js';
import { UsersModule } from '../../users/index.js';
import { PasswordsModule } from '../passwords/index.js';
import { AddBasicMembers } from './add-basic-members.js';
import { BasicMembersController } from './basic-members.controller.js';
import { BasicMembersService } from './basic-members.service.js';
import { CreateInvitedAccounts } from './create-invited-accounts.js';

/** Members with passwords: who may choose their passwords, and accounts for people invited with one. */
@Module({
  imports: [
    AuditModule,
    IdempotencyModule,
    UsersModule,
    RbacModule,
    MembersModule,
    OrgsModule,
    InvitationsModule,
    PasswordsModule,
  ],
  controllers: [BasicMembersController],
  providers: [BasicMembersService, AddBasicMembers, CreateInvitedAccounts],
})
export class BasicMembersModule {}
