export type MemberGroup = { readonly name: string; readonly createdAt: Date };

/**
 * Asks for the groups of the members of a list. A module above this one answers it, so that this module does not depend
 * on groups.
 */
export class GroupsOfMembersQuery {
  private readonly groups = new Map<string, MemberGroup[]>();

  constructor(
    readonly orgId: string,
    readonly userIds: readonly string[],
  ) {}

  add(userId: string, group: MemberGroup): void {
    this.groups.set(userId, [...this.of(userId), group]);
  }

  of(userId: string | null): readonly MemberGroup[] {
    return (userId !== null && this.groups.get(userId)) || [];
  }
}
