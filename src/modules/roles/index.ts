export {
  type GroupNameMeaning,
  GroupNameResolver,
  type PossibleGrant,
  possibleGrants,
} from './group-name-resolver.js';
export { type MemberRoleName } from './group-name.js';
export { adminsOnly, OrgAdminsOnly } from './org-admins-only.guard.js';
export {
  ADMINISTRATIVE_ROLES,
  heldRole,
  highestOrgRole,
  isOperator,
  isOrdinaryRole,
  isOrgAdmin,
  isPromotion,
  lowerOrgRole,
  mayChoosePasswords,
  mayGrant,
  mayGrantOrgAdmin,
  mayManageOrgRole,
  type OrgRoleName,
  RANK,
  rightsOfRole,
  SYSTEM_ROLES_OF_RANK,
  withGroupRoles,
  WORKSPACE_ADMIN,
} from './org-roles.js';
export { PasswordChoiceGuard } from './password-choice.guard.js';
export {
  OnlyAdminsChoosePasswords,
  restrictedRoleText,
  RoleIsRestricted,
  RoleNotFound,
  RoleNotGrantable,
} from './errors.js';
export { RolesModule } from './roles.module.js';
export { pageOfIdsByRole } from './page-by-role.statements.js';
export { type Role } from './entities.js';
export { assertNamesRole, type RoleReference } from './custom-role.js';
export { GroupNamesChanged, RolesService } from './roles.service.js';
export { ORG_ADMIN_ID, SYSTEM_ROLES, systemRole, type SystemRoleName } from './system-roles.js';
