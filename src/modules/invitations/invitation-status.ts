/** What became of an invitation. Expiry is no state: it is a comparison at the moment of use (contract decision 13). */
export type InvitationStatus = 'pending' | 'accepted' | 'declined' | 'revoked';

/** Admits nobody any more, but is still there to be renewed. */
export const hasExpired = ({ expiresAt }: { expiresAt: Date | null }): boolean =>
  expiresAt !== null && expiresAt <= new Date();
