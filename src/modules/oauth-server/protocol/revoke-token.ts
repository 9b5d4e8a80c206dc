import { Injectable } from '@nestjs/common';
import type { RequestMetadata } from '../../../common/http/request-metadata.decorator.js';
import { OAUTH_PREFIXES } from '../../../common/secrets/credential-formats.js';
import { Transaction } from '../../../database/transactions/transaction.js';
import { AuditTrail } from '../../audit/index.js';
import { ArtifactsRepository } from '../core/artifacts.repository.js';
import { GrantsRepository } from '../core/grants.repository.js';

/** A refresh token ends its grant, an access token itself; anything else has no effect (docs/contract/oauth.md#tokens). */
@Injectable()
export class RevokeToken {
  constructor(
    private readonly artifacts: ArtifactsRepository,
    private readonly grants: GrantsRepository,
    private readonly transaction: Transaction,
    private readonly audit: AuditTrail,
  ) {}

  async run(token: string, request: RequestMetadata): Promise<void> {
    if (token.startsWith(OAUTH_PREFIXES.AccessToken)) return this.artifacts.remove('AccessToken', token);
    const found = await this.artifacts.find('RefreshToken', token);
    const { grantId = null, isConsumed = true } = found ?? {};
    if (grantId === null || isConsumed) return;
    await this.transaction.run(async () => {
      const ended = await this.grants.end([grantId]);
      await this.audit.recordAll(
        ended.map(({ id, orgId, userId, clientId }) => ({
          actor: { userId, orgId, request },
          operation: 'revoke_oauth_grant',
          resourceIds: [id],
          scope: { details: { client_id: clientId, reason: 'revoked_by_application' } },
        })),
      );
    });
  }
}
