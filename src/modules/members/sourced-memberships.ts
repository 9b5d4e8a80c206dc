import { Injectable } from '@nestjs/common';
import { EventBus } from '../../common/event-bus.js';
import { isPromotion, ORG_ADMIN_ID } from '../roles/index.js';
import { MembersPromoted } from './members.events.js';
import { MembershipsRepository } from './memberships.repository.js';
import type { MembershipSource } from './provenance.js';

/**
 * Changes of an automatic source to its own memberships (docs/contract/members.md#provenance); rows of other sources
 * are never changed. The caller holds the roster lock and records the change.
 */
@Injectable()
export class SourcedMemberships {
  constructor(
    private readonly memberships: MembershipsRepository,
    private readonly events: EventBus,
  ) {}

  async changeWorkspaceRoles(
    orgId: string,
    source: MembershipSource,
    rows: readonly { id: string; roleId: string }[],
  ): Promise<void> {
    if (rows.length > 0) await this.memberships.changeSourcedRoles(orgId, source, rows);
  }

  async removeFromWorkspaces(orgId: string, source: MembershipSource, ids: readonly string[]): Promise<void> {
    if (ids.length > 0) await this.memberships.removeSourced(orgId, source, ids);
  }

  /** Transfers the membership to the source `to`. False, without a change, if its source is not `from`. */
  async changeOrgRole(
    orgId: string,
    id: string,
    roleId: string,
    sources: { from: MembershipSource; to: MembershipSource },
  ): Promise<boolean> {
    const before = await this.memberships.findInOrg(orgId, id);
    const isChanged = await this.memberships.changeSourcedOrgRole(orgId, id, roleId, sources);
    if (isChanged && before && isPromotion(before.roleId, roleId))
      await this.events.publish(new MembersPromoted(orgId, [before.userId]));
    return isChanged;
  }

  /** Whether the organization has an active admin besides this user; checked before the user stops being one. */
  hasOtherAdmin(orgId: string, userId: string): Promise<boolean> {
    return this.memberships.hasOtherActiveHolder(orgId, ORG_ADMIN_ID, userId);
  }
}
