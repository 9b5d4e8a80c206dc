import {
  applyDecorators,
  type CanActivate,
  type ExecutionContext,
  Injectable,
  UseGuards,
} from '@nestjs/common';
import { principalOf } from '../../../../common/access/access.guard.js';
import { MakesCredential } from '../../../../common/access/makes-credential.decorator.js';
import { Refuses } from '../../../../common/http/operations/operation.decorator.js';
import { Idempotent } from '../../../idempotency/index.js';
import { OrgsRepository } from '../../../orgs/index.js';
import { assertMayCreateKeys } from './caller-keys.js';

/** Before any other check (docs/contract/http.md#order-of-checks); `CallerKeys` checks it again under the lock. */
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

/** For handlers that return the secret of a new or rotated key. `page`: of the console. */
export const ReturnsSecret = (page: string, ...guards: Parameters<typeof UseGuards>) =>
  applyDecorators(
    MakesCredential(page),
    UseGuards(KeyCreationGuard, ...guards),
    Idempotent('if-allowed-now'),
    Refuses('key_creation_by_keys_disabled', 'secret_replaced'),
  );
