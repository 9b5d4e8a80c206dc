import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { principalOf } from '../../../common/access/current-principal.decorator.js';
import { Config } from '../../../config/config.js';
import { OrgsService } from '../../orgs/index.js';
import { PatCreationDisabledByOrg, PatCreationDisabledByOperator } from './api-keys.errors.js';

/**
 * Whether anybody may make a token: the operator and the organization decide it, whatever is asked for
 * (contract decision 43).
 */
@Injectable()
export class PatCreationGuard implements CanActivate {
  constructor(
    private readonly orgs: OrgsService,
    private readonly config: Config,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const orgId = principalOf(context)?.orgId;
    if (!orgId) return false;
    if (this.config.flags.patCreationDisabled) throw new PatCreationDisabledByOperator();
    if ((await this.orgs.get(orgId)).patCreationDisabled) throw new PatCreationDisabledByOrg();
    return true;
  }
}
