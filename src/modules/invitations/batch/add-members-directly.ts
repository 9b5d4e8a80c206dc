import { Injectable } from '@nestjs/common';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import { getOrThrow } from '../../../common/collections.js';
import { ConcurrentChange } from '../../../database/transactions/constraint-violation.errors.js';
import { Transaction } from '../../../database/transactions/transaction.js';
import { createdBy, type MembershipChanges } from '../../members/index.js';
import { type User, UsersRepository } from '../../users/index.js';
import { accountProblems, type AccountStatus, ExistingAccounts, keyProblem } from './existing-accounts.js';
import { type InviteContext, InviteContextLoader } from '../rights/invite-context-loader.js';
import {
  type InviteProblem,
  inviteRights,
  type InviteRow,
  orgRoleOf,
  inviteProblems,
} from '../rights/invite-rights.js';
import type { Invitation } from '../core/entities.js';
import { ChosenIdsTaken } from '../core/invitations.errors.js';
import { assertNoProblems } from '../rights/invite-refusal.errors.js';
import type { LocatedRows, RowLocator } from '../core/row-location.js';
import { newSeatsOf, Seats } from '../core/seats.js';
import { WriteMemberships } from './write-memberships.js';

/** `userId` is the id requested for a new account; null if any id will do. */
export type NewMember = InviteRow & { userId: string | null };

/** `isNew`: the user had no account, or an unused one; it needs a password. */
type DirectlyAddedMember = {
  user: User;
  isNew: boolean;
  /** The end of the membership in the organization, and the one that the row names. */
  accessExpiresAt: Date | null;
  requestedEnd: Date | null | undefined;
};

type DirectlyAdded = {
  readonly members: readonly DirectlyAddedMember[];
  readonly changes: MembershipChanges;
};

/**
 * Adds members at once, without an invitation to accept. A pending invitation of the same address is consumed: the user
 * gets its grants and those of this call (docs/contract/invitations.md#passwords-in-invitations).
 */
@Injectable()
export class AddMembersDirectly {
  constructor(
    private readonly transaction: Transaction,
    private readonly contexts: InviteContextLoader,
    private readonly users: UsersRepository,
    private readonly accounts: ExistingAccounts,
    private readonly seats: Seats,
    private readonly writeMemberships: WriteMemberships,
  ) {}

  /**
   * One result per row, in row order; the caller writes the audit entry with the id `auditEntryId`. Accounts that this
   * organization did not create are refused, so the result reveals nothing about users outside it
   * (docs/contract/passwords.md#what-a-password-proves).
   */
  run(
    principal: OrgPrincipal,
    members: LocatedRows<NewMember>,
    auditEntryId: string,
  ): Promise<DirectlyAdded> {
    const { rows, locate } = members;
    const origin = { rights: inviteRights(principal, false), fromWorkspaceId: null, addsMembers: true };
    const load = () => this.contexts.load(principal, rows, origin);
    return this.transaction.as(principal, load, async (context) => {
      const statuses = await this.accounts.statusesOf(principal.orgId, nonMembersIn(context));
      assertNoProblems(members, (row) => [
        ...inviteProblems({ ...row, password: null }, context.facts),
        ...problemsOfAccount(principal, row, context, statuses),
      ]);
      const people = rows.map((row) => ({
        ...row,
        id: row.userId,
        fullName: row.fullName ?? invitedName(context, row.email),
      }));
      await this.users.rename(renamedAccounts(people, context, statuses));
      const { users, newIds } = await this.users.ensure(people);
      assertChosenIdsMatch(rows, users, locate);
      assertNoneAppeared(users, context, newIds);
      const provenance = createdBy(principal, 'direct_add', auditEntryId);
      const changes = await this.writeMemberships.run(rows, context, users, provenance);
      await this.seats.assertSeatsFor(context.org, newSeatsOf(rows, locate, context));
      const added = rows.map(({ email, accessExpiresAt: requestedEnd }) => {
        const user = getOrThrow(users, email);
        const isNew = newIds.has(user.id) || statuses.get(user.id) === 'unused';
        return { user, isNew, accessExpiresAt: endOf(rows, context, email), requestedEnd };
      });
      return { members: added, changes };
    });
  }
}

const invitedName = (context: InviteContext, email: string): string | null =>
  acceptedInvitation(context, email)?.fullName ?? null;

/** The invitation that is accepted for the user; null if there is none or it has expired. */
function acceptedInvitation({ invitations }: InviteContext, email: string): Invitation | null {
  const invitation = invitations.get(email);
  return invitation && !invitation.isExpired ? invitation : null;
}

/** Of a member it stays; else the first row of an address decides, or the invitation. */
function endOf(rows: readonly InviteRow[], context: InviteContext, email: string): Date | null {
  const member = context.members.get(email);
  if (member) return member.membership.accessExpiresAt;
  const requested = rows.find((row) => row.email === email)?.accessExpiresAt;
  return requested === undefined ? (acceptedInvitation(context, email)?.accessExpiresAt ?? null) : requested;
}

/** The ids of users who have an account but are not members. */
const nonMembersIn = ({ users, members }: InviteContext): string[] =>
  [...users.values()].flatMap(({ id, email }) => (members.has(email) ? [] : [id]));

/**
 * Unused accounts, with their new names: a name given by another organization is not shown here. The first row of an
 * address decides.
 */
function renamedAccounts(
  people: readonly Pick<NewMember, 'email' | 'fullName'>[],
  { users }: InviteContext,
  statuses: ReadonlyMap<string, AccountStatus>,
): Pick<User, 'id' | 'fullName'>[] {
  const renamed = people.toReversed().flatMap(({ email, fullName }) => {
    const id = users.get(email)?.id;
    return id && statuses.get(id) === 'unused' ? [{ id, fullName }] : [];
  });
  return [...new Map(renamed.map((account) => [account.id, account])).values()];
}

/** @throws ConcurrentChange if another transaction created an account after the invite context was loaded */
function assertNoneAppeared(
  users: ReadonlyMap<string, User>,
  context: InviteContext,
  newIds: ReadonlySet<string>,
): void {
  const appeared = [...users.values()].some(({ id, email }) => !newIds.has(id) && !context.users.has(email));
  if (appeared)
    throw new ConcurrentChange('an account for one of these addresses was created at the same time');
}

function problemsOfAccount(
  { credential }: OrgPrincipal,
  row: InviteRow,
  context: InviteContext,
  statuses: ReadonlyMap<string, AccountStatus>,
): InviteProblem[] {
  const { email } = row;
  const user = context.users.get(email);
  if (!user) return [];
  if (credential.kind !== 'session') return [keyProblem(email)];
  const accountStatus = statuses.get(user.id);
  const accepted = acceptedInvitation(context, email);
  const orgRoleIds = [orgRoleOf(row), ...(accepted ? [accepted.orgRoleId] : [])];
  return accountStatus ? accountProblems({ email, orgRoleIds }, accountStatus) : [];
}

/**
 * Called after the write: the unique keys of the table decide which user has an address or an id, also under
 * concurrency.
 */
function assertChosenIdsMatch(
  rows: readonly NewMember[],
  users: ReadonlyMap<string, User>,
  locate: RowLocator,
): void {
  const problems = rows.flatMap(({ email, userId }, index) => {
    const owner = users.get(email);
    if (userId === null || owner?.id === userId) return [];
    const msg = owner ? `${email} has an account with another id` : `The id ${userId} for ${email} is taken`;
    return [{ loc: [...locate(index), 'user_id'], msg, type: 'conflict' }];
  });
  if (problems.length > 0) throw new ChosenIdsTaken(problems);
}
