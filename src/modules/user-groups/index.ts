export { EffectiveRoles, type GroupRights } from './effective-roles/effective-roles.service.js';
export { GROUP_ROLES } from './effective-roles/group-roles.statements.js';
export { UserGroupRolesRepository } from './effective-roles/user-group-roles.repository.js';
export { WorkspacePermissions } from './effective-roles/workspace-permissions.js';
export { UserGroupExceedsRights } from './core/user-groups.errors.js';
export { UserGroupSyncStarted } from './core/user-groups.events.js';
export { SynchronizedMembersRepository } from './synchronization/synchronized-members.repository.js';
export { UserGroupsModule } from './user-groups.module.js';
