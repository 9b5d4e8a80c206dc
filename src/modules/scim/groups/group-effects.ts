import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { ScimPrincipal } from '../../../common/access/principal.js';
import { first, unique, zip } from '../../../common/collections.js';
import { EventBus } from '../../../common/event-bus.js';
import { newId, newIds } from '../../../database/statements/new-id.js';
import { awaitAll } from '../../../database/transactions/unit-of-work.js';
import { type Actor, AuditTrail } from '../../audit/index.js';
import { createdBy, type Provenance } from '../../members/index.js';
import { SynchronizedMembersRepository, UserGroupSyncStarted } from '../../user-groups/index.js';
import { ProvisionedRoles } from '../roles/provisioned-roles.js';
import { ScimTokenScope } from '../tokens/scim-token-scope.js';
import type { ScimGroup } from './entities.js';
import type { MemberDelta } from './group-edit.js';
import { GroupMembersRepository } from './group-members.repository.js';
import { bindingDetails, type FollowingChange, groupEntries } from './group-entries.js';
import type { GroupBinding } from './group-names.js';

type ChangedGroup = Pick<ScimGroup, 'orgId' | 'id' | 'displayName'> & GroupBinding;

type GroupChange = {
  readonly memberDelta: MemberDelta;
  /** Of the added members, and of the memberships that the change creates; its audit entry gets the id in it. */
  readonly provenance: Provenance;
  readonly changed?: readonly string[];
  readonly formerName?: string;
  /** What the group grants has changed, for all of its members. */
  readonly isRebound?: boolean;
  readonly isMembersListAbsent?: boolean;
};

/** What follows a change of groups: roles, user groups, the audit entry. Callers hold the roster lock. */
@Injectable()
export class GroupEffects implements OnModuleInit {
  constructor(
    private readonly groupMembers: GroupMembersRepository,
    private readonly roles: ProvisionedRoles,
    private readonly following: SynchronizedMembersRepository,
    private readonly tokenScope: ScimTokenScope,
    private readonly audit: AuditTrail,
    private readonly events: EventBus,
  ) {}

  onModuleInit(): void {
    this.events.on(UserGroupSyncStarted, (started) => this.startFollowing(started));
  }

  /** After the change was written. @throws LastAdminRequired, and the errors of `ScimTokenScope.assertMayGrant` */
  async afterChange(
    principal: ScimPrincipal,
    operation: 'create_scim_group' | 'update_scim_group' | 'delete_scim_group',
    group: ChangedGroup,
    change: GroupChange,
  ): Promise<void> {
    const { orgId, displayName } = group;
    const { memberDelta, provenance, changed, formerName = displayName } = change;
    const { added, removed } = memberDelta;
    const others = change.isRebound ? await this.groupMembers.listMembers(orgId, [group.id]) : [];
    const affected = unique([...others, ...added, ...removed]);
    const [roles, followed] = await awaitAll([
      this.roles.update(principal, orgId, affected, () => provenance),
      this.following.listFollowed(orgId, [displayName.trim(), formerName.trim()]),
    ]);
    const following =
      followed.size > 0 ? await this.updateFollowing(principal, group, formerName, memberDelta) : [];
    await this.audit.recordAll(
      groupEntries({
        actor: principal,
        orgId,
        operation,
        groupId: group.id,
        entryId: provenance.auditEntryId,
        members: memberDelta,
        roles: roles.changes,
        following,
        details: {
          ...bindingDetails(group, followed.has(displayName.trim())),
          ...(changed ? { changed: [...changed] } : {}),
          members_added: added.length,
          members_removed: removed.length,
          ...(change.isMembersListAbsent ? { members_removed_by_absent_list: removed.length } : {}),
          roles_changed: roles.count,
        },
      }),
    );
  }

