import { Injectable } from '@nestjs/common';
import type { OrgPrincipal, UserPrincipal } from '../../../../common/access/principal.js';
import { Transaction } from '../../../../database/transactions/transaction.js';
import { WorkspacePermissions } from '../../../user-groups/index.js';
import { WorkspaceNotFound, WorkspacesService } from '../../../workspaces/index.js';
import { ApiKeysService, type NewKey } from '../core/api-keys.service.js';

type TokenInput = { description: string; expiresAt: Date | null; defaultWorkspaceId: string | null };

/** Tokens act with the current roles of their owner. */
@Injectable()
export class CreatePersonalAccessToken {
  constructor(
    private readonly apiKeys: ApiKeysService,
    private readonly workspaces: WorkspacesService,
    private readonly rights: WorkspacePermissions,
    private readonly transaction: Transaction,
  ) {}

  run(principal: OrgPrincipal & UserPrincipal, input: TokenInput): Promise<NewKey> {
    return this.transaction.as(principal, async () => {
      if (input.defaultWorkspaceId) await this.assertVisible(principal, input.defaultWorkspaceId);
      return this.apiKeys.issue(principal, 'create_personal_access_token', {
        ...input,
        kind: 'pat',
        userId: principal.userId,
        readOnly: false, // not enforced for tokens, which may do all that their owner may
        isOrgWide: false,
        orgRoleId: null,
        workspaceRoleId: null,
        workspaceIds: [],
      });
    });
  }

  private async assertVisible(principal: OrgPrincipal, workspaceId: string): Promise<void> {
    const existing = await this.workspaces.findByIds(principal.orgId, [workspaceId]);
    const held = (await this.rights.findHeld(principal, [workspaceId])).get(workspaceId);
    if (!existing.has(workspaceId) || !held?.size) throw new WorkspaceNotFound(workspaceId);
  }
}
