import { Controller, Post } from '@nestjs/common';
import { CurrentPrincipal, OrgQuery } from '../../../common/access/access.decorator.js';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import { OptionalBody } from '../../../common/http/operations/body.decorator.js';
import { ApiTags } from '../../../common/http/operations/swagger.decorator.js';
import { CursorList } from '../../../common/lists/cursor-list.js';
import {
  ScimRolesPreviewPage,
  ScimRolesPreviewRequest,
  type ScimRolesPreviewUser,
} from '../../../contract/identity-provider/scim.js';
import { RolesService } from '../../roles/index.js';
import { WorkspacesService } from '../../workspaces/index.js';
import { RereadRoles, type SwitchEffect } from './reread-roles.js';

/** Not in the published API; it changes nothing. */
@ApiTags('SCIM Tokens')
@Controller('api/v1/orgs/current/scim-roles')
export class ScimRolesPreviewController {
  constructor(
    private readonly stored: RereadRoles,
    private readonly roles: RolesService,
    private readonly workspaces: WorkspacesService,
  ) {}

  @Post('preview')
  @OrgQuery('organization:manage', ScimRolesPreviewPage)
  async previewScimRoles(
    @CurrentPrincipal() { orgId }: OrgPrincipal,
    @OptionalBody(ScimRolesPreviewRequest) body: ScimRolesPreviewRequest,
  ) {
    const { scim_roles_enabled: areEnabled } = body;
    const list = new CursorList(body, ['scim-roles-preview', orgId, String(areEnabled)]);
    const afterId = list.after?.id ?? null;
    const effects = await this.stored.preview(orgId, areEnabled, { afterId, limit: list.limit });
    const named = [...(await this.roles.listForOrg(orgId)), ...(await this.workspaces.listByOrg(orgId))];
    const names = new Map(named.map(({ id, displayName }) => [id, displayName]));
    return list.page(
      effects,
      ({ user: { id } }) => ({ id }),
      (effect) => toPreviewUser(effect, names),
    );
  }
}

function toPreviewUser(
  { user, changes, ignored }: SwitchEffect,
  names: ReadonlyMap<string, string>,
): ScimRolesPreviewUser {
  const { orgChanged = [], added = [], changed = [], removed = [] } = changes;
  const nameOf = (id: string) => names.get(id) ?? id;
  const [role] = orgChanged.filter(({ fromRoleId, roleId }) => fromRoleId !== roleId);
  const workspaceRoles = [
    ...added.map((one) => ({ ...one, from: null, to: nameOf(one.roleId) })),
    ...changed
      .filter(({ fromRoleId, roleId }) => fromRoleId !== roleId)
      .map((one) => ({ ...one, from: nameOf(one.fromRoleId), to: nameOf(one.roleId) })),
    ...removed.map((one) => ({ ...one, from: nameOf(one.roleId), to: null })),
  ];
  return {
    id: user.id,
    user_id: user.userId,
    email: user.email,
    full_name: user.fullName,
    organization_role: role ? { from: nameOf(role.fromRoleId), to: nameOf(role.roleId) } : null,
    workspace_roles: workspaceRoles.map(({ workspaceId, from, to }) => ({
      workspace_id: workspaceId,
      workspace_name: nameOf(workspaceId),
      from,
      to,
    })),
    ignored_values: [...ignored],
  };
}
