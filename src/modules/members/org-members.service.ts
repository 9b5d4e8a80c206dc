import { Injectable } from '@nestjs/common';
import type { OrgPrincipal } from '../../common/access/principal.js';
import { EventBus } from '../../common/event-bus.js';
import { Transaction } from '../../database/transactions/transaction.js';
import { type AuditDetails, AuditTrail } from '../audit/index.js';
import { isPromotion, mayManageOrgRole, ORG_ADMIN_ID, systemRole } from '../roles/index.js';
import { EndedMemberships } from './ended-memberships.js';
import {
  LastAdminRequired,
  MemberNotFound,
  OperatorCannotChangeRole,
  RoleIsProvisioned,
} from './core/members.errors.js';
import {
  type CreatedByMember,
  CreatedCredentialsRequested,
  MemberRemoved,
  MembersAdded,
  MembersPromoted,
} from './core/members.events.js';
import { toEndedDetails } from './member.mapper.js';
import { membershipFacts } from './core/membership-facts.js';
import { MembershipsRepository, type NewOrgMembership } from './core/memberships.repository.js';
import type { OrgMembership } from './core/entities.js';
import { type ChangeOrigin, changeBy, createdByRule } from './core/provenance.js';
import { changeOfEnd } from './core/access-ends.repository.js';
import { endDetails, isEndWritten, type RequestedRole, type RoleUntil } from './core/role-end.js';
import { RoleEndsService } from './role-ends.service.js';

@Injectable()
export class OrgMembersService {
  constructor(
    private readonly memberships: MembershipsRepository,
    private readonly ends: RoleEndsService,
    private readonly ended: EndedMemberships,
    private readonly transaction: Transaction,
    private readonly events: EventBus,
    private readonly audit: AuditTrail,
  ) {}

  find(orgId: string, membershipId: string): Promise<OrgMembership | null> {
    return this.memberships.findInOrg(orgId, membershipId);
  }

  async get(orgId: string, membershipId: string): Promise<OrgMembership> {
    const membership = await this.find(orgId, membershipId);
    if (!membership) throw new MemberNotFound();
    return membership;
  }

  /** By user id; users who are not members are missing. */
  async findByUsers(orgId: string, userIds: readonly string[]): Promise<Map<string, OrgMembership>> {
    if (userIds.length === 0) return new Map();
    const rows = await this.memberships.listByUsers(orgId, userIds);
    return new Map(rows.map((membership) => [membership.userId, membership]));
  }

  listOrgMemberships(userIds: readonly string[]): Promise<OrgMembership[]> {
    return this.memberships.listOrgMemberships(userIds);
  }

  /** `listOrgMemberships`, locked against change and deletion until the open transaction ends. */
  lockOrgMemberships(userIds: readonly string[]): Promise<OrgMembership[]> {
    return this.memberships.lockOrgMemberships(userIds);
  }

  /** Under the roster lock, with the right to grant these roles. Returns the users who were no members. */
  async add(orgId: string, rows: readonly NewOrgMembership[]): Promise<ReadonlySet<string>> {
    if (rows.length === 0) return new Set();
    const added = await this.insertAll(orgId, rows);
    const isFirstStart = rows.every(({ provenance }) => provenance.via === 'bootstrap');
    if (added.size > 0 && !isFirstStart) await this.events.publish(new MembersAdded(orgId, [...added]));
    return added;
  }

  /** The first statement is sent at once: others about the new members may follow it in the same round trip. */
  private async insertAll(orgId: string, rows: readonly NewOrgMembership[]): Promise<Set<string>> {
    const added = await this.memberships.insertInOrg(orgId, rows);
    const others = rows.filter(({ userId }) => !added.has(userId));
    const hadEnded = await this.ended.tidyOf(
      orgId,
      others.map(({ userId }) => userId),
    );
    return hadEnded ? new Set([...added, ...(await this.memberships.insertInOrg(orgId, others))]) : added;
  }

  /** From any state. The caller holds the roster lock and writes the entry with the id `auditEntryId`. */
  async makeAdmin(orgId: string, userId: string, auditEntryId: string): Promise<void> {
    const provenance = createdByRule('operator', auditEntryId);
    await this.memberships.upsertAdmin(orgId, { userId, roleId: ORG_ADMIN_ID, provenance });
    await this.events.publish(new MembersPromoted(orgId, [userId]));
  }

  /** Operators may grant and change ordinary roles only. @throws OperatorCannotChangeRole, also for an unknown role. */
  assertMayManage(principal: OrgPrincipal, roleId: string): void {
    if (!mayManageOrgRole(principal, roleId)) throw new OperatorCannotChangeRole();
  }

