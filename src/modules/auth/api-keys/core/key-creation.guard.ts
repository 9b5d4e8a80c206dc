import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { principalOf } from '../../../../common/access/access.guard.js';
import { OrgsRepository } from '../../../orgs/index.js';
import { assertMayCreateKeys } from './caller-keys.js';

/**
 * Refuses creation and rotation of keys with a key if the organization does not allow it, or with a replaced secret, before any other check
 * (docs/contract/http.md#order-of-checks); `CallerKeys` checks it again under the lock.
 */
@Injectable()
export class KeyCreationGuard implements CanActivate {
  constructor(private readonly orgs: OrgsRepository) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const principal = principalOf(context);
    if (!principal?.orgId) return false;
    assertMayCreateKeys(principal, await this.orgs.get(principal.orgId));
    return true;
  }
}
