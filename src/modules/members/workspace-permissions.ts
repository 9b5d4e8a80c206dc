import { Injectable } from '@nestjs/common';
import { ALL_WORKSPACE_PERMISSIONS, type Permission } from '../../common/access/permissions.js';
import type { OrgPrincipal } from '../../common/access/principal.js';
import { isOrgAdmin, RolesService } from '../rbac/index.js';
import { MembershipsRepository } from './memberships.repository.js';

export type HeldPermissions = ReadonlySet<Permission>;
const NO_PERMISSIONS: HeldPermissions = new Set();

/** What a caller holds in workspaces other than the requested one, to be checked before a grant there. */
@Injectable()
export class WorkspacePermissions {
  constructor(
    private readonly memberships: MembershipsRepository,
    private readonly roles: RolesService,
  ) {}

  /** By workspace, with an entry for each of the given ones, which belong to the caller's organization. */
  async findHeld(
    principal: OrgPrincipal,
    workspaceIds: readonly string[],
  ): Promise<Map<string, HeldPermissions>> {
    const held = await this.lookupFor(principal);
    return new Map(workspaceIds.map((id) => [id, held(id) ?? NO_PERMISSIONS]));
  }

  /** By workspace, from the member's own workspace roles; empty if they are disabled or not a member. */
  async heldByMember(orgId: string, userId: string): Promise<ReadonlyMap<string, HeldPermissions>> {
    const [membership] = await this.memberships.listByUsers(orgId, [userId]);
    return !membership || membership.isDisabled ? new Map() : this.findHeldByUser(orgId, userId);
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
    const memberships = await this.memberships.listWorkspaceMemberships(orgId, [userId]);
    const roles = await this.roles.findByIds(orgId, [...new Set(memberships.map(({ roleId }) => roleId))]);
    return new Map(
      memberships.map(({ workspaceId, roleId }) => [workspaceId, new Set(roles.get(roleId)?.permissions)]),
    );
  }
}
