import { Injectable } from '@nestjs/common';
import { ALL_WORKSPACE_PERMISSIONS } from '../../../common/access/permissions.js';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import { WorkspaceRights } from '../../members/index.js';
import { isOrgAdmin, MayNotGrant, mayGrant, RolesService } from '../../rbac/index.js';
import { WorkspaceNotFound, WorkspacesService } from '../../workspaces/index.js';
import { ApiKeyNotFound, OnlyAdminsManageOrgWideKeys } from './api-keys.errors.js';
import { ApiKeysRepository, type ScopedKey } from './api-keys.repository.js';

/** Whose keys are whose to make, change and delete: who holds a key's role in each of its workspaces himself. */
@Injectable()
export class ServiceKeyRights {
  constructor(
    private readonly keys: ApiKeysRepository,
    private readonly workspaces: WorkspacesService,
    private readonly roles: RolesService,
    private readonly rights: WorkspaceRights,
  ) {}

  async getManageable(principal: OrgPrincipal, id: string): Promise<ScopedKey> {
    const scoped = await this.keys.findServiceKey(principal.orgId, id);
    if (!scoped) throw new ApiKeyNotFound();
    const { isOrgWide, workspaceRoleId } = scoped.key;
    await this.assertMayManage(principal, isOrgWide ? null : scoped.workspaceIds, workspaceRoleId!);
    return scoped;
  }

  /** `workspaceIds` null: the whole organization. A key whose workspaces were all deleted is an admin's to manage, too. */
  async assertMayManage(
    principal: OrgPrincipal,
    workspaceIds: readonly string[] | null,
    roleId: string,
  ): Promise<void> {
    if (!workspaceIds?.length && !isOrgAdmin(principal)) throw new OnlyAdminsManageOrgWideKeys();
    const role = await this.roles.get(principal.orgId, roleId, 'workspace');
    await this.assertKnown(principal.orgId, workspaceIds ?? []);
    const held = await this.rights.heldIn(principal, workspaceIds ?? []);
    const everywhere =
      workspaceIds === null ? [principal.key?.role.permissions ?? ALL_WORKSPACE_PERMISSIONS] : [];
    const mayGive = [...everywhere, ...held.values()].every((own) => mayGrant(own, role.permissions));
    if (!mayGive) throw new MayNotGrant(role.displayName);
  }

  async assertKnown(orgId: string, workspaceIds: readonly string[]): Promise<void> {
    const known = await this.workspaces.findByIds(orgId, workspaceIds);
    const unknown = workspaceIds.find((id) => !known.has(id));
    if (unknown) throw new WorkspaceNotFound(unknown);
  }
}
