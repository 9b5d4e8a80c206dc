import { Injectable } from '@nestjs/common';
import type { OrgPrincipal } from '../../../../common/access/principal.js';
import { unique } from '../../../../common/collections.js';
import { Transaction } from '../../../../database/transactions/transaction.js';
import { AuditTrail, unchangedFacts } from '../../../audit/index.js';
import { toEndedDetails } from '../../../members/index.js';
import { mayGrantOrgAdmin } from '../../../roles/index.js';
import { ApiKeysRepository } from '../core/api-keys.repository.js';
import { ApiKeysService, type EndedKey } from '../core/api-keys.service.js';
import type { ApiKey } from '../core/entities.js';
import { ApiKeyNotFound, ParentTokenRevoked } from '../core/errors.js';
import { type NamedKey, NamedKeys } from '../core/named-keys.js';
import { EndCreatedCredentials } from '../service-keys/end-created-credentials.js';

/** Users list and end their own tokens, Organization Admins those of all members (docs/contract/keys.md#revoking-tokens). */
@Injectable()
export class PersonalAccessTokensService {
  constructor(
    private readonly keys: ApiKeysRepository,
    private readonly apiKeys: ApiKeysService,
    private readonly names: NamedKeys,
    private readonly endCreated: EndCreatedCredentials,
    private readonly transaction: Transaction,
    private readonly audit: AuditTrail,
  ) {}

  /** The caller's tokens, newest first; with `workspaceIds`, only if their owner reaches one of these workspaces. */
  async listOwn({ orgId, userId }: OrgPrincipal, workspaceIds: readonly string[]): Promise<NamedKey[]> {
    return userId ? this.reaching(orgId, await this.keys.listTokensOf(orgId, userId), workspaceIds) : [];
  }

  /** The tokens of all members, limited in the same way. Recorded, as no member sees those of others otherwise. */
  async listOfMembers(principal: OrgPrincipal, workspaceIds: readonly string[]): Promise<NamedKey[]> {
    const { orgId } = principal;
    const tokens = await this.reaching(orgId, await this.keys.listTokens(orgId), workspaceIds);
    await this.audit.record(principal, 'list_all_org_personal_access_tokens', []);
    return tokens;
  }

  /** Returns the token as it was. */
  delete(principal: OrgPrincipal, id: string, revokeCreated: boolean): Promise<EndedKey> {
    return this.transaction.as(principal, async () => {
      const key = await this.getOwnOrAdministered(principal, id);
      const created = await this.endCreated.endOf(principal, id, revokeCreated);
      return this.apiKeys.revoke(principal, 'delete_personal_access_token', key, created);
    });
  }

  /** Idempotent. Also revokes the tokens that were created with it. */
  revoke(principal: OrgPrincipal, id: string, revokeCreated: boolean): Promise<EndedKey> {
    return this.transaction.as(principal, async () => {
      const { userId: resourceOwnerId } = await this.getOwnOrAdministered(principal, id);
      const created = await this.endCreated.endOf(principal, id, revokeCreated);
      const revoked = (await this.keys.revokeFamilies(principal.orgId, [id])).map(({ id: each }) => each);
      await this.audit.record(principal, 'revoke_personal_access_token', unique([id, ...revoked]), {
        resourceOwnerId,
        details: { ...unchangedFacts([id], revoked), ...(created ? toEndedDetails(created) : {}) },
      });
      const key = await this.getOwnOrAdministered(principal, id);
      return { ...(await this.names.withName(key)), created };
    });
  }

  /** Idempotent. Also reinstates the tokens that were revoked with it. An expiry that passed meanwhile stays. */
  reinstate(principal: OrgPrincipal, id: string): Promise<void> {
    return this.transaction.as(principal, async () => {
      const { userId: resourceOwnerId, parentKeyId } = await this.getOwnOrAdministered(principal, id);
      const parent = parentKeyId && (await this.keys.findToken(principal.orgId, parentKeyId));
      if (parent && parent.revokedAt !== null) throw new ParentTokenRevoked();
      const reinstated = await this.keys.reinstateFamily(principal.orgId, id);
      await this.audit.record(principal, 'reinstate_personal_access_token', unique([id, ...reinstated]), {
        resourceOwnerId,
        details: unchangedFacts([id], reinstated),
      });
    });
  }

  private async getOwnOrAdministered(principal: OrgPrincipal, id: string): Promise<ApiKey> {
    const key = await this.keys.findToken(principal.orgId, id);
    if (!key || !(key.userId === principal.userId || mayGrantOrgAdmin(principal))) throw new ApiKeyNotFound();
    return key;
  }

  private async reaching(
    orgId: string,
    tokens: readonly ApiKey[],
    workspaceIds: readonly string[],
  ): Promise<NamedKey[]> {
    if (workspaceIds.length === 0) return this.names.withNames(orgId, tokens);
    const owners = tokens.flatMap(({ userId }) => userId ?? []);
    const reaching = await this.keys.findReaching(orgId, unique(owners), workspaceIds);
    return this.names.withNames(
      orgId,
      tokens.filter(({ userId }) => userId !== null && reaching.has(userId)),
    );
  }
}
