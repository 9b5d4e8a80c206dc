import { Injectable } from '@nestjs/common';
import type { OrgPrincipal } from '../../../../common/access/principal.js';
import { DatabaseClock } from '../../../../database/database-clock.js';
import type { ApiKey } from './api-key.entity.js';
import { CallerKeys, type CredentialOrigin } from './caller-keys.js';
import { type ExpiryLimits, keyExpiry } from './key-expiry.js';

export type Terms = CredentialOrigin & Pick<ApiKey, 'parentKeyId' | 'createdAt' | 'expiresAt'>;

/** Who creates a new key, and until when it is valid, by the database's clock. */
@Injectable()
export class KeyTerms {
  constructor(
    private readonly callerKeys: CallerKeys,
    private readonly clock: DatabaseClock,
  ) {}

  /**
   * Runs in the transaction that inserts the key. `requested` null: the latest expiry that is allowed.
   *
   * @throws KeyCreationByKeysDisabled, InvalidExpiry or InvalidCredential
   */
  async resolve(
    principal: OrgPrincipal,
    { kind, requested, days }: { kind: ApiKey['kind']; requested: Date | null; days: ExpiryLimits['days'] },
  ): Promise<Terms> {
    const { origin, expiresAt: callerKey } = await this.callerKeys.hold(principal);
    const createdAt = await this.clock.now();
    return {
      ...origin,
      parentKeyId: kind === 'pat' ? origin.makerKeyId : null,
      createdAt,
      expiresAt: keyExpiry(requested, { days, callerKey }, createdAt),
    };
  }
}
