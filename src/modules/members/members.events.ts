/** A member may not act any more until he is enabled again. Published inside the transaction. */
export class MemberDisabled {
  constructor(
    readonly orgId: string,
    readonly userId: string,
  ) {}
}

/** A person is no longer a member of the organization. Published inside the transaction. */
export class MemberRemoved {
  constructor(
    readonly orgId: string,
    readonly userId: string,
  ) {}
}
