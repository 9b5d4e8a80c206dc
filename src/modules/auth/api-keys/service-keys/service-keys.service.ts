import { Injectable } from '@nestjs/common';
import type { OrgPrincipal, WorkspacePrincipal } from '../../../../common/access/principal.js';
import { Transaction } from '../../../../database/transactions/transaction.js';
import { RolesService, systemRole } from '../../../roles/index.js';
import { InvalidKeyScope } from '../core/errors.js';
import {
  ApiKeysService,
  type KeyCreation,
  type KeyDeletion,
  type ApiKeyInput,
  type EndedKey,
  type NewKey,
} from '../core/api-keys.service.js';
import { EndCreatedCredentials } from './end-created-credentials.js';
import { ServiceKeyRights } from './service-key-rights.js';

/** `workspaceIds` null: the whole organization. Null roles: the published defaults. */
export type ServiceKeyInput = Pick<
  ApiKeyInput,
  'description' | 'readOnly' | 'expiresAt' | 'workspaceRoleId' | 'orgRoleId' | 'defaultWorkspaceId'
> & { workspaceIds: string[] | null };

const VIEWER = systemRole('WORKSPACE_VIEWER').id;

/**
 * Keys that act for themselves. Creating one requires managing keys in each of its workspaces, within what the caller
 * holds there; a key for the whole organization requires an organization admin (docs/contract/keys.md#creating-keys,
 * docs/contract/members.md#no-escalation).
 */
@Injectable()
export class ServiceKeysService {
  constructor(
    private readonly apiKeys: ApiKeysService,
    private readonly roles: RolesService,
    private readonly rights: ServiceKeyRights,
    private readonly endCreated: EndCreatedCredentials,
    private readonly transaction: Transaction,
  ) {}

  create(principal: OrgPrincipal, input: ServiceKeyInput): Promise<NewKey> {
    return this.createKey(principal, 'create_service_key', input);
  }

  /** The scope is the workspace of the request; a scope in the body is ignored. */
  createInWorkspace(principal: WorkspacePrincipal, input: ServiceKeyInput): Promise<NewKey> {
    return this.createKey(principal, 'create_api_key', { ...input, workspaceIds: [principal.workspaceId] });
  }

  remove(principal: OrgPrincipal, id: string, revokeCreated: boolean): Promise<EndedKey> {
    return this.deleteKey(principal, 'delete_service_key', { id, revokeCreated });
  }

  removeInWorkspace(principal: WorkspacePrincipal, id: string, revokeCreated: boolean): Promise<EndedKey> {
    const { workspaceId: inWorkspace } = principal;
    return this.deleteKey(principal, 'delete_api_key', { id, revokeCreated, inWorkspace });
  }

  /** Under the roster lock, so that the caller's roles cannot change before the key is created. */
  private async createKey(
    principal: OrgPrincipal,
    operation: KeyCreation,
    input: ServiceKeyInput,
  ): Promise<NewKey> {
    assertScope(input);
    return this.transaction.as(principal, async () =>
      this.apiKeys.issue(principal, operation, await this.toKeyInput(principal, input)),
    );
  }

  /** Under the roster lock, so that the caller's roles and the key's roles cannot change before the key is deleted. */
  private deleteKey(
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

function assertScope({ workspaceIds, orgRoleId, defaultWorkspaceId }: ServiceKeyInput): void {
  if (workspaceIds === null) return;
  if (workspaceIds.length === 0) {
    throw new InvalidKeyScope(
      'workspaces',
      'Name at least one workspace, or omit the field for the whole organization',
    );
  }
  if (orgRoleId) {
    throw new InvalidKeyScope(
      'org_role_id',
      'Only a key for the whole organization can have an organization role',
    );
  }
  if (defaultWorkspaceId && !workspaceIds.includes(defaultWorkspaceId)) {
    throw new InvalidKeyScope(
      'default_workspace_id',
      'The default workspace must be one of the workspaces of the key',
    );
  }
}
