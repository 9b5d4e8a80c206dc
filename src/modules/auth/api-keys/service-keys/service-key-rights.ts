import { Injectable } from '@nestjs/common';
import { ALL_WORKSPACE_PERMISSIONS } from '../../../../common/access/permissions.js';
import { PermissionMissing } from '../../../../common/access/access.errors.js';
import type { OrgPrincipal } from '../../../../common/access/principal.js';
import { getOrThrow } from '../../../../common/collections.js';
import { required } from '../../../../common/required.js';
import { type HeldPermissions, WorkspacePermissions } from '../../../user-groups/index.js';
import {
  assertMayAssign,
  isOrgAdmin,
  RoleNotGrantable,
  mayGrant,
  mayGrantOrgAdmin,
  ORG_ADMIN_ID,
  type OrgRole,
  RoleNotFound,
  RolesService,
} from '../../../rbac/index.js';
import { WorkspaceNotFound, WorkspacesService } from '../../../workspaces/index.js';
import type { ApiKey } from '../core/api-key.entity.js';
import {
  ApiKeyNotFound,
  OnlyAdminsManageOrgWideKeys,
  OperatorCannotChangeAdminKey,
} from '../core/api-keys.errors.js';
import { ApiKeysRepository, type ScopedKey } from '../core/api-keys.repository.js';

/** `workspaceIds` null: the whole organization. `roleId`: the key's role in each workspace. */
export type KeyScope = { readonly workspaceIds: readonly string[] | null; readonly roleId: string };

type ManagedKey = Pick<ApiKey, 'isOrgWide' | 'workspaceRoleId'> & {
  readonly workspaceIds: readonly string[];
};

const MANAGE_KEYS = 'workspaces:manage-keys';

/** A caller may create and change keys whose role they hold themselves in each workspace of the key. */
@Injectable()
export class ServiceKeyRights {
  constructor(
    private readonly keys: ApiKeysRepository,
    private readonly workspaces: WorkspacesService,
    private readonly roles: RolesService,
    private readonly rights: WorkspacePermissions,
  ) {}

  /**
   * A key that the caller may change (docs/contract/keys.md#changing-service-keys).
   *
   * @throws ApiKeyNotFound, OperatorCannotChangeAdminKey, OnlyAdminsManageOrgWideKeys, RoleNotGrantable or
   *   PermissionMissing
   */
  async getChangeable(principal: OrgPrincipal, id: string): Promise<ScopedKey> {
    const scoped = await this.keys.findServiceKey(principal.orgId, id);
    if (!scoped) throw new ApiKeyNotFound();
    if (scoped.key.isOrgWide && principal.can('organization:manage') && !isOrgAdmin(principal)) {
      this.assertMayGiveOrgRole(principal, scoped.key.orgRoleId);
      return scoped;
    }
    await this.assertMayManageAll(principal, [{ ...scoped.key, workspaceIds: scoped.workspaceIds }]);
    this.assertMayGiveOrgRole(principal, scoped.key.orgRoleId);
    await this.assertManagesKeys(principal, scoped.workspaceIds);
    return scoped;
  }

  /** @throws OperatorCannotChangeAdminKey */
  assertMayGiveOrgRole(principal: OrgPrincipal, orgRoleId: string | null): void {
    if (orgRoleId === ORG_ADMIN_ID && !mayGrantOrgAdmin(principal)) throw new OperatorCannotChangeAdminKey();
  }

  /** @throws PermissionMissing unless the caller manages the keys of each workspace */
  async assertManagesKeys(principal: OrgPrincipal, workspaceIds: readonly string[]): Promise<void> {
    const held = await this.rights.findHeld(principal, workspaceIds);
    if (![...held.values()].every((own) => own.has(MANAGE_KEYS))) throw new PermissionMissing(MANAGE_KEYS);
  }

  /**
   * For a new key, or a new scope of a key.
   *
   * @throws OnlyAdminsManageOrgWideKeys, RoleNotFound, WorkspaceNotFound, RoleNotGrantable or RoleIsRestricted
   */
  assertMayAssign(principal: OrgPrincipal, scope: KeyScope): Promise<void> {
    return this.assertScopes(principal, [scope], assertMayAssign);
  }

  /** For existing keys, in a fixed number of statements. */
  assertMayManageAll(principal: OrgPrincipal, keys: readonly ManagedKey[]): Promise<void> {
    return this.assertScopes(
      principal,
      keys.map(({ isOrgWide, workspaceRoleId, workspaceIds }) => ({
        workspaceIds: isOrgWide ? null : workspaceIds,
        roleId: required(workspaceRoleId, 'workspace_role_id'),
      })),
      assertHolds,
    );
  }

  /** A key whose workspaces were all deleted also needs an organization admin. */
  private async assertScopes(
    principal: OrgPrincipal,
    scopes: readonly KeyScope[],
    assertAllowed: typeof assertMayAssign,
  ): Promise<void> {
    if (scopes.some(({ workspaceIds }) => !workspaceIds?.length) && !isOrgAdmin(principal))
      throw new OnlyAdminsManageOrgWideKeys();
    const roles = await this.workspaceRoles(
      principal.orgId,
      scopes.map(({ roleId }) => roleId),
    );
    const workspaceIds = [...new Set(scopes.flatMap((scope) => scope.workspaceIds ?? []))];
    await this.assertWorkspacesExist(principal.orgId, workspaceIds);
    const held = await this.rights.findHeld(principal, workspaceIds);
    const everywhere = [principal.key?.role.permissions ?? ALL_WORKSPACE_PERMISSIONS];
    for (const scope of scopes) {
      const own = scope.workspaceIds?.map((id) => getOrThrow(held, id)) ?? everywhere;
      assertAllowed(own, getOrThrow(roles, scope.roleId));
    }
  }

  private async workspaceRoles(orgId: string, ids: readonly string[]): Promise<ReadonlyMap<string, OrgRole>> {
    const roles = await this.roles.findOrgRoles(orgId, [...new Set(ids)]);
    const unfit = ids.find((id) => roles.get(id)?.accessScope !== 'workspace');
    if (unfit !== undefined) throw new RoleNotFound(unfit);
    return roles;
  }

  async assertWorkspacesExist(orgId: string, workspaceIds: readonly string[]): Promise<void> {
    const existing = await this.workspaces.findByIds(orgId, workspaceIds);
    const unknown = workspaceIds.find((id) => !existing.has(id));
    if (unknown) throw new WorkspaceNotFound(unknown);
  }
}

function assertHolds(held: readonly HeldPermissions[], role: OrgRole): void {
  if (!held.every((own) => mayGrant(own, role.permissions))) throw new RoleNotGrantable(role.displayName);
}
