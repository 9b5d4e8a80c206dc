import type { OrgPrincipal } from '../../common/access/principal.js';

/** What may be told of a service key. */
export type CreatedServiceKey = {
  readonly id: string;
  readonly shortKey: string;
  readonly description: string;
};

/**
 * A member is about to be removed: the module that keeps service keys, above this one, adds those that the member made, and
 * revokes them if asked. Published inside the transaction, while the rights of the caller are what they were.
 */
export class CreatedServiceKeysAsked {
  private readonly found: CreatedServiceKey[] = [];

  constructor(
    readonly principal: OrgPrincipal,
    readonly userId: string,
    readonly wish: { readonly revoke: boolean },
  ) {}

  add(keys: readonly CreatedServiceKey[]): void {
    this.found.push(...keys);
  }

  get keys(): readonly CreatedServiceKey[] {
    return this.found;
  }
}

/** Members may not act any more until they are enabled again. Published inside the transaction. */
export class MembersDisabled {
  constructor(
    readonly orgId: string,
    readonly userIds: readonly string[],
  ) {}
}

/** People became members, with any role. Published inside the transaction. */
export class MembersAdded {
  constructor(
    readonly orgId: string,
    readonly userIds: readonly string[],
  ) {}
}

/** Members were given a higher organization role, Admin or Operator. Published inside the transaction. */
export class MembersPromoted {
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
