export type AccessScope = 'organization' | 'workspace';

const OF_ORGANIZATION = {
  'organization:manage': 'Manage the organization, its members, roles and settings.',
  'organization:read': 'See the organization, its members, roles and settings.',
  'organization:read-metadata': 'See the name and the identifiers of the organization.',
  'organization:manage-model-configs': 'Manage the model configurations of the organization.',
  'organization:manage-model-secrets': 'Manage the secrets of model configurations.',
  'organization:pats:create': 'Create personal access tokens.',
  'organization:user-groups:read': 'See the user groups of the organization.',
  'organization:user-groups:manage': 'Create, change and delete user groups.',
  'organization:user-groups:manage-members': 'Add and remove members of user groups.',
  'organization:user-groups:manage-grants': 'Give user groups roles in workspaces.',
  'organization:user-groups:manage-policies': 'Attach access policies to user groups.',
} as const;

const OF_WORKSPACE = {
  'workspaces:read': 'See the workspace and its members.',
  'workspaces:manage': 'Rename and delete the workspace and change its settings.',
  'workspaces:manage-members': 'Add, change and remove members of the workspace.',
  'workspaces:manage-keys': 'Create and delete service keys of the workspace.',
  'workspaces:manage-secrets': 'Manage the secrets of the workspace.',
  'workspaces:manage-model-configs': 'Manage the model configurations of the workspace.',
  'workspaces:user-groups:read': 'See the user groups of the workspace.',
  'workspaces:user-groups:manage-members': 'Add and remove members of the user groups of the workspace.',
  'workspaces:user-groups:manage-policies': 'Attach access policies to the user groups of the workspace.',
  'projects:create': 'Create tracing projects.',
  'projects:read': 'See tracing projects.',
  'projects:update': 'Change tracing projects.',
  'projects:delete': 'Delete tracing projects.',
  'projects:increase-trace-tier': 'Keep the traces of a project for longer.',
  'projects:decrease-trace-tier': 'Keep the traces of a project for a shorter time.',
  'projects:tag-on-create': 'Tag tracing projects when creating them.',
  'runs:create': 'Record runs.',
  'runs:read': 'See runs.',
  'runs:read-inputs': 'See the inputs of runs.',
  'runs:read-outputs': 'See the outputs of runs.',
  'runs:read-stats': 'See statistics about runs.',
  'runs:share': 'Share runs by a public link.',
  'runs:delete': 'Delete runs.',
  'datasets:create': 'Create datasets.',
  'datasets:read': 'See datasets.',
  'datasets:update': 'Change datasets and their examples.',
  'datasets:delete': 'Delete datasets.',
  'datasets:share': 'Share datasets by a public link.',
  'datasets:clone': 'Copy datasets.',
  'datasets:download': 'Download datasets.',
  'datasets:tag-on-create': 'Tag datasets when creating them.',
  'experiments:run': 'Run experiments.',
  'prompts:create': 'Create prompts.',
  'prompts:read': 'See prompts.',
  'prompts:update': 'Change prompts.',
  'prompts:delete': 'Delete prompts.',
  'prompts:share': 'Share prompts publicly.',
  'prompts:tag-on-create': 'Tag prompts when creating them.',
  'feedback:create': 'Give feedback.',
  'feedback:read': 'See feedback.',
  'feedback:update': 'Change feedback.',
  'feedback:delete': 'Delete feedback.',
  'feedback-configs:create': 'Create feedback configurations.',
  'feedback-configs:update': 'Change feedback configurations.',
  'feedback-configs:delete': 'Delete feedback configurations.',
  'annotation-queues:create': 'Create annotation queues.',
  'annotation-queues:read': 'See annotation queues.',
  'annotation-queues:update': 'Change annotation queues.',
  'annotation-queues:delete': 'Delete annotation queues.',
  'rules:create': 'Create automation rules.',
  'rules:read': 'See automation rules.',
  'rules:update': 'Change automation rules.',
  'rules:delete': 'Delete automation rules.',
  'rules:configure-retention': 'Choose how long automation rules keep traces.',
  'charts:create': 'Create charts.',
  'charts:read': 'See charts.',
  'charts:update': 'Change charts.',
  'charts:delete': 'Delete charts.',
  'deployments:create': 'Create deployments.',
  'deployments:read': 'See deployments.',
  'deployments:update': 'Change deployments.',
  'deployments:delete': 'Delete deployments.',
  'alerts:create': 'Create alerts.',
  'alerts:read': 'See alerts.',
  'alerts:update': 'Change alerts.',
  'alerts:delete': 'Delete alerts.',
  'issues:create': 'Create issues.',
  'issues:read': 'See issues.',
  'issues:update': 'Change issues.',
  'issues:delete': 'Delete issues.',
  'sandboxes:create': 'Create sandboxes.',
  'sandboxes:read': 'See sandboxes.',
  'sandboxes:update': 'Change sandboxes.',
  'sandboxes:delete': 'Delete sandboxes.',
  'sandboxes:exec': 'Run commands in sandboxes.',
  'sandboxes:tag-on-create': 'Tag sandboxes when creating them.',
  'snapshots:create': 'Create snapshots.',
  'snapshots:update': 'Change snapshots.',
  'snapshots:delete': 'Delete snapshots.',
  'mcp-servers:create': 'Register MCP servers.',
  'mcp-servers:read': 'See MCP servers.',
  'mcp-servers:update': 'Change MCP servers.',
  'mcp-servers:delete': 'Remove MCP servers.',
  'mcp-servers:invoke': 'Call the tools of MCP servers.',
  'bulk-exports:read': 'See bulk exports.',
  'bulk-exports:manage': 'Create and cancel bulk exports.',
  'model-price-map:create': 'Add prices of models.',
  'model-price-map:read': 'See prices of models.',
  'model-price-map:update': 'Change prices of models.',
  'model-price-map:delete': 'Delete prices of models.',
  'custom-apps:create': 'Create custom apps.',
  'custom-apps:read': 'See custom apps.',
  'custom-apps:update': 'Change custom apps.',
  'custom-apps:delete': 'Delete custom apps.',
  'custom-apps:download': 'Download custom apps.',
  'gateway:invoke': 'Call models through the gateway.',
  'fleet:read-admin-config': 'See the administrative configuration of the fleet.',
  'fleet:write-admin-config': 'Change the administrative configuration of the fleet.',
  'fleet-agents:create': 'Create fleet agents.',
  'fleet-agents:read': 'See fleet agents.',
  'fleet-agents:invoke': 'Call fleet agents.',
  'fleet-agents:update': 'Change fleet agents.',
  'fleet-agents:delete': 'Delete fleet agents.',
  'fleet-skills:create': 'Create fleet skills.',
  'fleet-skills:read': 'See fleet skills.',
  'fleet-skills:update': 'Change fleet skills.',
  'fleet-skills:delete': 'Delete fleet skills.',
  'agent-auth-connections:create': 'Create connections with which agents sign in elsewhere.',
  'agent-auth-connections:read': 'See the connections of agents.',
  'agent-auth-connections:update': 'Change the connections of agents.',
  'agent-auth-connections:delete': 'Delete the connections of agents.',
  'agent-auth-connections:revoke': 'Revoke the access of connections of agents.',
} as const;

