export {
  type GroupMeaning,
  GroupMeanings,
  possibleGrants,
  type PossibleGrant,
} from './groups/group-meaning.js';
export type { MemberRoleName } from './groups/group-name.js';
export { mayGrant } from './may-grant.js';
export { OrgAdminsOnly } from './org-admins-only.js';
export {
  highestOrgRole,
  isOrdinaryRole,
  isOrgAdmin,
  isPromotion,
  lesserOrgRole,
  mayChoosePasswords,
  mayMakeOrgAdmins,
  mayManageOrgRole,
  type OrgRoleName,
  RESERVED_ROLES,
} from './org-roles.js';
export { AccessPoliciesService } from './policies/access-policies.service.js';
export type { AccessDecision, AccessQuestion } from './policies/condition.js';
export { PasswordChoiceGuard } from './password-choice.guard.js';
export { MayNotGrant, OnlyAdminsChoosePasswords, RoleNotFound } from './rbac.errors.js';
export { RoleNamed } from './rbac.events.js';
export { RbacModule } from './rbac.module.js';
export type { Role } from './role.entity.js';
export { RolesService } from './roles.service.js';
export { ORG_ADMIN_ID, SYSTEM_ROLES, type SystemRoleName, systemRole } from './system-roles.js';