  /** The role and its end. The caller records it with the id `auditEntryId`, with the returned details. */
  async changeRole(
    principal: OrgPrincipal,
    membershipId: string,
    requested: RequestedRole,
    auditEntryId: string,
  ): Promise<AuditDetails> {
    const { orgId } = principal;
    for (const roleId of [requested.roleId, requested.revertsToRoleId])
      if (roleId) this.assertMayManage(principal, roleId);
    return this.transaction.as(principal, async () => {
      const before = await this.get(orgId, membershipId);
      this.assertMayManage(principal, before.roleId);
      await this.ended.tidyOf(orgId, [before.userId]);
      const after = await this.ends.resolve(principal, before, requested, 'organization');
      if (await this.isGrantedByGroup(before)) throw new RoleIsProvisioned();
      const by = changeBy(principal, auditEntryId);
      const changed = { ...after, ownerId: orgId, id: membershipId };
      if (requested.roleId) await this.memberships.changeRole('org', changed, by);
      if (isEndWritten(before, after)) await this.memberships.setEnd('org', changed, by);
      const endingWithRole = await this.endEarlierInCreated(before, after, by);
      const endingCredentials = await this.ends.endCredentialsEarlier(
        orgId,
        before.accessExpiresAt,
        after.accessExpiresAt,
      );
      if (isPromotion(before.roleId, after.roleId))
        await this.events.publish(new MembersPromoted(orgId, [before.userId]));
      await this.assertAdminRemains(orgId);
      const { userId, roleId: fromRoleId } = before;
      const facts = membershipFacts({ orgChanged: [{ userId, fromRoleId, roleId: after.roleId }] });
      return {
        ...facts,
        ...endDetails(before, after),
        ...endingCredentials,
        ...(endingWithRole.length > 0 ? { workspaces_ending_with_role: endingWithRole } : {}),
      };
    });
  }

  /** In workspaces that the member created by a role whose end is brought forward. Returns the workspaces. */
  private async endEarlierInCreated(
    before: OrgMembership,
    after: RoleUntil,
    by: ChangeOrigin,
  ): Promise<string[]> {
    const [from, to] = [before.accessExpiresAt, after.accessExpiresAt];
    if (!from || !to || changeOfEnd(from, to) !== 'taken') return [];
    return this.memberships.endEarlierWithOrgRole(before, { from, to }, by);
  }

  /** The caller records it. @throws MemberNotFound, OperatorCannotChangeRole, and the errors of deleting a key or token */
  async endCreatedBy(principal: OrgPrincipal, membershipId: string): Promise<CreatedByMember> {
    const { userId, roleId } = await this.get(principal.orgId, membershipId);
    this.assertMayManage(principal, roleId);
    const requested = new CreatedCredentialsRequested(principal, userId, { keys: true, tokens: true });
    await this.events.publish(requested);
    return requested.all;
  }

  /**
   * Workspace memberships and tokens go by cascade, sessions by event. Returns what the user created, which stays unless it is
   * to be revoked. If the membership has ended, the entry of its end has the removal.
   *
   * @throws MemberNotFound, OperatorCannotChangeRole, LastAdminRequired, and the errors of deleting a key or token
   */
  remove(
    principal: OrgPrincipal,
    membershipId: string,
    { revokeCreated }: { revokeCreated: boolean },
  ): Promise<CreatedByMember> {
    return this.transaction.as(principal, async () => {
      const ended = await this.memberships.findEndedInOrg(principal.orgId, membershipId);
      const membership = ended ?? (await this.get(principal.orgId, membershipId));
      this.assertMayManage(principal, membership.roleId);
      const ending = { keys: revokeCreated, tokens: false };
      const requested = new CreatedCredentialsRequested(principal, membership.userId, ending);
      await this.events.publish(requested);
      if (ended) await this.ended.tidyOf(principal.orgId, [ended.userId]);
      else {
        await this.memberships.removeFromOrg(principal.orgId, membershipId);
        await this.assertAdminRemains(principal.orgId);
        await this.events.publish(new MemberRemoved(principal.orgId, membership.userId));
      }
      const details = {
        ...(revokeCreated ? toEndedDetails(requested.all) : {}),
        ...(ended ? { org_members_removed: {} } : membershipFacts({ orgRemoved: [membership] })),
      };
      const scope = { details, resourceOwnerId: membership.userId };
      await this.audit.record(principal, 'delete_org_member', [membershipId], scope);
      return requested.all;
    });
  }

  /** After a change, before commit, under the roster lock, so that two admins cannot remove each other. */
  async assertAdminRemains(orgId: string): Promise<void> {
    if (!(await this.memberships.hasPermanentHolder(orgId, ORG_ADMIN_ID))) throw new LastAdminRequired();
  }

  /** SCIM makes users Organization User without a group, too; a group that does so also gives a role in a workspace. */
  private async isGrantedByGroup({ orgId, userId, source, roleId }: OrgMembership): Promise<boolean> {
    if (source !== 'scim') return false;
    if (roleId !== systemRole('ORGANIZATION_USER').id) return true;
    const workspaceMemberships = await this.memberships.listWorkspaceMemberships(orgId, [userId]);
    return workspaceMemberships.some((workspaceMembership) => workspaceMembership.source === 'scim');
  }
}
