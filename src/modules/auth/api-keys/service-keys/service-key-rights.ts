import { Injectable } from '@nestjs/common';
import { AccessLimits, type RightsChange } from '../../../../common/access/access-limits.js';
import { ChangeOutlivesCaller, PermissionMissing } from '../../../../common/access/access.errors.js';
import type { OrgPrincipal } from '../../../../common/access/principal.js';
import { getOrThrow, required, unique } from '../../../../common/collections.js';
import { isOrgAdmin, mayGrant, mayGrantOrgAdmin, ORG_ADMIN_ID, RolesService } from '../../../roles/index.js';
import { WorkspacePermissions } from '../../../user-groups/index.js';
import { WorkspaceNotFound, WorkspacesService } from '../../../workspaces/index.js';
import {
  ApiKeysRepository,
  type DeletableKey,
  type KeyScope,
  type ScopedKey,
} from '../core/api-keys.repository.js';
import { CallerKeys } from '../core/caller-keys.js';
import { ApiKeyNotFound, OnlyAdminsManageOrgWideKeys, OperatorCannotChangeAdminKey } from '../core/errors.js';
import { isOutlivedBy } from '../core/key-expiry.js';

const MANAGE_KEYS = 'workspaces:manage-keys';

/**
 * Who creates, changes (docs/contract/keys.md#creating-keys) and deletes service keys (docs/contract/keys.md#deleting-service-keys).
 * Callers hold the roster lock.
 */
@Injectable()
export class ServiceKeyRights {
  constructor(
    private readonly keys: ApiKeysRepository,
    private readonly workspaces: WorkspacesService,
    private readonly roles: RolesService,
    private readonly rights: WorkspacePermissions,
    private readonly limits: AccessLimits,
    private readonly callerKeys: CallerKeys,
  ) {}

  /**
   * A key that the caller may change in some way (docs/contract/keys.md#changing-service-keys).
   *
   * @throws ApiKeyNotFound, OperatorCannotChangeAdminKey, OnlyAdminsManageOrgWideKeys or PermissionMissing
   */
  async getChangeable(principal: OrgPrincipal, id: string): Promise<ScopedKey> {
    const scoped = await this.keys.findServiceKey(principal.orgId, id);
    if (!scoped) throw new ApiKeyNotFound();
    const isManaged = scoped.isOrgWide && principal.can('organization:manage');
    if (!isManaged) await this.assertManages(principal, scoped);
    this.assertMayGiveOrgRole(principal, scoped.orgRoleId);
    return scoped;
  }

  /** @throws OperatorCannotChangeAdminKey */
  assertMayGiveOrgRole(principal: OrgPrincipal, orgRoleId: string | null): void {
    if (orgRoleId === ORG_ADMIN_ID && !mayGrantOrgAdmin(principal)) throw new OperatorCannotChangeAdminKey();
  }

  /**
   * `from` and `to`: null if the key is created or deleted.
   *
   * @throws OnlyAdminsManageOrgWideKeys, PermissionMissing, RoleNotFound, WorkspaceNotFound, RoleNotGrantable,
   *   RoleIsRestricted or ChangeExceedsRights
   */
  async assertMayChange(principal: OrgPrincipal, from: KeyScope | null, to: KeyScope): Promise<void> {
    const { orgId } = principal;
    await this.assertManages(principal, to);
    await this.roles.get(orgId, roleOf(to), 'workspace');
    await this.assertWorkspacesExist(orgId, to.workspaceIds);
    await this.limits.assertWithin(principal, changesOf(from, to));
  }

  /** A temporary right must not stay with a key that ends later. @throws ChangeOutlivesCaller */
  async assertNotOutlived(principal: OrgPrincipal, from: ScopedKey, to: ScopedKey): Promise<void> {
    const end = await this.callerKeys.endOfRights(principal, to);
    if (end !== null && isOutlivedBy(end, to) && (await this.isWider(from, to)))
      throw new ChangeOutlivesCaller(
        `The key would keep what it gets after ${end.toISOString()}, when the role or key of this request ends; create a key that ends before.`,
      );
  }

  /**
   * `inWorkspace`: only a key that is limited to workspaces, this one among them.
   *
   * @throws ApiKeyNotFound, OnlyAdminsManageOrgWideKeys, RoleNotGrantable or PermissionMissing
   */
  async getDeletable(principal: OrgPrincipal, id: string, inWorkspace?: string): Promise<ScopedKey> {
    const scoped = await this.keys.findServiceKey(principal.orgId, id);
    if (!scoped || (inWorkspace && !scoped.workspaceIds.includes(inWorkspace))) throw new ApiKeyNotFound();
    await this.assertMayDelete(principal, [scoped]);
    return scoped;
  }

