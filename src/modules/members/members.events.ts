import type { OrgPrincipal } from '../../common/access/principal.js';

/** The published facts of a service key. */
export type CreatedServiceKey = {
  readonly id: string;
  readonly shortKey: string;
  readonly description: string;
};

/**
 * A member is about to be removed: the service key module, which depends on this one, adds the keys that the member
 * created, and revokes them if requested. Published inside the transaction, before the caller's rights change.
 */
export class CreatedServiceKeysAsked {
  private readonly found: CreatedServiceKey[] = [];

  constructor(
    readonly principal: OrgPrincipal,
    readonly userId: string,
    readonly options: { readonly revoke: boolean },
  ) {}

  add(keys: readonly CreatedServiceKey[]): void {
    this.found.push(...keys);
  }

  get keys(): readonly CreatedServiceKey[] {
    return this.found;
  }
}

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
