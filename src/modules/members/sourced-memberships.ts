import { Injectable } from '@nestjs/common';
import { getOrThrow } from '../../common/collections.js';
import { EventBus } from '../../common/event-bus.js';
import { awaitAll } from '../../database/transactions/unit-of-work.js';
import { isOrdinaryRole, isPromotion, ORG_ADMIN_ID } from '../roles/index.js';
import type { OrgMembership, WorkspaceMembership } from './core/entities.js';
import { EndedMemberships } from './ended-memberships.js';
import { MemberRemoved, MembersDisabled, MembersPromoted } from './core/members.events.js';
import type { MembershipChanges } from './core/membership-facts.js';
import { MembershipsRepository } from './core/memberships.repository.js';
import { OrgMembersService } from './org-members.service.js';
import type { MembershipSource, Provenance } from './core/provenance.js';
import { type OrgRoleGrant, SourcedMembershipsRepository } from './sourced-memberships.repository.js';

export type HeldOrgRole = Pick<OrgMembership, 'userId' | 'roleId' | 'source'>;
export type HeldWorkspaceRole = Pick<
  WorkspaceMembership,
  'id' | 'userId' | 'workspaceId' | 'roleId' | 'source'
>;

/**
 * What identity providers change, under the roster lock. At sign-in a source changes its own memberships only; SCIM takes
 * over all others (docs/contract/members.md#provenance). The caller records the change.
 */
@Injectable()
export class SourcedMemberships {
  constructor(
    private readonly memberships: MembershipsRepository,
    private readonly sourced: SourcedMembershipsRepository,
    private readonly members: OrgMembersService,
    private readonly ended: EndedMemberships,
    private readonly events: EventBus,
  ) {}

  /** Only memberships with this source. */
  async changeWorkspaceRoles(
    orgId: string,
    source: MembershipSource,
    rows: readonly { id: string; roleId: string }[],
  ): Promise<void> {
    if (rows.length > 0) await this.sourced.changeWorkspaceRoles(orgId, source, rows);
  }

  /** Only memberships with this source. */
  async removeFromWorkspaces(orgId: string, source: MembershipSource, ids: readonly string[]): Promise<void> {
    if (ids.length > 0) await this.sourced.removeFromWorkspaces(orgId, source, ids);
  }

  /** Transfers the membership to the source `to`. False, without a change, if its source is not `from`. */
  async changeOrgRole(
    orgId: string,
    id: string,
    roleId: string,
    sources: { from: MembershipSource; to: MembershipSource },
  ): Promise<boolean> {
    const before = await this.memberships.findInOrg(orgId, id);
    if (before) await this.ended.tidyOf(orgId, [before.userId]);
    const isChanged = await this.sourced.changeOrgRole(orgId, id, roleId, sources);
    if (isChanged && before && isPromotion(before.roleId, roleId))
      await this.events.publish(new MembersPromoted(orgId, [before.userId]));
    return isChanged;
  }

  /** Whether the organization has an active admin besides this user; checked before the user stops being one. */
  hasOtherAdmin(orgId: string, userId: string): Promise<boolean> {
    return this.memberships.hasPermanentHolder(orgId, ORG_ADMIN_ID, userId);
  }

  async findHeldRoles(
    orgId: string,
    userIds: readonly string[],
  ): Promise<{ orgRoles: HeldOrgRole[]; workspaceRoles: HeldWorkspaceRole[] }> {
    const [orgRoles, workspaceRoles] = await awaitAll([
      this.memberships.listByUsers(orgId, userIds),
      this.memberships.listWorkspaceMemberships(orgId, userIds),
    ]);
    return { orgRoles, workspaceRoles };
  }

  /** For SCIM. */
  async grantOrgRoles(orgId: string, grants: readonly OrgRoleGrant[]): Promise<void> {
    if (grants.length === 0) return;
    await this.tidyOf(orgId, grants);
    const promoted = await this.promotedBy(orgId, grants);
    await this.sourced.setOrgRoles(orgId, grants);
    if (promoted.length > 0) await this.events.publish(new MembersPromoted(orgId, promoted));
  }

  /** For SCIM. */
  async grantWorkspaceRoles(
    orgId: string,
    grants: readonly (OrgRoleGrant & { readonly workspaceId: string })[],
    provenanceOf: (userId: string) => Provenance,
  ): Promise<void> {
    const rows = grants.map((grant) => ({ ...grant, provenance: provenanceOf(grant.userId) }));
    if (rows.length === 0) return;
    await this.tidyOf(orgId, grants);
    await this.memberships.setInWorkspaces(orgId, rows);
  }

  /** Memberships and roles are kept for re-enabling. @throws LastAdminRequired */
  async disable(orgId: string, userIds: readonly string[]): Promise<void> {
    const disabled = await this.sourced.disable(orgId, userIds);
    if (disabled.length === 0) return;
    await this.members.assertAdminRemains(orgId);
    await this.events.publish(new MembersDisabled(orgId, disabled));
  }

  enable(orgId: string, userId: string): Promise<void> {
    return this.sourced.enable(orgId, userId);
  }

  /** Returns what was removed; what has ended is tidied, so that it is remembered. @throws LastAdminRequired */
  async remove(orgId: string, userId: string): Promise<MembershipChanges> {
    await this.ended.tidyOf(orgId, [userId]);
    const roleId = await this.sourced.remove(orgId, userId);
    if (!roleId) return {};
    await this.members.assertAdminRemains(orgId);
    await this.events.publish(new MemberRemoved(orgId, userId));
    return { orgRemoved: [{ userId, roleId }] };
  }

  private async tidyOf(orgId: string, grants: readonly OrgRoleGrant[]): Promise<void> {
    await this.ended.tidyOf(
      orgId,
      grants.map(({ userId }) => userId),
    );
  }

  private async promotedBy(orgId: string, grants: readonly OrgRoleGrant[]): Promise<string[]> {
    const reserved = grants.filter(({ roleId }) => !isOrdinaryRole(roleId));
    if (reserved.length === 0) return [];
    const wanted = new Map(reserved.map(({ userId, roleId }) => [userId, roleId]));
    const held = await this.memberships.listByUsers(orgId, [...wanted.keys()]);
    return held.flatMap(({ userId, roleId }) =>
      isPromotion(roleId, getOrThrow(wanted, userId)) ? [userId] : [],
    );
  }
}
