import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/index.js';
import { IdempotencyModule } from '../idempotency/index.js';
import { RolesModule } from '../roles/index.js';
import { UsersModule } from '../users/index.js';
import { AccessEnds } from './core/access-ends.repository.js';
import { EndedMemberships } from './ended-memberships.js';
import { EndedMembershipsRepository } from './ended-memberships.repository.js';
import { EndedAccessLookup } from './ended-access-lookup.read-model.js';
import { ForgetPersonCommand } from './forget-person.command.js';
import { MemberDirectory } from './member-directory.read-model.js';
import { MembershipsRepository } from './core/memberships.repository.js';
import { OrgMembersService } from './org-members.service.js';
import { RoleEndsService } from './role-ends.service.js';
import { SourcedMemberships } from './sourced-memberships.js';
import { SourcedMembershipsRepository } from './sourced-memberships.repository.js';
import { WorkspaceMembersController } from './workspace-members.controller.js';
import { WorkspaceMembersService } from './workspace-members.service.js';

/** Invitations and logins call this module to add members. */
@Module({
  imports: [AuditModule, IdempotencyModule, RolesModule, UsersModule],
  controllers: [WorkspaceMembersController],
  providers: [
    MembershipsRepository,
    SourcedMembershipsRepository,
    OrgMembersService,
    WorkspaceMembersService,
    SourcedMemberships,
    MemberDirectory,
    AccessEnds,
    EndedMembershipsRepository,
    EndedMemberships,
    EndedAccessLookup,
    RoleEndsService,
    ForgetPersonCommand,
  ],
  exports: [
    OrgMembersService,
    WorkspaceMembersService,
    SourcedMemberships,
    MemberDirectory,
    AccessEnds,
    EndedMemberships,
    EndedAccessLookup,
    RoleEndsService,
  ],
})
export class MembersModule {}
