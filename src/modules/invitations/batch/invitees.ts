import { getOrThrow } from '../../../common/collections.js';
import type { Grant, InvitationTimes, NewInvitation, OfferedEnd } from '../core/invitations.repository.js';
import type { PendingMember } from '../core/pending-member-directory.read-model.js';
import type { InviteContext } from '../rights/invite-context-loader.js';
import {
  type InviteFacts,
  type InviteRow,
  mayChangePart,
  mayGrantPart,
  orgRoleOf,
  personAt,
  workspaceRoleOf,
} from '../rights/invite-rights.js';
import type { AuditDetails } from '../../audit/index.js';
import { changeOfEnd, type Provenance } from '../../members/index.js';

/** By address: of several rows the first one. */
export const firstRows = <Row extends { readonly email: string }>(rows: readonly Row[]): Map<string, Row> =>
  new Map(rows.toReversed().map((row) => [row.email, row]));

/** The memberships that a row gives a member of the organization. */
export const inWorkspaces = (row: InviteRow, userId: string, provenance: Provenance) =>
  row.workspaceIds.map((workspaceId) => ({
    workspaceId,
    userId,
    roleId: workspaceRoleOf(row),
    provenance,
    accessExpiresAt: row.accessExpiresAt ?? null,
  }));

/** A non-member, once per address, with the grants of all rows. */
export type Invitee = NewInvitation & { grants: Grant[] };

/** The first row of an address decides the name and the org role. */
export const inviteesOf = (rows: readonly InviteRow[], fromWorkspaceId: string | null): Invitee[] =>
  [...Map.groupBy(rows, ({ email }) => email)].flatMap(([email, ownRows]) =>
    ownRows.slice(0, 1).map((first) => ({
      email,
      fullName: first.fullName,
      orgRoleId: orgRoleOf(first),
      accessExpiresAt: first.accessExpiresAt ?? null,
      grants: grantsOf(ownRows, fromWorkspaceId),
    })),
  );

/** Each workspace once, with the role of the first row that names it; sorted in the order of display. */
function grantsOf(rows: readonly InviteRow[], fromWorkspaceId: string | null): Grant[] {
  const grants = new Map(
    rows.toReversed().flatMap((row) =>
      row.workspaceIds.map((workspaceId): [string, Grant] => {
        const accessExpiresAt = (fromWorkspaceId !== null && row.accessExpiresAt) || null;
        return [workspaceId, { workspaceId, roleId: workspaceRoleOf(row), accessExpiresAt }];
      }),
    ),
  );
  return [...grants.values()].sort(byWorkspaceId);
}

/** Ids are in lower case, so this is the order of the database. */
const byWorkspaceId = (a: Grant, b: Grant): number => (a.workspaceId < b.workspaceId ? -1 : 1);

/** Rows are not read back: for a batch of 500 that takes a fifth of the time. */
export const asPending = (
  invitation: Invitee & InvitationTimes & { id: string; isMailed: boolean },
  fromWorkspaceId: string | null,
  { org, facts }: InviteContext,
): PendingMember => ({
  ...invitation,
  expiresAt: earlier(invitation.expiresAt, invitation.accessExpiresAt),
  accessExpiresAt: fromWorkspaceId === null ? invitation.accessExpiresAt : null,
  orgId: org.id,
  orgRoleName: getOrThrow(facts.roles, invitation.orgRoleId).displayName,
  isExpired: false,
  refusedAt: null,
  refusalCode: null,
  linkMadeAt: null,
  grants: invitation.grants.map((grant) => ({
    ...grant,
    roleName: getOrThrow(facts.roles, grant.roleId).displayName,
    accessExpiresAt: grant.accessExpiresAt?.toISOString() ?? null,
  })),
});

const earlier = (one: Date | null, other: Date | null): Date | null =>
  one && other ? (one < other ? one : other) : (one ?? other);

/*
 * What inviting again changes in pending invitations (docs/contract/invitations.md#one-invitation-per-address and
 * #end-of-access).
 */

type PendingInvitee = { readonly id: string; readonly email: string };
/** `fromWorkspaceId`: the inviting workspace; null at organization level. */
type Batch = { readonly rows: readonly InviteRow[]; readonly fromWorkspaceId: string | null };

/** What the invitation of the address offers in the inviting workspace, or at organization level. */
const presentPart = (email: string, { fromWorkspaceId }: Batch, facts: InviteFacts): InviteRow | undefined =>
  personAt(email, facts).invitationParts.find(({ workspaceIds }) =>
    fromWorkspaceId === null ? workspaceIds.length === 0 : workspaceIds.includes(fromWorkspaceId),
  );

/** The new roles in the inviting workspace: those that a row names, where the caller may replace the present one. */
export function changedRoles(
  batch: Batch,
  pending: readonly PendingInvitee[],
  { facts }: InviteContext,
): { id: string; grants: Grant[] }[] {
  const { rows, fromWorkspaceId: workspaceId } = batch;
  if (workspaceId === null) return [];
  const named = firstRows(rows);
  return pending.flatMap(({ id, email }) => {
    const present = presentPart(email, batch, facts);
    const roleId = named.get(email)?.workspaceRoleId;
    if (!present || !roleId || !mayChangePart(present, roleId, facts)) return [];
    return [{ id, grants: [{ workspaceId, roleId, accessExpiresAt: null }] }];
  });
}

/** The ends that rows name, in the organization or in the inviting workspace. */
export function requestedEnds(
  { rows, fromWorkspaceId }: Batch,
  invited: readonly PendingInvitee[],
): OfferedEnd[] {
  const named = firstRows(rows);
  return invited.flatMap(({ id, email }) => {
    const at = named.get(email)?.accessExpiresAt;
    return at === undefined ? [] : [{ id, workspaceId: fromWorkspaceId, at }];
  });
}

/** The new ends, where the caller may change the present one. */
export const changedEnds = (
  batch: Batch,
  pending: readonly PendingInvitee[],
  { facts }: InviteContext,
): OfferedEnd[] =>
  pending.flatMap((invitee) => {
    const present = presentPart(invitee.email, batch, facts);
    return requestedEnds(batch, [invitee]).filter(({ at }) => present && mayChangeEnd(present, at, facts));
  });

/** Whether the caller may change the end of the part; that of the organization as its role. */
const mayChangeEnd = (part: InviteRow, end: Date | null, facts: InviteFacts): boolean =>
  changeOfEnd(part.accessExpiresAt ?? null, end) === 'taken'
    ? mayChangePart(part, null, facts)
    : mayGrantPart(part, facts);

/** By the id of the invitation; null is permanent. */
export type EndsById = ReadonlyMap<string, Date | null>;

export const endsById = (
  created: readonly { readonly id: string; readonly accessExpiresAt: Date | null }[],
  changed: readonly OfferedEnd[],
): EndsById =>
  new Map([
    ...created.flatMap(({ id, accessExpiresAt: at }) => (at ? [[id, at] as const] : [])),
    ...changed.map(({ id, at }) => [id, at] as const),
  ]);

/** For the audit log. */
export const offeredEnds = (ends: EndsById): AuditDetails =>
  ends.size === 0
    ? {}
    : { access_expires_at: Object.fromEntries([...ends].map(([id, at]) => [id, at?.toISOString() ?? null])) };
