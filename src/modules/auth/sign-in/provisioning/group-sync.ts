import { Injectable } from '@nestjs/common';
import { getOrThrow } from '../../../../common/collections.js';
import type { AuditDetails } from '../../../audit/index.js';
import {
  OrgMembersService,
  SourcedMemberships,
  WorkspaceMembersService,
  createdByRule,
} from '../../../members/index.js';
import type { Org } from '../../../orgs/index.js';
import { ORG_ADMIN_ID, systemRole } from '../../../roles/index.js';
import { SynchronizedMembersRepository } from '../../../user-groups/index.js';
import { groupChanges } from './group-changes.js';
import type { ResolvedGroups } from './resolved-groups.js';

const SOURCE = 'sso_group';
const ORG_USER = systemRole('ORGANIZATION_USER').id;

/** Applies the roles that groups of the identity provider grant, before the session of the login is opened. */
@Injectable()
export class GroupSync {
  constructor(
    private readonly members: OrgMembersService,
    private readonly workspaceMembers: WorkspaceMembersService,
    private readonly memberships: SourcedMemberships,
    private readonly following: SynchronizedMembersRepository,
  ) {}

  /**
   * For members only; the caller must hold the roster lock. Returns the changes, for the audit entry with the id
   * `auditEntryId`.
   */
  async apply(
    { id: orgId }: Org,
    { userId, auditEntryId }: { userId: string; auditEntryId: string },
    resolved: ResolvedGroups,
  ): Promise<AuditDetails> {
    const orgRole = await this.applyOrgRole(orgId, userId, systemRole(resolved.orgRole).id);
    const existing = await this.workspaceMembers.listWorkspaceMemberships(orgId, [userId]);
    const { added, changed, removed } = groupChanges(existing, resolved);
    const provenance = createdByRule(SOURCE, auditEntryId);
    const workspaceMembers = added.map((membership) => ({ ...membership, userId, provenance }));
    await this.workspaceMembers.addAll(orgId, workspaceMembers);
    await this.memberships.changeWorkspaceRoles(orgId, SOURCE, changed);
    await this.memberships.removeFromWorkspaces(
      orgId,
      SOURCE,
      removed.map(({ id }) => id),
    );
    return {
      ...resolved.counts,
      org_role: orgRole,
      added_workspace_ids: added.map(({ workspaceId }) => workspaceId),
      changed_workspace_ids: changed.map(({ workspaceId }) => workspaceId),
      removed_workspace_ids: removed.map(({ workspaceId }) => workspaceId),
    };
  }

  /** The user groups that the member joins and leaves by what the provider sent (docs/contract/user-groups.md). */
  async applyToUserGroups(
    orgId: string,
    userId: string,
    { followed }: ResolvedGroups,
  ): Promise<AuditDetails> {
    const { joined, left } = await this.following.applyClaim(orgId, userId, followed);
    if (joined.length === 0 && left.length === 0) return {};
    return { joined_user_group_ids: joined, left_user_group_ids: left };
  }

  /**
   * Groups change the org role of memberships that they created. They take over a membership of just-in-time
   * provisioning if they grant a higher role; without groups it falls back to Organization User. Memberships of other
   * sources stay unchanged (docs/contract/members.md#provenance).
   */
  private async applyOrgRole(orgId: string, userId: string, requested: string): Promise<string> {
    const { id, roleId, source } = getOrThrow(await this.members.findByUsers(orgId, [userId]), userId);
    const isRaised = source === 'jit' && roleId === ORG_USER && RAISES.has(requested);
    if (source !== SOURCE && !isRaised) return roleId === requested ? 'as_it_is' : 'given_by_others';
    if (requested === roleId) return 'as_it_is';
    if (roleId === ORG_ADMIN_ID && !(await this.memberships.hasOtherAdmin(orgId, userId)))
      return 'last_admin_stays';
    await this.memberships.changeOrgRole(orgId, id, requested, { from: source, to: SOURCE });
    return 'changed';
  }
}

/** Roles above Organization User, the role of just-in-time provisioning. */
const RAISES: ReadonlySet<string> = new Set([ORG_ADMIN_ID, systemRole('ORGANIZATION_OPERATOR').id]);
