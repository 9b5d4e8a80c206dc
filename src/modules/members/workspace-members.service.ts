import { Injectable } from '@nestjs/common';
import { AccessLimits } from '../../common/access/access-limits.js';
import type { OrgPrincipal, WorkspacePrincipal } from '../../common/access/principal.js';
import { newId } from '../../database/statements/new-id.js';
import { Transaction } from '../../database/transactions/transaction.js';
import { AuditTrail } from '../audit/index.js';
import { mayGrantOrgAdmin, ORG_ADMIN_ID, systemRole } from '../roles/index.js';
import { EndedMemberships } from './ended-memberships.js';
import {
  AlreadyInWorkspace,
  MemberNotFound,
  OnlyAdminsManageAdmins,
  RoleIsProvisioned,
} from './core/members.errors.js';
import { membershipFacts } from './core/membership-facts.js';
import {
  type AddedWorkspaceMembership,
  MembershipsRepository,
  type NewWorkspaceMembership,
} from './core/memberships.repository.js';
import { changeBy, createdBy, type MembershipSource } from './core/provenance.js';
import { accessChanges, endDetails, isEndWritten, type RequestedRole } from './core/role-end.js';
import { RoleEndsService } from './role-ends.service.js';
import type { WorkspaceMembership } from './core/entities.js';

export type MemberReference = { orgMembershipId: string } | { userId: string };

export type NewWorkspaceMember = {
  readonly member: MemberReference;
  readonly roleId: string | null;
  readonly accessExpiresAt: Date | null;
};

@Injectable()
export class WorkspaceMembersService {
  constructor(
    private readonly memberships: MembershipsRepository,
    private readonly ends: RoleEndsService,
    private readonly ended: EndedMemberships,
    private readonly limits: AccessLimits,
    private readonly transaction: Transaction,
    private readonly audit: AuditTrail,
  ) {}

  /** Returns the id of the membership (docs/contract/members.md#role-of-added-members). */
  add(
    principal: WorkspacePrincipal,
    { member, roleId, accessExpiresAt }: NewWorkspaceMember,
  ): Promise<string> {
    const { orgId, workspaceId } = principal;
    const role = roleId ?? systemRole('WORKSPACE_VIEWER').id;
    return this.transaction.as(principal, async () => {
      await this.ends.check(orgId, role, accessExpiresAt, 'workspace');
      const userId = await this.findUserId(orgId, member);
      const subject = userId === null ? SOMEBODY : { memberId: userId };
      await this.limits.assertWithin(principal, [{ subject, workspaceId, roleId: role, unlessMember: true }]);
      if (userId === null) throw new MemberNotFound();
      const entryId = newId();
      const provenance = createdBy(principal, 'direct_add', entryId);
      const added = { workspaceId, userId, roleId: role, provenance, accessExpiresAt };
      await this.ended.tidyOf(orgId, [userId]);
      const [inserted] = await this.memberships.insertInWorkspaces(orgId, [added]);
      if (!inserted) throw new AlreadyInWorkspace();
      const details = {
        ...membershipFacts({ added: [added] }),
        ...(accessExpiresAt ? { access_expires_at: accessExpiresAt.toISOString() } : {}),
      };
      const scope = { entryId, resourceOwnerId: userId, details };
      await this.audit.record(principal, 'add_member_to_workspace', [inserted.id], scope);
      return inserted.id;
    });
  }

  /** Returns what was added. The caller holds the roster lock and has checked the right to grant the roles. */
  async addAll(
    orgId: string,
    rows: readonly NewWorkspaceMembership[],
  ): Promise<readonly AddedWorkspaceMembership[]> {
    if (rows.length === 0) return [];
    await this.ended.tidyOf(
      orgId,
      rows.map(({ userId }) => userId),
    );
    return this.memberships.insertInWorkspaces(orgId, rows);
  }

  /** For what a role in the organization has given its holder in a workspace. Returns the end; null: it is permanent. */
  endWithOrgRole(orgId: string, userId: string, workspaceId: string): Promise<Date | null> {
    return this.memberships.endWithOrgRole(orgId, userId, workspaceId);
  }

  isTemporary(principal: OrgPrincipal): Promise<boolean> {
    return this.limits.isTemporary(principal);
  }

