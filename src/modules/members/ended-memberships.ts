import { Injectable } from '@nestjs/common';
import { EventBus } from '../../common/event-bus.js';
import { type AuditedAction, AuditTrail, operatorIn } from '../audit/index.js';
import { type Ended, EndedMembershipsRepository } from './ended-memberships.repository.js';
import { MemberRemoved } from './core/members.events.js';
import { type MembershipChanges, membershipFacts } from './core/membership-facts.js';

/** More than somebody has. */
const ALL = 1_000_000;

/**
 * Removes memberships whose end has passed, and lets temporary roles become the other one, each with an entry
 * (docs/contract/members.md#access-that-ends). Under the roster lock.
 */
@Injectable()
export class EndedMemberships {
  constructor(
    private readonly ended: EndedMembershipsRepository,
    private readonly events: EventBus,
    private readonly audit: AuditTrail,
  ) {}

  /** Organizations in which there is something to do. */
  listOrgs(limit: number): Promise<string[]> {
    return this.ended.listOrgs(limit);
  }

  /** At most `limit` of each kind. True if there may be more. */
  tidy(orgId: string, limit: number): Promise<boolean> {
    return this.run(orgId, null, limit);
  }

  /** Before these users get something: who has left is no member, and who was admin for a time is none. False: nothing has ended. */
  async tidyOf(orgId: string, userIds: readonly string[]): Promise<boolean> {
    const hasEnded = userIds.length > 0 && (await this.ended.hasEnded(orgId, userIds));
    if (hasEnded) await this.run(orgId, userIds, ALL);
    return hasEnded;
  }

  private async run(orgId: string, userIds: readonly string[] | null, limit: number): Promise<boolean> {
    const left = await this.ended.removeFromOrg(orgId, userIds, limit);
    const reverted = await this.ended.revertInOrg(orgId, userIds, limit);
    const removed = await this.ended.removeFromWorkspaces(orgId, userIds, limit);
    const revertedIn = await this.ended.revertInWorkspaces(orgId, userIds, limit);
    for (const { userId } of left) await this.events.publish(new MemberRemoved(orgId, userId));
    const entries = [
      ...left.map((one) => toEntry(orgId, one, { orgRemoved: [one] })),
      ...reverted.map((one) => toEntry(orgId, one, { orgChanged: [one] })),
      ...removed.map((one) => toEntry(orgId, one, { removed: [one] })),
      ...revertedIn.map((one) => toEntry(orgId, one, { changed: [one] })),
    ];
    await this.audit.recordAll(entries);
    return [left, reverted, removed, revertedIn].some(({ length }) => length === limit);
  }
}

const toEntry = (
  orgId: string,
  ended: Ended & { readonly workspaceId?: string },
  changes: MembershipChanges,
): AuditedAction => ({
  actor: operatorIn(orgId),
  operation: 'expire_access',
  resourceIds: [ended.id],
  scope: {
    orgId,
    workspaceId: ended.workspaceId ?? null,
    resourceOwnerId: ended.userId,
    details: {
      ...membershipFacts(changes),
      ended_at: ended.endedAt.toISOString(),
      end_set_by_ls_user_id: ended.setBy,
    },
  },
});
