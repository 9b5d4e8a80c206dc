import { Injectable } from '@nestjs/common';
import { UUID } from '../../../common/http/value-checks.js';
import { ScimResourceNotFound } from '../scim-resource.errors.js';
import { GroupMembersRepository } from './group-members.repository.js';
import type { MemberChange } from './member-changes.js';

/** Ids of users; somebody may be in both when he was removed and added again. */
export type MemberDelta = { readonly added: readonly string[]; readonly removed: readonly string[] };

type GroupKey = { readonly orgId: string; readonly id: string };

/** Changes who is in a group. Whoever is added has to be a user of the organization; removing strangers is no error. */
@Injectable()
export class UpdateGroupMembers {
  constructor(private readonly members: GroupMembersRepository) {}

  async run(group: GroupKey, changes: readonly MemberChange[]): Promise<MemberDelta> {
    const added: string[] = [];
    const removed: string[] = [];
    for (const { kind, ids } of changes) {
      const uniqueIds = [...new Set(ids.map((id) => id.toLowerCase()))];
      if (kind === 'replace') removed.push(...(await this.members.keepOnly(group, onlyUuids(uniqueIds))));
      if (kind === 'remove') removed.push(...(await this.members.remove(group, onlyUuids(uniqueIds))));
      else added.push(...(await this.add(group, uniqueIds)));
    }
    return { added, removed };
  }

  /** Throws ScimResourceNotFound, also for another organization's users. */
  private async add(group: GroupKey, ids: readonly string[]): Promise<string[]> {
    if (ids.length === 0) return [];
    const areUsers =
      ids.every((id) => UUID.test(id)) && (await this.members.countUsers(group.orgId, ids)) === ids.length;
    if (!areUsers) throw new ScimResourceNotFound('There is no such user to be a member.');
    return this.members.add(group, ids);
  }
}

const onlyUuids = (ids: readonly string[]): string[] => ids.filter((id) => UUID.test(id));