  listInWorkspace(workspaceId: string, userIds: readonly string[]): Promise<WorkspaceMembership[]> {
    return this.memberships.listInWorkspace(workspaceId, userIds);
  }

  /** Oldest first for each user. */
  listWorkspaceMemberships(orgId: string, userIds: readonly string[]): Promise<WorkspaceMembership[]> {
    return this.memberships.listWorkspaceMemberships(orgId, userIds);
  }

  changeRole(principal: WorkspacePrincipal, membershipId: string, requested: RequestedRole): Promise<void> {
    const { orgId, workspaceId } = principal;
    return this.transaction.as(principal, async () => {
      const before = await this.getManageable(principal, membershipId);
      const { userId, source, roleId: fromRoleId } = before;
      await this.ended.tidyOf(orgId, [userId]);
      const after = await this.ends.resolve(principal, before, requested, 'workspace');
      await this.limits.assertWithin(
        principal,
        accessChanges(before, after, { memberId: userId, workspaceId }),
      );
      const { roleId } = after;
      assertNotProvisioned(source);
      const entryId = newId();
      const by = changeBy(principal, entryId);
      const changed = { ...after, ownerId: workspaceId, id: membershipId };
      await this.memberships.changeRole('workspace', changed, by);
      if (isEndWritten(before, after)) await this.memberships.setEnd('workspace', changed, by);
      const facts = membershipFacts({ changed: [{ workspaceId, userId, fromRoleId, roleId }] });
      const ending = await this.ends.endCredentialsEarlier(
        orgId,
        before.accessExpiresAt,
        after.accessExpiresAt,
      );
      const details = { ...facts, ...endDetails(before, after), ...ending };
      const scope = { entryId, resourceOwnerId: userId, details };
      await this.audit.record(principal, 'update_workspace_member', [membershipId], scope);
    });
  }

  /** Leaving is not compared. If the membership has ended, the entry of its end has the removal. */
  remove(principal: WorkspacePrincipal, membershipId: string): Promise<void> {
    const { orgId, workspaceId } = principal;
    return this.transaction.as(principal, async () => {
      const ended = await this.memberships.findEndedInWorkspace(workspaceId, membershipId);
      if (ended) {
        await this.ended.tidyOf(orgId, [ended.userId]);
        const scope = { resourceOwnerId: ended.userId, details: { workspace_members_removed: {} } };
        await this.audit.record(principal, 'delete_workspace_member', [membershipId], scope);
        return;
      }
      const { userId, source, roleId } = await this.getManageable(principal, membershipId);
      const removal = { subject: { memberId: userId }, workspaceId, roleId: null };
      if (userId !== principal.userId) await this.limits.assertWithin(principal, [removal]);
      assertNotProvisioned(source);
      await this.memberships.removeFromWorkspace(workspaceId, membershipId);
      const details = membershipFacts({ removed: [{ workspaceId, userId, roleId }] });
      const scope = { resourceOwnerId: userId, details };
      await this.audit.record(principal, 'delete_workspace_member', [membershipId], scope);
    });
  }

  /** Not that of an Organization Admin, who is admin of every workspace, whatever their role in this one. */
  private async getManageable(
    principal: WorkspacePrincipal,
    membershipId: string,
  ): Promise<WorkspaceMembership> {
    const { orgId, workspaceId } = principal;
    const membership = await this.memberships.findInWorkspace(workspaceId, membershipId);
    if (!membership) throw new MemberNotFound();
    if (mayGrantOrgAdmin(principal)) return membership;
    const [orgMembership] = await this.memberships.listByUsers(orgId, [membership.userId]);
    if (orgMembership?.roleId === ORG_ADMIN_ID) throw new OnlyAdminsManageAdmins();
    return membership;
  }

  /** Null if there is no such member of the organization. */
  private async findUserId(orgId: string, member: MemberReference): Promise<string | null> {
    const membership =
      'orgMembershipId' in member
        ? await this.memberships.findInOrg(orgId, member.orgMembershipId)
        : (await this.memberships.listByUsers(orgId, [member.userId]))[0];
    return membership?.userId ?? null;
  }
}

function assertNotProvisioned(source: MembershipSource): void {
  if (source === 'scim') throw new RoleIsProvisioned();
}

/** What the caller may not give is refused before an unknown member is (docs/contract/http.md#order-of-checks). */
const SOMEBODY = { roleId: null, name: 'the user' };
