export {
  type CreatedCredential,
  type CreatedCredentials,
  CreatedCredentialsRequested,
  type Ending,
  NO_CREATED_CREDENTIALS,
} from './members.events.js';
export { revokesCreated, toCreatedCredentials, toEndedDetails } from './member.mapper.js';
export { MemberDirectory, type OrgMember, type WorkspaceMember } from './member-directory.read-model.js';
export { toIdentity, toOrgMember, toWorkspaceMember } from './member.mapper.js';
export { MemberNotFound, OnlyAdminsManageAdmins } from './members.errors.js';
export { MemberStates } from './member-states.js';
export {
  MemberRemoved,
  MembersAdded,
  MembersDisabled,
  MembersPromoted,
  TokenRevocationRequested,
} from './members.events.js';
export { MembersModule } from './members.module.js';
export type { OrgMembership } from './entities.js';
export { OrgMembersService } from './org-members.service.js';
export { createdBy, createdByInvitation, createdByRule, type Provenance } from './provenance.js';
export { SourcedMemberships } from './sourced-memberships.js';
export { ProvisionedRoles } from './provisioned-roles.js';
export type { HeldOrgRole, HeldWorkspaceRole } from './provisioned-roles.repository.js';
export { WorkspaceMembersService } from './workspace-members.service.js';
export type { WorkspaceMembership } from './entities.js';
