import { Injectable } from '@nestjs/common';
import { getOrThrow } from '../../../common/collections.js';
import {
  type MembershipChanges,
  OrgMembersService,
  type Provenance,
  WorkspaceMembersService,
} from '../../members/index.js';
import type { User } from '../../users/index.js';
import { type Acceptance, AcceptInvitation } from '../core/accept-invitation.js';
import type { InviteContext } from '../rights/invite-context-loader.js';
import { type InviteRow, orgRoleOf, workspaceRoleOf } from '../rights/invite-rights.js';
import { type FoundInvitation, InvitationsRepository } from '../core/invitations.repository.js';

/** Accepts pending invitations first, so that their roles take precedence, then adds what the call grants. */
@Injectable()
export class WriteMemberships {
  constructor(
    private readonly acceptInvitation: AcceptInvitation,
    private readonly invitations: InvitationsRepository,
    private readonly members: OrgMembersService,
    private readonly workspaceMembers: WorkspaceMembersService,
  ) {}

  async run(
    rows: readonly InviteRow[],
    context: InviteContext,
    users: ReadonlyMap<string, User>,
    provenance: Provenance,
  ): Promise<MembershipChanges> {
    const userIdOf = ({ email }: { email: string }) => getOrThrow(users, email).id;
    const requestedEnds = new Map(rows.toReversed().map((row) => [row.email, row.accessExpiresAt]));
    const acceptances = [...context.invitations.values()].map((invitation) => ({
      invitation: withEnd(invitation, requestedEnds.get(invitation.email)),
      userId: userIdOf(invitation),
      auditEntryId: provenance.auditEntryId,
    }));
    const accepted = await this.endInvitations(acceptances, context);
    const members = firstPerUser(
      rows.map((row) => ({
        userId: userIdOf(row),
        roleId: orgRoleOf(row),
        provenance,
        accessExpiresAt: row.accessExpiresAt ?? null,
      })),
    );
    const newMembers = await this.members.add(context.org.id, members);
    const workspaceMembers = rows.flatMap((row) =>
      inWorkspaces(
        context.members.has(row.email) ? row : { ...row, accessExpiresAt: null }, // ends with the organization
        userIdOf(row),
        provenance,
      ),
    );
    const added = await this.workspaceMembers.addAll(context.org.id, workspaceMembers);
    const orgAdded = members.filter(({ userId }) => newMembers.has(userId));
    return {
      orgAdded: [...(accepted.orgAdded ?? []), ...orgAdded],
      added: [...(accepted.added ?? []), ...added],
    };
  }

  /** Expired invitations are revoked and grant nothing. */
  private async endInvitations(
    acceptances: readonly (Acceptance & { invitation: FoundInvitation })[],
    { org }: InviteContext,
  ): Promise<MembershipChanges> {
    const { usable = [], expired = [] } = Object.groupBy(acceptances, ({ invitation }) =>
      invitation.isExpired ? 'expired' : 'usable',
    );
    const expiredIds = expired.map(({ invitation }) => invitation.id);
    await this.invitations.end(org.id, expiredIds, 'revoked');
    return (await this.acceptInvitation.acceptAll(org.id, usable)).changes;
  }
}

/** A user may occur only once in one statement; the first row decides. */
const firstPerUser = <T extends { userId: string }>(rows: readonly T[]): T[] => [
  ...new Map(rows.toReversed().map((row) => [row.userId, row])).values(),
];

/** The end that the call names is that of the membership; without one, that of the invitation is. */
const withEnd = (invitation: FoundInvitation, requested: Date | null | undefined): FoundInvitation =>
  requested === undefined ? invitation : { ...invitation, accessExpiresAt: requested };

/** The memberships that a row gives a member of the organization. */
export const inWorkspaces = (row: InviteRow, userId: string, provenance: Provenance) =>
  row.workspaceIds.map((workspaceId) => ({
    workspaceId,
    userId,
    roleId: workspaceRoleOf(row),
    provenance,
    accessExpiresAt: row.accessExpiresAt ?? null,
  }));
