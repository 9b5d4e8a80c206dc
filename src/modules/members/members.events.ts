import type { RequestMetadata } from '../../common/http/request-metadata.decorator.js';

/** Members may not act until they are enabled again. Published inside the transaction. */
export class MembersDisabled {
  constructor(
    readonly orgId: string,
    readonly userIds: readonly string[],
  ) {}
}

/** Users became members, with any role. Published inside the transaction. */
export class MembersAdded {
  constructor(
    readonly orgId: string,
    readonly userIds: readonly string[],
  ) {}
}

/** Members were promoted to Organization Admin or Operator. Published inside the transaction. */
export class MembersPromoted {
  constructor(
    readonly orgId: string,
    readonly userIds: readonly string[],
  ) {}
}

/** A user is no longer a member of the organization. Published inside the transaction. */
export class MemberRemoved {
  constructor(
    readonly orgId: string,
    readonly userId: string,
  ) {}
}

/** A user asks to revoke all their personal access tokens, in every organization. Published inside the transaction. */
export class TokenRevocationAsked {
  constructor(
    readonly userId: string,
    readonly request: RequestMetadata,
  ) {}
}
