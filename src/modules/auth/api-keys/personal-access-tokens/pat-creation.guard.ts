import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { principalOf } from '../../../../common/access/access.guard.js';
import { Config } from '../../../../config/config.js';
import { OrgsRepository } from '../../../orgs/index.js';
import {
  PatCreationDisabledByOrg,
  PatCreationDisabledByOperator,
  ServiceKeysOwnNoTokens,
} from '../core/errors.js';

/**
 * Refuses token creation to service keys, and if the operator or the organization has disabled it, before any other check
 * (docs/contract/http.md#order-of-checks).
 */
@Injectable()
export class PatCreationGuard implements CanActivate {
  constructor(
    private readonly orgs: OrgsRepository,
    private readonly config: Config,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const { orgId = null, kind } = principalOf(context) ?? {};
    if (orgId === null) return false;
    if (kind !== 'user') throw new ServiceKeysOwnNoTokens();
    if (this.config.flags.patCreationDisabled) throw new PatCreationDisabledByOperator();
    if ((await this.orgs.get(orgId)).patCreationDisabled) throw new PatCreationDisabledByOrg();
    return true;
  }
}
