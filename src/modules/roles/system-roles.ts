import type { AccessScope, Permission, WorkspacePermission } from '../../common/access/permissions.js';
import { ALL_WORKSPACE_PERMISSIONS } from '../../common/access/permissions.js';

export type SystemRoleName =
  | 'ORGANIZATION_ADMIN'
  | 'ORGANIZATION_OPERATOR'
  | 'ORGANIZATION_USER'
  | 'ORGANIZATION_VIEWER'
  | 'WORKSPACE_ADMIN'
  | 'WORKSPACE_USER'
  | 'WORKSPACE_VIEWER';

export type SystemRole = {
  id: string;
  name: SystemRoleName;
  displayName: string;
  description: string;
  accessScope: AccessScope;
  permissions: readonly Permission[];
};

const EVERYTHING = [...ALL_WORKSPACE_PERMISSIONS];

/** The permissions of Admin that Editor lacks (docs/contract/roles.md#role-matrix). */
const WITHHELD_FROM_EDITORS: ReadonlySet<WorkspacePermission> = new Set([
  'workspaces:manage',
  'workspaces:manage-members',
  'workspaces:manage-secrets',
  'workspaces:manage-model-configs',
  'projects:create',
  'projects:delete',
  'runs:delete',
  'datasets:delete',
  'datasets:share',
  'annotation-queues:delete',
  'deployments:delete',
  'mcp-servers:create',
  'mcp-servers:update',
  'mcp-servers:delete',
  'bulk-exports:manage',
  'fleet:read-admin-config',
  'fleet:write-admin-config',
  'workspaces:manage-keys',
  'workspaces:user-groups:manage-members',
  'workspaces:user-groups:manage-policies',
  'rules:configure-retention',
  'snapshots:delete',
  'model-price-map:create',
  'model-price-map:update',
  'model-price-map:delete',
  'custom-apps:delete',
  'fleet-agents:delete',
  'fleet-skills:delete',
  'agent-auth-connections:delete',
  'agent-auth-connections:revoke',
]);

/** What Viewer holds besides the permissions that end with `:read`. */
const ALSO_OF_VIEWERS: ReadonlySet<WorkspacePermission> = new Set([
  'runs:read-inputs',
  'runs:read-outputs',
  'runs:read-stats',
  'datasets:download',
]);

const SEE_ORGANIZATION = [
  'organization:read',
  'organization:read-metadata',
  'organization:user-groups:read',
] as const;

const MANAGE_ORGANIZATION = [
  'organization:manage',
  ...SEE_ORGANIZATION,
  'organization:manage-model-configs',
  'organization:manage-model-secrets',
  'organization:pats:create',
  'organization:user-groups:manage',
  'organization:user-groups:manage-members',
  'organization:user-groups:manage-grants',
  'organization:user-groups:manage-policies',
] as const;

/**
 * The shipped roles. Their ids are the same in every installation, so that configurations can refer to them. Clients
 * look them up by `name`, or by `displayName` and `accessScope` (docs/contract/roles.md#system-roles).
 * A role holds only permissions of its own scope. That an Organization Admin holds every permission in every
 * workspace, and what an Operator may not do to an Admin, is decided elsewhere.
 */
export const SYSTEM_ROLES: readonly SystemRole[] = [
  {
    id: 'd55c22fe-85b2-45eb-8d49-ea44969558af',
    name: 'ORGANIZATION_ADMIN',
    displayName: 'Organization Admin',
    description: 'Manages the organization and holds every permission in all of its workspaces.',
    accessScope: 'organization',
    permissions: MANAGE_ORGANIZATION,
  },
  {
    id: 'd8f3f905-36e8-43ef-bce7-2c1bfa22c0d4',
    name: 'ORGANIZATION_OPERATOR',
    displayName: 'Organization Operator',
    description: 'Manages the organization, except its admins, single sign-on and custom roles.',
    accessScope: 'organization',
    permissions: MANAGE_ORGANIZATION,
  },
  {
    id: 'e0e262ac-d06f-4f64-b539-7997f9a0b75a',
    name: 'ORGANIZATION_USER',
    displayName: 'Organization User',
    description:
      'Sees the organization, works in the workspaces it is a member of, makes personal access tokens.',
    accessScope: 'organization',
    permissions: [...SEE_ORGANIZATION, 'organization:pats:create'],
  },
  {
    id: 'b6261d23-a29e-4cdc-9ae4-732c595e76a9',
    name: 'ORGANIZATION_VIEWER',
    displayName: 'Organization Viewer',
    description: 'Sees the organization and works in the workspaces it is a member of.',
    accessScope: 'organization',
    permissions: SEE_ORGANIZATION,
  },
  {
    id: 'ddb9aff9-f3f0-40b0-b169-bdecabe423c0',
    name: 'WORKSPACE_ADMIN',
    displayName: 'Admin',
    description: 'Does everything in the workspace, members and settings included.',
    accessScope: 'workspace',
    permissions: EVERYTHING,
  },
  {
    id: 'd4aeb863-2912-4b34-a0b0-cf3a34b061ef',
    name: 'WORKSPACE_USER',
    displayName: 'Editor',
    description: 'Works with what the workspace holds, but does not manage the workspace.',
    accessScope: 'workspace',
    permissions: EVERYTHING.filter((permission) => !WITHHELD_FROM_EDITORS.has(permission)),
  },
  {
    id: '5155778b-14a7-494a-a223-fa0374623f4f',
    name: 'WORKSPACE_VIEWER',
    displayName: 'Viewer',
    description: 'Sees what the workspace holds and changes nothing.',
    accessScope: 'workspace',
    permissions: EVERYTHING.filter(
      (permission) => permission.endsWith(':read') || ALSO_OF_VIEWERS.has(permission),
    ),
  },
];

export function systemRole(name: SystemRoleName): SystemRole {
  const role = SYSTEM_ROLES.find((candidate) => candidate.name === name);
  if (!role) throw new Error(`There is no system role ${name}.`);
  return role;
}

export const ORG_ADMIN_ID = systemRole('ORGANIZATION_ADMIN').id;
