import type { Excess, ExcessOf, RightsChange } from '../../../common/access/access-limits.js';
import type { Permission } from '../../../common/access/permissions.js';
import type { Principal } from '../../../common/access/principal.js';
import { WHO_INVITES } from '../core/invitations.errors.js';
import { isOrdinaryRole, mayGrantOrgAdmin, type Role, systemRole } from '../../roles/index.js';

/** Whom a caller may add: new users with any org role or with an ordinary one, or members to workspaces only. */
export type InviteRights = 'any-role' | 'ordinary-roles' | 'members-only';

type Caller = Pick<Principal, 'orgRole' | 'key' | 'can'>;

/** Where a route invites to: the organization, or the workspace of the request. */
export type InviteLevel = 'organization' | 'workspace';

/** What a caller needs to use a route of this level, whatever the switch says. */
export const INVITE_PERMISSION: Record<InviteLevel, Permission> = {
  organization: 'organization:manage',
  workspace: 'workspaces:manage-members',
};

/** `inviteRights` on a route of this level; null if the caller may not use it at all. */
export const inviteRightsAt = (
  level: InviteLevel,
  caller: Caller,
  workspaceAdminsMayInvite: boolean,
): InviteRights | null =>
  caller.can(INVITE_PERMISSION[level]) ? inviteRights(caller, workspaceAdminsMayInvite) : null;

/** See docs/contract/invitations.md#who-may-invite. Evaluated before the body is validated, and under the roster lock. */
export function inviteRights(caller: Caller, workspaceAdminsMayInvite: boolean): InviteRights {
  if (mayGrantOrgAdmin(caller)) return 'any-role';
  if (caller.can('organization:manage')) return 'ordinary-roles';
  return workspaceAdminsMayInvite && caller.can('workspaces:manage-members')
    ? 'ordinary-roles'
    : 'members-only';
}

export const mayInviteNewPeople = (rights: InviteRights): boolean => rights !== 'members-only';

/** One row of a request; the e-mail is canonical, ids are as sent. */
export type InviteRow = {
  email: string;
  orgRoleId: string | null;
  workspaceIds: readonly string[];
  workspaceRoleId: string | null;
  fullName: string | null;
  password: string | null;
  /** Of the membership in the organization or, at workspace level, in the workspace. Absent: not requested. */
  accessExpiresAt?: Date | null;
};

export const emptyRow = (email: string): InviteRow => ({
  email,
  orgRoleId: null,
  workspaceIds: [],
  workspaceRoleId: null,
  fullName: null,
  password: null,
});

/** The person at an address, as the organization knows them. */
export type PersonFacts = {
  /** Null for a person who is not a member of the organization. */
  userId: string | null;
  /** Expired or not, as it was when the facts were loaded: the same for the whole batch. */
  invitation: 'pending' | 'expired' | null;
  /** What the invitation grants: one row for the organization, then one per workspace. */
  invitationParts: readonly InviteRow[];
};

const UNKNOWN_PERSON: PersonFacts = { userId: null, invitation: null, invitationParts: [] };

/** What a request does: the level at which it invites, and whether it waits for people to accept. */
export type InviteOrigin = {
  rights: InviteRights;
  /** The inviting workspace; null at organization level. */
  fromWorkspaceId: string | null;
  /** The people of the request become members at once, and their pending invitations are accepted for them. */
  addsMembers: boolean;
};

/** What the rule needs to know; `roles` and `workspaceIds` contain only what the organization has. */
export type InviteFacts = InviteOrigin & {
  mayChoosePasswords: boolean;
  /** Why the organization accepts no new members; null if it does. */
  closedReason: string | null;
  /** People without a pending invitation may be added nevertheless. */
  admitsDirectly: boolean;
  roles: ReadonlyMap<string, Role>;
  workspaceIds: ReadonlySet<string>;
  /** What exceeds the rights of the caller, for changes between the roles of the request and of the invitations. */
  excessOf: ExcessOf;
  /** Why ends of access that the rows name are refused, by their time. */
  refusedEnds: ReadonlyMap<number, string>;
  people: ReadonlyMap<string, PersonFacts>;
};

export type InviteProblem = { field: string; kind: 'forbidden' | 'malformed' | 'not-found'; msg: string };

const ORG_USER_ID = systemRole('ORGANIZATION_USER').id;
const VIEWER_ID = systemRole('WORKSPACE_VIEWER').id;

export const orgRoleOf = (row: InviteRow): string => row.orgRoleId ?? ORG_USER_ID;
export const workspaceRoleOf = (row: InviteRow): string => row.workspaceRoleId ?? VIEWER_ID;

export const personAt = (email: string, { people }: Pick<InviteFacts, 'people'>): PersonFacts =>
  people.get(email) ?? UNKNOWN_PERSON;

/** A member is never new. A person with a pending invitation is new only to a request that makes people members. */
export function isNewPerson(email: string, facts: Pick<InviteFacts, 'people' | 'addsMembers'>): boolean {
  const { userId, invitation } = personAt(email, facts);
  return userId === null && (facts.addsMembers || invitation !== 'pending');
}

