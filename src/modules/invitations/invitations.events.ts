/** People were invited with a password chosen for them. Published inside the transaction; digests only. */
export class InvitedWithPassword {
  constructor(
    readonly accounts: readonly { email: string; fullName: string | null; passwordDigest: string }[],
  ) {}
}
