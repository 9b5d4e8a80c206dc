export { AccessEnds, changeOfEnd, requestedEnd } from './core/access-ends.repository.js';
export {
  type CreatedCredential,
  type CreatedCredentials,
  type CreatedReceiver,
  CreatedCredentialsRequested,
  type Ending,
  NO_CREATED_CREDENTIALS,
} from './core/members.events.js';
export {
  endedInOrg,
  endedInWorkspace,
  memberCountOfOrg,
  memberCountOfWorkspace,
} from './member-scopes.statements.js';
export { EndedMemberships } from './ended-memberships.js';
export { type EndedAccess, EndedAccessLookup } from './ended-access-lookup.read-model.js';
export { revokesCreated, toCreatedCredentials, toEndedDetails } from './member.mapper.js';
export { MemberDirectory, type OrgMember } from './member-directory.read-model.js';
export {
  fromMembersQuery,
  fromRolePatch,
  toIdentity,
  toOrgMember,
  toWorkspaceMember,
} from './member.mapper.js';
export type { UsersWith } from './member.statements.js';
export {
  AccessEndManagedByProvider,
  MemberNotFound,
  OnlyAdminsManageAdmins,
  OwnAccessEnd,
} from './core/members.errors.js';
export {
  MemberRemoved,
  MembersAdded,
  MembersDisabled,
  MembersPromoted,
  EndBroughtForward,
  TokenRevocationRequested,
} from './core/members.events.js';
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
