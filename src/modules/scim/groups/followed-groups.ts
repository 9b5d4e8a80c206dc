import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { ScimPrincipal } from '../../../common/access/principal.js';
import { EventBus } from '../../../common/event-bus.js';
import { SynchronizedMembersRepository, UserGroupSyncStarted } from '../../user-groups/index.js';
import { ScimTokenScope } from '../tokens/scim-token-scope.js';
import type { ScimGroup } from './entities.js';
import type { MemberDelta } from './group-edit.js';
import { GroupMembersRepository } from './group-members.repository.js';

type NamedGroup = Pick<ScimGroup, 'orgId' | 'id' | 'displayName'>;

/**
 * Lets user groups follow SCIM groups (docs/contract/user-groups.md#synchronization), beside the roles that the name of
 * a SCIM group grants. A token of an operator changes them within its reach only. Callers hold the roster lock.
 */
@Injectable()
export class FollowedGroups implements OnModuleInit {
  constructor(
    private readonly events: EventBus,
    private readonly members: GroupMembersRepository,
    private readonly following: SynchronizedMembersRepository,
    private readonly tokenScope: ScimTokenScope,
  ) {}

  onModuleInit(): void {
    this.events.on<UserGroupSyncStarted>(UserGroupSyncStarted, (started) => this.begin(started));
  }

  /**
   * After members or the name changed. With another name, the user group that follows the former one loses all members,
   * and that of the new one gets them. @throws TokenMayNotGiveWorkspaceRole
   */
  async afterChange(
    principal: ScimPrincipal,
    group: NamedGroup & { readonly isFollowed: boolean },
    formerName: string,
    delta: MemberDelta,
  ): Promise<void> {
    const former = { ...group, displayName: formerName };
    const isRenamed = formerName !== group.displayName;
    const wasFollowed = isRenamed ? await this.isFollowed(former) : group.isFollowed;
    if (!wasFollowed && !group.isFollowed) return;
    if (!isRenamed) return this.update(principal, group, delta);
    const members = await this.members.listMembers(group.orgId, [group.id]);
    if (wasFollowed)
      await this.update(principal, former, { added: [], removed: [...members, ...delta.removed] });
    if (group.isFollowed) await this.update(principal, group, { added: members, removed: [] });
  }

  async isFollowed({ orgId, displayName }: Pick<ScimGroup, 'orgId' | 'displayName'>): Promise<boolean> {
    const name = displayName.trim();
    return (await this.following.listFollowed(orgId, [name])).has(name);
  }

  private async update(principal: ScimPrincipal, group: NamedGroup, delta: MemberDelta): Promise<void> {
    const { orgId } = group;
    const name = group.displayName.trim();
    if (delta.added.length === 0 && delta.removed.length === 0) return;
    const removed = await this.members.listUserIds(orgId, delta.removed);
    const added = await this.members.listUserIds(orgId, delta.added);
    await this.assertWithinReach(principal, name, { added, removed });
    await this.following.removeScimMembers(orgId, name, removed);
    await this.following.addScimMembers(orgId, name, added);
  }

  /** Only those whose membership of the user group changes are compared. */
  private async assertWithinReach(
    principal: ScimPrincipal,
    name: string,
    users: { readonly added: readonly string[]; readonly removed: readonly string[] },
  ): Promise<void> {
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

  private async begin({ orgId, idpGroupName }: UserGroupSyncStarted): Promise<void> {
    const userIds = await this.members.listUserIdsOfGroup(orgId, idpGroupName);
    await this.following.addScimMembers(orgId, idpGroupName, userIds);
  }
}
