import { Injectable } from '@nestjs/common';
import { ALL_WORKSPACE_PERMISSIONS, type Permission } from '../../../common/access/permissions.js';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import { heldRole, isOrgAdmin } from '../../roles/index.js';
import { UserGroupRolesRepository } from './user-group-roles.repository.js';

type HeldPermissions = ReadonlySet<Permission>;
const NO_PERMISSIONS: HeldPermissions = new Set();

/** By their own role and by user groups (docs/contract/user-groups.md#effective-permissions). */
@Injectable()
export class WorkspacePermissions {
  constructor(private readonly roles: UserGroupRolesRepository) {}

  /** What the caller holds in each of these workspaces of the organization, to be checked before a grant there. */
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
    const own = await this.findHeldByUser(orgId, userId);
    return [...own].flatMap(([id, held]) => (held.has(permission) ? [id] : []));
  }

  private async lookupFor(
    principal: OrgPrincipal,
  ): Promise<(id: string) => HeldPermissions | null | undefined> {
    const { orgId, userId, key } = principal;
    if (key) return (id) => (key.workspaceIds?.includes(id) === false ? null : key.role.permissions);
    if (isOrgAdmin(principal)) return () => ALL_WORKSPACE_PERMISSIONS;
    const own = await this.findHeldByUser(orgId, userId);
    return (id) => own.get(id);
  }

  private async findHeldByUser(orgId: string, userId: string | null): Promise<Map<string, HeldPermissions>> {
    const roles = userId ? await this.roles.listEffective(orgId, userId) : [];
    const permissionsOf = ({ roleId, customPermissions }: (typeof roles)[number]) => [
      ...(heldRole(roleId, customPermissions)?.permissions ?? []),
    ];
    const byWorkspace = Map.groupBy(roles, ({ workspaceId }) => workspaceId);
    return new Map([...byWorkspace].map(([id, held]) => [id, new Set(held.flatMap(permissionsOf))]));
  }
}
