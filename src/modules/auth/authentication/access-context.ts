import {
  ContextForbidden,
  MemberDisabled,
  OrganizationDisabled,
  SsoRequired,
} from '../../../common/access/access.errors.js';
import type { GuardedRule } from '../../../common/access/access.guard.js';
import type { Permission } from '../../../common/access/permissions.js';
import type { HeldRole, Principal } from '../../../common/access/principal.js';
import { required } from '../../../common/collections.js';
import {
  acceptsRequest,
  AddressNotAllowed,
  InsufficientUserAuthentication,
  unmetInOrg,
} from '../../orgs/index.js';
import { heldRole, ORG_ADMIN_ID, withGroupRoles, WORKSPACE_ADMIN } from '../../roles/index.js';
import { WorkspaceNotFound } from '../../workspaces/index.js';
import type { CredentialRow } from './principals.repository.js';
import type { RequestedContext } from './request-headers.js';

type AccessContext = Pick<Principal, 'orgId' | 'orgRole' | 'workspaceId' | 'workspaceRole' | 'key'>;

const EMPTY_CONTEXT: AccessContext = {
  orgId: null,
  orgRole: null,
  workspaceId: null,
  workspaceRole: null,
  key: null,
};

/**
 * Resolves where an authenticated caller acts and with which roles. An unknown and a foreign organization or workspace
 * get the same error (docs/contract/http.md#contexts); for a workspace in the path it is "not found".
 */
export function resolveAccessContext(
  found: CredentialRow,
  requested: RequestedContext,
  rule: GuardedRule,
  address: string | null,
): AccessContext {
  if (requested.orgId && found.orgId !== requested.orgId) throw new ContextForbidden('organization');
  if (requested.workspaceId && !found.workspaceId)
    throw workspaceUnavailable(requested.workspaceId, requested);
  if (isBlocked(found, rule, address)) return EMPTY_CONTEXT;
  const workspaceRole = roleInWorkspace(found);
  const isInaccessible = found.workspaceId && !workspaceRole;
  if (isInaccessible && !requested.workspaceIsInPath) throw new ContextForbidden('workspace');
  return {
    orgId: found.orgId,
    orgRole: heldRole(found.orgRoleId, null),
    workspaceId: found.workspaceId,
    workspaceRole,
    key: found.kind === 'service-key' ? { role: keyRole(found), workspaceIds: found.keyWorkspaceIds } : null,
  };
}

/** Whether a role in the organization or in the workspace of the request includes the permission. */
export const isPermitted = ({ orgRole, workspaceRole }: AccessContext, permission: Permission): boolean =>
  (orgRole?.permissions.has(permission) ?? false) || (workspaceRole?.permissions.has(permission) ?? false);

/**
 * True if both contexts have the same organization, workspace and roles; custom roles are compared by their current
 * permissions.
 */
export const hasSameRights = (a: AccessContext, b: AccessContext): boolean =>
  a.orgId === b.orgId &&
  a.workspaceId === b.workspaceId &&
  isSameRole(a.orgRole, b.orgRole) &&
  isSameRole(a.workspaceRole, b.workspaceRole) &&
  isSameRole(a.key?.role ?? null, b.key?.role ?? null) &&
  String(a.key?.workspaceIds?.toSorted()) === String(b.key?.workspaceIds?.toSorted());

function isSameRole(a: HeldRole | null, b: HeldRole | null): boolean {
  if (!a || !b) return a === b;
  const isSubset = [...a.permissions].every((permission) => b.permissions.has(permission));
  return a.id === b.id && a.permissions.size === b.permissions.size && isSubset;
}

const workspaceUnavailable = (workspaceId: string, { workspaceIsInPath }: RequestedContext) =>
  workspaceIsInPath ? new WorkspaceNotFound(workspaceId) : new ContextForbidden('workspace');

/**
 * True if the membership or the organization is disabled, or the login method, the address or the sign-in is not allowed. A
 * route that needs the organization throws; other routes run without one.
 */
function isBlocked(found: CredentialRow, rule: GuardedRule, address: string | null): boolean {
  const needsOrg = rule.context !== 'none';
  if (needsOrg && found.memberIsDisabled) throw new MemberDisabled();
  if (needsOrg && found.orgIsDisabled) throw new OrganizationDisabled();
  const violatesSsoOnly = found.orgIsSsoOnly === true && found.sessionMethod === 'password';
  if (needsOrg && violatesSsoOnly) throw new SsoRequired();
  const { orgIpAllowlist, sessionMethod } = found;
  const isFromElsewhere =
    orgIpAllowlist !== null && !acceptsRequest(orgIpAllowlist, { sessionMethod, address });
  if (needsOrg && isFromElsewhere) throw new AddressNotAllowed();
  const { signIn } = found;
  const unmet = unmetInOrg(signIn, sessionMethod);
  if (needsOrg && signIn && unmet) throw new InsufficientUserAuthentication(unmet, signIn);
  return (
    found.memberIsDisabled === true ||
    found.orgIsDisabled === true ||
    violatesSsoOnly ||
    isFromElsewhere ||
    unmet !== null
  );
}

function roleInWorkspace(found: CredentialRow): HeldRole | null {
  if (!found.workspaceId) return null;
  if (found.kind === 'service-key') return covers(found, found.workspaceId) ? keyRole(found) : null;
  if (found.orgRoleId === ORG_ADMIN_ID) return WORKSPACE_ADMIN;
  const own = heldRole(found.workspaceRoleId, found.customPermissions);
  if (!own || !found.groupRoleIds) return own;
  return withGroupRoles(own, found.groupRoleIds, found.groupCustomPermissions);
}

const covers = ({ keyWorkspaceIds }: CredentialRow, workspaceId: string) =>
  keyWorkspaceIds === null || keyWorkspaceIds.includes(workspaceId);

/** Every service key has a workspace role (constraint `api_keys_service_keys_have_a_role`). */
const keyRole = (found: CredentialRow): HeldRole =>
  required(heldRole(found.workspaceRoleId, found.customPermissions), 'the role of a service key');
