import { Injectable } from '@nestjs/common';
import { OrgMembersService, WorkspaceMembersService } from '../members/index.js';
import type { User } from '../users/index.js';
import { AcceptInvitation } from './accept-invitation.js';
import type { Census } from './invite-census.js';
import type { Invitation } from './invitation.entity.js';
import { type InviteRow, orgRoleOf, workspaceRoleOf } from './invite-rights.js';
import { InvitationsRepository } from './invitations.repository.js';

/** Consumed invitations first, so that their roles stand; then what the call gives. */
@Injectable()
export class WriteJoins {
  constructor(
    private readonly acceptInvitation: AcceptInvitation,
    private readonly invitations: InvitationsRepository,
    private readonly members: OrgMembersService,
    private readonly workspaceMembers: WorkspaceMembersService,
  ) {}

  async run(rows: readonly InviteRow[], census: Census, users: ReadonlyMap<string, User>): Promise<void> {
    const userOf = ({ email }: { email: string }) => users.get(email)!.id;
    const waiting = new Set(rows.flatMap(({ email }) => census.pendingOf(email) ?? []));
    await this.consume([...waiting], census, userOf);
    const members = rows.map((row) => ({ userId: userOf(row), roleId: orgRoleOf(row) }));
    await this.members.add(census.org.id, firstOfEach(members), 'manual');
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
  private async consume(
    invitations: readonly Invitation[],
    { org, hasRunOut }: Census,
    userOf: (invitation: Invitation) => string,
  ): Promise<void> {
    const { usable = [], runOut = [] } = Object.groupBy(invitations, ({ email }) =>
      hasRunOut(email) ? 'runOut' : 'usable',
    );
    const idsRunOut = runOut.map(({ id }) => id);
    await this.invitations.end(org.id, idsRunOut, 'revoked');
    await this.acceptInvitation.acceptAll(org.id, usable, userOf);
  }
}

/** In one statement a person may stand once only; the first row decides. */
const firstOfEach = <T extends { userId: string }>(rows: readonly T[]): T[] => [
  ...new Map(rows.toReversed().map((row) => [row.userId, row])).values(),
];
