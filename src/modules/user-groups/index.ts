export {
  GROUP_ROLES,
  grantsOf,
  UserGroupRolesRepository,
} from './effective-roles/user-group-roles.repository.js';
export { WorkspacePermissions } from './effective-roles/workspace-permissions.js';
export { UserGroupExceedsRights } from './core/errors.js';
export { UserGroupSyncStarted } from './groups/user-groups.service.js';
export {
  type FollowingMember,
  SynchronizedMembersRepository,
} from './core/synchronized-members.repository.js';
export { UserGroupMembersService } from './members/user-group-members.service.js';
export { UserGroupsModule } from './user-groups.module.js';
