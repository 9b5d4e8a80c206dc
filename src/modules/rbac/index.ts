export { mayGrant } from './may-grant.js';
export { isOrdinaryRole, isOrgAdmin, mayManageOrgRole } from './org-roles.js';
export { AccessPoliciesService } from './policies/access-policies.service.js';
export type { AccessDecision, AccessQuestion } from './policies/condition.js';
export { MayNotGrant, RoleNotFound } from './rbac.errors.js';
export { RbacModule } from './rbac.module.js';
export type { Role } from './role.entity.js';
export { RolesService } from './roles.service.js';
export { SYSTEM_ROLES, type SystemRoleName, systemRole } from './system-roles.js';
