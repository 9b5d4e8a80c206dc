import { Injectable } from '@nestjs/common';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import { EventBus } from '../../../common/event-bus.js';
import type { UserGroup } from '../core/entities.js';
import { UserGroupLimits } from '../core/user-group-limits.js';
import { UserGroupMembersRepository } from '../core/user-group-members.repository.js';

/** A group began to follow a group of the identity provider. Published inside the transaction. */
export class UserGroupSyncStarted {
  constructor(
    readonly orgId: string,
    readonly userGroupId: string,
    readonly idpGroupName: string,
  ) {}
}

/** Begins and ends synchronization (docs/contract/user-groups.md#synchronization) when a group was changed. */
@Injectable()
export class FollowIdpGroup {
  constructor(
    private readonly members: UserGroupMembersRepository,
    private readonly limits: UserGroupLimits,
    private readonly events: EventBus,
  ) {}

  /**
   * Members of the group that was followed before stay, as members by hand. This gives rights as well: the provider cannot take
   * the roles back any more.
   *
   * @throws UserGroupExceedsRights, RoleIsRestricted, ChangeExceedsRights
   */
  async afterChange(principal: OrgPrincipal, before: UserGroup, after: UserGroup): Promise<void> {
    const followed = followedBy(after);
    if (followed === followedBy(before)) return;
    await this.limits.assertMayFill(principal, after);
    await this.members.makeManual(after);
    if (followed === null) return;
    await this.events.publish(new UserGroupSyncStarted(after.orgId, after.id, followed));
  }
}

const followedBy = ({ idpSyncEnabled, idpGroupName }: UserGroup) => (idpSyncEnabled ? idpGroupName : null);
