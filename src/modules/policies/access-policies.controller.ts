import { Body, Controller, Delete, Get, HttpStatus, Param, Patch, Post } from '@nestjs/common';
import { CurrentPrincipal, RequirePermission } from '../../common/access/access.decorator.js';
import type { OrgPrincipal } from '../../common/access/principal.js';
import { UuidPipe } from '../../common/http/operations/uuid.pipe.js';
import {
  ErrorsAs,
  Problems,
  Refuses,
  Returns,
  ReturnsNothing,
} from '../../common/http/operations/operation.decorator.js';
import { ApiTags } from '../../common/http/operations/swagger.decorator.js';
import {
  AbacErrorResponse,
  AccessPolicy,
  AccessPolicyCreateResponse,
  CreateAccessPolicyPayload,
  ListAccessPoliciesResponse,
  UpdateAccessPolicyPayload,
} from '../../contract/access-policies.js';
import { Audited } from '../audit/index.js';
import { OrgAdminsOnly } from '../roles/index.js';
import { OnlyAdminsManagePolicies } from './errors.js';
import { AccessPoliciesService } from './access-policies.service.js';
import { fromCreatePayload, fromUpdatePayload, toAccessPolicy } from './access-policy.mapper.js';

const POLICY_ID = new UuidPipe('access_policy_id');

/** Ids in these paths are published as any text; one that is not a UUID is malformed. */
@ApiTags('access_policies')
@Problems('platform-with-error')
@Controller('v1/platform/orgs/current/access-policies')
export class AccessPoliciesController {
  constructor(private readonly policies: AccessPoliciesService) {}

  @Get()
  @RequirePermission('organization:read')
  @Returns(ListAccessPoliciesResponse)
  @ErrorsAs(AbacErrorResponse, 403, 500, 503)
  async listAccessPolicies(@CurrentPrincipal() { orgId }: OrgPrincipal) {
    return { access_policies: (await this.policies.list(orgId)).map(toAccessPolicy) };
  }

  @Post()
  @RequirePermission('organization:manage')
  @OrgAdminsOnly(OnlyAdminsManagePolicies)
  @Audited('create_access_policy')
  @Returns(AccessPolicyCreateResponse, HttpStatus.CREATED)
  @ErrorsAs(AbacErrorResponse, 400, 403, 404, 422, 500, 503)
  @Refuses(
    'access_policy_limit_reached',
    'access_policy_name_taken',
    'invalid_access_policy',
    'role_not_found',
  )
  async createAccessPolicy(
    @CurrentPrincipal() principal: OrgPrincipal,
    @Body() body: CreateAccessPolicyPayload,
  ) {
    const { roleIds, ...input } = fromCreatePayload(body);
    return { id: await this.policies.create(principal, input, roleIds) };
  }

  @Get(':access_policy_id')
  @RequirePermission('organization:read')
  @Returns(AccessPolicy)
  @ErrorsAs(AbacErrorResponse, 400, 403, 404, 500, 503)
  @Refuses('access_policy_not_found')
  async getAccessPolicy(
    @CurrentPrincipal() { orgId }: OrgPrincipal,
    @Param('access_policy_id', POLICY_ID) id: string,
  ) {
    return toAccessPolicy(await this.policies.get(orgId, id));
  }

  @Patch(':access_policy_id')
  @RequirePermission('organization:manage')
  @OrgAdminsOnly(OnlyAdminsManagePolicies)
  @Audited('update_access_policy')
  @Returns(AccessPolicy)
  @ErrorsAs(AbacErrorResponse, 400, 403, 404, 422, 500, 503)
  @Refuses('access_policy_name_taken', 'access_policy_not_found', 'invalid_access_policy')
  async updateAccessPolicy(
    @CurrentPrincipal() principal: OrgPrincipal,
    @Param('access_policy_id', POLICY_ID) id: string,
    @Body() body: UpdateAccessPolicyPayload,
  ) {
    return toAccessPolicy(await this.policies.update(principal, id, fromUpdatePayload(body)));
  }

  @Delete(':access_policy_id')
  @RequirePermission('organization:manage')
  @OrgAdminsOnly(OnlyAdminsManagePolicies)
  @Audited('delete_access_policy')
  @ReturnsNothing()
  @ErrorsAs(AbacErrorResponse, 400, 403, 500, 503)
  @Refuses('access_policy_not_found')
  async deleteAccessPolicy(
    @CurrentPrincipal() principal: OrgPrincipal,
    @Param('access_policy_id', POLICY_ID) id: string,
  ) {
    await this.policies.remove(principal, id);
  }
}
