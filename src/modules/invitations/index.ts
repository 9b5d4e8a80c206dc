export { AcceptInvitation } from './core/accept-invitation.js';
export { ExistingAccounts } from './batch/existing-accounts.js';
export { readInvites } from './batch/invites.mapper.js';
export { problemsOfInvite } from './batch/invite-problems.js';
export { type LocatedRows, locatedRows } from './core/row-location.js';
export { InvitedWithPassword } from './batch/invitations.events.js';
export { InvitationsModule } from './invitations.module.js';
export { InvitationsService } from './pending/invitations.service.js';
export type { InviteRow } from './rights/invite-rights.js';
export { AddMembersDirectly, type NewMember } from './batch/add-members-directly.js';
export { Seats } from './core/seats.js';
export { type ResolvedInvitation, ResolveInvitations } from './core/resolve-invitations.js';
export { PendingInvitationLookup } from './core/pending-invitation-lookup.js';
export {
  ALL_PENDING,
  type PendingMember,
  PendingMemberDirectory,
} from './core/pending-member-directory.read-model.js';
export { toOrgPending, toWorkspacePending } from './core/pending-member.mapper.js';
