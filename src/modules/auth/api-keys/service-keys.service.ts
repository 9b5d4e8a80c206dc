import { Injectable } from '@nestjs/common';
import type { OrgPrincipal, WorkspacePrincipal } from '../../../common/access/principal.js';
import { Transaction } from '../../../database/transaction.js';
import { RolesService, systemRole } from '../../rbac/index.js';
import { ApiKeyNotFound, ScopeRefused } from './api-keys.errors.js';
import { ApiKeysRepository } from './api-keys.repository.js';
import {
  ApiKeysService,
  type KeyCreation,
  type KeyDeletion,
  type KeyDesign,
  type NamedKey,
  type NewKey,
} from './api-keys.service.js';
import { ServiceKeyRights } from './service-key-rights.js';

/** `workspaceIds` null: for the whole organization. Roles null: the defaults of the contract. */
export type ServiceKeyWish = {
  description: string;
  readOnly: boolean;
  expiresAt: Date | null;
  workspaceIds: string[] | null;
  workspaceRoleId: string | null;
  orgRoleId: string | null;
  defaultWorkspaceId: string | null;
};

const VIEWER = systemRole('WORKSPACE_VIEWER').id;

/**
 * Keys that act for themselves. Who makes or deletes one holds its role in each of its workspaces himself; one for
 * the whole organization is an organization admin's (contract decisions 34 and 46).
 */
@Injectable()
export class ServiceKeysService {
  constructor(
    private readonly keys: ApiKeysRepository,
    private readonly apiKeys: ApiKeysService,
    private readonly roles: RolesService,
    private readonly rights: ServiceKeyRights,
    private readonly transaction: Transaction,
  ) {}

  async list({ orgId }: OrgPrincipal): Promise<NamedKey[]> {
    return this.apiKeys.name(orgId, await this.keys.listServiceKeys(orgId));
  }

  async listInWorkspace({ orgId, workspaceId }: WorkspacePrincipal): Promise<NamedKey[]> {
    return this.apiKeys.name(orgId, await this.keys.listServiceKeysIn(orgId, workspaceId));
  }

  create(principal: OrgPrincipal, wish: ServiceKeyWish): Promise<NewKey> {
    return this.make(principal, 'create_service_key', wish);
  }

  /** For the workspace of the request, whatever scope was sent along. */
  createInWorkspace(principal: WorkspacePrincipal, wish: ServiceKeyWish): Promise<NewKey> {
    return this.make(principal, 'create_api_key', { ...wish, workspaceIds: [principal.workspaceId] });
  }

  remove(principal: OrgPrincipal, id: string): Promise<NamedKey> {
    return this.delete(principal, 'delete_service_key', id);
  }

  removeInWorkspace(principal: WorkspacePrincipal, id: string): Promise<NamedKey> {
    return this.delete(principal, 'delete_api_key', id, principal.workspaceId);
  }

  /** Under the roster lock: its maker's roles stay what they are until it is made. */
  private async make(principal: OrgPrincipal, operation: KeyCreation, wish: ServiceKeyWish): Promise<NewKey> {
    assertScope(wish);
    const minted = this.apiKeys.mint('service');
    return this.transaction.runAs(principal, async () =>
      this.apiKeys.issue(principal, operation, minted, await this.design(principal, wish)),
    );
  }

  /** Under the roster lock: who deletes it and what it may do stay what they are until it is gone. */
  private delete(
    principal: OrgPrincipal,
    operation: KeyDeletion,
    id: string,
    inWorkspace?: string,
  ): Promise<NamedKey> {
    return this.transaction.runAs(principal, async () => {
      const scoped = await this.rights.getManageable(principal, id);
      if (inWorkspace && !scoped.workspaceIds.includes(inWorkspace)) throw new ApiKeyNotFound();
      return this.apiKeys.revoke(principal, operation, scoped);
    });
  }

  private async design(principal: OrgPrincipal, wish: ServiceKeyWish): Promise<KeyDesign> {
    const workspaceRoleId =
      wish.workspaceRoleId ?? (wish.readOnly ? VIEWER : systemRole('WORKSPACE_ADMIN').id);
    const isOrgWide = wish.workspaceIds === null;
    const workspaceIds = [...new Set(wish.workspaceIds)];
    await this.rights.assertMayManage(principal, isOrgWide ? null : workspaceIds, workspaceRoleId);
    if (isOrgWide && wish.defaultWorkspaceId)
      await this.rights.assertKnown(principal.orgId, [wish.defaultWorkspaceId]);
    return {
      userId: null,
      description: wish.description,
      expiresAt: wish.expiresAt,
      isOrgWide,
      workspaceIds,
      workspaceRoleId,
      defaultWorkspaceId: wish.defaultWorkspaceId,
      readOnly: workspaceRoleId === VIEWER,
      orgRoleId: isOrgWide ? await this.orgRole(principal.orgId, wish.orgRoleId) : null,
    };
  }

  private async orgRole(orgId: string, id: string | null): Promise<string> {
    return (await this.roles.get(orgId, id ?? systemRole('ORGANIZATION_USER').id, 'organization')).id;
  }
}

function assertScope({ workspaceIds, orgRoleId, defaultWorkspaceId }: ServiceKeyWish): void {
  if (workspaceIds === null) return;
  if (workspaceIds.length === 0) {
    throw new ScopeRefused(
      'workspaces',
      'Name at least one workspace, or leave it out for the whole organization',
    );
  }
  if (orgRoleId) {
    throw new ScopeRefused('org_role_id', 'Only a key for the whole organization has an organization role');
  }
  if (defaultWorkspaceId && !workspaceIds.includes(defaultWorkspaceId)) {
    throw new ScopeRefused('default_workspace_id', 'The default workspace must be one of the key');
  }
}
