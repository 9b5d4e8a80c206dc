import { Injectable } from '@nestjs/common';
import type { OrgPrincipal } from '../../common/access/principal.js';
import type { Problem } from '../../common/errors/domain-error.js';
import { Transaction } from '../../database/transaction.js';
import { OrgMembersService, WorkspaceMembersService } from '../members/index.js';
import { type User, UsersService } from '../users/index.js';
import { AcceptInvitation } from './accept-invitation.js';
import { type Census, InviteCensus } from './invite-census.js';
import type { Invitation } from './invitation.entity.js';
import { inviteRights, type InviteRow, orgRoleOf, problemsOf, workspaceRoleOf } from './invite-rights.js';
import { InvitationsRepository } from './invitations.repository.js';
import { ChosenIdsTaken, refusal } from './invitations.errors.js';
import { newcomersOf, Seats } from './seats.js';

/** `userId` is the chosen id of a new account; null = any. */
export type NewMember = InviteRow & { userId: string | null };

/** `isNew`: the person had no account before. */
export type Joined = { user: User; isNew: boolean };

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

/**
 * Makes people members at once, without an invitation to accept; one that waits for them is consumed, so that they get
 * what was invited and what is given now (contract decision 42). For organization managers.
 */
@Injectable()
export class JoinDirectly {
  constructor(
    private readonly transaction: Transaction,
    private readonly census: InviteCensus,
    private readonly users: UsersService,
    private readonly seats: Seats,
    private readonly joins: WriteJoins,
  ) {}

  /** One result per row, in the order of the rows. The caller records it. */
  run(
    principal: OrgPrincipal,
    rows: readonly NewMember[],
    locate: (row: number) => Problem['loc'],
  ): Promise<Joined[]> {
    const by = { rights: inviteRights(principal, false), fromWorkspaceId: null };
    return this.transaction.runAs(principal, async () => {
      const census = await this.census.take(principal, rows, by);
      assertAllowed(rows, census, locate);
      const { users, newIds } = await this.users.ensure(
        rows.map((row) => ({
          ...row,
          id: row.userId,
          fullName: row.fullName ?? nameOffered(census, row.email),
        })),
      );
      assertIdsFit(rows, users, locate);
      await this.joins.run(rows, census, users);
      await this.seats.assertRoomFor(census.org, newcomersOf(rows, locate, census.hasSeat));
      return rows.map(({ email }) => ({ user: users.get(email)!, isNew: newIds.has(users.get(email)!.id) }));
    });
  }
}

const nameOffered = ({ hasRunOut, pendingOf }: Census, email: string): string | null =>
  hasRunOut(email) ? null : (pendingOf(email)?.fullName ?? null);

/** In one statement a person may stand once only; the first row decides. */
const firstOfEach = <T extends { userId: string }>(rows: readonly T[]): T[] => [
  ...new Map(rows.toReversed().map((row) => [row.userId, row])).values(),
];

function assertAllowed(
  rows: readonly InviteRow[],
  census: Census,
  locate: (row: number) => Problem['loc'],
): void {
  const facts = {
    ...census.facts,
    isNew: (email: string) => !census.memberOf(email), // pending people come in too
    isConsumed: (email: string) => !census.hasRunOut(email),
  };
  const problems = rows.flatMap((row, index) =>
    problemsOf({ ...row, password: null }, facts).map((problem) => ({ ...problem, row: index })),
  );
  if (problems.length > 0) throw refusal(problems, locate);
}

/** After the write: the keys of the table decide whose an address and an id are, whatever happens at the same moment. */
function assertIdsFit(
  rows: readonly NewMember[],
  users: ReadonlyMap<string, User>,
  locate: (row: number) => Problem['loc'],
): void {
  const problems = rows.flatMap(({ email, userId }, index) => {
    const owner = users.get(email);
    if (userId === null || owner?.id === userId) return [];
    const msg = owner ? `${email} has an account with another id` : `The id ${userId} for ${email} is taken`;
    return [{ loc: [...locate(index), 'user_id'], msg, type: 'conflict' }];
  });
  if (problems.length > 0) throw new ChosenIdsTaken(problems);
}
