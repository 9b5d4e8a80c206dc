import { applyDecorators, type ExecutionContext, UseGuards } from '@nestjs/common';
import type { RestrictedPermission } from '../../common/access/access.decorator.js';
import { principalOf } from '../../common/access/access.guard.js';
import type { Forbidden } from '../../common/errors/domain-error.js';
import { Refuses } from '../../common/http/operations/operation.decorator.js';
import { mayGrantOrgAdmin } from './org-roles.js';

/**
 * For actions that are closed to operators who hold the permission of the route (docs/contract/members.md#operators),
 * and to keys that hold less than an admin: they could grant any permission to any user. Checked before the request
 * is validated (docs/contract/http.md#order-of-checks); throws `Refusal`.
 *
 * @param parameter closes only requests with this query parameter
 */
export const OrgAdminsOnly = (Refusal: new () => Forbidden, parameter?: string) =>
  applyDecorators(
    Refuses(new Refusal().code),
    UseGuards({
      canActivate(context: ExecutionContext): boolean {
        const { query } = context.switchToHttp().getRequest<{ query: object }>();
        if (parameter !== undefined && !(parameter in query)) return true;
        const caller = principalOf(context);
        if (!caller || !mayGrantOrgAdmin(caller)) throw new Refusal();
        return true;
      },
    }),
  );

/** For Organization Admins, as the callers of `@OrgQuery` and `@OrgCommand`. */
export const adminsOnly = (
  Refusal: new () => Forbidden,
  permission: RestrictedPermission['permission'] = 'organization:manage',
): RestrictedPermission => ({ permission, guard: OrgAdminsOnly(Refusal) });
