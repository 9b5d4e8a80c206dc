import { Injectable } from '@nestjs/common';
import { InvalidCredential } from '../../../../common/access/access.errors.js';
import type { OrgPrincipal } from '../../../../common/access/principal.js';
import { OrgsService } from '../../../orgs/index.js';
import type { ApiKey } from './api-key.entity.js';
import { ApiKeysRepository } from './api-keys.repository.js';
import { assertMayCreateKeys } from './key-creation-rule.js';

/** Who creates a credential, and with which one. */
export type CredentialOrigin = Pick<
  ApiKey,
  'createdByUserId' | 'createdWithKind' | 'createdWithId' | 'makerKeyId'
>;

/** `expiresAt`: what is created with it expires no later; null: no limit. */
type HeldCredential = { readonly origin: CredentialOrigin; readonly expiresAt: Date | null };

/** The credential of a request that creates another one (docs/contract/keys.md#who-created-a-key). */
@Injectable()
export class CallerKeys {
  constructor(
    private readonly keys: ApiKeysRepository,
    private readonly orgs: OrgsService,
  ) {}

  /**
   * Locks a key until the transaction ends, so that its expiry cannot be shortened in between
   * (docs/contract/keys.md#expiry-limits).
   *
   * @throws KeyCreationByKeysDisabled, or InvalidCredential if the key expired or was deleted after authentication
   */
  async hold(principal: OrgPrincipal): Promise<HeldCredential> {
    const { orgId, userId, credential } = principal;
    const { kind, id } = credential;
    if (kind === 'session') {
      const origin = { createdByUserId: userId, createdWithKind: kind, createdWithId: id, makerKeyId: null };
      return { origin, expiresAt: null };
    }
    assertMayCreateKeys(principal, await this.orgs.get(orgId));
    const key = await this.keys.holdValid(orgId, id);
    if (!key || kind === 'scim-token') throw new InvalidCredential();
    const createdByUserId = userId ?? key.createdByUserId;
    const origin = { createdByUserId, createdWithKind: kind, createdWithId: id, makerKeyId: id };
    return { origin, expiresAt: key.expiresAt };
  }
}
