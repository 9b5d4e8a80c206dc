export { AcceptInvitation } from './accept-invitation.js';
export { fromInvites } from './invitation.mapper.js';
export { inBatch } from './invite-batch.js';
export { InvitedWithPassword } from './invitations.events.js';
export { InvitationsModule } from './invitations.module.js';
export type { InviteRow } from './invite-rights.js';
export { JoinDirectly } from './join-directly.js';
export { Seats } from './seats.js';
export { WaitingInvitations } from './waiting-invitations.js';
