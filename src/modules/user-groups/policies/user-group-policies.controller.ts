import { Body, Delete, Get, HttpStatus, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { CurrentPrincipal, OrgCommand, OrgQuery } from '../../../common/access/access.decorator.js';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import { PathUuid } from '../../../common/http/operations/uuid.pipe.js';
import { Refuses } from '../../../common/http/operations/operation.decorator.js';
import { ApiResponse } from '../../../common/http/operations/swagger.decorator.js';
import { CursorList } from '../../../common/lists/cursor-list.js';
import { CursorListQuery } from '../../../contract/lists.js';
import {
  UserGroupPolicy,
  UserGroupPolicyAttach,
  UserGroupPolicyDetachQuery,
  UserGroupPolicyPage,
} from '../../../contract/user-groups.js';
import type { AttachedGroupPolicy } from '../core/user-group-policies.repository.js';
import { UserGroupRoutes } from '../core/user-groups.guard.js';
import { UserGroupPoliciesService } from './user-group-policies.service.js';

/** Access policies of user groups and of children (docs/contract/user-groups.md#guards). */
@UserGroupRoutes('/:user_group_id/access-policies')
@Refuses('permission_missing', 'user_group_not_found')
export class UserGroupPoliciesController {
  constructor(private readonly policies: UserGroupPoliciesService) {}

  @Get()
  @OrgQuery('in-org', UserGroupPolicyPage)
  async listUserGroupAccessPolicies(
    @CurrentPrincipal() principal: OrgPrincipal,
    @PathUuid('user_group_id') groupId: string,
    @Query() query: CursorListQuery,
  ) {
    const page = new CursorList(query, ['user-group-policies', principal.orgId, groupId]);
    return page.page(await this.policies.list(principal, groupId, page), ({ id }) => ({ id }), toGroupPolicy);
  }

  @Post()
  @OrgCommand('in-org', 'attach_user_group_access_policy', UserGroupPolicy, { status: 201 })
  @ApiResponse({ status: HttpStatus.OK, type: UserGroupPolicy, description: 'It was attached already' })
  @Refuses(
    'access_policy_not_found',
    'access_policy_not_grantable',
    'change_exceeds_rights',
    'only_admins_manage_policies',
    'policy_of_other_workspace',
  )
  async attachUserGroupAccessPolicy(
    @CurrentPrincipal() principal: OrgPrincipal,
    @PathUuid('user_group_id') groupId: string,
    @Body() { access_policy_id: policyId, workspace_id: workspaceId = null }: UserGroupPolicyAttach,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { policy, isNew } = await this.policies.attach(principal, groupId, { policyId, workspaceId });
    if (!isNew) void reply.status(HttpStatus.OK);
    return toGroupPolicy(policy);
  }

  @Delete(':access_policy_id')
  @OrgCommand('in-org', 'detach_user_group_access_policy', 'nothing')
  @Refuses(
    'access_policy_not_grantable',
    'change_exceeds_rights',
    'only_admins_manage_policies',
    'policy_of_other_workspace',
  )
  async detachUserGroupAccessPolicy(
    @CurrentPrincipal() principal: OrgPrincipal,
    @PathUuid('user_group_id') groupId: string,
    @PathUuid('access_policy_id') policyId: string,
    @Query() { workspace_id: workspaceId }: UserGroupPolicyDetachQuery,
  ) {
    await this.policies.detach(principal, groupId, { policyId, workspaceId: workspaceId ?? null });
  }
}

const toGroupPolicy = (attached: AttachedGroupPolicy): UserGroupPolicy => ({
  id: attached.policyId,
  name: attached.name,
  description: attached.description,
  effect: attached.effect,
  attached_at: attached.attachedAt.toISOString(),
  ...(attached.workspaceId === null ? {} : { workspace_id: attached.workspaceId }),
});
