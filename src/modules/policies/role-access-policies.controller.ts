import { Body, Controller, Delete, Param, Post, Query } from '@nestjs/common';
import { CurrentPrincipal, RequirePermission } from '../../common/access/access.decorator.js';
import type { OrgPrincipal } from '../../common/access/principal.js';
import { UuidPipe } from '../../common/http/operations/uuid.pipe.js';
import {
  Deprecated,
  ErrorsAs,
  Problems,
  Refuses,
  ReturnsNothing,
} from '../../common/http/operations/operation.decorator.js';
import { ApiTags } from '../../common/http/operations/swagger.decorator.js';
import {
  AbacErrorResponse,
  AttachAccessPoliciesPayload,
  DetachAccessPoliciesQuery,
} from '../../contract/access-policies.js';
import { Audited } from '../audit/index.js';
import { OrgAdminsOnly } from '../roles/index.js';
import { OnlyAdminsManagePolicies } from './errors.js';
import { AccessPoliciesService } from './access-policies.service.js';
import { fromPolicyIds } from './access-policy.mapper.js';

const ROLE_ID = new UuidPipe('role_id');
const AT_THE_ROLE = 'roles/:role_id/access-policies';
/** The paths of earlier clients. */
const AT_THE_POLICIES = 'access-policies/roles/:role_id/access-policies';

/** Attachments of policies to a role. Ids are published as any text; one that is not a UUID is malformed. */
@ApiTags('access_policies')
@Problems('platform-with-error')
@Refuses('invalid_access_policy', 'role_not_found')
@Controller('v1/platform/orgs/current')
export class RoleAccessPoliciesController {
  constructor(private readonly policies: AccessPoliciesService) {}

  @Post([AT_THE_ROLE, AT_THE_POLICIES])
  @RequirePermission('organization:manage')
  @OrgAdminsOnly(OnlyAdminsManagePolicies)
  @Audited('attach_access_policies')
  @ReturnsNothing()
  @ErrorsAs(AbacErrorResponse, 400, 403, 404, 422, 500, 503)
  @Refuses('access_policy_not_found')
  async attachAccessPolicies(
    @CurrentPrincipal() principal: OrgPrincipal,
    @Param('role_id', ROLE_ID) roleId: string,
    @Body() body: AttachAccessPoliciesPayload,
  ) {
    await this.policies.attach(principal, roleId, fromPolicyIds(body));
  }

  @Delete(AT_THE_ROLE)
  @RequirePermission('organization:manage')
  @OrgAdminsOnly(OnlyAdminsManagePolicies)
  @Audited('detach_access_policies')
  @ReturnsNothing()
  @ErrorsAs(AbacErrorResponse, 400, 403, 404, 422, 500, 503)
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
  @RequirePermission('organization:manage')
  @OrgAdminsOnly(OnlyAdminsManagePolicies)
  @Audited('detach_access_policies')
  @ReturnsNothing()
  @ErrorsAs(AbacErrorResponse, 400, 403, 404, 422, 500, 503)
  async detachAccessPoliciesByBody(
    @CurrentPrincipal() principal: OrgPrincipal,
    @Param('role_id', ROLE_ID) roleId: string,
    @Body() body: AttachAccessPoliciesPayload,
  ) {
    await this.policies.detach(principal, roleId, fromPolicyIds(body));
  }
}
