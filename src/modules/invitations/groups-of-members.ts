export type MemberGroup = { readonly name: string; readonly createdAt: Date };

/**
 * A list of members is about to be shown: whoever keeps groups of people, above this module, adds those of these people.
 * Nothing is changed by it.
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
