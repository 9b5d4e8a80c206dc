import { Injectable } from '@nestjs/common';
import { UUID } from '../../../common/http/value-checks.js';
import type { Provenance } from '../../members/index.js';
import { ScimResourceNotFound } from '../scim-resource.errors.js';
import { GroupMembersRepository } from './group-members.repository.js';
import type { MemberChange } from './member-changes.js';

/** User ids; an id in both lists was removed and added again. */
export type MemberDelta = { readonly added: readonly string[]; readonly removed: readonly string[] };

type GroupKey = { readonly orgId: string; readonly id: string };

/**
 * Changes the members of a group. An added member has to be a user of the organization; removing an unknown id is no
 * error.
 */
@Injectable()
export class UpdateGroupMembers {
  constructor(private readonly members: GroupMembersRepository) {}

  async run(group: GroupKey, changes: readonly MemberChange[], provenance: Provenance): Promise<MemberDelta> {
    const added: string[] = [];
    const removed: string[] = [];
    for (const { kind, ids } of changes) {
      const uniqueIds = [...new Set(ids.map((id) => id.toLowerCase()))];
      if (kind === 'replace') removed.push(...(await this.members.keepOnly(group, onlyUuids(uniqueIds))));
      if (kind === 'remove') removed.push(...(await this.members.remove(group, onlyUuids(uniqueIds))));
      else added.push(...(await this.add(group, uniqueIds, provenance)));
    }
    return { added, removed };
  }

  /** @throws ScimResourceNotFound, also for another organization's users. */
  private async add(group: GroupKey, ids: readonly string[], provenance: Provenance): Promise<string[]> {
    if (ids.length === 0) return [];
    const areUsers =
      ids.every((id) => UUID.test(id)) && (await this.members.countUsers(group.orgId, ids)) === ids.length;
    if (!areUsers) throw new ScimResourceNotFound('The user to add as a member does not exist.');
    return this.members.add(group, ids, provenance);
  }
}

const onlyUuids = (ids: readonly string[]): string[] => ids.filter((id) => UUID.test(id));
