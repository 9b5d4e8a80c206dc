import { Injectable } from '@nestjs/common';
import type { OrgPrincipal } from '../../../../common/access/principal.js';
import { AuditTrail } from '../../../audit/index.js';
import type { ApiKey } from '../core/api-key.entity.js';
import { ApiKeysRepository } from '../core/api-keys.repository.js';
import { type NamedKey, NamedKeys } from '../core/named-keys.js';

/** `workspaceIds`: the tokens whose owner reaches one of these workspaces; none: all. Newest first. */
@Injectable()
export class PersonalAccessTokenLists {
  constructor(
    private readonly keys: ApiKeysRepository,
    private readonly names: NamedKeys,
    private readonly audit: AuditTrail,
  ) {}

  /** Those of the caller; empty for a service key, which owns no tokens. */
  async listOwn({ orgId, userId }: OrgPrincipal, workspaceIds: readonly string[]): Promise<NamedKey[]> {
    return userId ? this.named(orgId, await this.keys.listTokensOf(orgId, userId), workspaceIds) : [];
  }

  /** Those of all members. Recorded, as no member sees those of others otherwise. */
  async listOfMembers(principal: OrgPrincipal, workspaceIds: readonly string[]): Promise<NamedKey[]> {
    const { orgId } = principal;
    const tokens = await this.named(orgId, await this.keys.listTokens(orgId), workspaceIds);
    await this.audit.record(principal, 'list_all_org_personal_access_tokens', []);
    return tokens;
  }

  private async named(
    orgId: string,
    tokens: readonly ApiKey[],
    workspaceIds: readonly string[],
  ): Promise<NamedKey[]> {
    const reaching = await this.reaching(orgId, tokens, workspaceIds);
    return this.names.withNames(
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
}
