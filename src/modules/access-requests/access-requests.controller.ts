import { Body, Controller, Delete, Get, Post, Query } from '@nestjs/common';
import { CurrentPrincipal, OrgCommand, OrgQuery } from '../../common/access/access.decorator.js';
import type { OrgPrincipal, UserPrincipal } from '../../common/access/principal.js';
import { OptionalBody } from '../../common/http/operations/body.decorator.js';
import { Refuses } from '../../common/http/operations/operation.decorator.js';
import { ApiTags } from '../../common/http/operations/swagger.decorator.js';
import { PathUuid } from '../../common/http/operations/uuid.pipe.js';
import { CursorList } from '../../common/lists/cursor-list.js';
import {
  AccessRequest,
  AccessRequestPage,
  AccessRequestsQuery,
  AccessTargetPage,
  ApproveAccessRequest as ApprovalBody,
  CreateAccessRequest,
  DeclineAccessRequest,
} from '../../contract/access-requests.js';
import { LimitedListQuery } from '../../contract/lists.js';
import {
  fromApproval,
  fromCreateAccessRequest,
  toAccessRequest,
  toAccessTarget,
} from './access-request.mapper.js';
import { AccessRequestsService } from './access-requests.service.js';
import { MakeAccessRequest } from './asking/make-access-request.js';
import { ApproveAccessRequest } from './deciding/approve-access-request.js';
import { DecideAccessRequest } from './deciding/decide-access-request.js';

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
    await this.requests.withdraw(principal, id);
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
    await this.approve.run(principal, id, fromApproval(body));
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
