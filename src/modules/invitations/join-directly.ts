import { Injectable } from '@nestjs/common';
import type { OrgPrincipal } from '../../common/access/principal.js';
import type { Problem } from '../../common/errors/domain-error.js';
import { ConcurrentChange } from '../../database/constraint-violation.js';
import { Transaction } from '../../database/transaction.js';
import { type User, UsersService } from '../users/index.js';
import { accountProblems, type AccountStanding, keyProblem } from './account-standing.js';
import { ExistingAccounts } from './existing-accounts.js';
import { type Census, InviteCensus } from './invite-census.js';
import { type InviteProblem, inviteRights, type InviteRow, orgRoleOf, problemsOf } from './invite-rights.js';
import { ChosenIdsTaken, refusal } from './invitations.errors.js';
import { newcomersOf, Seats } from './seats.js';
import { WriteJoins } from './write-joins.js';

/** `userId` is the chosen id of a new account; null = any. */
export type NewMember = InviteRow & { userId: string | null };

/** `isNew`: the person had no account before, or one that nobody could use; it needs a password. */
export type Joined = { user: User; isNew: boolean };

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
    private readonly accounts: ExistingAccounts,
    private readonly seats: Seats,
    private readonly joins: WriteJoins,
  ) {}

  /**
   * One result per row, in the order of the rows. The caller records it. People whose accounts this organization did not
   * make are refused, so nothing is told of anybody who is no member in the end (contract decisions 48 and 49).
   */
  run(
    principal: OrgPrincipal,
    rows: readonly NewMember[],
    locate: (row: number) => Problem['loc'],
  ): Promise<Joined[]> {
    const by = { rights: inviteRights(principal, false), fromWorkspaceId: null };
    return this.transaction.runAs(principal, async () => {
      const census = await this.census.take(principal, rows, by);
      const standing = await this.accounts.standingOf(principal.orgId, strangersIn(census));
      assertAllowed(principal, rows, census, standing, locate);
      const people = rows.map((row) => ({
        ...row,
        id: row.userId,
        fullName: row.fullName ?? nameOffered(census, row.email),
      }));
      await this.users.renameAll(reused(people, census, standing));
      const { users, newIds } = await this.users.ensure(people);
      assertIdsFit(rows, users, locate);
      assertNoneAppeared(users, census, newIds);
      await this.joins.run(rows, census, users);
      await this.seats.assertRoomFor(census.org, newcomersOf(rows, locate, census.hasSeat));
      return rows.map(({ email }) => {
        const user = users.get(email)!;
        return { user, isNew: newIds.has(user.id) || standing.get(user.id) === 'unused' };
      });
    });
  }
}

const nameOffered = ({ hasRunOut, pendingOf }: Census, email: string): string | null =>
  hasRunOut(email) ? null : (pendingOf(email)?.fullName ?? null);

/** Who has an account, but is no member. */
const strangersIn = ({ users, memberOf }: Census): string[] =>
  [...users.values()].flatMap(({ id, email }) => (memberOf(email) ? [] : [id]));

/**
 * Accounts that are used again, with the names that they get: what others had called them is not shown here. The first
 * row of an address decides.
 */
function reused(
  people: readonly Pick<NewMember, 'email' | 'fullName'>[],
  { users }: Census,
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
  census: Census,
  newIds: ReadonlySet<string>,
): void {
  const appeared = [...users.values()].some(({ id, email }) => !newIds.has(id) && !census.users.has(email));
  if (appeared) throw new ConcurrentChange('an account was made at the same moment');
}

function assertAllowed(
  principal: OrgPrincipal,
  rows: readonly InviteRow[],
  census: Census,
  standing: ReadonlyMap<string, AccountStanding>,
  locate: (row: number) => Problem['loc'],
): void {
  const facts = {
    ...census.facts,
    isNew: (email: string) => !census.memberOf(email), // pending people come in too
    isConsumed: (email: string) => !census.hasRunOut(email),
  };
  const problems = rows.flatMap((row, index) =>
    [
      ...problemsOf({ ...row, password: null }, facts),
      ...problemsOfAccount(principal, row, census, standing),
    ].map((problem) => ({ ...problem, row: index })),
  );
  if (problems.length > 0) throw refusal(problems, locate);
}

function problemsOfAccount(
  { credential }: OrgPrincipal,
  row: InviteRow,
  { users, pendingOf, hasRunOut }: Census,
  standing: ReadonlyMap<string, AccountStanding>,
): InviteProblem[] {
  const { email } = row;
  const user = users.get(email);
  if (!user) return [];
  if (credential.kind !== 'session') return [keyProblem(email)];
  const here = standing.get(user.id);
  const offered = hasRunOut(email) ? null : pendingOf(email);
  const orgRoleIds = [orgRoleOf(row), ...(offered ? [offered.orgRoleId] : [])];
  return here ? accountProblems({ email, orgRoleIds }, here) : [];
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
