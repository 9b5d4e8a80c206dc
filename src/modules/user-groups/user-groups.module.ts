import { Module } from '@nestjs/common';
import { MembersModule } from '../members/index.js';
import { RbacModule } from '../rbac/index.js';
import { UserGroupRolesRepository } from './core/user-group-roles.repository.js';
import { EffectiveRoles } from './effective-roles/effective-roles.service.js';
import { WorkspacePermissions } from './effective-roles/workspace-permissions.js';

/** User groups, and the permissions that members have through them. */
@Module({
  imports: [RbacModule, MembersModule],
  providers: [UserGroupRolesRepository, WorkspacePermissions, EffectiveRoles],
  exports: [WorkspacePermissions, EffectiveRoles],
})
export class UserGroupsModule {}
