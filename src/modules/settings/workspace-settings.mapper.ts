import type { HubTenant } from '../../contract/settings.js';
import type { Workspace } from '../workspaces/index.js';

export const toHubTenant = (workspace: Workspace): HubTenant => ({
  id: workspace.id,
  display_name: workspace.displayName,
  created_at: workspace.createdAt.toISOString(),
  tenant_handle: workspace.tenantHandle,
});
