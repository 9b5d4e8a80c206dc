import { Injectable } from '@nestjs/common';
import { OrgMembersService, WorkspaceMembersService } from '../../members/index.js';
import type { User } from '../../users/index.js';
import { AcceptInvitation } from '../core/accept-invitation.js';
import type { InviteContext } from '../rights/invite-context-loader.js';
import type { Invitation } from '../core/invitation.entity.js';
import { type InviteRow, orgRoleOf, workspaceRoleOf } from '../rights/invite-rights.js';
import { InvitationsRepository } from '../core/invitations.repository.js';

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
  ): Promise<void> {
    const userOf = ({ email }: { email: string }) => users.get(email)!.id;
    const pending = new Set(rows.flatMap(({ email }) => context.findPending(email) ?? []));
    await this.endPending([...pending], context, userOf);
    const members = rows.map((row) => ({ userId: userOf(row), roleId: orgRoleOf(row) }));
    await this.members.add(context.org.id, firstPerUser(members), 'manual');
    const workspaceMembers = rows.flatMap((row) =>
      row.workspaceIds.map((workspaceId) => ({
        workspaceId,
        userId: userOf(row),
        roleId: workspaceRoleOf(row),
      })),
    );
    await this.workspaceMembers.addAll(context.org.id, workspaceMembers, 'manual');
  }

  /** Expired invitations are revoked and grant nothing. */
  private async endPending(
    invitations: readonly Invitation[],
    { org, isInvitationExpired }: InviteContext,
    userOf: (invitation: Invitation) => string,
  ): Promise<void> {
    const { usable = [], expired = [] } = Object.groupBy(invitations, ({ email }) =>
      isInvitationExpired(email) ? 'expired' : 'usable',
    );
    const expiredIds = expired.map(({ id }) => id);
    await this.invitations.end(org.id, expiredIds, 'revoked');
    await this.acceptInvitation.acceptAll(org.id, usable, userOf);
  }
}

/** A user may occur only once in one statement; the first row decides. */
const firstPerUser = <T extends { userId: string }>(rows: readonly T[]): T[] => [
  ...new Map(rows.toReversed().map((row) => [row.userId, row])).values(),
];