  /**
   * For groups whose binding changed while their members stayed the same. `actor` has changed the name or setting behind it; the
   * first of the audit entries, one for each group, names what happened to memberships.
   */
  async afterRebind(
    actor: Actor,
    orgId: string,
    groups: readonly (ScimGroup & { isFollowed: boolean })[],
  ): Promise<void> {
    const ids = groups.map(({ id }) => id);
    const members = await this.groupMembers.listMembers(orgId, ids);
    const entryIds = newIds(groups);
    const [firstId] = entryIds;
    const provenance = createdBy(actor, 'scim_group', first(entryIds));
    const roles = await this.roles.update(null, orgId, members, () => provenance);
    await this.audit.recordAll(
      zip(groups, entryIds).flatMap(([group, entryId]) =>
        groupEntries({
          actor,
          orgId: group.orgId,
          operation: 'update_scim_group',
          groupId: group.id,
          entryId,
          roles: entryId === firstId ? roles.changes : {},
          details: { ...bindingDetails(group, group.isFollowed), changed: ['binding'] },
        }),
      ),
    );
  }

  /** A user group began to follow this name (docs/contract/user-groups.md#synchronization). */
  private async startFollowing({ orgId, idpGroupName }: UserGroupSyncStarted): Promise<void> {
    const userIds = await this.groupMembers.listUserIdsOfGroup(orgId, idpGroupName);
    await this.following.addScimMembers(orgId, idpGroupName, userIds);
  }

  /**
   * The user group that follows this name gets the same members, and after a renaming, the one that follows the former name loses
   * them. Returns who has joined and left. @throws TokenMayNotGiveWorkspaceRole
   */
  private async updateFollowing(
    principal: ScimPrincipal,
    { orgId, id, displayName }: ChangedGroup,
    formerName: string,
    delta: MemberDelta,
  ): Promise<FollowingChange[]> {
    if (formerName === displayName) return this.changeFollower(principal, displayName, delta);
    const members = await this.groupMembers.listMembers(orgId, [id]);
    const removed = [...members, ...delta.removed];
    const left = await this.changeFollower(principal, formerName, { added: [], removed });
    return [...left, ...(await this.changeFollower(principal, displayName, { added: members, removed: [] }))];
  }

  private async changeFollower(
    principal: ScimPrincipal,
    displayName: string,
    delta: MemberDelta,
  ): Promise<FollowingChange[]> {
    const { orgId } = principal;
    const name = displayName.trim();
    if (delta.added.length === 0 && delta.removed.length === 0) return [];
    const removed = await this.groupMembers.listUserIds(orgId, delta.removed);
    const added = await this.groupMembers.listUserIds(orgId, delta.added);
    await this.assertWithinReach(principal, name, { added, removed });
    const left = await this.following.removeScimMembers(orgId, name, removed);
    const joined = await this.following.addScimMembers(orgId, name, added);
    return [
      ...left.map((member) => ({ ...member, isAdded: false })),
      ...joined.map((member) => ({ ...member, isAdded: true })),
    ];
  }

  /** Only users whose membership of the user group changes are compared. */
  private async assertWithinReach(principal: ScimPrincipal, name: string, users: MemberDelta): Promise<void> {
    if (principal.makesAdmins) return;
    const { grants, joining, leaving } = await this.following.listScimChanges(principal.orgId, name, users);
    const changesOf = (memberId: string, joins: boolean) =>
      grants.map(({ id, name: groupName, workspaceId, ...grant }) => ({
        subject: { memberId },
        workspaceId,
        groups: [{ id, name: groupName, before: joins ? null : grant, after: joins ? grant : null }],
      }));
    const inWorkspaces = [
      ...joining.flatMap((id) => changesOf(id, true)),
      ...leaving.flatMap((id) => changesOf(id, false)),
    ];
    await this.tokenScope.assertMayGrant(principal, { orgRoleIds: [], inWorkspaces });
  }
}

/** For a change by a SCIM request, whose audit entry gets the id in it. */
export const createdByGroup = (principal: ScimPrincipal): Provenance =>
  createdBy(principal, 'scim_group', newId());
