import { Body, Controller, Post } from '@nestjs/common';
import { CurrentPrincipal, OrgQuery } from '../../../common/access/access.decorator.js';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import { getOrThrow } from '../../../common/collections.js';
import { ErrorsAs } from '../../../common/http/operations/operation.decorator.js';
import { ApiTags } from '../../../common/http/operations/swagger.decorator.js';
import {
  type ScimGroupPreview,
  ScimGroupsPreviewRequest,
  ScimGroupsPreviewResponse,
  ScimTokenErrorResponse,
} from '../../../contract/identity-provider/scim.js';
import {
  grantsRoles,
  GroupNames,
  type GroupsPreview,
  idleCodeOf,
  idleReasonOf,
  orgRoleOf,
} from './group-names.js';

/** Not in the published API; it changes nothing. */
@ApiTags('SCIM Tokens')
@Controller('v1/platform/orgs/current/scim/groups')
export class GroupsPreviewController {
  constructor(private readonly names: GroupNames) {}

  @Post('preview')
  @OrgQuery('organization:manage', ScimGroupsPreviewResponse)
  @ErrorsAs(ScimTokenErrorResponse, 400, 401, 403, 500, 503)
  async previewScimGroups(
    @CurrentPrincipal() { orgId }: OrgPrincipal,
    @Body() { names }: ScimGroupsPreviewRequest,
  ) {
    return toGroupsPreview(await this.names.preview(orgId, names));
  }
}

const toGroupsPreview = ({ groups, together, names }: GroupsPreview): ScimGroupsPreviewResponse => ({
  groups: groups.map((group) => toGroupPreview(group, names)),
  together: {
    organization_role: nameIn(names, together.orgRoleId),
    workspaces: [...together.workspaceRoles].map(([id, roleId]) => ({
      workspace_id: id,
      workspace_name: getOrThrow(names, id),
      workspace_role: getOrThrow(names, roleId),
    })),
  },
});

const toGroupPreview = (
  { name, binding }: GroupsPreview['groups'][number],
  names: GroupsPreview['names'],
): ScimGroupPreview => ({
  name,
  grants: grantsRoles(binding),
  reason: idleReasonOf(binding),
  reason_code: idleCodeOf(binding),
  organization_role: orgRoleOf(binding),
  workspace_id: binding.workspaceId,
  workspace_name: nameIn(names, binding.workspaceId),
  workspace_role: nameIn(names, binding.roleId),
});

const nameIn = (names: ReadonlyMap<string, string>, id: string | null): string | null =>
  (id && names.get(id)) ?? null;
