export type AccessScope = 'organization' | 'workspace';

/**
 * All permissions: the closed list of the contract (`authz_internal.Permission`), in published order. This server
 * enforces `organization:*` and three of `workspaces:*`; it stores the others in roles for the services that enforce
 * them. Names that exist only in newer versions of the API are not permissions here.
 */
export const PERMISSIONS = [
  {
    name: 'organization:manage',
    scope: 'organization',
    description: 'Manage the organization, its members, roles and settings.',
  },
  {
    name: 'organization:read',
    scope: 'organization',
    description: 'See the organization, its members, roles and settings.',
  },
  { name: 'organization:pats:create', scope: 'organization', description: 'Create personal access tokens.' },
  { name: 'workspaces:read', scope: 'workspace', description: 'See the workspace and its members.' },
  {
    name: 'workspaces:manage',
    scope: 'workspace',
    description: 'Rename and delete the workspace and change its settings.',
  },
  {
    name: 'workspaces:manage-members',
    scope: 'workspace',
    description: 'Add, change and remove members of the workspace.',
  },
  {
    name: 'workspaces:manage-secrets',
    scope: 'workspace',
    description: 'Manage the secrets of the workspace.',
  },
  {
    name: 'workspaces:manage-model-configs',
    scope: 'workspace',
    description: 'Manage the model configurations of the workspace.',
  },
  { name: 'projects:create', scope: 'workspace', description: 'Create tracing projects.' },
  { name: 'projects:read', scope: 'workspace', description: 'See tracing projects.' },
  { name: 'projects:update', scope: 'workspace', description: 'Change tracing projects.' },
  { name: 'projects:delete', scope: 'workspace', description: 'Delete tracing projects.' },
  {
    name: 'projects:increase-trace-tier',
    scope: 'workspace',
    description: 'Keep the traces of a project for longer.',
  },
  {
    name: 'projects:decrease-trace-tier',
    scope: 'workspace',
    description: 'Keep the traces of a project for a shorter time.',
  },
  { name: 'runs:create', scope: 'workspace', description: 'Record runs.' },
  { name: 'runs:read', scope: 'workspace', description: 'See runs.' },
  { name: 'runs:share', scope: 'workspace', description: 'Share runs by a public link.' },
  { name: 'runs:delete', scope: 'workspace', description: 'Delete runs.' },
  { name: 'datasets:create', scope: 'workspace', description: 'Create datasets.' },
  { name: 'datasets:read', scope: 'workspace', description: 'See datasets.' },
  { name: 'datasets:update', scope: 'workspace', description: 'Change datasets and their examples.' },
  { name: 'datasets:delete', scope: 'workspace', description: 'Delete datasets.' },
  { name: 'datasets:share', scope: 'workspace', description: 'Share datasets by a public link.' },
  { name: 'experiments:run', scope: 'workspace', description: 'Run experiments.' },
  { name: 'prompts:create', scope: 'workspace', description: 'Create prompts.' },
  { name: 'prompts:read', scope: 'workspace', description: 'See prompts.' },
  { name: 'prompts:update', scope: 'workspace', description: 'Change prompts.' },
  { name: 'prompts:delete', scope: 'workspace', description: 'Delete prompts.' },
  { name: 'prompts:share', scope: 'workspace', description: 'Share prompts publicly.' },
  { name: 'feedback:create', scope: 'workspace', description: 'Give feedback.' },
  { name: 'feedback:read', scope: 'workspace', description: 'See feedback.' },
  { name: 'feedback:update', scope: 'workspace', description: 'Change feedback.' },
  { name: 'feedback:delete', scope: 'workspace', description: 'Delete feedback.' },
  { name: 'annotation-queues:create', scope: 'workspace', description: 'Create annotation queues.' },
  { name: 'annotation-queues:read', scope: 'workspace', description: 'See annotation queues.' },
  { name: 'annotation-queues:update', scope: 'workspace', description: 'Change annotation queues.' },
  { name: 'annotation-queues:delete', scope: 'workspace', description: 'Delete annotation queues.' },
  { name: 'rules:create', scope: 'workspace', description: 'Create automation rules.' },
  { name: 'rules:read', scope: 'workspace', description: 'See automation rules.' },
  { name: 'rules:update', scope: 'workspace', description: 'Change automation rules.' },
  { name: 'rules:delete', scope: 'workspace', description: 'Delete automation rules.' },
  { name: 'charts:create', scope: 'workspace', description: 'Create charts.' },
  { name: 'charts:read', scope: 'workspace', description: 'See charts.' },
  { name: 'charts:update', scope: 'workspace', description: 'Change charts.' },
  { name: 'charts:delete', scope: 'workspace', description: 'Delete charts.' },
  { name: 'deployments:create', scope: 'workspace', description: 'Create deployments.' },
  { name: 'deployments:read', scope: 'workspace', description: 'See deployments.' },
  { name: 'deployments:update', scope: 'workspace', description: 'Change deployments.' },
  { name: 'deployments:delete', scope: 'workspace', description: 'Delete deployments.' },
  { name: 'alerts:create', scope: 'workspace', description: 'Create alerts.' },
  { name: 'alerts:read', scope: 'workspace', description: 'See alerts.' },
  { name: 'alerts:update', scope: 'workspace', description: 'Change alerts.' },
  { name: 'alerts:delete', scope: 'workspace', description: 'Delete alerts.' },
  { name: 'issues:create', scope: 'workspace', description: 'Create issues.' },
  { name: 'issues:read', scope: 'workspace', description: 'See issues.' },
  { name: 'issues:update', scope: 'workspace', description: 'Change issues.' },
  { name: 'issues:delete', scope: 'workspace', description: 'Delete issues.' },
  { name: 'sandboxes:create', scope: 'workspace', description: 'Create sandboxes.' },
  { name: 'sandboxes:read', scope: 'workspace', description: 'See sandboxes.' },
  { name: 'sandboxes:update', scope: 'workspace', description: 'Change sandboxes.' },
  { name: 'sandboxes:delete', scope: 'workspace', description: 'Delete sandboxes.' },
  { name: 'sandboxes:exec', scope: 'workspace', description: 'Run commands in sandboxes.' },
  { name: 'mcp-servers:create', scope: 'workspace', description: 'Register MCP servers.' },
  { name: 'mcp-servers:read', scope: 'workspace', description: 'See MCP servers.' },
  { name: 'mcp-servers:update', scope: 'workspace', description: 'Change MCP servers.' },
  { name: 'mcp-servers:delete', scope: 'workspace', description: 'Remove MCP servers.' },
  { name: 'mcp-servers:invoke', scope: 'workspace', description: 'Call the tools of MCP servers.' },
  { name: 'bulk-exports:read', scope: 'workspace', description: 'See bulk exports.' },
  { name: 'bulk-exports:manage', scope: 'workspace', description: 'Create and cancel bulk exports.' },
  { name: 'gateway:invoke', scope: 'workspace', description: 'Call models through the gateway.' },
  {
    name: 'fleet:read-admin-config',
    scope: 'workspace',
    description: 'See the administrative configuration of the fleet.',
  },
  {
    name: 'fleet:write-admin-config',
    scope: 'workspace',
    description: 'Change the administrative configuration of the fleet.',
  },
] as const satisfies readonly { name: string; scope: AccessScope; description: string }[];

type Row = (typeof PERMISSIONS)[number];
export type Permission = Row['name'];
export type WorkspacePermission = Extract<Row, { scope: 'workspace' }>['name'];

const NAMES: ReadonlySet<string> = new Set(PERMISSIONS.map(({ name }) => name));

/** The permissions of a workspace admin, and of an organization admin in every workspace, in published order. */
export const ALL_WORKSPACE_PERMISSIONS: ReadonlySet<WorkspacePermission> = new Set(
  PERMISSIONS.flatMap((permission) => (permission.scope === 'workspace' ? [permission.name] : [])),
);

export function isPermission(text: string): text is Permission {
  return NAMES.has(text);
}

export function permissionScope(permission: Permission): AccessScope {
  const workspaceNames: ReadonlySet<string> = ALL_WORKSPACE_PERMISSIONS;
  return workspaceNames.has(permission) ? 'workspace' : 'organization';
}
