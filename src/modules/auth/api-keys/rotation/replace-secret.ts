import { Injectable } from '@nestjs/common';
import type { OrgPrincipal } from '../../../../common/access/principal.js';
import { newApiKey } from '../../../../common/secrets/credential-formats.js';
import { Config } from '../../../../config/config.js';
import { AuditTrail } from '../../../audit/index.js';
import type { ScopedKey } from '../core/api-keys.repository.js';
import { type NewKey, storedFormOf } from '../core/api-keys.service.js';
import type { ApiKey } from '../core/entities.js';
import { CredentialHasEnded } from '../core/errors.js';
import { NamedKeys } from '../core/named-keys.js';
import { RotatedKeysRepository } from './rotated-keys.repository.js';

/** `rightsEndAt`: when the rights end of who learns the secret; null: never. */
export type RotationTerms = { readonly overlapHours: number; readonly rightsEndAt: Date | null };

export type Rotation = 'rotate_personal_access_token' | 'rotate_service_key';

/**
 * Gives a key or token a new secret; all else stays, and so does what was created with it
 * (docs/contract/keys.md#rotating-keys-and-tokens).
 */
@Injectable()
export class ReplaceSecret {
  constructor(
    private readonly keys: RotatedKeysRepository,
    private readonly names: NamedKeys,
    private readonly audit: AuditTrail,
    private readonly config: Config,
  ) {}

  /** In the open transaction, which holds the roster lock, so that of two rotations the later one counts. */
  async run(
    principal: OrgPrincipal,
    operation: Rotation,
    key: ApiKey | ScopedKey,
    { overlapHours, rightsEndAt }: RotationTerms,
  ): Promise<NewKey> {
    const secret = newApiKey(key.kind);
    const stored = storedFormOf(secret, this.config.apiKeys.salt);
    const rotated = await this.keys.rotate(key, { ...stored, rightsEndAt }, overlapHours);
    if (!rotated) throw new CredentialHasEnded();
    await this.audit.record(principal, operation, [key.id], { details: { overlap_hours: overlapHours } });
    return { ...(await this.names.withName(rotated)), secret };
  }
}
