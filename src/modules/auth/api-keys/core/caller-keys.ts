import { Injectable } from '@nestjs/common';
import { InvalidCredential } from '../../../../common/access/access.errors.js';
import type { OrgPrincipal } from '../../../../common/access/principal.js';
import { ApiKeysRepository, type CallerKey } from './api-keys.repository.js';

/** The key of the request: a credential created with it expires no later (docs/contract/keys.md#expiry-limits). */
@Injectable()
export class CallerKeys {
  constructor(private readonly keys: ApiKeysRepository) {}

  /**
   * Null if the caller has a session. Locks the key until the transaction ends, so that its expiry cannot be shortened
   * in between.
   *
   * @throws InvalidCredential if the key expired or was deleted after authentication
   */
  async hold({ orgId, credential }: OrgPrincipal): Promise<CallerKey | null> {
    if (credential.kind === 'session') return null;
    const key = await this.keys.holdValid(orgId, credential.id);
    if (!key) throw new InvalidCredential();
    return key;
  }
}
