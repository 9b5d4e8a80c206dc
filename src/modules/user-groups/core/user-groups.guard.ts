import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { principalOf } from '../../../common/access/access.decorator.js';
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
