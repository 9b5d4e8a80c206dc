import type { Permission } from '../../common/access/permissions.js';
import type { Principal } from '../../common/access/principal.js';
import { isOrdinaryRole, mayGrant, mayGrantOrgAdmin, type Role, systemRole } from '../rbac/index.js';

/**
 * Whom a caller may bring into an organization: people of any organization role, only Organization Users and Viewers,
 * or nobody new (he may still add people who are members already).
 */
export type InviteRights = 'any-role' | 'ordinary-roles' | 'members-only';

type Caller = Pick<Principal, 'orgRole' | 'key' | 'can'>;

/**
 * The one rule of the feature (contract decision 9): organization admins bring in anybody; operators, and workspace
 * admins where the switch is on, ordinary people; everybody else works with the people who are here. The guard asks it
 * before a batch is read, the service for each row.
 */
export function inviteRights(caller: Caller, workspaceAdminsMayInvite: boolean): InviteRights {
  if (mayGrantOrgAdmin(caller)) return 'any-role';
  if (caller.can('organization:manage')) return 'ordinary-roles';
  return workspaceAdminsMayInvite && caller.can('workspaces:manage-members')
    ? 'ordinary-roles'
    : 'members-only';
}

/** A row as it was asked for; e-mail canonical, ids as sent. */
export type InviteRow = {
  email: string;
  orgRoleId: string | null;
  workspaceIds: readonly string[];
  workspaceRoleId: string | null;
  fullName: string | null;
  password: string | null;
};

/** What the rule needs to know of the world; `roles` and `held` hold only what the organization has. */
export type InviteFacts = {
  rights: InviteRights;
  /** The workspace that invites; null at organization level. */
  fromWorkspaceId: string | null;
  mayChoosePasswords: boolean;
  /** Why nobody new may come at all, or null. */
  closedReason: string | null;
  roles: ReadonlyMap<string, Role>;
  /** By workspace of the organization: what the caller holds there. */
  heldPermissions: ReadonlyMap<string, ReadonlySet<Permission>>;
  isNew: (email: string) => boolean;
  /** What the invitation that waits under an address gives already, part by part: in the organization, then in workspaces. */
  pendingRows: (email: string) => readonly InviteRow[];
  /** Whether that is given as it is. Else it has run out: it is made anew, and workspaces that may not be given are left out. */
  acceptsPending: (email: string) => boolean;
};

export type InviteProblem = { field: string; kind: 'forbidden' | 'not-found'; msg: string };

export const orgRoleOf = (row: InviteRow): string => row.orgRoleId ?? systemRole('ORGANIZATION_USER').id;
export const workspaceRoleOf = (row: InviteRow): string =>
  row.workspaceRoleId ?? systemRole('WORKSPACE_VIEWER').id;

/** Everything that speaks against a row; nothing = it may be written. */
export function inviteProblems(row: InviteRow, facts: InviteFacts): InviteProblem[] {
  return [
    ...newMemberProblems(row, facts),
    ...orgRoleProblems(row, facts),
    ...workspaceProblems(row, facts),
    ...passwordProblems(row, facts),
  ];
}

/**
 * Whether the caller could have made the waiting invitation himself. Only then may he renew it, or consume it for
 * somebody: both give all of it once more (contract decision 34).
 */
export const mayRenew = (email: string, facts: InviteFacts): boolean =>
  facts.pendingRows(email).every((part) => mayGrantPart(part, facts));

/** A part of what waits: in the organization, or in one workspace. */
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
  'has an invitation that gives more than you may give; an organization admin can renew or revoke it.';

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
      `You may not give the role ${role.displayName}: it allows more than you hold`,
    ),
  ];
}

/** Contract decisions 42 and 48: an account with a chosen password is made by the organization, never by a workspace. */
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
