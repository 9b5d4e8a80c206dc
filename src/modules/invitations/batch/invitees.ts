import { getOrThrow } from '../../../common/collections.js';
import type { Grant, InvitationTimes, NewInvitation } from '../core/invitations.repository.js';
import type { PendingMember } from '../core/pending-member-directory.read-model.js';
import type { InviteContext } from '../rights/invite-context-loader.js';
import { type InviteRow, orgRoleOf, workspaceRoleOf } from '../rights/invite-rights.js';

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
