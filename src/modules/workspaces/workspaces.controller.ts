import { Body, Controller, Delete, Get, Patch, Post, Query } from '@nestjs/common';
import {
  CurrentPrincipal,
  OrgCommand,
  OrgQuery,
  WorkspaceCommand,
  WorkspaceQuery,
} from '../../common/access/access.decorator.js';
import { composedOnce } from '../../common/access/caller-read.js';
import type { OrgPrincipal, WorkspacePrincipal } from '../../common/access/principal.js';
import { PathUuid } from '../../common/http/operations/uuid.pipe.js';
import { Refuses } from '../../common/http/operations/operation.decorator.js';
import { ApiTags } from '../../common/http/operations/swagger.decorator.js';
import { listReply } from '../../common/lists/list.reply.js';
import {
  IncludeDeleted,
  ListWorkspaceNames,
  ListWorkspaces,
  Tenant,
  TenantForUser,
  WorkspaceCreate,
  WorkspaceName,
  WorkspacePatch,
} from '../../contract/workspaces.js';
import { VISIBLE_WORKSPACES, VisibleWorkspaces } from './visible-workspaces.js';
import {
  fromWorkspaceCreate,
  fromWorkspacePatch,
  toCountedTenant,
  toTenant,
  toTenantForUser,
  toWorkspaceName,
} from './workspace.mapper.js';
import { WorkspaceCounts } from './workspace-counts.js';
import { WorkspacesService } from './workspaces.service.js';

@ApiTags('workspaces')
@Controller('api/v1/workspaces')
export class WorkspacesController {
  constructor(
    private readonly workspaces: WorkspacesService,
    private readonly visible: VisibleWorkspaces,
    private readonly counts: WorkspaceCounts,
  ) {}

  @Get()
  @OrgQuery('organization:read', [TenantForUser], { reads: VISIBLE_WORKSPACES })
  @Refuses('too_many_large_lists')
  async listWorkspaces(
    @CurrentPrincipal() principal: OrgPrincipal,
    @Query()
    {
      include_deleted: includeDeleted = false,
      include_counts: includeCounts,
      workspace_ids: ids,
    }: ListWorkspaces,
  ) {
    const visible = await this.visible.list(principal, { includeDeleted });
    if (!includeCounts && !ids)
      return listReply(composedOnce(visible, toTenantForUser, () => visible.map(toTenantForUser)));
    const wanted = ids ? visible.filter(({ id }) => ids.includes(id)) : visible;
    if (!includeCounts) return listReply(wanted.map(toTenantForUser));
    const counts = await this.counts.ofOrg(principal.orgId);
    return listReply(wanted.map((workspace) => toCountedTenant(workspace, counts)));
  }

  @Get('names')
  @OrgQuery('organization:read', [WorkspaceName])
  @Refuses('too_many_large_lists')
  async listNames(@CurrentPrincipal() principal: OrgPrincipal, @Query() { permission }: ListWorkspaceNames) {
    const all = await this.visible.list(principal, { includeDeleted: false });
    const named = all.filter(({ permissions }) => !permission || permissions.includes(permission));
    return listReply(named.map(toWorkspaceName));
  }

  @Post()
  @OrgCommand('organization:manage', 'create_workspace', Tenant)
  @Refuses('handle_taken', 'invalid_handle', 'workspace_id_taken', 'workspace_limit_reached')
  async createWorkspace(@CurrentPrincipal() principal: OrgPrincipal, @Body() body: WorkspaceCreate) {
    return toTenant(await this.workspaces.create(principal, fromWorkspaceCreate(body)));
  }

  /** Not published, but clients use it (docs/contract/http.md#routes-beyond-the-published-description). */
  @Get(':workspace_id')
  @WorkspaceQuery('workspaces:read', TenantForUser, { context: 'workspace-in-path', includesDeleted: true })
  @Refuses('workspace_not_found')
  async getWorkspace(
    @CurrentPrincipal() principal: WorkspacePrincipal | OrgPrincipal,
    @PathUuid('workspace_id') workspaceId: string,
    @Query() _query: IncludeDeleted,
  ) {
    const found = isInWorkspace(principal)
      ? await this.visible.get(principal)
      : await this.visible.getDeleted(principal, workspaceId);
    return toTenantForUser(found);
  }

  @Patch(':workspace_id')
  @WorkspaceCommand('workspaces:manage', 'update_workspace', Tenant, { context: 'workspace-in-path' })
  @Refuses('workspace_not_found')
  async patchWorkspace(
    @CurrentPrincipal() principal: WorkspacePrincipal,
    @PathUuid('workspace_id') _workspaceId: string,
    @Body() body: WorkspacePatch,
  ) {
    return toTenant(await this.workspaces.update(principal, fromWorkspacePatch(body)));
  }

  @Delete(':workspace_id')
  @WorkspaceCommand('workspaces:manage', 'delete_workspace', 'anything', { context: 'workspace-in-path' })
  @Refuses('only_default_workspace', 'workspace_not_found')
  async deleteWorkspace(
    @CurrentPrincipal() principal: WorkspacePrincipal,
    @PathUuid('workspace_id') _workspaceId: string,
  ) {
    await this.workspaces.remove(principal);
    return null;
  }
}

const isInWorkspace = (principal: OrgPrincipal): principal is WorkspacePrincipal =>
  principal.workspaceId !== null;
