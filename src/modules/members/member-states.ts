import { Injectable } from '@nestjs/common';
import { EventBus } from '../../common/events/event-bus.js';
import { MemberDisabled, MemberRemoved } from './members.events.js';
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

  /** His place and roles stay, for the day he is enabled again. Throws LastAdminMustStay. */
  async disable(orgId: string, userId: string): Promise<void> {
    if (!(await this.memberships.setDisabled(orgId, userId, true))) return;
    await this.members.assertAdminRemains(orgId);
    await this.events.publish(new MemberDisabled(orgId, userId));
  }

  async enable(orgId: string, userId: string): Promise<void> {
    await this.memberships.setDisabled(orgId, userId, false);
  }

  /** Workspaces, tokens and whatever hangs on the membership go with it. Throws LastAdminMustStay. */
  async remove(orgId: string, userId: string): Promise<void> {
    if (!(await this.memberships.removeUserFromOrg(orgId, userId))) return;
    await this.members.assertAdminRemains(orgId);
    await this.events.publish(new MemberRemoved(orgId, userId));
  }
}
