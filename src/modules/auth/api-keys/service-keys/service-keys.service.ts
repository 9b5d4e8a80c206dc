import { Injectable } from '@nestjs/common';
import type { OrgPrincipal } from '../../../../common/access/principal.js';
import { Transaction } from '../../../../database/transactions/transaction.js';
import { RolesService, systemRole } from '../../../roles/index.js';
import type { ScopedKey } from '../core/api-keys.repository.js';
import {
  ApiKeysService,
  type KeyCreation,
  type KeyDeletion,
  type ApiKeyInput,
  type EndedKey,
  type NewKey,
} from '../core/api-keys.service.js';
import { CallerKeys } from '../core/caller-keys.js';
import { InvalidKeyScope, KeyCannotChangeItself, RotationOutlivesCaller } from '../core/errors.js';
import { isOutlivedBy } from '../core/key-expiry.js';
import type { NamedKey } from '../core/named-keys.js';
import { EndCreatedCredentials } from './end-created-credentials.js';
import { ServiceKeyRights } from './service-key-rights.js';

/** `workspaceIds` null: the whole organization. Null roles: the published defaults. */
export type ServiceKeyInput = Pick<
  ApiKeyInput,
  'description' | 'readOnly' | 'expiresAt' | 'workspaceRoleId' | 'orgRoleId' | 'defaultWorkspaceId'
> & { workspaceIds: string[] | null };

/** The requested change; null = unchanged. Secret, expiry and kind of scope of a key never change. */
export type ServiceKeyChange = Pick<ServiceKeyInput, 'workspaceIds' | 'workspaceRoleId' | 'orgRoleId'> & {
  description: string | null;
};

const VIEWER = systemRole('WORKSPACE_VIEWER').id;

/** Keys that act for themselves. Each change runs under the roster lock, under which neither the caller's nor the key's roles change. */
@Injectable()
export class ServiceKeysService {
  constructor(
    private readonly apiKeys: ApiKeysService,
    private readonly roles: RolesService,
    private readonly rights: ServiceKeyRights,
    private readonly callerKeys: CallerKeys,
    private readonly endCreated: EndCreatedCredentials,
    private readonly transaction: Transaction,
  ) {}

  async create(principal: OrgPrincipal, operation: KeyCreation, input: ServiceKeyInput): Promise<NewKey> {
    assertScope(input);
    return this.transaction.as(principal, async () =>
      this.apiKeys.issue(principal, operation, await this.toKeyInput(principal, input)),
    );
  }

  /** The caller must be allowed to change the key both as it was and as it will be. */
  async change(principal: OrgPrincipal, id: string, change: ServiceKeyChange): Promise<NamedKey> {
    if (principal.credential.id === id) throw new KeyCannotChangeItself();
    return this.transaction.as(principal, async () => {
      const scoped = await this.rights.getChangeable(principal, id);
      this.rights.assertMayGiveOrgRole(principal, change.orgRoleId);
      assertChangeAllowed(scoped, change);
      const requested = changedKey(scoped, change);
      if (isRescoped(scoped, requested)) await this.rights.assertMayChange(principal, scoped, requested);
      if (requested.orgRoleId) await this.roles.get(principal.orgId, requested.orgRoleId, 'organization');
      await this.rights.assertNotOutlived(principal, scoped, requested);
      return this.apiKeys.update(principal, requested);
    });
  }

  /** For those who could create the key as it is, since they learn its secret. */
  rotate(principal: OrgPrincipal, id: string, overlapHours: number): Promise<NewKey> {
    return this.transaction.as(principal, async () => {
      const key = await this.rights.getChangeable(principal, id);
      const { expiresAt, rightsEndAt } = await this.callerKeys.hold(principal, key);
      await this.rights.assertMayChange(principal, null, key);
      if (isOutlivedBy(expiresAt, key)) throw new RotationOutlivesCaller();
      return this.apiKeys.rotate(principal, 'rotate_service_key', key, { overlapHours, rightsEndAt });
    });
  }

  /** `inWorkspace`: only a key that is limited to workspaces, this one among them. */
  remove(
    principal: OrgPrincipal,
    operation: KeyDeletion,
    { id, revokeCreated, inWorkspace }: { id: string; revokeCreated: boolean; inWorkspace?: string },
  ): Promise<EndedKey> {
    return this.transaction.as(principal, async () => {
      const scoped = await this.rights.getDeletable(principal, id, inWorkspace);
      const created = await this.endCreated.endOf(principal, id, revokeCreated);
      return this.apiKeys.revoke(principal, operation, scoped, created);
    });
  }

  private async toKeyInput(principal: OrgPrincipal, input: ServiceKeyInput): Promise<ApiKeyInput> {
    const workspaceRoleId =
      input.workspaceRoleId ?? (input.readOnly ? VIEWER : systemRole('WORKSPACE_ADMIN').id);
    const isOrgWide = input.workspaceIds === null;
    const workspaceIds = [...new Set(input.workspaceIds)];
    await this.rights.assertMayChange(principal, null, { isOrgWide, workspaceRoleId, workspaceIds });
    if (isOrgWide && input.defaultWorkspaceId)
      await this.rights.assertWorkspacesExist(principal.orgId, [input.defaultWorkspaceId]);
    return {
      ...input,
      kind: 'service',
      userId: null,
      isOrgWide,
      workspaceIds,
      workspaceRoleId,
      readOnly: workspaceRoleId === VIEWER,
      orgRoleId: isOrgWide ? await this.orgRole(principal.orgId, input.orgRoleId) : null,
    };
  }

  private async orgRole(orgId: string, id: string | null): Promise<string> {
    return (await this.roles.get(orgId, id ?? systemRole('ORGANIZATION_USER').id, 'organization')).id;
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

const ORG_ROLE_ONLY_ORG_WIDE = 'Only a key for the whole organization can have an organization role';

function assertChangeAllowed({ isOrgWide }: ScopedKey, change: ServiceKeyChange): void {
  if (change.workspaceIds && isOrgWide)
    throw new InvalidKeyScope(
      'workspaces',
      'This key covers the whole organization, which cannot be changed',
    );
  if (change.workspaceIds?.length === 0)
    throw new InvalidKeyScope('workspaces', 'Name at least one workspace');
  if (change.orgRoleId && !isOrgWide) throw new InvalidKeyScope('org_role_id', ORG_ROLE_ONLY_ORG_WIDE);
}

function assertScope({ workspaceIds, orgRoleId, defaultWorkspaceId }: ServiceKeyInput): void {
  if (workspaceIds === null) return;
  if (workspaceIds.length === 0)
    throw new InvalidKeyScope(
      'workspaces',
      'Name at least one workspace, or omit the field for the whole organization',
    );
  if (orgRoleId) throw new InvalidKeyScope('org_role_id', ORG_ROLE_ONLY_ORG_WIDE);
  if (defaultWorkspaceId && !workspaceIds.includes(defaultWorkspaceId))
    throw new InvalidKeyScope(
      'default_workspace_id',
      'The default workspace must be one of the workspaces of the key',
    );
}
