/**
 * People were invited with a password that an admin of the organization chose for them. Published inside the transaction;
 * digests only.
 */
export class InvitedWithPassword {
  constructor(
    readonly orgId: string,
    readonly accounts: readonly { email: string; fullName: string | null; passwordDigest: string }[],
  ) {}
}
