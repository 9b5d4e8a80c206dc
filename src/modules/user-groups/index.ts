export { EffectiveRoles, type GroupRights } from './effective-roles/effective-roles.service.js';
export { GROUP_ROLES } from './effective-roles/group-roles.statements.js';
export { type HeldPermissions, WorkspacePermissions } from './effective-roles/workspace-permissions.js';
export { UserGroupsModule } from './user-groups.module.js';
