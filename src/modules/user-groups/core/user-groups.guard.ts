import {
  applyDecorators,
  type CanActivate,
  Controller,
  type ExecutionContext,
  Injectable,
  UseGuards,
} from '@nestjs/common';
import { principalOf } from '../../../common/access/access.guard.js';
import { Problems, Refuses } from '../../../common/http/operations/operation.decorator.js';
import { ApiTags } from '../../../common/http/operations/swagger.decorator.js';
import { OrgsRepository } from '../../orgs/index.js';
import { UserGroupsDisabled } from './errors.js';

/** Refuses requests in organizations without user groups (docs/contract/user-groups.md#feature). */
@Injectable()
export class UserGroupsGuard implements CanActivate {
  constructor(private readonly orgs: OrgsRepository) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const orgId = principalOf(context)?.orgId;
    if (!orgId) return false;
    const { canUseUserGroups } = await this.orgs.get(orgId);
    if (!canUseUserGroups) throw new UserGroupsDisabled();
    return true;
  }
}

/** A controller below the path of user groups, with the guard and the errors of all of its handlers. */
export const UserGroupRoutes = (path = '') =>
  applyDecorators(
    ApiTags('user-groups'),
    Controller(`v1/platform/orgs/current/user-groups${path}`),
    UseGuards(UserGroupsGuard),
    Problems('platform'),
    Refuses('user_groups_disabled'),
  );