/** All problems of a row; empty if it may be written. */
export const inviteProblems = (row: InviteRow, facts: InviteFacts): InviteProblem[] => [
  ...newPersonProblems(row, facts),
  ...orgRoleProblems(row, facts),
  ...workspaceProblems(row, facts),
  ...passwordProblems(row, facts),
  ...endProblems(row, facts),
];

/** What a row gives in its workspaces, of which a member joins those that they are not in. `userId` null: no member. */
export const changesOf = (row: InviteRow, userId: string | null): RightsChange[] =>
  row.workspaceIds.map((workspaceId) => ({
    subject: userId === null ? { roleId: null, name: row.email } : { memberId: userId },
    workspaceId,
    roleId: workspaceRoleOf(row),
    unlessMember: true,
  }));

/** `inviteProblems` of roles and workspaces alone, of any workspaces of the organization, for these changes. */
export function grantProblems(
  row: InviteRow,
  changes: readonly RightsChange[],
  facts: GrantFacts,
): InviteProblem[] {
  const unknown = unknownTargets(row, facts);
  return [...orgRoleProblems(row, facts), ...(unknown.length > 0 ? unknown : excesses(changes, facts))];
}

type GrantFacts = Pick<InviteFacts, 'rights' | 'roles' | 'workspaceIds' | 'excessOf'>;

/** Null if the caller could have created the pending invitation: renewing or accepting it grants all of it again. */
export const renewalProblem = (email: string, facts: InviteFacts): string | null =>
  firstProblem(personAt(email, facts).invitationParts, facts);

/** `part` is the organization part or one workspace of a pending invitation. */
export const mayGrantPart = (part: InviteRow, facts: GrantFacts): boolean =>
  firstProblem([part], facts) === null;

/** Whether they may replace the role of the part, or take it away (null), in an invitation that they may grant. */
export const mayChangePart = (part: InviteRow, roleId: string | null, facts: GrantFacts): boolean =>
  orgRoleProblems(part, facts).length === 0 &&
  part.workspaceIds.every(
    (workspaceId) =>
      facts.excessOf({
        subject: { roleId: workspaceRoleOf(part), name: part.email },
        workspaceId,
        roleId,
      }) === null,
  );

const firstProblem = (parts: readonly InviteRow[], facts: GrantFacts): string | null =>
  parts.flatMap((part) => grantProblems(part, changesOf(part, null), facts))[0]?.msg ?? null;

function newPersonProblems({ email }: InviteRow, facts: InviteFacts): InviteProblem[] {
  if (!isNewPerson(email, facts)) return [];
  if (!mayInviteNewPeople(facts.rights))
    return [forbidden('email', `${email} is not in the organization yet. ${WHO_INVITES}`)];
  if (facts.closedReason && !(facts.admitsDirectly && personAt(email, facts).invitation !== 'pending'))
    return [forbidden('email', `${email} cannot be invited: ${facts.closedReason}`)];
  const problem = firstProblem(grantedAgain(email, facts), facts);
  return problem === null ? [] : [forbidden('email', `${email} ${EXCEEDS_RIGHTS} ${problem}`)];
}

/** All parts if it is accepted; an expired one is recreated without the workspaces that the caller may not grant. */
function grantedAgain(email: string, facts: InviteFacts): readonly InviteRow[] {
  const { invitation, invitationParts } = personAt(email, facts);
  return invitation === 'pending' ? invitationParts : invitationParts.slice(0, 1);
}

const EXCEEDS_RIGHTS =
  'has an invitation that grants more than you may grant; an organization admin can renew or revoke it.';

function orgRoleProblems(row: InviteRow, { rights, roles }: GrantFacts): InviteProblem[] {
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
  const unknown = unknownTargets(row, facts);
  if (unknown.length > 0) return unknown;
  const { userId } = personAt(row.email, facts);
  return excesses(changesOf(row, userId), facts);
}

function unknownTargets(row: InviteRow, { workspaceIds, roles }: GrantFacts): InviteProblem[] {
  const unknown = row.workspaceIds.filter((id) => !workspaceIds.has(id));
  if (unknown.length > 0)
    return unknown.map((id) => notFound('workspace_ids', `There is no workspace ${id} here`));
  return roles.get(workspaceRoleOf(row))?.accessScope === 'workspace'
    ? []
    : [notFound('workspace_role_id', `There is no workspace role ${workspaceRoleOf(row)}`)];
}

function excesses(changes: readonly RightsChange[], { excessOf }: GrantFacts): InviteProblem[] {
  for (const change of changes) {
    const excess = excessOf(change);
    if (excess) return [forbidden(fieldOf(excess, change), excess.message)];
  }
  return [];
}

function fieldOf({ groupName }: Excess, { roleId }: RightsChange): string {
  if (groupName !== null) return 'email';
  return roleId === null ? 'workspace_ids' : 'workspace_role_id';
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

export function endProblems(
  { accessExpiresAt }: InviteRow,
  { refusedEnds }: Pick<InviteFacts, 'refusedEnds'>,
): InviteProblem[] {
  const msg = accessExpiresAt && refusedEnds.get(accessExpiresAt.getTime());
  return msg ? [{ field: 'access_expires_at', kind: 'malformed', msg }] : [];
}

const forbidden = (field: string, msg: string): InviteProblem => ({ field, kind: 'forbidden', msg });
const notFound = (field: string, msg: string): InviteProblem => ({ field, kind: 'not-found', msg });
