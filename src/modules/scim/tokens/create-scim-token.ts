import { Injectable } from '@nestjs/common';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import { newScimToken, secretDigest, shortScimToken } from '../../../common/secrets/credential-formats.js';
import { Config } from '../../../config/config.js';
import { newId } from '../../../database/statements/new-id.js';
import { DatabaseClock } from '../../../database/transactions/database-clock.js';
import { Transaction } from '../../../database/transactions/transaction.js';
import { AuditTrail, operatorIn } from '../../audit/index.js';
import { CallerKeys } from '../../auth/api-keys/index.js';
import { mayGrantOrgAdmin } from '../../roles/index.js';
import type { ScimToken } from './scim-token.entity.js';
import { ScimTokenExpiryRefused } from './errors.js';
import { ScimTokensRepository } from './scim-tokens.repository.js';

export type ScimTokenInput = { description: string; expiresAt: Date | null };

/** What the caller, the clock and the input do not decide. */
type GeneratedFields = Pick<ScimToken, 'id' | 'orgId' | 'digest' | 'shortToken' | 'lastUsedAt'>;

@Injectable()
export class CreateScimToken {
  constructor(
    private readonly tokens: ScimTokensRepository,
    private readonly callerKeys: CallerKeys,
    private readonly clock: DatabaseClock,
    private readonly transaction: Transaction,
    private readonly audit: AuditTrail,
    private readonly config: Config,
  ) {}

  /** @throws KeyCreationByKeysDisabled, ScimTokenExpiryRefused or InvalidCredential */
  async run(
    principal: OrgPrincipal,
    { description, expiresAt: wanted }: ScimTokenInput,
  ): Promise<{ token: ScimToken; secret: string }> {
    const secret = newScimToken();
    const generated = this.generated(principal.orgId, secret);
    const makesAdmins = mayGrantOrgAdmin(principal);
    return this.transaction.as(principal, async () => {
      const { origin, expiresAt: latest } = await this.callerKeys.hold(principal);
      const now = await this.clock.now();
      const expiresAt = expiryOf(wanted, latest, now);
      const times = { createdAt: now, updatedAt: now, expiresAt };
      const token: ScimToken = { ...generated, ...origin, ...times, description, makesAdmins };
      await this.tokens.insert(token);
      await this.audit.record(principal, 'create_scim_token', [token.id]);
      return { token, secret };
    });
  }

  /** Stores a token whose secret the operator has generated, in the open transaction. */
  async install(orgId: string, description: string, secret: string): Promise<void> {
    const now = await this.clock.now();
    const token: ScimToken = {
      ...this.generated(orgId, secret),
      description,
      makesAdmins: true,
      createdByUserId: null,
      createdWithKind: null,
      createdWithId: null,
      creatorKeyId: null,
      createdAt: now,
      updatedAt: now,
      expiresAt: null,
    };
    await this.tokens.insert(token);
    await this.audit.record(operatorIn(orgId), 'create_scim_token', [token.id]);
  }

  private generated(orgId: string, secret: string): GeneratedFields {
    const digest = secretDigest(this.config.apiKeys.salt, secret);
    return { id: newId(), orgId, digest, shortToken: shortScimToken(secret), lastUsedAt: null };
  }
}

/** No later than the key that creates the token (docs/contract/keys.md#expiry-limits). */
function expiryOf(wanted: Date | null, latest: Date | null, now: Date): Date | null {
  if (wanted && wanted <= now) throw new ScimTokenExpiryRefused('must be an instant in the future');
  if (latest && wanted && wanted > latest)
    throw new ScimTokenExpiryRefused(
      `must not be after ${latest.toISOString()}, when the key that creates it expires`,
    );
  return wanted ?? latest;
}
