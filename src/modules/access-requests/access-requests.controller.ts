import { Body, Controller, Delete, Get, Post, Query } from '@nestjs/common';
import { CurrentPrincipal, OrgCommand, OrgQuery } from '../../common/access/access.decorator.js';
import type { OrgPrincipal, UserPrincipal } from '../../common/access/principal.js';
import { ValidationFailed } from '../../common/errors/errors.js';
import { OptionalBody } from '../../common/http/operations/body.decorator.js';
import { Refuses } from '../../common/http/operations/operation.decorator.js';
import { ApiTags } from '../../common/http/operations/swagger.decorator.js';
import { PathUuid } from '../../common/http/operations/uuid.pipe.js';
import { CursorList } from '../../common/lists/cursor-list.js';
import {
  AccessRequest,
  AccessRequestPage,
  type AccessRequestPerson,
  AccessRequestsQuery,
  type AccessTarget as TargetResponse,
  AccessTargetPage,
  ApproveAccessRequest as ApprovalBody,
  CreateAccessRequest,
  DeclineAccessRequest,
} from '../../contract/access-requests.js';
import { LimitedListQuery } from '../../contract/lists.js';
import { requestedEnd } from '../members/index.js';
import { AccessRequestsService, type DescribedAccessRequest } from './access-requests.service.js';
import type { ListedAccessRequest } from './core/access-requests.read-model.js';
import type { AccessTarget } from './core/access-targets.read-model.js';
import { ApproveAccessRequest } from './approve-access-request.js';
import { DecideAccessRequest } from './decide-access-request.js';
import { type AskedFor, MakeAccessRequest } from './make-access-request.js';

/** Not in the published API: docs/contract/access-requests.md. */
@ApiTags('orgs')
@Controller('api/v1/orgs/current/access-requests')
export class AccessRequestsController {
  constructor(
    private readonly requests: AccessRequestsService,
    private readonly make: MakeAccessRequest,
    private readonly approve: ApproveAccessRequest,
    private readonly decide: DecideAccessRequest,
  ) {}

  @Get()
  @OrgQuery('in-org', AccessRequestPage)
  async listAccessRequests(@CurrentPrincipal() principal: OrgPrincipal, @Query() query: AccessRequestsQuery) {
    const { limit, cursor, state = null, mine, to_decide: toDecide } = query;
    const scope = ['access-requests', principal.orgId, state, String(mine), String(toDecide)];
    const page = new CursorList({ limit, cursor }, scope);
    const rows = await this.requests.list(principal, { state, mine, toDecide }, page);
    return page.page(rows, ({ request: { id } }) => ({ id }), toAccessRequest);
  }

  @Post()
  @OrgCommand('organization:read', 'create_access_request', AccessRequest, { status: 201, sessionOnly: true })
  @Refuses(
    'access_already_held',
    'access_is_temporary',
    'access_managed_by_provider',
    'access_request_open',
    'access_requests_of_day_exhausted',
    'access_target_not_found',
    'too_many_access_requests',
  )
  async createAccessRequest(
    @CurrentPrincipal() principal: OrgPrincipal & UserPrincipal,
    @Body() body: CreateAccessRequest,
  ) {
    const id = await this.make.run(principal, fromCreateAccessRequest(body));
    return toAccessRequest(await this.requests.get(principal, id));
  }

  @Get('targets')
  @OrgQuery('organization:read', AccessTargetPage, { sessionOnly: true })
  async listAccessTargets(
    @CurrentPrincipal() principal: OrgPrincipal & UserPrincipal,
    @Query() query: LimitedListQuery,
  ) {
    const page = new CursorList(query, ['access-targets', principal.orgId]);
    const targets = await this.requests.listTargets(principal, page);
    return page.page(targets, ({ name, id }) => ({ key: name, id }), toAccessTarget);
  }

  @Get(':access_request_id')
  @OrgQuery('in-org', AccessRequest)
  @Refuses('access_request_not_found')
  async getAccessRequest(
    @CurrentPrincipal() principal: OrgPrincipal,
    @PathUuid('access_request_id') id: string,
  ) {
    return toAccessRequest(await this.requests.get(principal, id));
  }

  @Delete(':access_request_id')
  @OrgCommand('in-org', 'withdraw_access_request', 'nothing')
  @Refuses('access_request_closed', 'access_request_not_found')
  async withdrawAccessRequest(
    @CurrentPrincipal() principal: OrgPrincipal,
    @PathUuid('access_request_id') id: string,
  ) {
    await this.decide.withdraw(principal, id);
  }

