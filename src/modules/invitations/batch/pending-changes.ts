import type { AuditDetails } from '../../audit/index.js';
import { changeOfEnd } from '../../members/index.js';
import type { Grant, OfferedEnd } from '../core/invitations.repository.js';
import type { InviteContext } from '../rights/invite-context-loader.js';
import {
  type InviteFacts,
  type InviteRow,
  mayChangePart,
  mayGrantPart,
  personAt,
} from '../rights/invite-rights.js';

/*
 * What inviting again changes in pending invitations (docs/contract/invitations.md#one-invitation-per-address and
 * #end-of-access).
 */

type PendingInvitee = { readonly id: string; readonly email: string };
/** `fromWorkspaceId`: the inviting workspace; null at organization level. */
type Batch = { readonly rows: readonly InviteRow[]; readonly fromWorkspaceId: string | null };

/**
 * The new roles of pending invitations in the inviting workspace: those that a row names, where the caller may replace
 * the present one (docs/contract/invitations.md#one-invitation-per-address).
 */
export function changedRoles(
  { rows, fromWorkspaceId }: Batch,
  pending: readonly PendingInvitee[],
  { facts }: InviteContext,
): { id: string; grants: Grant[] }[] {
  if (fromWorkspaceId === null) return [];
  const named = new Map(rows.toReversed().map(({ email, workspaceRoleId }) => [email, workspaceRoleId]));
  return pending.flatMap(({ id, email }) => {
    const present = personAt(email, facts).invitationParts.find(({ workspaceIds }) =>
      workspaceIds.includes(fromWorkspaceId),
    );
    const roleId = named.get(email);
    if (!present || !roleId || !mayChangePart(present, roleId, facts)) return [];
    return [{ id, grants: [{ workspaceId: fromWorkspaceId, roleId, accessExpiresAt: null }] }];
  });
}

/** The ends that rows name, of the first row of each address: in the organization, or in the inviting workspace. */
export function requestedEnds(
  { rows, fromWorkspaceId }: Batch,
  invited: readonly PendingInvitee[],
): OfferedEnd[] {
  const named = new Map(rows.toReversed().map(({ email, accessExpiresAt }) => [email, accessExpiresAt]));
  return invited.flatMap(({ id, email }) => {
    const at = named.get(email);
    return at === undefined ? [] : [{ id, workspaceId: fromWorkspaceId, at }];
  });
}

/** The new ends of pending invitations, where the caller may change the present one. */
export const changedEnds = (
  batch: Batch,
  pending: readonly PendingInvitee[],
  { facts }: InviteContext,
): OfferedEnd[] =>
  pending.flatMap((invitee) => {
    const { fromWorkspaceId } = batch;
    const present = personAt(invitee.email, facts).invitationParts.find(({ workspaceIds }) =>
      fromWorkspaceId === null ? workspaceIds.length === 0 : workspaceIds.includes(fromWorkspaceId),
    );
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
