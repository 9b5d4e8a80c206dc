import { Body, Controller, Post } from '@nestjs/common';
import { CurrentPrincipal, OrgQuery } from '../../../common/access/access.decorator.js';
import { permissionScope, type WorkspacePermission } from '../../../common/access/permissions.js';
import type { OrgPrincipal, Principal } from '../../../common/access/principal.js';
import type { Problem } from '../../../common/errors/domain-error.js';
import { ValidationFailed } from '../../../common/errors/errors.js';
import { Deprecated, Refuses } from '../../../common/http/operations/operation.decorator.js';
import { ApiTags } from '../../../common/http/operations/swagger.decorator.js';
import { required } from '../../../common/collections.js';
import {
  AccessCheckRequest,
  AccessCheckResponse,
  MAX_TAG_LENGTH,
  MAX_TAGS,
} from '../../../contract/roles.js';
import { AccessCheckService, type AccessCheck, type CheckedMember } from './access-check.service.js';
import type { DecidedAccess } from '../decisions/decide-access.js';
import { resourceTypeOf } from '../../policies/index.js';

/** Not in the published API, and superseded by AuthZEN, which asks for the same decision. */
@ApiTags('access_policies')
@Controller('api/v1/orgs/current/access')
export class AccessCheckController {
  constructor(private readonly access: AccessCheckService) {}

  /** A check for another member requires `organization:manage`. */
  @Post('check')
  @Deprecated()
  @OrgQuery('organization:read', AccessCheckResponse)
  @Refuses('member_not_found', 'workspace_not_found')
  async checkAccess(@CurrentPrincipal() principal: OrgPrincipal, @Body() body: AccessCheckRequest) {
    const check = fromAccessCheckRequest(body, principal);
    return toAccessCheckResponse(await this.access.check(principal, check));
  }
}

const toAccessCheckResponse = ({ role, ...decision }: DecidedAccess): AccessCheckResponse => ({
  allowed: decision.allowed,
  reason: decision.reason,
  policy_id: decision.policyId,
  role_id: role?.id ?? null,
  role_name: role?.name ?? null,
});

function fromAccessCheckRequest(body: AccessCheckRequest, caller: Principal): AccessCheck {
  const tags = Object.entries(required(body.resource_tags, 'the default of resource_tags'));
  const type = body.resource_type ? resourceTypeOf(body.resource_type) : null;
  const id = body.resource_id ?? null;
  const member = memberOf(body, caller);
  const problems = [
    ...(member ? [] : [problem(['user_id'], 'Field required', 'missing')]),
    ...(permissionScope(body.permission) === 'workspace'
      ? []
      : [problem(['permission'], 'Only workspace permissions can be checked', 'value_error')]),
    ...(type === null && (id || tags.length > 0)
      ? [problem(['resource_type'], 'Field required', 'missing')]
      : []),
    ...tagProblems(tags),
    ...(id && tags.length > 0
      ? [problem(['resource_id'], 'Either resource_id or resource_tags can be given', 'value_error')]
      : []),
  ];
  if (!member || problems.length > 0) throw new ValidationFailed(problems);
  return {
    member,
    workspaceId: body.workspace_id,
    permission: body.permission as WorkspacePermission,
    resource: type === null ? null : id ? { type, id } : { type, tags: tagMap(tags) },
  };
}

const tagMap = (tags: readonly (readonly [string, unknown])[]) =>
  new Map(tags.map(([key, values]) => [key, [values].flat() as string[]]));

/** Defaults to the caller; null if the caller is not a user, or if both ids are given. */
function memberOf({ user_id, member_id }: AccessCheckRequest, { userId }: Principal): CheckedMember | null {
  if (user_id && member_id) return null;
  if (member_id) return { membershipId: member_id };
  const requested = user_id ?? userId;
  return requested ? { userId: requested } : null;
}

function tagProblems(tags: readonly (readonly [string, unknown])[]): Problem[] {
  if (tags.flatMap(([, values]) => values).length > MAX_TAGS)
    return [problem(['resource_tags'], `At most ${MAX_TAGS} tags can be checked`, 'too_long')];
  return tags.flatMap(([key, values]) => [values].flat().flatMap((value) => valueProblems(key, value)));
}

function valueProblems(key: string, value: unknown): Problem[] {
  if (typeof value !== 'string')
    return [problem(['resource_tags', key], 'Input should be a valid string', 'string_type')];
  if (Math.max(key.length, value.length) <= MAX_TAG_LENGTH) return [];
  return [problem(['resource_tags', key], `At most ${MAX_TAG_LENGTH} characters`, 'string_too_long')];
}

const problem = (path: string[], msg: string, type: string): Problem => ({
  loc: ['body', ...path],
  msg,
  type,
});
