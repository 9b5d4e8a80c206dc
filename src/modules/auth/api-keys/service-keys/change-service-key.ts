import { Injectable } from '@nestjs/common';
import type { OrgPrincipal } from '../../../../common/access/principal.js';
import { Transaction } from '../../../../database/transactions/transaction.js';
import { AuditTrail } from '../../../audit/index.js';
import { RolesService, systemRole } from '../../../roles/index.js';
import type { ApiKey } from '../core/entities.js';
import { InvalidKeyScope, KeyCannotChangeItself } from '../core/errors.js';
import { ApiKeysRepository, type ScopedKey } from '../core/api-keys.repository.js';
import { type NamedKey, NamedKeys } from '../core/named-keys.js';
import { ServiceKeyRights } from './service-key-rights.js';

/** The requested change; null = unchanged. Secret, expiry and kind of scope of a key never change. */
export type ServiceKeyChange = {
  description: string | null;
  workspaceIds: readonly string[] | null;
  workspaceRoleId: string | null;
  orgRoleId: string | null;
};

const VIEWER = systemRole('WORKSPACE_VIEWER').id;

/**
 * Changes a key without a new secret. The caller must be allowed to change the key both as it was and as it will be.
 * Runs under the roster lock, so that two concurrent changes cannot exceed the rights of each caller.
 */
@Injectable()
export class ChangeServiceKey {
  constructor(
    private readonly transaction: Transaction,
    private readonly keys: ApiKeysRepository,
    private readonly names: NamedKeys,
    private readonly rights: ServiceKeyRights,
    private readonly roles: RolesService,
    private readonly audit: AuditTrail,
  ) {}

  /** Returns the changed key. */
  async run(principal: OrgPrincipal, id: string, change: ServiceKeyChange): Promise<NamedKey> {
    const { orgId } = principal;
    if (principal.credential.id === id) throw new KeyCannotChangeItself();
    const changed = await this.transaction.as(principal, async () => {
      const scoped = await this.rights.getChangeable(principal, id);
      this.rights.assertMayGiveOrgRole(principal, change.orgRoleId);
      assertChangeAllowed(scoped, change);
      const requested = changedKey(scoped, change);
      if (isRescoped(scoped, requested)) await this.rights.assertMayChange(principal, scoped, requested);
      if (requested.orgRoleId) await this.roles.get(orgId, requested.orgRoleId, 'organization');
      await this.rights.assertNotOutlived(principal, scoped, requested);
      await this.keys.update(requested);
      await this.audit.record(principal, 'update_service_key', [id]);
      return requested;
    });
    return this.names.withName(changed);
  }
}

/** A key for the whole organization keeps its workspace role unless an organization admin changes it. */
const isRescoped = (before: ScopedKey, after: ScopedKey): boolean =>
  !after.isOrgWide || before.workspaceRoleId !== after.workspaceRoleId;

function changedKey(key: ScopedKey, change: ServiceKeyChange): ScopedKey {
  const workspaceIds = [...new Set(change.workspaceIds ?? key.workspaceIds)];
  const workspaceRoleId = change.workspaceRoleId ?? key.workspaceRoleId;
  const isNarrowed = !key.isOrgWide && !workspaceIds.includes(key.defaultWorkspaceId ?? '');
  return {
    ...key,
    workspaceIds,
    description: change.description ?? key.description,
    workspaceRoleId,
    readOnly: workspaceRoleId === VIEWER,
    orgRoleId: change.orgRoleId ?? key.orgRoleId,
    defaultWorkspaceId: isNarrowed ? null : key.defaultWorkspaceId,
  };
}

function assertChangeAllowed({ isOrgWide }: ApiKey, change: ServiceKeyChange): void {
  if (change.workspaceIds && isOrgWide)
    throw new InvalidKeyScope(
      'workspaces',
      'This key covers the whole organization, which cannot be changed',
    );
  if (change.workspaceIds?.length === 0)
    throw new InvalidKeyScope('workspaces', 'Name at least one workspace');
  if (change.orgRoleId && !isOrgWide)
    throw new InvalidKeyScope(
      'org_role_id',
      'Only a key for the whole organization can have an organization role',
    );
}
