import { Injectable } from '@nestjs/common';
import { GroupMembersRepository } from './group-members.repository.js';

/** A SCIM group as member lists show it. */
export type MemberGroup = { readonly name: string; readonly createdAt: Date };

/** The SCIM groups of members, for the lists of other modules. */
@Injectable()
export class GroupsOfMembersService {
  constructor(private readonly members: GroupMembersRepository) {}

  /** The groups by user id, oldest first, in one statement; users in no group are absent. */
  async list(orgId: string, userIds: readonly string[]): Promise<Map<string, MemberGroup[]>> {
    return Map.groupBy(await this.members.listGroupsOf(orgId, userIds), ({ userId }) => userId);
  }
}
