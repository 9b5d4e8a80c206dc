import { Injectable } from '@nestjs/common';
import { EventBus } from '../../common/event-bus.js';
import { type AuditedAction, AuditTrail, operatorIn } from '../audit/index.js';
import { type Ended, EndedMembershipsRepository } from './ended-memberships.repository.js';
import { MemberRemoved } from './core/members.events.js';
import { type MembershipChanges, membershipFacts } from './core/membership-facts.js';

/** More than anyone has. */
const ALL = 1_000_000;

/** Under the roster lock, each with an entry (docs/contract/members.md#access-that-ends). */
@Injectable()
export class EndedMemberships {
  constructor(
    private readonly ended: EndedMembershipsRepository,
    private readonly events: EventBus,
    private readonly audit: AuditTrail,
  ) {}

  listOrgs(limit: number): Promise<string[]> {
    return this.ended.listOrgs(limit);
  }

  /** At most `limit` of each kind. True if there may be more. */
  tidy(orgId: string, limit: number): Promise<boolean> {
    return this.run(orgId, null, limit);
  }

  /** False: nothing of theirs has ended. To be called before they get something. */
  async tidyOf(orgId: string, userIds: readonly string[]): Promise<boolean> {
    const hasEnded = userIds.length > 0 && (await this.ended.hasEnded(orgId, userIds));
    if (hasEnded) await this.run(orgId, userIds, ALL);
    return hasEnded;
  }

  private async run(orgId: string, userIds: readonly string[] | null, limit: number): Promise<boolean> {
    const { left, reverted, removed, revertedIn } = await this.ended.tidy(orgId, userIds, limit);
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
