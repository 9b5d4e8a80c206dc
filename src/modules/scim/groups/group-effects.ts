import { Injectable } from '@nestjs/common';
import type { ScimPrincipal } from '../../../common/access/principal.js';
import { first, unique } from '../../../common/collections.js';
import { UUID } from '../../../common/http/value-checks.js';
import { awaitAll } from '../../../database/await-all.js';
import { newId, newIds } from '../../../database/new-id.js';
import type { Actor } from '../../audit/index.js';
import { createdBy, type Provenance } from '../../members/index.js';
import { ApplyGroupRoles } from './apply-group-roles.js';
import { FollowedGroups } from './followed-groups.js';
import { GroupMembersRepository } from './group-members.repository.js';
import { GroupAudit } from './group-audit.js';
import type { GroupBinding } from './group-binding.js';
import { type MemberChange, type MemberDelta, nestedGroupError, unknownMemberError } from './group-edit.js';
import type { ScimGroup } from './entities.js';

type GroupKey = Pick<ScimGroup, 'orgId' | 'id'>;
type BoundGroup = GroupKey & GroupBinding & Pick<ScimGroup, 'displayName'>;

/** Effects of a changed group: its members, their roles, the audit entry. Callers hold the roster lock. */
@Injectable()
export class GroupEffects {
  constructor(
    private readonly members: GroupMembersRepository,
    private readonly roles: ApplyGroupRoles,
    private readonly audit: GroupAudit,
    private readonly followed: FollowedGroups,
  ) {}

  /** @throws ScimError invalidValue for an added member who is not a user; removing an unknown one is no error. */
  async updateMembers(
    group: GroupKey,
    changes: readonly MemberChange[],
    provenance: Provenance,
  ): Promise<MemberDelta> {
    const added: string[] = [];
    const removed: string[] = [];
    for (const { kind, ids } of changes) {
      const uniqueIds = [...new Set(ids.map((id) => id.toLowerCase()))];
      if (kind === 'replace') removed.push(...(await this.members.keepOnly(group, onlyUuids(uniqueIds))));
      if (kind === 'remove') removed.push(...(await this.members.remove(group, onlyUuids(uniqueIds))));
      else added.push(...(await this.addMembers(group, uniqueIds, provenance)));
    }
    return { added, removed };
  }

  async afterCreate(
    principal: ScimPrincipal,
    group: BoundGroup,
    changes: readonly MemberChange[],
  ): Promise<void> {
    const provenance = createdByGroup(principal);
    const memberDelta = await this.updateMembers(group, changes, provenance);
    const rolesChanged = await this.roles.run(principal, group.orgId, memberDelta.added, provenance);
    await this.followed.afterMembersChanged(principal, group, memberDelta);
    await this.audit.record(principal, 'create_scim_group', group.id, {
      binding: group,
      isFollowed: await this.followed.isFollowed(group),
      memberDelta,
      rolesChanged,
      entryId: provenance.auditEntryId,
    });
  }

  /**
   * Updates the roles of added and removed members, or of all members if the group's grant changed. `provenance` is that
   * of the members whom `updateMembers` added.
   */
  async afterChange(
    principal: ScimPrincipal,
    group: BoundGroup,
    {
      memberDelta,
      isMembersListAbsent,
      changed,
      isRebound,
      formerName,
      provenance,
    }: {
      memberDelta: MemberDelta;
      isMembersListAbsent: boolean;
      changed: readonly string[];
      isRebound: boolean;
      formerName: string;
      provenance: Provenance;
    },
  ): Promise<void> {
    const allMembers = isRebound ? await this.members.listMembers(group.orgId, [group.id]) : [];
    const [rolesChanged, isFollowed] = await awaitAll([
      this.roles.run(
        principal,
        group.orgId,
        unique([...allMembers, ...memberDelta.added, ...memberDelta.removed]),
        provenance,
      ),
      this.followed.isFollowed(group),
    ]);
    if (isFollowed || formerName !== group.displayName)
      await this.updateFollowing(principal, group, formerName, memberDelta);
    const entryId = provenance.auditEntryId;
    const change = { memberDelta, isMembersListAbsent, rolesChanged, changed };
    const outcome = { binding: group, isFollowed, ...change, entryId };
    await this.audit.record(principal, 'update_scim_group', group.id, outcome);
  }

  /**
   * For groups whose binding changed while their members stayed the same. There is one audit entry per group, all with
   * the same actor; new memberships refer to the first.
   */
  async afterRebind(
    actor: Actor,
    orgId: string,
    groups: readonly (ScimGroup & { isFollowed: boolean })[],
  ): Promise<void> {
    const members = await this.members.listMembers(
      orgId,
      groups.map(({ id }) => id),
    );
    const entryIds = newIds(groups);
    await this.roles.run(null, orgId, members, createdBy(actor, 'scim_group', first(entryIds)));
    await this.audit.recordRebound(actor, groups, entryIds);
  }

  /** `members`: the members before the removal. */
  async afterRemove(principal: ScimPrincipal, group: BoundGroup, members: readonly string[]): Promise<void> {
    const provenance = createdByGroup(principal);
    const rolesChanged = await this.roles.run(principal, group.orgId, members, provenance);
    const memberDelta = { added: [], removed: members };
    await this.followed.afterMembersChanged(principal, group, memberDelta);
    await this.audit.record(principal, 'delete_scim_group', group.id, {
      binding: group,
      isFollowed: await this.followed.isFollowed(group),
      memberDelta,
      rolesChanged,
      entryId: provenance.auditEntryId,
    });
  }

  /** With another name, the user group that follows the former one loses all members, and that of the new one gets them. */
  private async updateFollowing(
    principal: ScimPrincipal,
    group: BoundGroup,
    formerName: string,
    memberDelta: MemberDelta,
  ): Promise<void> {
    if (formerName === group.displayName)
      return this.followed.afterMembersChanged(principal, group, memberDelta);
    const members = await this.members.listMembers(group.orgId, [group.id]);
    const removed = [...members, ...memberDelta.removed];
    await this.followed.afterMembersChanged(
      principal,
      { ...group, displayName: formerName },
      { added: [], removed },
    );
    await this.followed.afterMembersChanged(principal, group, { added: members, removed: [] });
  }

  /** Another organization's users are unknown too. */
  private async addMembers(
    group: GroupKey,
    ids: readonly string[],
    provenance: Provenance,
  ): Promise<string[]> {
    if (ids.length === 0) return [];
    const possible = onlyUuids(ids);
    const known = await this.members.add(group, possible, provenance);
    if (known.length < ids.length)
      throw (await this.members.areAnyGroups(group.orgId, possible))
        ? nestedGroupError()
        : unknownMemberError();
    return known.flatMap(({ id, isAdded }) => (isAdded ? [id] : []));
  }
}

const onlyUuids = (ids: readonly string[]): string[] => ids.filter((id) => UUID.test(id));

/** For a change by a SCIM request, whose audit entry gets the id in it. */
export const createdByGroup = (principal: ScimPrincipal): Provenance =>
  createdBy(principal, 'scim_group', newId());
