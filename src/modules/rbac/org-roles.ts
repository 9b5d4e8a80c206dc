import type { Principal } from '../../common/access/principal.js';
import { systemRole } from './system-roles.js';

/** What an operator may hand out and touch (operations.md, operator guards). */
const ORDINARY_ROLES: ReadonlySet<string> = new Set([
  systemRole('ORGANIZATION_USER').id,
  systemRole('ORGANIZATION_VIEWER').id,
]);

type Caller = Pick<Principal, 'orgRole'>;

/** Holds the organization's highest role: everything in it and in all of its workspaces. */
export const isOrgAdmin = ({ orgRole }: Caller): boolean => orgRole?.name === 'ORGANIZATION_ADMIN';

export const isOrdinaryRole = (orgRoleId: string): boolean => ORDINARY_ROLES.has(orgRoleId);

/**
 * Whether a manager of the organization may give, change or take away a membership with this organization role:
 * an admin any, an operator only Organization User and Organization Viewer.
 */
export const mayManageOrgRole = (caller: Caller, orgRoleId: string): boolean =>
  isOrgAdmin(caller) || isOrdinaryRole(orgRoleId);
