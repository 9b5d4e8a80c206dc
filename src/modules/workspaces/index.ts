export { FoundOrganization } from './found-organization.js';
export type { Workspace } from './workspace.entity.js';
export { toTenant } from './workspace.mapper.js';
export { WorkspaceNotFound } from './workspaces.errors.js';
export { WorkspaceDeleted, WorkspaceNamed } from './workspaces.events.js';
export { WorkspacesModule } from './workspaces.module.js';
export { type PlacedWorkspace, WorkspacesService } from './workspaces.service.js';
