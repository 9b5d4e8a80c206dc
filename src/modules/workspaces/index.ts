export { OLDEST_WORKSPACE } from './visible-workspaces.statements.js';
export { ProvisionOrganization } from './provision-organization.js';
export type { Workspace } from './entities.js';
export { toTenant } from './workspace.mapper.js';
export { WorkspaceNotFound } from './workspaces.errors.js';
export { WorkspaceDeleted } from './workspaces.service.js';
export { type WorkspaceCount, WorkspaceCounts } from './workspace-counts.js';
export { WorkspacesModule } from './workspaces.module.js';
export { SET_BY_ADMIN, type WorkspaceWithOrg, WorkspacesService } from './workspaces.service.js';
