import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/index.js';
import { MembersModule } from '../members/index.js';
import { OrgsModule } from '../orgs/index.js';
import { EndedAccessRepository } from './core/ended-access.repository.js';
import { UserGroupEnds } from './core/user-group-ends.js';
import { SynchronizedMembersRepository } from './core/synchronized-members.repository.js';
import { RolesModule } from '../roles/index.js';
import { PoliciesModule } from '../policies/index.js';
import { UserGroupAccess } from './core/user-group-access.js';
import { UserGroupLimits } from './core/user-group-limits.js';
import { UserGroupMembersRepository } from './core/user-group-members.repository.js';
import { UserGroupPoliciesRepository } from './core/user-group-policies.repository.js';
import { UserGroupsGuard } from './core/user-groups.guard.js';
import { UserGroupsRepository } from './core/user-groups.repository.js';
import { UserGroupRolesRepository } from './effective-roles/user-group-roles.repository.js';
import { WorkspacePermissions } from './effective-roles/workspace-permissions.js';
import { UserGroupGrantsController } from './grants/user-group-grants.controller.js';
import { UserGroupGrantsService } from './grants/user-group-grants.service.js';
import { UserGroupsController } from './groups/user-groups.controller.js';
import { UserGroupsService } from './groups/user-groups.service.js';
import { UserGroupMembersController } from './members/user-group-members.controller.js';
import { UserGroupMembersService } from './members/user-group-members.service.js';
import { UserGroupPoliciesController } from './policies/user-group-policies.controller.js';
import { TidyEndedAccess } from './tidy-ended-access.js';
import { UserGroupPoliciesService } from './policies/user-group-policies.service.js';

/** User groups, and the permissions that members have through them. */
@Module({
  imports: [AuditModule, RolesModule, PoliciesModule, MembersModule, OrgsModule],
  controllers: [
    UserGroupsController,
    UserGroupMembersController,
    UserGroupGrantsController,
    UserGroupPoliciesController,
  ],
  providers: [
    UserGroupsRepository,
    UserGroupMembersRepository,
    UserGroupPoliciesRepository,
    UserGroupRolesRepository,
    EndedAccessRepository,
    UserGroupEnds,
    TidyEndedAccess,
    UserGroupsGuard,
    UserGroupAccess,
    UserGroupLimits,
    UserGroupsService,
    UserGroupMembersService,
    UserGroupGrantsService,
    UserGroupPoliciesService,
    SynchronizedMembersRepository,
    WorkspacePermissions,
  ],
  exports: [
    WorkspacePermissions,
    UserGroupRolesRepository,
    SynchronizedMembersRepository,
    UserGroupMembersService,
  ],
})
export class UserGroupsModule {}
