import { Injectable } from '@nestjs/common';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import { getOrThrow } from '../../../common/collections.js';
import { ConcurrentChange } from '../../../database/transactions/constraint-violation.errors.js';
import { Transaction } from '../../../database/transactions/transaction.js';
import { createdBy, type MembershipChanges } from '../../members/index.js';
import { type User, UsersRepository } from '../../users/index.js';
import { type InviteContext, InviteContextLoader } from '../rights/invite-context-loader.js';
import {
  type InviteProblem,
  inviteRights,
  type InviteRow,
  orgRoleOf,
  inviteProblems,
} from '../rights/invite-rights.js';
import { ChosenIdsTaken } from '../core/invitations.errors.js';
import { assertNoProblems } from '../rights/invite-refusal.errors.js';
import type { LocatedRows, RowLocator } from '../core/row-location.js';
import { newSeatsOf, Seats } from '../core/seats.js';
import { accountProblems, type AccountStatus, ExistingAccounts, keyProblem } from './existing-accounts.js';
import { firstRows } from './invitees.js';
import { acceptedInvitation, endOf, WriteMemberships } from './write-memberships.js';

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

/** Accepts pending invitations for the people that it adds (docs/contract/invitations.md#passwords-in-invitations). */
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
   * One result per row, in order; the caller writes the audit entry with the id `auditEntryId`. Accounts that this
   * organization did not create are refused (docs/contract/passwords.md#what-a-password-proves).
   */
  run(
    principal: OrgPrincipal,
    members: LocatedRows<NewMember>,
    auditEntryId: string,
  ): Promise<{ members: readonly DirectlyAddedMember[]; changes: MembershipChanges }> {
    const { rows, locate } = members;
    const origin = { rights: inviteRights(principal, false), fromWorkspaceId: null, addsMembers: true };
    const load = () => this.contexts.load(principal, rows, origin);
    return this.transaction.as(principal, load, async (context) => {
      const nonMembers = [...context.users.values()].filter(({ email }) => !context.members.has(email));
      const ids = nonMembers.map(({ id }) => id);
      const statuses = await this.accounts.statusesOf(principal.orgId, ids);
      assertNoProblems(members, (row) => [
        ...inviteProblems({ ...row, password: null }, context.facts),
        ...problemsOfAccount(principal, row, context, statuses),
      ]);
      const people = rows.map((row) => ({
        ...row,
        id: row.userId,
        fullName: row.fullName ?? acceptedInvitation(context, row.email)?.fullName ?? null,
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

/** Unused accounts, with their new names: a name given by another organization is not shown here. */
function renamedAccounts(
  people: readonly Pick<NewMember, 'email' | 'fullName'>[],
  { users }: InviteContext,
  statuses: ReadonlyMap<string, AccountStatus>,
): Pick<User, 'id' | 'fullName'>[] {
  return [...firstRows(people).values()].flatMap(({ email, fullName }) => {
    const id = users.get(email)?.id;
    return id && statuses.get(id) === 'unused' ? [{ id, fullName }] : [];
  });
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
  return accountStatus ? accountProblems(email, orgRoleIds, accountStatus) : [];
}

/** After the write, since unique keys decide which user has an address or an id. */
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
