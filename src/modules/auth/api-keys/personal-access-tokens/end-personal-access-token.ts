import { Injectable } from '@nestjs/common';
import type { OrgPrincipal } from '../../../../common/access/principal.js';
import { DatabaseClock } from '../../../../database/database-clock.js';
import { Transaction } from '../../../../database/transaction.js';
import { AuditTrail } from '../../../audit/index.js';
import { mayGrantOrgAdmin } from '../../../rbac/index.js';
import type { ApiKey } from '../core/api-key.entity.js';
import { ApiKeyNotFound, ParentTokenRevoked } from '../core/api-keys.errors.js';
import { ApiKeysRepository } from '../core/api-keys.repository.js';
import { ApiKeysService } from '../core/api-keys.service.js';
import { type NamedKey, NamedKeys } from '../core/named-keys.js';

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
    private readonly transaction: Transaction,
    private readonly clock: DatabaseClock,
    private readonly audit: AuditTrail,
  ) {}

  /** Returns the token as it was. */
  delete(principal: OrgPrincipal, id: string): Promise<NamedKey> {
    return this.transaction.runAs(principal, async () => {
      const key = await this.getOwnOrAdministered(principal, id);
      return this.apiKeys.revoke(principal, 'delete_personal_access_token', { key, workspaceIds: [] });
    });
  }

  /** Idempotent. Also revokes the tokens that were created with it. */
  revoke(principal: OrgPrincipal, id: string): Promise<NamedKey> {
    return this.transaction.runAs(principal, async () => {
      const { userId: resourceOwnerId } = await this.getOwnOrAdministered(principal, id);
      const revoked = await this.keys.revokeFamily(principal.orgId, id, await this.clock.now());
      await this.audit.record(principal, 'revoke_personal_access_token', idsWith(id, revoked), {
        resourceOwnerId,
      });
      const key = await this.getOwnOrAdministered(principal, id);
      return this.names.withName(principal.orgId, { key, workspaceIds: [] });
    });
  }

  /** Idempotent. Also reinstates the tokens that were revoked with it. An expiry that passed meanwhile stays. */
  reinstate(principal: OrgPrincipal, id: string): Promise<void> {
    return this.transaction.runAs(principal, async () => {
      const { userId: resourceOwnerId, parentKeyId } = await this.getOwnOrAdministered(principal, id);
      const parent = parentKeyId && (await this.keys.findToken(principal.orgId, parentKeyId));
      if (parent && parent.revokedAt !== null) throw new ParentTokenRevoked();
      const reinstated = await this.keys.reinstateFamily(principal.orgId, id);
      await this.audit.record(principal, 'reinstate_personal_access_token', idsWith(id, reinstated), {
        resourceOwnerId,
      });
    });
  }

  private async getOwnOrAdministered(principal: OrgPrincipal, id: string): Promise<ApiKey> {
    const key = await this.keys.findToken(principal.orgId, id);
    if (!key || !(key.userId === principal.userId || mayGrantOrgAdmin(principal))) throw new ApiKeyNotFound();
    return key;
  }
}

const idsWith = (id: string, others: readonly string[]): string[] => [...new Set([id, ...others])];
