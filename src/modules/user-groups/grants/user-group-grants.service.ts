import { Injectable } from '@nestjs/common';
import { PermissionMissing } from '../../../common/access/access.errors.js';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import type { ListPage } from '../../../common/lists/cursor-list.js';
import { Transaction } from '../../../database/transactions/transaction.js';
import { type AuditDetails, AuditTrail } from '../../audit/index.js';
import { changeOfEnd } from '../../members/index.js';
import type { UserGroup } from '../core/entities.js';
import { UserGroupGrantExists, UserGroupGrantNotFound } from '../core/errors.js';
import { UserGroupEnds } from '../core/user-group-ends.js';
import { READ, UserGroupAccess } from '../core/user-group-access.js';
import { UserGroupLimits } from '../core/user-group-limits.js';
import { type Grant, type RoleInWorkspace, UserGroupsRepository } from '../core/user-groups.repository.js';

/** `at`: the end; null is permanent, absent in a change is unchanged. */
type NewGrant = RoleInWorkspace & { readonly at?: Date | null | undefined };

/** The roles of user groups in workspaces: at most one each, together with the child group there. */
@Injectable()
export class UserGroupGrantsService {
  constructor(
    private readonly groups: UserGroupsRepository,
    private readonly access: UserGroupAccess,
    private readonly limits: UserGroupLimits,
    private readonly ends: UserGroupEnds,
    private readonly transaction: Transaction,
    private readonly audit: AuditTrail,
  ) {}

  async list(principal: OrgPrincipal, groupId: string, page: ListPage): Promise<Grant[]> {
    await this.access.getOfOrganization(principal, groupId);
    return this.groups.listGrants(principal.orgId, groupId, page);
  }

  /** For readers of groups of the organization, or of groups in that workspace. @throws UserGroupGrantNotFound */
  async get(principal: OrgPrincipal, groupId: string, workspaceId: string): Promise<Grant> {
    const mayRead =
      principal.can(READ.organization) || (await this.access.holds(principal, workspaceId, READ.workspace));
    if (!mayRead) throw new PermissionMissing(READ.organization);
    await this.access.getOfOrganization(principal, groupId);
    return this.find(principal, groupId, workspaceId);
  }

  /**
   * @throws RoleNotFound, NotAWorkspaceRole, UserGroupWorkspaceNotFound, UserGroupGrantExists, and the errors of
   *   `UserGroupLimits`
   */
  create(principal: OrgPrincipal, groupId: string, { at, ...given }: NewGrant): Promise<Grant> {
    return this.transaction.as(principal, async () => {
      await this.ends.check(at);
      const group = await this.access.getOfOrganization(principal, groupId);
      await this.limits.assertMayGrant(principal, group, given);
      await this.ends.tidyGrantsOf(group);
      if (!(await this.groups.insertGrant(group, given, { at: at ?? null, setBy: principal.userId })))
        throw new UserGroupGrantExists();
      const grant = await this.find(principal, groupId, given.workspaceId);
      await this.audit.record(principal, 'create_user_group_grant', [groupId, grant.id, given.workspaceId], {
        details: { role_id: given.roleId, ...endDetails(at) },
      });
      return grant;
    });
  }

  /** @throws UserGroupGrantNotFound, RoleNotFound, NotAWorkspaceRole, OwnAccessEnd, and the errors of `UserGroupLimits` */
  change(principal: OrgPrincipal, groupId: string, { at, ...given }: NewGrant): Promise<Grant> {
    const { orgId, userId } = principal;
    return this.transaction.as(principal, async () => {
      await this.ends.check(at);
      const group = await this.access.getOfOrganization(principal, groupId);
      const before = await this.find(principal, groupId, given.workspaceId);
      await this.limits.assertMayRegrant(principal, group, given);
      if (at !== undefined) await this.assertMayMoveEnd(principal, group, { before, given, at });
      const end = at === undefined ? null : { at, setBy: userId };
      await this.groups.changeGrant(orgId, before.id, given.roleId, end);
      await this.audit.record(principal, 'update_user_group_grant', [groupId, before.id, given.workspaceId], {
        details: {
          from_role_id: before.roleId,
          to_role_id: given.roleId,
          ...endDetails(at),
          ...(await this.ends.endCredentialsEarlier(orgId, before.accessExpiresAt, at)),
        },
      });
      return this.find(principal, groupId, given.workspaceId);
    });
  }

  /** With the child and the policies for this workspace. Does nothing without a grant. @throws as `UserGroupLimits` */
  async remove(principal: OrgPrincipal, groupId: string, workspaceId: string): Promise<void> {
    const { orgId } = principal;
    await this.transaction.as(principal, async () => {
      const group = await this.access.getOfOrganization(principal, groupId);
      const grant = await this.groups.findGrant(orgId, groupId, workspaceId);
      if (!grant) return;
      await this.limits.assertMayRevoke(principal, group, workspaceId);
      await this.groups.remove(orgId, grant.id);
      await this.audit.record(principal, 'delete_user_group_grant', [groupId, grant.id, workspaceId], {
        details: { role_id: grant.roleId },
      });
    });
  }

  /** Members may not prolong what they have themselves, unless they have it anyway. */
  private async assertMayMoveEnd(
    principal: OrgPrincipal,
    group: UserGroup,
    { before, given, at }: { before: Grant; given: RoleInWorkspace; at: Date | null },
  ): Promise<void> {
    const change = changeOfEnd(before.accessExpiresAt, at);
    if (change === 'taken') return this.limits.assertMayRevoke(principal, group, given.workspaceId);
    if (change === 'given') {
      await this.limits.assertMayProlong(principal, group, given);
      await this.limits.assertIsNotOwn(principal, [group.id, before.id]);
    }
  }

  private async find({ orgId }: OrgPrincipal, groupId: string, workspaceId: string): Promise<Grant> {
    const grant = await this.groups.findGrant(orgId, groupId, workspaceId);
    if (!grant) throw new UserGroupGrantNotFound();
    return grant;
  }
}

const endDetails = (at: Date | null | undefined): AuditDetails =>
  at === undefined ? {} : { access_expires_at: at?.toISOString() ?? null };
