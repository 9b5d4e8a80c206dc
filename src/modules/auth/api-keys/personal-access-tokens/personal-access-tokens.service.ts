import { Injectable } from '@nestjs/common';
import type { OrgPrincipal, UserPrincipal } from '../../../../common/access/principal.js';
import { Transaction } from '../../../../database/transaction.js';
import { AuditTrail } from '../../../audit/index.js';
import { WorkspacePermissions } from '../../../user-groups/index.js';
import { WorkspaceNotFound, WorkspacesService } from '../../../workspaces/index.js';
import type { ApiKey } from '../core/api-key.entity.js';
import { ApiKeysRepository } from '../core/api-keys.repository.js';
import { ApiKeysService, type NamedKey, type NewKey } from '../core/api-keys.service.js';

type TokenInput = { description: string; expiresAt: Date | null; defaultWorkspaceId: string | null };

/** Tokens act with the current roles of their owner. */
@Injectable()
export class PersonalAccessTokensService {
  constructor(
    private readonly keys: ApiKeysRepository,
    private readonly apiKeys: ApiKeysService,
    private readonly workspaces: WorkspacesService,
    private readonly rights: WorkspacePermissions,
    private readonly transaction: Transaction,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * Those of the caller; empty for a service key, which owns no tokens. `workspaceIds`: those whose owner reaches one
   * of the workspaces; none: all.
   */
  async list({ orgId, userId }: OrgPrincipal, workspaceIds: readonly string[]): Promise<NamedKey[]> {
    return userId ? this.named(orgId, await this.keys.listTokensOf(orgId, userId), workspaceIds) : [];
  }

  /** Those of all members. Recorded, as no member sees those of others otherwise. */
  async listOfMembers(principal: OrgPrincipal, workspaceIds: readonly string[]): Promise<NamedKey[]> {
    const { orgId } = principal;
    const tokens = await this.named(orgId, await this.keys.listTokens(orgId), workspaceIds);
    await this.audit.record(principal, 'list_all_org_personal_access_tokens', []);
    return tokens;
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

  private async named(
    orgId: string,
    tokens: readonly ApiKey[],
    workspaceIds: readonly string[],
  ): Promise<NamedKey[]> {
    const reaching = await this.reaching(orgId, tokens, workspaceIds);
    return this.apiKeys.withNames(
      orgId,
      reaching.map((key) => ({ key, workspaceIds: [] })),
    );
  }

  private async reaching(
    orgId: string,
    tokens: readonly ApiKey[],
    workspaceIds: readonly string[],
  ): Promise<readonly ApiKey[]> {
    if (workspaceIds.length === 0) return tokens;
    const owners = tokens.flatMap(({ userId }) => userId ?? []);
    const reaching = await this.keys.findReaching(orgId, [...new Set(owners)], workspaceIds);
    return tokens.filter(({ userId }) => userId !== null && reaching.has(userId));
  }

  private async assertVisible(principal: OrgPrincipal, workspaceId: string): Promise<void> {
    const existing = await this.workspaces.findByIds(principal.orgId, [workspaceId]);
    const held = (await this.rights.findHeld(principal, [workspaceId])).get(workspaceId);
    if (!existing.has(workspaceId) || !held?.size) throw new WorkspaceNotFound(workspaceId);
  }
}
