import { Injectable } from '@nestjs/common';
import type { RequestMetadata } from '../../../common/http/request-metadata.decorator.js';
import { OAUTH_PREFIXES } from '../../../common/secrets/credential-formats.js';
import { Transaction } from '../../../database/transactions/transaction.js';
import { ArtifactsRepository } from '../core/artifacts.repository.js';
import { EndGrants } from '../core/end-grants.js';

/** A refresh token ends its grant, an access token itself; anything else has no effect (docs/contract/oauth.md#tokens). */
@Injectable()
export class RevokeToken {
  constructor(
    private readonly artifacts: ArtifactsRepository,
    private readonly endGrants: EndGrants,
    private readonly transaction: Transaction,
  ) {}

  async run(token: string, request: RequestMetadata): Promise<void> {
    if (token.startsWith(OAUTH_PREFIXES.AccessToken)) return this.artifacts.remove('AccessToken', token);
    const found = await this.artifacts.find('RefreshToken', token);
    const { grantId = null, isConsumed = true } = found ?? {};
    if (grantId === null || isConsumed) return;
    await this.transaction.run(() =>
      this.endGrants.run([grantId], ({ userId, orgId, clientId }) => ({
        actor: { userId, orgId, request },
        details: { client_id: clientId, reason: 'revoked_by_application' },
      })),
    );
  }
}