  /** In a fixed number of statements. @throws OnlyAdminsManageOrgWideKeys, RoleNotGrantable or PermissionMissing */
  async assertMayDelete(principal: OrgPrincipal, keys: readonly DeletableKey[]): Promise<void> {
    const { orgWide = [], limited = [] } = Object.groupBy(keys, ({ isOrgWide }) =>
      isOrgWide ? 'orgWide' : 'limited',
    );
    if (orgWide.length > 0) {
      if (!isOrgAdmin(principal)) throw new OnlyAdminsManageOrgWideKeys();
      await this.limits.assertWithin(
        principal,
        orgWide.flatMap((key) => changesOf(key, null)),
      );
    }
    if (principal.can('organization:manage')) return;
    const others = limited.filter((key) => !isMadeBy(principal, key));
    const ids = new Set(others.flatMap(({ workspaceIds }) => workspaceIds));
    const held = await this.rights.findHeld(principal, [...ids]);
    const managesKeys = ({ workspaceIds }: DeletableKey) =>
      workspaceIds.length > 0 && workspaceIds.every((id) => held.get(id)?.has(MANAGE_KEYS));
    if (!others.every(managesKeys)) throw new PermissionMissing(MANAGE_KEYS);
  }

  async assertWorkspacesExist(orgId: string, workspaceIds: readonly string[]): Promise<void> {
    const existing = await this.workspaces.findByIds(orgId, workspaceIds);
    const unknown = workspaceIds.find((id) => !existing.has(id));
    if (unknown) throw new WorkspaceNotFound(unknown);
  }

  private async isWider(from: ScopedKey, to: ScopedKey): Promise<boolean> {
    if (to.workspaceIds.some((id) => !from.workspaceIds.includes(id))) return true;
    const isWithin = async (id: string | null, formerId: string | null) => {
      if (id === null || id === formerId) return true;
      const roles = await this.roles.findOrgRoles(to.orgId, [id, ...(formerId === null ? [] : [formerId])]);
      const held = formerId === null ? [] : getOrThrow(roles, formerId).permissions;
      return mayGrant(new Set(held), getOrThrow(roles, id).permissions);
    };
    const isOfWorkspaceWithin = await isWithin(to.workspaceRoleId, from.workspaceRoleId);
    return !isOfWorkspaceWithin || !(await isWithin(to.orgRoleId, from.orgRoleId));
  }

  private async assertManages(principal: OrgPrincipal, key: KeyScope): Promise<void> {
    if (isForAdmins(key)) {
      if (!isOrgAdmin(principal)) throw new OnlyAdminsManageOrgWideKeys();
      return;
    }
    const held = await this.rights.findHeld(principal, key.workspaceIds);
    if (![...held.values()].every((own) => own.has(MANAGE_KEYS))) throw new PermissionMissing(MANAGE_KEYS);
    for (const workspaceId of key.workspaceIds)
      principal.needs.push({ workspaceId, permission: MANAGE_KEYS });
  }
}

/** By the user, in whichever way they are signed in, or by the service key with which it was created. */
const isMadeBy = (
  { userId, credential }: OrgPrincipal,
  { createdByUserId, createdWithId }: DeletableKey,
): boolean => (userId !== null && userId === createdByUserId) || credential.id === createdWithId;

/** Also a key whose workspaces were all deleted. */
const isForAdmins = ({ isOrgWide, workspaceIds }: KeyScope): boolean =>
  isOrgWide || workspaceIds.length === 0;

const roleOf = ({ workspaceRoleId }: KeyScope): string => required(workspaceRoleId, 'workspace_role_id');

const placesOf = ({ isOrgWide, workspaceIds }: KeyScope): readonly (string | null)[] =>
  isOrgWide ? [null] : workspaceIds;

/** In each workspace that the key covers before or after, or in all of them. */
function changesOf(from: KeyScope | null, to: KeyScope | null): RightsChange[] {
  const scopes = [from, to].filter((scope) => scope !== null);
  const workspaceIds = unique(scopes.flatMap(placesOf));
  const roleIn = (scope: KeyScope | null, id: string | null) =>
    scope && (id === null || scope.workspaceIds.includes(id)) ? roleOf(scope) : null;
  return workspaceIds.map((workspaceId) => ({
    subject: { roleId: roleIn(from, workspaceId), name: 'the service key' },
    workspaceId,
    roleId: roleIn(to, workspaceId),
  }));
}
