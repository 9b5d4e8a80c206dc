/**
 * Users were invited with a password that an organization admin chose. Published inside the transaction; contains
 * password hashes only.
 */
export class InvitedWithPassword {
  constructor(
    readonly orgId: string,
    readonly accounts: readonly { email: string; fullName: string | null; passwordDigest: string }[],
  ) {}
}
