import { Injectable } from '@nestjs/common';
import type { OrgPrincipal } from '../../../../common/access/principal.js';
import { Transaction } from '../../../../database/transaction.js';
import { AuditTrail } from '../../../audit/index.js';
import { type CreatedCredentials, toEndedDetails } from '../../../members/index.js';
import { mayGrantOrgAdmin } from '../../../rbac/index.js';
import type { ApiKey } from '../core/api-key.entity.js';
import { ApiKeyNotFound, ParentTokenRevoked } from '../core/api-keys.errors.js';
import { ApiKeysRepository } from '../core/api-keys.repository.js';
import { ApiKeysService, type EndedKey } from '../core/api-keys.service.js';
import { NamedKeys } from '../core/named-keys.js';
import { EndCreatedCredentials } from '../service-keys/end-created-credentials.js';

/** `revokeCreated`: the service keys and SCIM tokens that were created with the token are deleted, too. */
type EndingOptions = { revokeCreated: boolean };

/** Tokens end with the token with which they were created in any case. */
const KEYS_ONLY = { keys: true, tokens: false };

/**
 * Deletes, revokes and reinstates tokens: users their own, Organization Admins those of all members
 * (docs/contract/keys.md#revoking-tokens). Takes effect on every replica with the next request.
 */
@Injectable()
export class EndPersonalAccessToken {
  constructor(
    private readonly keys: ApiKeysRepository,
    private readonly apiKeys: ApiKeysService,
    private readonly names: NamedKeys,
    private readonly endCreated: EndCreatedCredentials,
    private readonly transaction: Transaction,
    private readonly audit: AuditTrail,
  ) {}

  /** Returns the token as it was. */
  delete(principal: OrgPrincipal, id: string, options: EndingOptions): Promise<EndedKey> {
    return this.transaction.as(principal, async () => {
      const key = await this.getOwnOrAdministered(principal, id);
      const created = await this.endCreatedWith(principal, id, options);
      const scoped = { key, workspaceIds: [] };
      return this.apiKeys.revoke(principal, 'delete_personal_access_token', scoped, created);
    });
  }

  /** Idempotent. Also revokes the tokens that were created with it. */
  revoke(principal: OrgPrincipal, id: string, options: EndingOptions): Promise<EndedKey> {
    return this.transaction.as(principal, async () => {
      const { userId: resourceOwnerId } = await this.getOwnOrAdministered(principal, id);
      const created = await this.endCreatedWith(principal, id, options);
      const revoked = await this.keys.revokeFamily(principal.orgId, id);
      await this.audit.record(principal, 'revoke_personal_access_token', idsWith(id, revoked), {
        resourceOwnerId,
        details: created ? toEndedDetails(created) : {},
      });
      const key = await this.getOwnOrAdministered(principal, id);
      return { ...(await this.names.withName(principal.orgId, { key, workspaceIds: [] })), created };
    });
  }

  /** Idempotent. Also reinstates the tokens that were revoked with it. An expiry that passed meanwhile stays. */
  reinstate(principal: OrgPrincipal, id: string): Promise<void> {
    return this.transaction.as(principal, async () => {
      const { userId: resourceOwnerId, parentKeyId } = await this.getOwnOrAdministered(principal, id);
      const parent = parentKeyId && (await this.keys.findToken(principal.orgId, parentKeyId));
      if (parent && parent.revokedAt !== null) throw new ParentTokenRevoked();
      const reinstated = await this.keys.reinstateFamily(principal.orgId, id);
      await this.audit.record(principal, 'reinstate_personal_access_token', idsWith(id, reinstated), {
        resourceOwnerId,
      });
    });
  }

  private endCreatedWith(
    principal: OrgPrincipal,
    id: string,
    { revokeCreated }: EndingOptions,
  ): Promise<CreatedCredentials | null> {
    return revokeCreated ? this.endCreated.run(principal, { keyId: id }, KEYS_ONLY) : Promise.resolve(null);
  }

  private async getOwnOrAdministered(principal: OrgPrincipal, id: string): Promise<ApiKey> {
    const key = await this.keys.findToken(principal.orgId, id);
    if (!key || !(key.userId === principal.userId || mayGrantOrgAdmin(principal))) throw new ApiKeyNotFound();
    return key;
  }
}

const idsWith = (id: string, others: readonly string[]): string[] => [...new Set([id, ...others])];
