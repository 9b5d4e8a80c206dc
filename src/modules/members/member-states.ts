import { Injectable } from '@nestjs/common';
import { EventBus } from '../../common/events/event-bus.js';
import { MemberRemoved, MembersDisabled } from './members.events.js';
import { MembershipsRepository } from './memberships.repository.js';
import { OrgMembersService } from './org-members.service.js';

/**
 * Whether a member may act, and whether he is one at all, as an identity provider decides it. The caller holds the roster
 * lock and records what happened; the last admin stays what he is (contract decision 12).
 */
@Injectable()
export class MemberStates {
  constructor(
    private readonly memberships: MembershipsRepository,
    private readonly members: OrgMembersService,
    private readonly events: EventBus,
  ) {}

  /** Their places and roles stay, for the day they are enabled again. Throws LastAdminRequired. */
  async disable(orgId: string, userIds: readonly string[]): Promise<void> {
    const disabled = await this.memberships.disable(orgId, userIds);
    if (disabled.length === 0) return;
    await this.members.assertAdminRemains(orgId);
    await this.events.publish(new MembersDisabled(orgId, disabled));
  }

  enable(orgId: string, userId: string): Promise<void> {
    return this.memberships.enable(orgId, userId);
  }

  /** Workspaces, tokens and whatever hangs on the membership go with it. Throws LastAdminRequired. */
  async remove(orgId: string, userId: string): Promise<void> {
    if (!(await this.memberships.removeUserFromOrg(orgId, userId))) return;
    await this.members.assertAdminRemains(orgId);
    await this.events.publish(new MemberRemoved(orgId, userId));
  }
}
