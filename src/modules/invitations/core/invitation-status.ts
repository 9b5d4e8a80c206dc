/** Expiry is no status: it is decided at the moment of use (docs/contract/invitations.md#expiry). */
export type InvitationStatus = 'pending' | 'accepted' | 'declined' | 'revoked';

/** An expired invitation cannot be accepted, but can be renewed. */
export const hasExpired = ({ expiresAt }: { expiresAt: Date | null }): boolean =>
  expiresAt !== null && expiresAt <= new Date();
