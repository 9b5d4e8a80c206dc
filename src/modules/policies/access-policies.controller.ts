import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { CurrentPrincipal, OrgCommand, OrgQuery } from '../../common/access/access.decorator.js';
import type { OrgPrincipal } from '../../common/access/principal.js';
import { UuidPipe } from '../../common/http/operations/uuid.pipe.js';
import { Deprecated, ErrorsAs, Problems, Refuses } from '../../common/http/operations/operation.decorator.js';
import { ApiTags } from '../../common/http/operations/swagger.decorator.js';
import {
  AbacErrorResponse,
  AccessPolicy,
  AccessPolicyCreateResponse,
  AttachAccessPoliciesPayload,
  CreateAccessPolicyPayload,
  DetachAccessPoliciesQuery,
  ListAccessPoliciesResponse,
  UpdateAccessPolicyPayload,
} from '../../contract/roles.js';
import { adminsOnly } from '../roles/index.js';
import { OnlyAdminsManagePolicies } from './errors.js';
import { AccessPoliciesService } from './access-policies.service.js';
import {
  fromCreatePayload,
  fromPolicyIds,
  fromUpdatePayload,
  toAccessPolicy,
} from './access-policy.mapper.js';

const POLICY_ID = new UuidPipe('access_policy_id');
const ROLE_ID = new UuidPipe('role_id');
const AT_THE_ROLE = 'roles/:role_id/access-policies';
const AT_THE_POLICIES = 'access-policies/roles/:role_id/access-policies';

/** Policies and their attachments to roles. Ids in these paths are published as any text; one that is not a UUID is malformed. */
@ApiTags('access_policies')
@Problems('platform-with-error')
@Controller('v1/platform/orgs/current')
export class AccessPoliciesController {
  constructor(private readonly policies: AccessPoliciesService) {}

  @Get('access-policies')
  @OrgQuery('organization:read', ListAccessPoliciesResponse)
  @ErrorsAs(AbacErrorResponse, 403, 500, 503)
  async listAccessPolicies(@CurrentPrincipal() { orgId }: OrgPrincipal) {
    return { access_policies: (await this.policies.list(orgId)).map(toAccessPolicy) };
  }

  @Post('access-policies')
  @OrgCommand(adminsOnly(OnlyAdminsManagePolicies), 'create_access_policy', AccessPolicyCreateResponse, {
    status: 201,
  })
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

  @Get('access-policies/:access_policy_id')
  @OrgQuery('organization:read', AccessPolicy)
  @ErrorsAs(AbacErrorResponse, 400, 403, 404, 500, 503)
  @Refuses('access_policy_not_found')
  async getAccessPolicy(
    @CurrentPrincipal() { orgId }: OrgPrincipal,
    @Param('access_policy_id', POLICY_ID) id: string,
  ) {
    return toAccessPolicy(await this.policies.get(orgId, id));
  }

  @Patch('access-policies/:access_policy_id')
  @OrgCommand(adminsOnly(OnlyAdminsManagePolicies), 'update_access_policy', AccessPolicy)
  @ErrorsAs(AbacErrorResponse, 400, 403, 404, 422, 500, 503)
  @Refuses('access_policy_name_taken', 'access_policy_not_found', 'invalid_access_policy')
  async updateAccessPolicy(
    @CurrentPrincipal() principal: OrgPrincipal,
    @Param('access_policy_id', POLICY_ID) id: string,
    @Body() body: UpdateAccessPolicyPayload,
  ) {
    return toAccessPolicy(await this.policies.update(principal, id, fromUpdatePayload(body)));
  }

  @Delete('access-policies/:access_policy_id')
  @OrgCommand(adminsOnly(OnlyAdminsManagePolicies), 'delete_access_policy', 'nothing')
  @ErrorsAs(AbacErrorResponse, 400, 403, 500, 503)
  @Refuses('access_policy_not_found')
  async deleteAccessPolicy(
    @CurrentPrincipal() principal: OrgPrincipal,
    @Param('access_policy_id', POLICY_ID) id: string,
  ) {
    await this.policies.remove(principal, id);
  }

  @Post([AT_THE_ROLE, AT_THE_POLICIES])
  @OrgCommand(adminsOnly(OnlyAdminsManagePolicies), 'attach_access_policies', 'nothing')
  @ErrorsAs(AbacErrorResponse, 400, 403, 404, 422, 500, 503)
  @Refuses('access_policy_not_found', 'invalid_access_policy', 'role_not_found')
  async attachAccessPolicies(
    @CurrentPrincipal() principal: OrgPrincipal,
    @Param('role_id', ROLE_ID) roleId: string,
    @Body() body: AttachAccessPoliciesPayload,
  ) {
    await this.policies.attach(principal, roleId, fromPolicyIds(body));
  }

  @Delete(AT_THE_ROLE)
  @OrgCommand(adminsOnly(OnlyAdminsManagePolicies), 'detach_access_policies', 'nothing')
  @ErrorsAs(AbacErrorResponse, 400, 403, 404, 422, 500, 503)
  @Refuses('invalid_access_policy', 'role_not_found')
  async detachAccessPolicies(
    @CurrentPrincipal() principal: OrgPrincipal,
    @Param('role_id', ROLE_ID) roleId: string,
    @Query() query: DetachAccessPoliciesQuery,
  ) {
    await this.policies.detach(principal, roleId, fromPolicyIds(query, 'query'));
  }

  /** Earlier clients name the policies in the body. */
  @Delete(AT_THE_POLICIES)
  @Deprecated()
  @OrgCommand(adminsOnly(OnlyAdminsManagePolicies), 'detach_access_policies', 'nothing')
  @ErrorsAs(AbacErrorResponse, 400, 403, 404, 422, 500, 503)
  @Refuses('invalid_access_policy', 'role_not_found')
  async detachAccessPoliciesByBody(
    @CurrentPrincipal() principal: OrgPrincipal,
    @Param('role_id', ROLE_ID) roleId: string,
    @Body() body: AttachAccessPoliciesPayload,
  ) {
    await this.policies.detach(principal, roleId, fromPolicyIds(body));
  }
}
