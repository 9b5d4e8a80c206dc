export { assertFitPasswords } from './chosen-passwords.js';
export { fromInvites } from './invitation.mapper.js';
export { inBatch } from './invite-batch.js';
export { InvitedWithPassword } from './invitations.events.js';
export { InvitationsModule } from './invitations.module.js';
export type { InviteRow } from './invite-rights.js';
export { JoinDirectly } from './join-directly.js';
