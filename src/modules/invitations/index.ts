export { fromInvites } from './invitation.mapper.js';
export { inBatch } from './invite-people.js';
export { InvitedWithPassword } from './invitations.events.js';
export { InvitationsModule } from './invitations.module.js';
export type { InviteRow } from './invite-rights.js';
export { JoinDirectly, type Joined } from './join-directly.js';
