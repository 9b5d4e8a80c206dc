/** Expiry is no status: it is decided at the moment of use (docs/contract/invitations.md#expiry). */
export type InvitationStatus = 'pending' | 'accepted' | 'declined' | 'revoked';
