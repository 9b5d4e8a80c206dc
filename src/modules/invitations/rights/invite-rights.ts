import type { Permission } from '../../../common/access/permissions.js';
import type { Principal } from '../../../common/access/principal.js';
import { isOrdinaryRole, mayGrant, mayGrantOrgAdmin, type Role, systemRole } from '../../rbac/index.js';

/**
 * Who a caller may add to an organization: new users with any org role, new users with an ordinary role, or existing
 * members to workspaces only.
 */
export type InviteRights = 'any-role' | 'ordinary-roles' | 'members-only';

type Caller = Pick<Principal, 'orgRole' | 'key' | 'can'>;

/**
 * The rule of docs/contract/invitations.md#who-may-invite. The guard evaluates it before a batch is read, and the
 * invite policy again under the roster lock.
 */
export function inviteRights(caller: Caller, workspaceAdminsMayInvite: boolean): InviteRights {
  if (mayGrantOrgAdmin(caller)) return 'any-role';
  if (caller.can('organization:manage')) return 'ordinary-roles';
  return workspaceAdminsMayInvite && caller.can('workspaces:manage-members')
    ? 'ordinary-roles'
    : 'members-only';
}

/** One row of a request; the e-mail is canonical, ids are as sent. */
export type InviteRow = {
  email: string;
  orgRoleId: string | null;
  workspaceIds: readonly string[];
  workspaceRoleId: string | null;
  fullName: string | null;
  password: string | null;
};

/** What the rule needs to know; `roles` and `heldPermissions` contain only what the organization has. */
export type InviteFacts = {
  rights: InviteRights;
  /** The inviting workspace; null at organization level. */
  fromWorkspaceId: string | null;
  mayChoosePasswords: boolean;
  /** Why the organization accepts no new members; null if it does. */
  closedReason: string | null;
  roles: ReadonlyMap<string, Role>;
  /** The caller's permissions by workspace id. */
  heldPermissions: ReadonlyMap<string, ReadonlySet<Permission>>;
  isNew: (email: string) => boolean;
  /** The current grants of the pending invitation: one row for the organization, then one per workspace. */
  pendingRows: (email: string) => readonly InviteRow[];
  /**
   * Whether a pending invitation is accepted as it is. Otherwise an expired one is recreated without the workspaces
   * that the caller may not grant.
   */
  acceptsPending: (email: string) => boolean;
};

export type InviteProblem = { field: string; kind: 'forbidden' | 'not-found'; msg: string };

export const orgRoleOf = (row: InviteRow): string => row.orgRoleId ?? systemRole('ORGANIZATION_USER').id;
export const workspaceRoleOf = (row: InviteRow): string =>
  row.workspaceRoleId ?? systemRole('WORKSPACE_VIEWER').id;

/** All problems of a row; empty if it may be written. */
export function inviteProblems(row: InviteRow, facts: InviteFacts): InviteProblem[] {
  return [
    ...newMemberProblems(row, facts),
    ...orgRoleProblems(row, facts),
    ...workspaceProblems(row, facts),
    ...passwordProblems(row, facts),
  ];
}

/**
 * Whether the caller could have created the pending invitation. Renewing it or accepting it for the user grants all of
 * it again (docs/contract/members.md#no-escalation).
 */
export const mayRenew = (email: string, facts: InviteFacts): boolean =>
  facts.pendingRows(email).every((part) => mayGrantPart(part, facts));

/** `part` is the organization part or one workspace of a pending invitation. */
export const mayGrantPart = (part: InviteRow, facts: InviteFacts): boolean =>
  inviteProblems(part, { ...facts, fromWorkspaceId: null, isNew: () => false }).length === 0;

function newMemberProblems({ email }: InviteRow, facts: InviteFacts): InviteProblem[] {
  const { rights, closedReason, isNew } = facts;
  if (!isNew(email)) return [];
  if (rights === 'members-only')
    return [forbidden('email', `${email} is not in the organization yet. ${WHO_INVITES}`)];
  if (closedReason) return [forbidden('email', `${email} cannot be invited: ${closedReason}`)];
  const granted = facts.acceptsPending(email)
    ? facts.pendingRows(email)
    : facts.pendingRows(email).slice(0, 1);
  const mayGrantAll = granted.every((part) => mayGrantPart(part, facts));
  return mayGrantAll ? [] : [forbidden('email', `${email} ${EXCEEDS_RIGHTS}`)];
}

const EXCEEDS_RIGHTS =
  'has an invitation that grants more than you may grant; an organization admin can renew or revoke it.';

const WHO_INVITES =
  'New people are invited by an organization admin, or by workspace admins where workspace_admin_can_invite_to_org is ' +
  'on; WORKSPACE_SCOPE_ORG_INVITES_ENABLED, where the operator has set it, decides for the whole installation.';

function orgRoleProblems(row: InviteRow, { rights, roles }: InviteFacts): InviteProblem[] {
  const role = roles.get(orgRoleOf(row));
  if (role?.accessScope !== 'organization')
    return [notFound('role_id', `There is no organization role ${orgRoleOf(row)}`)];
  if (rights === 'any-role' || isOrdinaryRole(role.id)) return [];
  return [forbidden('role_id', `You may not invite people as ${role.displayName}`)];
}

function workspaceProblems(row: InviteRow, facts: InviteFacts): InviteProblem[] {
  const elsewhere = row.workspaceIds.filter(
    (id) => facts.fromWorkspaceId !== null && id !== facts.fromWorkspaceId,
  );
  if (elsewhere.length > 0)
    return [forbidden('workspace_ids', 'This route invites to the current workspace only')];
  const unknown = row.workspaceIds.filter((id) => !facts.heldPermissions.has(id));
  if (unknown.length > 0)
    return unknown.map((id) => notFound('workspace_ids', `There is no workspace ${id} here`));
  return workspaceRoleProblems(row, facts);
}

function workspaceRoleProblems(row: InviteRow, { roles, heldPermissions }: InviteFacts): InviteProblem[] {
  const role = roles.get(workspaceRoleOf(row));
  if (role?.accessScope !== 'workspace') {
    return [notFound('workspace_role_id', `There is no workspace role ${workspaceRoleOf(row)}`)];
  }
  if (row.workspaceIds.every((id) => mayGrant(heldPermissions.get(id)!, role.permissions))) return [];
  return [
    forbidden(
      'workspace_role_id',
      `You may not grant the role ${role.displayName}: it has permissions that you do not hold`,
    ),
  ];
}

/** Only organization-level invitations may have a password (docs/contract/invitations.md#passwords-in-invitations). */
function passwordProblems({ password }: InviteRow, facts: InviteFacts): InviteProblem[] {
  if (password === null) return [];
  if (facts.mayChoosePasswords && facts.fromWorkspaceId === null) return [];
  return [
    forbidden(
      'password',
      'Passwords are chosen by organization admins who are signed in, in an invitation to the organization',
    ),
  ];
}

const forbidden = (field: string, msg: string): InviteProblem => ({ field, kind: 'forbidden', msg });
const notFound = (field: string, msg: string): InviteProblem => ({ field, kind: 'not-found', msg });
