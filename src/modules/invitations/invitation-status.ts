/** What became of an invitation. Expiry is no state: it is a comparison at the moment of use (decision 13). */
export type InvitationStatus = 'pending' | 'accepted' | 'declined' | 'revoked';
