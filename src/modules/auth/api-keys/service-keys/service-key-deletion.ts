import { Injectable } from '@nestjs/common';
import { PermissionMissing } from '../../../../common/access/access.errors.js';
import type { OrgPrincipal } from '../../../../common/access/principal.js';
import { WorkspacePermissions } from '../../../user-groups/index.js';
import type { ApiKey } from '../core/api-key.entity.js';
import { ApiKeyNotFound } from '../core/api-keys.errors.js';
import { ApiKeysRepository, type ScopedKey } from '../core/api-keys.repository.js';
import { ServiceKeyRights } from './service-key-rights.js';

/** `workspaceIds`: the workspaces that the key is limited to; empty for any other key. */
export type DeletableKey = Pick<
  ApiKey,
  'isOrgWide' | 'workspaceRoleId' | 'createdByUserId' | 'createdWithId'
> & { readonly workspaceIds: readonly string[] };

const MANAGE_KEYS = 'workspaces:manage-keys';

/** Who deletes service keys (docs/contract/keys.md#deleting-service-keys). Callers hold the roster lock. */
@Injectable()
export class ServiceKeyDeletion {
  constructor(
    private readonly keys: ApiKeysRepository,
    private readonly serviceKeys: ServiceKeyRights,
    private readonly rights: WorkspacePermissions,
  ) {}

  /**
   * `inWorkspace`: only a key that is limited to workspaces, this one among them.
   *
   * @throws ApiKeyNotFound, OnlyAdminsManageOrgWideKeys, RoleNotGrantable or PermissionMissing
   */
  async getDeletable(principal: OrgPrincipal, id: string, inWorkspace?: string): Promise<ScopedKey> {
    const scoped = await this.keys.findServiceKey(principal.orgId, id);
    if (!scoped || (inWorkspace && !scoped.workspaceIds.includes(inWorkspace))) throw new ApiKeyNotFound();
    await this.assertMayDelete(principal, [{ ...scoped.key, workspaceIds: scoped.workspaceIds }]);
    return scoped;
  }

  /**
   * In a fixed number of statements.
   *
   * @throws OnlyAdminsManageOrgWideKeys, RoleNotGrantable or PermissionMissing
   */
  async assertMayDelete(principal: OrgPrincipal, keys: readonly DeletableKey[]): Promise<void> {
    const { orgWide = [], limited = [] } = Object.groupBy(keys, ({ isOrgWide }) =>
      isOrgWide ? 'orgWide' : 'limited',
    );
    if (orgWide.length > 0) await this.serviceKeys.assertMayManageAll(principal, orgWide);
    if (principal.can('organization:manage')) return;
    const others = limited.filter((key) => !isMadeBy(principal, key));
    const ids = new Set(others.flatMap(({ workspaceIds }) => workspaceIds));
    const held = await this.rights.findHeld(principal, [...ids]);
    const managesKeys = ({ workspaceIds }: DeletableKey) =>
      workspaceIds.length > 0 && workspaceIds.every((id) => held.get(id)?.has(MANAGE_KEYS));
    if (!others.every(managesKeys)) throw new PermissionMissing(MANAGE_KEYS);
  }
}

/** By the user, in whichever way they are signed in, or by the service key with which it was created. */
const isMadeBy = (
  { userId, credential }: OrgPrincipal,
  { createdByUserId, createdWithId }: DeletableKey,
): boolean => (userId !== null && userId === createdByUserId) || credential.id === createdWithId;
