import { Injectable } from '@nestjs/common';
import type { OrgPrincipal } from '../../common/access/principal.js';
import type { Problem } from '../../common/errors/domain-error.js';
import { ConcurrentChange } from '../../database/constraint-violation.js';
import { Transaction } from '../../database/transaction.js';
import { type User, UsersService } from '../users/index.js';
import { accountProblems, type AccountStanding, keyProblem } from './account-standing.js';
import { ExistingAccounts } from './existing-accounts.js';
import { type InviteContext, InviteContextLoader } from './invite-context-loader.js';
import {
  type InviteProblem,
  inviteRights,
  type InviteRow,
  orgRoleOf,
  inviteProblems,
} from './invite-rights.js';
import { ChosenIdsTaken, inviteRefusal } from './invitations.errors.js';
import { newcomersOf, Seats } from './seats.js';
import { WriteMemberships } from './write-joins.js';

/** `userId` is the chosen id of a new account; null = any. */
export type NewMember = InviteRow & { userId: string | null };

/** `isNew`: the person had no account before, or one that nobody could use; it needs a password. */
export type DirectlyAddedMember = { user: User; isNew: boolean };

/**
 * Makes people members at once, without an invitation to accept; one that waits for them is consumed, so that they get
 * what was invited and what is given now (contract decision 42). For organization managers.
 */
@Injectable()
export class AddMembersDirectly {
  constructor(
    private readonly transaction: Transaction,
    private readonly contexts: InviteContextLoader,
    private readonly users: UsersService,
    private readonly accounts: ExistingAccounts,
    private readonly seats: Seats,
    private readonly writeMemberships: WriteMemberships,
  ) {}

  /**
   * One result per row, in the order of the rows. The caller records it. People whose accounts this organization did not
   * make are refused, so nothing is told of anybody who is no member in the end (contract decisions 48 and 49).
   */
  run(
    principal: OrgPrincipal,
    rows: readonly NewMember[],
    locate: (row: number) => Problem['loc'],
  ): Promise<DirectlyAddedMember[]> {
    const origin = { rights: inviteRights(principal, false), fromWorkspaceId: null };
    return this.transaction.runAs(principal, async () => {
      const context = await this.contexts.load(principal, rows, origin);
      const standing = await this.accounts.standingOf(principal.orgId, strangersIn(context));
      assertAllowed(principal, rows, context, standing, locate);
      const people = rows.map((row) => ({
        ...row,
        id: row.userId,
        fullName: row.fullName ?? invitedName(context, row.email),
      }));
      await this.users.renameAll(reused(people, context, standing));
      const { users, newIds } = await this.users.ensure(people);
      assertChosenIdsMatch(rows, users, locate);
      assertNoneAppeared(users, context, newIds);
      await this.writeMemberships.run(rows, context, users);
      await this.seats.assertSeatsFor(context.org, newcomersOf(rows, locate, context.hasSeat));
      return rows.map(({ email }) => {
        const user = users.get(email)!;
        return { user, isNew: newIds.has(user.id) || standing.get(user.id) === 'unused' };
      });
    });
  }
}

const invitedName = ({ isInvitationExpired, findPending }: InviteContext, email: string): string | null =>
  isInvitationExpired(email) ? null : (findPending(email)?.fullName ?? null);

/** Who has an account, but is no member. */
const strangersIn = ({ users, findMember }: InviteContext): string[] =>
  [...users.values()].flatMap(({ id, email }) => (findMember(email) ? [] : [id]));

/**
 * Accounts that are used again, with the names that they get: what others had called them is not shown here. The first
 * row of an address decides.
 */
function reused(
  people: readonly Pick<NewMember, 'email' | 'fullName'>[],
  { users }: InviteContext,
  standing: ReadonlyMap<string, AccountStanding>,
): Pick<User, 'id' | 'fullName'>[] {
  const again = people.toReversed().flatMap(({ email, fullName }) => {
    const id = users.get(email)?.id;
    return id && standing.get(id) === 'unused' ? [{ id, fullName }] : [];
  });
  return [...new Map(again.map((account) => [account.id, account])).values()];
}

/** An account that somebody else made since the census was not looked at. */
function assertNoneAppeared(
  users: ReadonlyMap<string, User>,
  context: InviteContext,
  newIds: ReadonlySet<string>,
): void {
  const appeared = [...users.values()].some(({ id, email }) => !newIds.has(id) && !context.users.has(email));
  if (appeared) throw new ConcurrentChange('an account was made at the same moment');
}

function assertAllowed(
  principal: OrgPrincipal,
  rows: readonly InviteRow[],
  context: InviteContext,
  standing: ReadonlyMap<string, AccountStanding>,
  locate: (row: number) => Problem['loc'],
): void {
  const facts = {
    ...context.facts,
    isNew: (email: string) => !context.findMember(email), // pending people come in too
    acceptsPending: (email: string) => !context.isInvitationExpired(email),
  };
  const problems = rows.flatMap((row, index) =>
    [
      ...inviteProblems({ ...row, password: null }, facts),
      ...problemsOfAccount(principal, row, context, standing),
    ].map((problem) => ({ ...problem, row: index })),
  );
  if (problems.length > 0) throw inviteRefusal(problems, locate);
}

function problemsOfAccount(
  { credential }: OrgPrincipal,
  row: InviteRow,
  { users, findPending, isInvitationExpired }: InviteContext,
  standing: ReadonlyMap<string, AccountStanding>,
): InviteProblem[] {
  const { email } = row;
  const user = users.get(email);
  if (!user) return [];
  if (credential.kind !== 'session') return [keyProblem(email)];
  const here = standing.get(user.id);
  const offered = isInvitationExpired(email) ? null : findPending(email);
  const orgRoleIds = [orgRoleOf(row), ...(offered ? [offered.orgRoleId] : [])];
  return here ? accountProblems({ email, orgRoleIds }, here) : [];
}

/** After the write: the keys of the table decide whose an address and an id are, whatever happens at the same moment. */
function assertChosenIdsMatch(
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
