export { AccessEnds, changeOfEnd, requestedEnd } from './core/access-ends.repository.js';
export {
  type CreatedByMember,
  type CreatedCredential,
  type CreatedCredentials,
  type CreatedReceiver,
  CreatedCredentialsRequested,
  EndBroughtForward,
  type Ending,
  MemberRemoved,
  MembersAdded,
  MembersDisabled,
  MembersPromoted,
  NO_CREATED_CREDENTIALS,
  TokenRevocationRequested,
} from './core/members.events.js';
export {
  atEndInOrg,
  atEndInWorkspace,
  endedInOrg,
  endedInWorkspace,
  hasRole,
  memberCountOfOrg,
  memberCountOfWorkspace,
} from './member-scopes.statements.js';
export { EndedMemberships } from './ended-memberships.js';
export { type EndedAccess, EndedAccessLookup } from './ended-access-lookup.read-model.js';
export { MemberDirectory, type OrgMember } from './member-directory.read-model.js';
export {
  fromMembersQuery,
  fromRolePatch,
  revokesCreated,
  toCreatedByMember,
  toCreatedCredentials,
  toEndedDetails,
  toIdentity,
  toOrgMember,
  toWorkspaceMember,
} from './member.mapper.js';
export type { UsersWith } from './member.statements.js';
export {
  AccessEndManagedByProvider,
  MayNotRevokeMemberTokens,
  MemberNotFound,
  OnlyAdminsManageAdmins,
  OwnAccessEnd,
} from './core/members.errors.js';
export {
  changesFor,
  joinChanges,
  type MembershipChanges,
  membershipFacts,
  membershipFactsInParts,
} from './core/membership-facts.js';
export { MembersModule } from './members.module.js';
export { OrgMembersService } from './org-members.service.js';
export type { RequestedRole } from './core/role-end.js';
export { createdBy, createdByInvitation, createdByRule, type Provenance } from './core/provenance.js';
export { type HeldOrgRole, type HeldWorkspaceRole, SourcedMemberships } from './sourced-memberships.js';
export { WorkspaceMembersService } from './workspace-members.service.js';
export type { OrgMembership, WorkspaceMembership } from './core/entities.js';
export { RoleEndsService } from './role-ends.service.js';
