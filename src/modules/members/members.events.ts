/** Members may not act any more until they are enabled again. Published inside the transaction. */
export class MembersDisabled {
  constructor(
    readonly orgId: string,
    readonly userIds: readonly string[],
  ) {}
}

/** A person is no longer a member of the organization. Published inside the transaction. */
export class MemberRemoved {
  constructor(
    readonly orgId: string,
    readonly userId: string,
  ) {}
}