export type WorkspacePermission = keyof typeof OF_WORKSPACE;
export type Permission = keyof typeof OF_ORGANIZATION | WorkspacePermission;

/**
 * All permissions: the closed list of the contract (docs/contract/roles.md#permissions). This server enforces
 * `organization:*` and `workspaces:*`; it stores the others in roles for the services that enforce them.
 */
export const PERMISSIONS: readonly { name: Permission; scope: AccessScope; description: string }[] = [
  ...list('organization', OF_ORGANIZATION),
  ...list('workspace', OF_WORKSPACE),
];

function list<Name extends Permission>(scope: AccessScope, descriptions: Record<Name, string>) {
  return namesOf(descriptions).map((name) => ({ name, scope, description: descriptions[name] }));
}

function namesOf<Name extends string>(descriptions: Record<Name, string>): Name[] {
  return Object.keys(descriptions) as Name[];
}

/** The permissions of a workspace admin, and of an organization admin in every workspace, in the order of `PERMISSIONS`. */
export const ALL_WORKSPACE_PERMISSIONS: ReadonlySet<WorkspacePermission> = new Set(namesOf(OF_WORKSPACE));

export const isPermission = (text: string): text is Permission =>
  Object.hasOwn(OF_ORGANIZATION, text) || Object.hasOwn(OF_WORKSPACE, text);

export const permissionScope = (permission: Permission): AccessScope =>
  permission in OF_WORKSPACE ? 'workspace' : 'organization';
