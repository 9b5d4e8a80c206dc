export { OLDEST_WORKSPACE } from './oldest-workspace.statements.js';
export { ProvisionOrganization } from './provision-organization.js';
export type { Workspace } from './workspace.entity.js';
export { toTenant } from './workspace.mapper.js';
export { WorkspaceNotFound } from './workspaces.errors.js';
export { WorkspaceDeleted, WorkspaceNameChanged } from './workspaces.events.js';
export { WorkspacesModule } from './workspaces.module.js';
export { type WorkspaceWithOrg, WorkspacesService } from './workspaces.service.js';
