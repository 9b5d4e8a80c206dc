import { applyDecorators, type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { principalOf } from '../../../../common/access/access.guard.js';
import { Refuses } from '../../../../common/http/operations/operation.decorator.js';
import { Config } from '../../../../config/config.js';
import {
  OrgsRepository,
  PatCreationDisabledByOperator,
  PatCreationDisabledByOrg,
} from '../../../orgs/index.js';
import { ServiceKeysOwnNoTokens } from '../core/errors.js';
import { ReturnsSecret } from '../core/key-creation.guard.js';

/** Before any other check (docs/contract/http.md#order-of-checks). */
@Injectable()
class PatCreationGuard implements CanActivate {
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

/** For handlers that create a token. */
export const CreatesToken = () =>
  applyDecorators(
    ReturnsSecret('settings/tokens', PatCreationGuard),
    Refuses(
      'invalid_expiry',
      'pat_creation_disabled_by_operator',
      'pat_creation_disabled_by_org',
      'service_keys_own_no_tokens',
      'workspace_not_found',
    ),
  );
