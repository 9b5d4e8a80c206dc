import { Injectable } from '@nestjs/common';
import type { OrgPrincipal, UserPrincipal } from '../../../../common/access/principal.js';
import { Transaction } from '../../../../database/transaction.js';
import { WorkspacePermissions } from '../../../user-groups/index.js';
import { WorkspaceNotFound, WorkspacesService } from '../../../workspaces/index.js';
import { ApiKeyNotFound } from '../core/api-keys.errors.js';
import { ApiKeysRepository } from '../core/api-keys.repository.js';
import { ApiKeysService, type NamedKey, type NewKey } from '../core/api-keys.service.js';

type TokenInput = { description: string; expiresAt: Date | null; defaultWorkspaceId: string | null };

/** Tokens act with the current roles of their owner. Users list and delete only their own. */
@Injectable()
export class PersonalAccessTokensService {
  constructor(
    private readonly keys: ApiKeysRepository,
    private readonly apiKeys: ApiKeysService,
    private readonly workspaces: WorkspacesService,
    private readonly rights: WorkspacePermissions,
    private readonly transaction: Transaction,
  ) {}

  /** Empty for a service key, which owns no tokens. */
  async list({ orgId, userId }: OrgPrincipal): Promise<NamedKey[]> {
    const own = userId ? await this.keys.listTokensOf(orgId, userId) : [];
    return this.apiKeys.withNames(
      orgId,
      own.map((key) => ({ key, workspaceIds: [] })),
    );
  }

  create(principal: OrgPrincipal & UserPrincipal, input: TokenInput): Promise<NewKey> {
    const minted = this.apiKeys.mint('pat');
    return this.transaction.runAs(principal, async () => {
      if (input.defaultWorkspaceId) await this.assertVisible(principal, input.defaultWorkspaceId);
      return this.apiKeys.issue(principal, 'create_personal_access_token', minted, {
        ...input,
        userId: principal.userId,
        readOnly: false, // not enforced for tokens, which may do all that their owner may
        isOrgWide: false,
        orgRoleId: null,
        workspaceRoleId: null,
        workspaceIds: [],
      });
    });
  }

  remove(principal: OrgPrincipal, id: string): Promise<NamedKey> {
    const { orgId, userId } = principal;
    return this.transaction.runAs(principal, async () => {
      const key = userId && (await this.keys.findTokenOf(orgId, userId, id));
      if (!key) throw new ApiKeyNotFound();
      return this.apiKeys.revoke(principal, 'delete_personal_access_token', { key, workspaceIds: [] });
    });
  }

  private async assertVisible(principal: OrgPrincipal, workspaceId: string): Promise<void> {
    const existing = await this.workspaces.findByIds(principal.orgId, [workspaceId]);
    const held = (await this.rights.findHeld(principal, [workspaceId])).get(workspaceId);
    if (!existing.has(workspaceId) || !held?.size) throw new WorkspaceNotFound(workspaceId);
  }
}
