import { Body, Controller, Post } from '@nestjs/common';
import { CurrentPrincipal, RequirePermission } from '../../../common/access/access.decorator.js';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import { getOrThrow } from '../../../common/collections.js';
import { ErrorsAs, Returns } from '../../../common/http/operations/operation.decorator.js';
import { ApiTags } from '../../../common/http/operations/swagger.decorator.js';
import {
  type ScimGroupPreview,
  ScimGroupsPreviewRequest,
  ScimGroupsPreviewResponse,
  ScimTokenErrorResponse,
  type ScimWorkspaceGrant,
} from '../../../contract/scim.js';
import { systemRole, type SystemRoleName } from '../../roles/index.js';
import { grantsRoles, GroupNames, type GroupsPreview, idleReasonOf } from './group-names.js';

/** Not in the published API; it changes nothing. */
@ApiTags('SCIM Tokens')
@Controller('v1/platform/orgs/current/scim/groups')
export class GroupsPreviewController {
  constructor(private readonly names: GroupNames) {}

  @Post('preview')
  @RequirePermission('organization:manage')
  @Returns(ScimGroupsPreviewResponse)
  @ErrorsAs(ScimTokenErrorResponse, 400, 401, 403, 500, 503)
  async previewScimGroups(
    @CurrentPrincipal() { orgId }: OrgPrincipal,
    @Body() { names }: ScimGroupsPreviewRequest,
  ) {
    return toGroupsPreview(await this.names.preview(orgId, names));
  }
}

const toGroupsPreview = (preview: GroupsPreview): ScimGroupsPreviewResponse => ({
  groups: preview.groups.map((group) => toGroupPreview(group, preview)),
  together: {
    organization_role: roleName(preview, preview.together.orgRoleId),
    workspaces: [...preview.together.workspaceRoles].map(([id, roleId]) => toGrant(preview, id, roleId)),
  },
});

const toGroupPreview = (
  { name, binding }: GroupsPreview['groups'][number],
  preview: GroupsPreview,
): ScimGroupPreview => ({
  name,
  grants: grantsRoles(binding),
  reason: idleReasonOf(binding),
  organization_role:
    binding.kind === 'admin' ? orgRoleName('ORGANIZATION_ADMIN') : orgRoleName(binding.orgRole),
  workspace_id: binding.workspaceId,
  workspace_name: (binding.workspaceId && preview.workspaces.get(binding.workspaceId)?.displayName) ?? null,
  workspace_role: roleName(preview, binding.roleId),
});

const toGrant = (preview: GroupsPreview, workspaceId: string, roleId: string): ScimWorkspaceGrant => ({
  workspace_id: workspaceId,
  workspace_name: getOrThrow(preview.workspaces, workspaceId).displayName,
  workspace_role: getOrThrow(preview.roles, roleId).displayName,
});

const roleName = ({ roles }: GroupsPreview, id: string | null): string | null =>
  (id && roles.get(id)?.displayName) ?? null;

const orgRoleName = (name: SystemRoleName | null): string | null =>
  name === null ? null : systemRole(name).displayName;
