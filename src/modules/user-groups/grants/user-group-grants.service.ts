import { Injectable } from '@nestjs/common';
import { PermissionMissing } from '../../../common/access/access.errors.js';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import type { CursorList } from '../../../common/lists/cursor-list.js';
import { Transaction } from '../../../database/transactions/transaction.js';
import { AuditTrail } from '../../audit/index.js';
import { NotAWorkspaceRole, UserGroupGrantExists, UserGroupGrantNotFound } from '../core/errors.js';
import { RoleNotFound, RolesService } from '../../roles/index.js';
import { READ, UserGroupAccess } from '../core/user-group-access.js';
import { UserGroupLimits } from '../core/user-group-limits.js';
import { type Grant, type RoleInWorkspace, UserGroupsRepository } from '../core/user-groups.repository.js';

/** The roles of user groups in workspaces: at most one each, together with the child group there. */
@Injectable()
export class UserGroupGrantsService {
  constructor(
    private readonly groups: UserGroupsRepository,
    private readonly access: UserGroupAccess,
    private readonly limits: UserGroupLimits,
    private readonly roles: RolesService,
    private readonly transaction: Transaction,
    private readonly audit: AuditTrail,
  ) {}

  async list(principal: OrgPrincipal, groupId: string, page: CursorList): Promise<Grant[]> {
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
  create(principal: OrgPrincipal, groupId: string, given: RoleInWorkspace): Promise<Grant> {
    return this.transaction.as(principal, async () => {
      const group = await this.access.getOfOrganization(principal, groupId);
      await this.assertWorkspaceRole(principal.orgId, given.roleId);
      await this.limits.assertMayGrant(principal, group, given);
      if (!(await this.groups.insertGrant(group, given))) throw new UserGroupGrantExists();
      const grant = await this.find(principal, groupId, given.workspaceId);
      await this.audit.record(principal, 'create_user_group_grant', [groupId, grant.id, given.workspaceId], {
        details: { role_id: given.roleId },
      });
      return grant;
    });
  }

  /** Replaces the role. @throws UserGroupGrantNotFound, RoleNotFound, NotAWorkspaceRole, as `UserGroupLimits` */
  changeRole(principal: OrgPrincipal, groupId: string, given: RoleInWorkspace): Promise<Grant> {
    const { orgId } = principal;
    return this.transaction.as(principal, async () => {
      const group = await this.access.getOfOrganization(principal, groupId);
      const before = await this.find(principal, groupId, given.workspaceId);
      await this.assertWorkspaceRole(orgId, given.roleId);
      await this.limits.assertMayRegrant(principal, group, given);
      await this.groups.changeGrant(orgId, before.id, given.roleId);
      await this.audit.record(principal, 'update_user_group_grant', [groupId, before.id, given.workspaceId], {
        details: { from_role_id: before.roleId, to_role_id: given.roleId },
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

  private async find({ orgId }: OrgPrincipal, groupId: string, workspaceId: string): Promise<Grant> {
    const grant = await this.groups.findGrant(orgId, groupId, workspaceId);
    if (!grant) throw new UserGroupGrantNotFound();
    return grant;
  }

  private async assertWorkspaceRole(orgId: string, roleId: string): Promise<void> {
    const role = (await this.roles.findByIds(orgId, [roleId])).get(roleId);
    if (!role) throw new RoleNotFound(roleId);
    if (role.accessScope !== 'workspace') throw new NotAWorkspaceRole();
  }
}
