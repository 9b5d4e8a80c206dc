import {
  ContextNotYours,
  MemberDisabled,
  OrganizationDisabled,
  SsoRequired,
} from '../../common/access/access.errors.js';
import type { GuardedRule } from '../../common/access/access-rule.js';
import type { CredentialKind, HeldRole, Principal } from '../../common/access/principal.js';
import { ORG_ADMIN_ID } from '../rbac/index.js';
import { WorkspaceNotFound } from '../workspaces/index.js';
import { heldRole, WORKSPACE_ADMIN } from './held-role.js';
import type { FoundCaller } from './principals.repository.js';
import type { WantedContext } from './wanted-context.js';

type Found = FoundCaller & { kind: CredentialKind };
type Place = Pick<Principal, 'orgId' | 'orgRole' | 'workspaceId' | 'workspaceRole' | 'key'>;

const NOWHERE: Place = { orgId: null, orgRole: null, workspaceId: null, workspaceRole: null, key: null };

/**
 * Where a recognised caller acts and with which roles. What was named must be his: an unknown organization or
 * workspace and another one's get the same answer (contract decision 30); for a workspace in the path that is "not
 * found".
 */
export function placeOf(found: Found, wanted: WantedContext, rule: GuardedRule): Place {
  if (wanted.orgId && found.orgId !== wanted.orgId) throw new ContextNotYours('organization');
  if (wanted.workspaceId && !found.workspaceId) throw workspaceNotThere(wanted);
  if (isStopped(found, rule)) return NOWHERE;
  const workspaceRole = roleInWorkspace(found);
  const isInvisible = found.workspaceId && !workspaceRole;
  if (isInvisible && !wanted.workspaceIsInPath) throw new ContextNotYours('workspace');
  return {
    orgId: found.orgId,
    orgRole: heldRole(found.orgRoleId, null),
    workspaceId: found.workspaceId,
    workspaceRole,
    key: found.kind === 'service-key' ? { role: keyRole(found), workspaceIds: found.keyWorkspaceIds } : null,
  };
}

/** The same place with the same roles, custom ones as they are by now. */
export const hasSameRights = (one: Place, other: Place): boolean =>
  one.orgId === other.orgId &&
  one.workspaceId === other.workspaceId &&
  isSameRole(one.orgRole, other.orgRole) &&
  isSameRole(one.workspaceRole, other.workspaceRole) &&
  isSameRole(one.key?.role ?? null, other.key?.role ?? null) &&
  String(one.key?.workspaceIds?.toSorted()) === String(other.key?.workspaceIds?.toSorted());

const isSameRole = (one: HeldRole | null, other: HeldRole | null): boolean =>
  one?.id === other?.id &&
  one?.permissions.size === other?.permissions.size &&
  [...(one?.permissions ?? [])].every((permission) => other!.permissions.has(permission));

const workspaceNotThere = (wanted: WantedContext) =>
  wanted.workspaceIsInPath ? new WorkspaceNotFound(wanted.workspaceId!) : new ContextNotYours('workspace');

/** Disabled here, or not let in this way: a route that needs the organization says so; on others the person is merely in none. */
function isStopped(found: Found, rule: GuardedRule): boolean {
  const needsOrg = rule.context !== 'none';
  if (needsOrg && found.memberIsDisabled) throw new MemberDisabled();
  if (needsOrg && found.orgIsDisabled) throw new OrganizationDisabled();
  const cameAnotherWay = found.orgIsSsoOnly === true && found.sessionMethod === 'password';
  if (needsOrg && cameAnotherWay) throw new SsoRequired();
  return found.memberIsDisabled === true || found.orgIsDisabled === true || cameAnotherWay;
}

function roleInWorkspace(found: Found): HeldRole | null {
  if (!found.workspaceId) return null;
  if (found.kind === 'service-key') return covers(found, found.workspaceId) ? keyRole(found) : null;
  if (found.orgRoleId === ORG_ADMIN_ID) return WORKSPACE_ADMIN;
  return heldRole(found.workspaceRoleId, found.customPermissions);
}

const covers = ({ keyWorkspaceIds }: Found, workspaceId: string) =>
  keyWorkspaceIds === null || keyWorkspaceIds.includes(workspaceId);

/** Every service key has a workspace role: `api_keys_service_keys_have_a_role`. */
const keyRole = (found: Found): HeldRole => heldRole(found.workspaceRoleId, found.customPermissions)!;
