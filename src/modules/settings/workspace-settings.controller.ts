import { Body, Controller, Get, Post } from '@nestjs/common';
import { CurrentPrincipal, WorkspaceCommand, WorkspaceQuery } from '../../common/access/access.decorator.js';
import type { WorkspacePrincipal } from '../../common/access/principal.js';
import { Refuses } from '../../common/http/operations/operation.decorator.js';
import { ApiTags } from '../../common/http/operations/swagger.decorator.js';
import { HubTenant, SetTenantHandleRequest } from '../../contract/workspaces.js';
import { type Workspace, WorkspacesService } from '../workspaces/index.js';

/** The workspace of the request with its handle; SDKs use it to resolve the owner of prompts. */
@ApiTags('settings')
@Controller('api/v1/settings')
export class WorkspaceSettingsController {
  constructor(private readonly workspaces: WorkspacesService) {}

  @Get()
  @WorkspaceQuery('in-workspace', HubTenant)
  async getSettings(@CurrentPrincipal() { orgId, workspaceId }: WorkspacePrincipal) {
    return toHubTenant(await this.workspaces.get(orgId, workspaceId));
  }

  @Post('handle')
  @WorkspaceCommand('workspaces:manage', 'set_tenant_handle', HubTenant)
  @Refuses('handle_taken', 'invalid_handle', 'workspace_not_found')
  async setTenantHandle(
    @CurrentPrincipal() principal: WorkspacePrincipal,
    @Body() body: SetTenantHandleRequest,
  ) {
    return toHubTenant(await this.workspaces.setHandle(principal, body.tenant_handle));
  }
}

const toHubTenant = (workspace: Workspace): HubTenant => ({
  id: workspace.id,
  display_name: workspace.displayName,
  created_at: workspace.createdAt.toISOString(),
  tenant_handle: workspace.tenantHandle,
});
