export {
  type GroupNameMeaning,
  GroupNameResolver,
  possibleGrants,
  type PossibleGrant,
} from './groups/group-name-resolver.js';
export type { MemberRoleName } from './groups/group-name.js';
export { mayGrant } from './may-grant.js';
export { OrgAdminsOnly } from './org-admins-only.guard.js';
export {
  highestOrgRole,
  isOrdinaryRole,
  isOrgAdmin,
  isPromotion,
  lowerOrgRole,
  mayChoosePasswords,
  mayGrantOrgAdmin,
  mayManageOrgRole,
  type OrgRoleName,
  ADMINISTRATIVE_ROLES,
} from './org-roles.js';
export { AccessPoliciesService } from './policies/access-policies.service.js';
export type { AccessDecision, AccessQuery } from './policies/condition.js';
export { PasswordChoiceGuard } from './password-choice.guard.js';
export { RoleNotGrantable, OnlyAdminsChoosePasswords, RoleNotFound } from './rbac.errors.js';
export { RoleNameChanged } from './rbac.events.js';
export { RbacModule } from './rbac.module.js';
export type { Role } from './role.entity.js';
export { RolesService } from './roles.service.js';
export { ORG_ADMIN_ID, SYSTEM_ROLES, type SystemRoleName, systemRole } from './system-roles.js';
