import { Injectable } from '@nestjs/common';
import { EventBus } from '../../common/event-bus.js';
import { MemberRemoved, MembersDisabled } from './members.events.js';
import { MembershipsRepository } from './memberships.repository.js';
import { OrgMembersService } from './org-members.service.js';

/**
 * Disables, enables and removes members for an identity provider. The caller holds the roster lock and records the
 * change; the last admin can be neither disabled nor removed (docs/contract/members.md#last-admin).
 */
@Injectable()
export class MemberStates {
  constructor(
    private readonly memberships: MembershipsRepository,
    private readonly members: OrgMembersService,
    private readonly events: EventBus,
  ) {}

  /** Memberships and roles are kept for re-enabling. @throws LastAdminRequired */
  async disable(orgId: string, userIds: readonly string[]): Promise<void> {
    const disabled = await this.memberships.disable(orgId, userIds);
    if (disabled.length === 0) return;
    await this.members.assertAdminRemains(orgId);
    await this.events.publish(new MembersDisabled(orgId, disabled));
  }

  enable(orgId: string, userId: string): Promise<void> {
    return this.memberships.enable(orgId, userId);
  }

  /** Workspace memberships, tokens and other dependent rows are deleted by cascade. @throws LastAdminRequired */
  async remove(orgId: string, userId: string): Promise<void> {
    if (!(await this.memberships.removeUserFromOrg(orgId, userId))) return;
    await this.members.assertAdminRemains(orgId);
    await this.events.publish(new MemberRemoved(orgId, userId));
  }
}
