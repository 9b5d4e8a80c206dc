import { ALL_WORKSPACE_PERMISSIONS, type Permission } from '../../common/access/permissions.js';
import type { HeldRole, Principal } from '../../common/access/principal.js';
import { getOrThrow } from '../../common/collections.js';
import type { Role } from './entities.js';
import { ORG_ADMIN_ID, SYSTEM_ROLES, systemRole, type SystemRoleName } from './system-roles.js';

/** The roles that an operator may grant and change (docs/contract/members.md#operators). */
const ORDINARY_ROLES: ReadonlySet<string> = new Set([
  systemRole('ORGANIZATION_USER').id,
  systemRole('ORGANIZATION_VIEWER').id,
]);

type Caller = Pick<Principal, 'orgRole' | 'key'>;

/** Whether the principal holds the highest organization role. */
export const isOrgAdmin = ({ orgRole }: Pick<Principal, 'orgRole'>): boolean =>
  orgRole?.name === 'ORGANIZATION_ADMIN';

/**
 * Whether the caller may grant Organization Admin, which includes every permission in all workspaces: an admin with
 * all of these permissions. A key may be admin of the organization and hold less in workspaces
 * (docs/contract/members.md#no-escalation).
 */
export const mayGrantOrgAdmin = (caller: Caller): boolean =>
  isOrgAdmin(caller) && (!caller.key || mayGrant(caller.key.role.permissions, ALL_WORKSPACE_PERMISSIONS));

/** Whether the caller may choose passwords of others (docs/contract/passwords.md#who-may-choose-a-password). */
export const mayChoosePasswords = (caller: Caller & Pick<Principal, 'credential'>): boolean =>
  caller.credential.kind === 'session' && mayGrantOrgAdmin(caller);

/** Whether the principal manages the organization without being admin (docs/contract/members.md#operators). */
export const isOperator = ({ orgRole }: Pick<Principal, 'orgRole'>): boolean =>
  orgRole?.name === 'ORGANIZATION_OPERATOR';

export type OrgRoleName = Extract<SystemRoleName, `ORGANIZATION_${string}`>;

const HIGHEST_FIRST: readonly OrgRoleName[] = [
  'ORGANIZATION_ADMIN',
  'ORGANIZATION_OPERATOR',
  'ORGANIZATION_USER',
  'ORGANIZATION_VIEWER',
];
const IDS = HIGHEST_FIRST.map((name) => systemRole(name).id);

export const highestOrgRole = (names: readonly OrgRoleName[]): OrgRoleName | undefined =>
  HIGHEST_FIRST.find((name) => names.includes(name));

/** Both arguments are role ids. */
export const lowerOrgRole = (a: string, b: string): string => (IDS.indexOf(a) > IDS.indexOf(b) ? a : b);

/** Whether the change raises the role to Organization Admin or Operator. */
export const isPromotion = (from: string, to: string): boolean =>
  !isOrdinaryRole(to) && from !== to && lowerOrgRole(from, to) === from;

export const isOrdinaryRole = (orgRoleId: string): boolean => ORDINARY_ROLES.has(orgRoleId);

/** Ids of the organization roles that only admins may grant and revoke. */
export const ADMINISTRATIVE_ROLES: readonly string[] = IDS.filter((id) => !isOrdinaryRole(id));

/** Of memberships with this organization role: whether the caller may grant, change or revoke them. */
export const mayManageOrgRole = (caller: Caller, orgRoleId: string): boolean =>
  mayGrantOrgAdmin(caller) || isOrdinaryRole(orgRoleId);

/** A role as an organization sees it (docs/contract/roles.md#restricted-roles). */
export type OrgRole = Role & { readonly isRestricted: boolean };

/** Whether one set of permissions includes another. What changes give is compared by the access module. */
export function mayGrant(held: ReadonlySet<Permission>, wanted: Iterable<Permission>): boolean {
  for (const permission of wanted) if (!held.has(permission)) return false;
  return true;
}

/** One permission set per system role for the whole process, so that authentication allocates none. */
const SYSTEM: ReadonlyMap<string, HeldRole> = new Map(
  SYSTEM_ROLES.map(({ id, name, permissions }) => [id, { id, name, permissions: new Set(permissions) }]),
);

/** The role of an organization admin in every workspace. */
export const WORKSPACE_ADMIN: HeldRole = getOrThrow(SYSTEM, systemRole('WORKSPACE_ADMIN').id);

/**
 * The role with the permissions that the user also has through user groups: those of the roles `ids`, of which
 * `customPermissions` are those of the custom ones. Id and name stay those of the user's own role.
 */
export function withGroupRoles(
  own: HeldRole,
  ids: readonly string[],
  customPermissions: readonly Permission[] | null,
): HeldRole {
  const ofSystemRoles = ids.flatMap((id) => [...(SYSTEM.get(id)?.permissions ?? [])]);
  return {
    ...own,
    permissions: new Set([...own.permissions, ...ofSystemRoles, ...(customPermissions ?? [])]),
  };
}

/** `customPermissions`: the permissions of a custom role. Null if no role is held. */
export function heldRole(
  id: string | null,
  customPermissions: readonly Permission[] | null,
): HeldRole | null {
  if (id === null) return null;
  return SYSTEM.get(id) ?? { id, name: 'CUSTOM', permissions: new Set(customPermissions) };
}

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
