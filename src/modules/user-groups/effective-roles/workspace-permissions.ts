import { Injectable } from '@nestjs/common';
import { ALL_WORKSPACE_PERMISSIONS, type Permission } from '../../../common/access/permissions.js';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import { WorkspaceMembersService } from '../../members/index.js';
import { isOrgAdmin, RolesService } from '../../roles/index.js';
import { UserGroupRolesRepository } from './user-group-roles.repository.js';

type HeldPermissions = ReadonlySet<Permission>;
const NO_PERMISSIONS: HeldPermissions = new Set();

/**
 * What users hold in workspaces by their own role and by user groups
 * (docs/contract/user-groups.md#effective-permissions).
 */
@Injectable()
export class WorkspacePermissions {
  constructor(
    private readonly workspaceMembers: WorkspaceMembersService,
    private readonly groupRoles: UserGroupRolesRepository,
    private readonly roles: RolesService,
  ) {}

  /**
   * What the caller holds in workspaces other than the requested one, to be checked before a grant there. With an entry
   * for each of the given ones, which belong to the caller's organization.
   */
  async findHeld(
    principal: OrgPrincipal,
    workspaceIds: readonly string[],
  ): Promise<Map<string, HeldPermissions>> {
    const held = await this.lookupFor(principal);
    return new Map(workspaceIds.map((id) => [id, held(id) ?? NO_PERMISSIONS]));
  }

  /** The workspaces in which the caller holds the permission; null for all of the organization. */
  async listWith(principal: OrgPrincipal, permission: Permission): Promise<readonly string[] | null> {
    const { orgId, userId, key } = principal;
    if (key) return key.role.permissions.has(permission) ? key.workspaceIds : [];
    if (isOrgAdmin(principal)) return null;
    const own = userId ? await this.findHeldByUser(orgId, userId) : new Map<string, HeldPermissions>();
    return [...own].flatMap(([id, held]) => (held.has(permission) ? [id] : []));
  }

  private async lookupFor(
    principal: OrgPrincipal,
  ): Promise<(id: string) => HeldPermissions | null | undefined> {
    const { orgId, userId, key } = principal;
    if (key) return (id) => (key.workspaceIds?.includes(id) === false ? null : key.role.permissions);
    if (isOrgAdmin(principal)) return () => ALL_WORKSPACE_PERMISSIONS;
    const own = userId ? await this.findHeldByUser(orgId, userId) : new Map<string, HeldPermissions>();
    return (id) => own.get(id);
  }

  private async findHeldByUser(orgId: string, userId: string): Promise<Map<string, HeldPermissions>> {
    const memberships = await this.workspaceMembers.listWorkspaceMemberships(orgId, [userId]);
    const ofGroups = Map.groupBy(await this.groupRoles.list(orgId, userId), (role) => role.workspaceId);
    const rolesIn = new Map(
      memberships.map((own) => [own.workspaceId, [own, ...(ofGroups.get(own.workspaceId) ?? [])]]),
    );
    const ids = new Set([...rolesIn.values()].flat().map(({ roleId }) => roleId));
    const roles = await this.roles.findByIds(orgId, [...ids]);
    const permissionsOf = ({ roleId }: { roleId: string }) => roles.get(roleId)?.permissions ?? [];
    return new Map([...rolesIn].map(([id, held]) => [id, new Set(held.flatMap(permissionsOf))]));
  }
}
