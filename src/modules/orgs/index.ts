export { type InviteAccess, InviteAccessRule, type InvitePlace, type Inviter } from './invite-access.js';
export type { Org, ProductPreferences } from './org.entity.js';
export {
  canonicalContact,
  contactProblems,
  switches,
  TIER,
  toInviteAccess,
  toOrganizationSlim,
} from './org.mapper.js';
export {
  AddressNotAllowed,
  AllowlistExcludesCaller,
  InsufficientUserAuthentication,
  PatCreationDisabledByOperator,
  PatCreationDisabledByOrg,
  PersonalOrgExists,
} from './orgs.errors.js';
export { OrgsModule } from './orgs.module.js';
export { ORG_COLUMNS, type OrgChanges, OrgsRepository } from './orgs.repository.js';
export {
  acceptsRequest,
  allowlistProblems,
  type Authentication,
  fromRequested,
  isAcrOrAmr,
  type MeasuredSignIn,
  NO_AUTHENTICATION,
  type RequirementChanges,
  requirementProblems,
  requiresNothing,
  SignInOfTokenRequested,
  type SignInRequirement,
  stepUpParameters,
  unmetBy,
  unmetInOrg,
  type UnmetRequirement,
  withChanges,
} from './org-requirements.js';
