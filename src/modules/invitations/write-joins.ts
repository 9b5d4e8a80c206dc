import { Injectable } from '@nestjs/common';
import { OrgMembersService, WorkspaceMembersService } from '../members/index.js';
import type { User } from '../users/index.js';
import { AcceptInvitation } from './accept-invitation.js';
import type { InviteContext } from './invite-context-loader.js';
import type { Invitation } from './invitation.entity.js';
import { type InviteRow, orgRoleOf, workspaceRoleOf } from './invite-rights.js';
import { InvitationsRepository } from './invitations.repository.js';

/** Consumed invitations first, so that their roles stand; then what the call gives. */
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
    census: InviteContext,
    users: ReadonlyMap<string, User>,
  ): Promise<void> {
    const userOf = ({ email }: { email: string }) => users.get(email)!.id;
    const waiting = new Set(rows.flatMap(({ email }) => census.findPending(email) ?? []));
    await this.endPending([...waiting], census, userOf);
    const members = rows.map((row) => ({ userId: userOf(row), roleId: orgRoleOf(row) }));
    await this.members.add(census.org.id, firstPerUser(members), 'manual');
    const places = rows.flatMap((row) =>
      row.workspaceIds.map((workspaceId) => ({
        workspaceId,
        userId: userOf(row),
        roleId: workspaceRoleOf(row),
      })),
    );
    await this.workspaceMembers.addAll(census.org.id, places, 'manual');
  }

  /** Those that have run out give nothing any more; they only end. */
  private async endPending(
    invitations: readonly Invitation[],
    { org, isInvitationExpired }: InviteContext,
    userOf: (invitation: Invitation) => string,
  ): Promise<void> {
    const { usable = [], runOut = [] } = Object.groupBy(invitations, ({ email }) =>
      isInvitationExpired(email) ? 'runOut' : 'usable',
    );
    const idsRunOut = runOut.map(({ id }) => id);
    await this.invitations.end(org.id, idsRunOut, 'revoked');
    await this.acceptInvitation.acceptAll(org.id, usable, userOf);
  }
}

/** In one statement a person may stand once only; the first row decides. */
const firstPerUser = <T extends { userId: string }>(rows: readonly T[]): T[] => [
  ...new Map(rows.toReversed().map((row) => [row.userId, row])).values(),
];