  @Post(':access_request_id/approval')
  @OrgCommand('in-org', 'approve_access_request', AccessRequest)
  @Refuses(
    'access_already_held',
    'access_end_managed_by_provider',
    'access_is_temporary',
    'access_managed_by_provider',
    'access_request_closed',
    'access_request_not_found',
    'access_request_outdated',
    'already_in_workspace',
    'approval_exceeds_request',
    'change_exceeds_rights',
    'only_admins_manage_admins',
    'own_access_request',
    'role_is_provisioned',
    'role_is_restricted',
    'role_not_grantable',
    'user_group_exceeds_rights',
  )
  async approveAccessRequest(
    @CurrentPrincipal() principal: OrgPrincipal,
    @PathUuid('access_request_id') id: string,
    @OptionalBody(ApprovalBody) body: ApprovalBody,
  ) {
    const approval = { roleId: body.role_id, accessExpiresAt: requestedEnd(body.access_expires_at) };
    await this.approve.run(principal, id, approval);
    return toAccessRequest(await this.requests.get(principal, id));
  }

  @Post(':access_request_id/decline')
  @OrgCommand('in-org', 'decline_access_request', AccessRequest)
  @Refuses('access_request_closed', 'access_request_not_found', 'own_access_request')
  async declineAccessRequest(
    @CurrentPrincipal() principal: OrgPrincipal,
    @PathUuid('access_request_id') id: string,
    @Body() { reason }: DeclineAccessRequest,
  ) {
    await this.decide.decline(principal, id, reason);
    return toAccessRequest(await this.requests.get(principal, id));
  }
}

/** @throws ValidationFailed unless it names a workspace or a user group, the latter without a role */
function fromCreateAccessRequest(body: CreateAccessRequest): AskedFor {
  const { workspace_id: workspaceId, user_group_id: userGroupId, role_id: roleId } = body;
  const asked = { reason: body.reason, durationSeconds: body.duration_seconds };
  if (workspaceId === undefined) {
    if (userGroupId === undefined) throw invalid('workspace_id', 'Name a workspace or a user group');
    if (roleId !== undefined) throw invalid('role_id', 'Only a workspace has a role');
    return { ...asked, kind: 'group', id: userGroupId };
  }
  if (userGroupId !== undefined) throw invalid('user_group_id', 'Name a workspace or a user group, not both');
  return { ...asked, kind: 'workspace', id: workspaceId, roleId: roleId ?? null };
}

const invalid = (field: string, msg: string) =>
  new ValidationFailed([{ loc: ['body', field], msg, type: 'value_error' }]);

const toAccessRequest = ({ request, isOwn, canDecide }: DescribedAccessRequest): AccessRequest => ({
  id: request.id,
  kind: request.userGroupId === null ? (request.fromRoleId === null ? 'workspace' : 'role') : 'group',
  workspace_id: request.workspaceId,
  workspace_name: request.workspaceName,
  role_id: request.roleId,
  role_name: request.roleName,
  from_role_name: request.fromRoleName,
  user_group_id: request.userGroupId,
  user_group_name: request.userGroupName,
  reason: request.reason,
  duration_seconds: request.durationSeconds,
  state: request.state,
  requester: toPerson(request.requester),
  is_own: isOwn,
  can_decide: canDecide,
  created_at: request.createdAt.toISOString(),
  expires_at: request.expiresAt.toISOString(),
  decided_at: request.decidedAt?.toISOString() ?? null,
  decided_by: request.decidedBy && toPerson(request.decidedBy),
  decided_role_id: request.decidedRoleId,
  decided_role_name: request.decidedRoleName,
  access_expires_at: request.accessExpiresAt?.toISOString() ?? null,
  decline_reason: request.declineReason,
});

const toPerson = ({ userId, email, fullName }: ListedAccessRequest['requester']): AccessRequestPerson => ({
  ls_user_id: userId,
  email,
  full_name: fullName,
});

const toAccessTarget = (target: AccessTarget): TargetResponse => ({
  kind: target.kind,
  id: target.id,
  name: target.name,
  description: target.description,
  is_member: target.isMember,
  role_id: target.roleId,
  role_name: target.roleName,
  open_request_id: target.openRequestId,
  is_managed_by_provider: target.isManagedByProvider,
});
