import { ALL_WORKSPACE_PERMISSIONS, type Permission } from '../../common/access/permissions.js';
import { heldRole } from './org-roles.js';
import { ORG_ADMIN_ID, SYSTEM_ROLES } from './system-roles.js';

/** Permissions by which access is given (docs/contract/members.md#what-a-caller-whose-access-ends-gives). */
export const RANK: readonly Permission[] = [
  'organization:manage',
  'organization:user-groups:manage',
  'organization:user-groups:manage-members',
  'organization:user-groups:manage-grants',
  'organization:user-groups:manage-policies',
  'workspaces:manage-members',
  'workspaces:manage-keys',
  'workspaces:user-groups:manage-members',
  'workspaces:user-groups:manage-policies',
];

/** The system roles that have rank: Organization Admin, Operator and Admin of a workspace. */
export const SYSTEM_ROLES_OF_RANK: readonly string[] = SYSTEM_ROLES.filter(({ permissions }) =>
  permissions.some((name) => RANK.includes(name)),
).map(({ id }) => id);

/** What a role includes: Organization Admin every permission of every workspace. `custom`: the permissions of a custom role. */
export function rightsOfRole(id: string, custom: readonly Permission[] | null): ReadonlySet<Permission> {
  const permissions = heldRole(id, custom)?.permissions ?? new Set();
  return id === ORG_ADMIN_ID ? new Set([...permissions, ...ALL_WORKSPACE_PERMISSIONS]) : permissions;
}
