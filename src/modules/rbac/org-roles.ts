import { ALL_WORKSPACE_PERMISSIONS } from '../../common/access/permissions.js';
import type { Principal } from '../../common/access/principal.js';
import { mayGrant } from './may-grant.js';
import { type SystemRoleName, systemRole } from './system-roles.js';

/** What an operator may hand out and touch (operations.md, operator guards). */
const ORDINARY_ROLES: ReadonlySet<string> = new Set([
  systemRole('ORGANIZATION_USER').id,
  systemRole('ORGANIZATION_VIEWER').id,
]);

type Caller = Pick<Principal, 'orgRole' | 'key'>;

/** Holds the organization's highest role. */
export const isOrgAdmin = ({ orgRole }: Pick<Principal, 'orgRole'>): boolean =>
  orgRole?.name === 'ORGANIZATION_ADMIN';

/**
 * Whether the caller may make others Organization Admins, who have everything in all workspaces: an admin who has it
 * himself. A key may be admin of the organization and hold less in workspaces (contract decision 34).
 */
export const mayGrantOrgAdmin = (caller: Caller): boolean =>
  isOrgAdmin(caller) && (!caller.key || mayGrant(caller.key.role.permissions, ALL_WORKSPACE_PERMISSIONS));

/**
 * Whether the caller may choose or receive a password for somebody else (contract decision 48): an Organization Admin
 * who is signed in, never a key.
 */
export const mayChoosePasswords = (caller: Caller & Pick<Principal, 'credential'>): boolean =>
  caller.credential.kind === 'session' && mayGrantOrgAdmin(caller);

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

/** By ids. */
export const lowerOrgRole = (a: string, b: string): string => (IDS.indexOf(a) > IDS.indexOf(b) ? a : b);

/** Whether the change makes somebody Organization Admin or Operator who was less before. */
export const isPromotion = (from: string, to: string): boolean =>
  !isOrdinaryRole(to) && from !== to && lowerOrgRole(from, to) === from;

export const isOrdinaryRole = (orgRoleId: string): boolean => ORDINARY_ROLES.has(orgRoleId);

/** Ids of the organization roles that only admins give and take. */
export const ADMINISTRATIVE_ROLES: readonly string[] = IDS.filter((id) => !isOrdinaryRole(id));

/**
 * Whether a manager of the organization may give, change or take away a membership with this organization role:
 * an admin any, others only Organization User and Organization Viewer.
 */
export const mayManageOrgRole = (caller: Caller, orgRoleId: string): boolean =>
  mayGrantOrgAdmin(caller) || isOrdinaryRole(orgRoleId);
