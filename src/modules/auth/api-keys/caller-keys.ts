import { Injectable } from '@nestjs/common';
import { InvalidCredential } from '../../../common/access/access.errors.js';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import { ApiKeysRepository, type CallerKey } from './api-keys.repository.js';

/** The key that a request is made with: a credential that it makes expires no later (contract decision 52). */
@Injectable()
export class CallerKeys {
  constructor(private readonly keys: ApiKeysRepository) {}

  /**
   * Null if the caller has a session. The key stays as it is until the open transaction ends, so that its expiry cannot be
   * shortened meanwhile.
   * @throws InvalidCredential if the key has expired or was deleted since the guards let it in.
   */
  async hold({ orgId, credential }: OrgPrincipal): Promise<CallerKey | null> {
    if (credential.kind === 'session') return null;
    const key = await this.keys.holdValid(orgId, credential.id);
    if (!key) throw new InvalidCredential();
    return key;
  }
}
