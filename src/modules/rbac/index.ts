export {
  type GroupNameMeaning,
  GroupNameResolver,
  possibleGrants,
  type PossibleGrant,
} from './groups/group-name-resolver.js';
export type { MemberRoleName } from './groups/group-name.js';
export { heldRole, withGroupRoles, WORKSPACE_ADMIN } from './roles/held-role.js';
export { mayGrant } from './roles/org-roles.js';
export { OrgAdminsOnly } from './roles/org-admins-only.guard.js';
export {
  highestOrgRole,
  isOperator,
  isOrdinaryRole,
  isOrgAdmin,
  isPromotion,
  lowerOrgRole,
  mayChoosePasswords,
  mayGrantOrgAdmin,
  mayManageOrgRole,
  type OrgRoleName,
  ADMINISTRATIVE_ROLES,
} from './roles/org-roles.js';
export { AccessPolicyNotGrantable, OnlyAdminsManagePolicies } from './policies/access-policies.errors.js';
export { AccessPoliciesService } from './policies/access-policies.service.js';
export { resourceTypeOf } from './policies/resource-types.js';
export type { AccessDecision, AccessQuery, Policy } from './policies/condition.js';
export { PasswordChoiceGuard } from './roles/password-choice.guard.js';
export {
  OnlyAdminsChoosePasswords,
  RoleIsRestricted,
  restrictedRoleText,
  RoleNotFound,
  RoleNotGrantable,
} from './roles/rbac.errors.js';
export { RoleNameChanged } from './roles/roles.service.js';
export { RbacModule } from './rbac.module.js';
export { pageOfIdsByRole } from './roles/page-by-role.statements.js';
export type { Role } from './roles/entities.js';
export { assertNamesRole, type RoleReference } from './roles/custom-role.js';
export { RolesService } from './roles/roles.service.js';
export { ORG_ADMIN_ID, SYSTEM_ROLES, type SystemRoleName, systemRole } from './roles/system-roles.js';
