import { Injectable } from '@nestjs/common';
import { changesFor, type MembershipChanges } from '../../members/index.js';
import type { Org } from '../../orgs/index.js';
import { AddressProofs } from '../../passwords/index.js';
import { type Acceptance, AcceptInvitation, isEnoughFor } from './accept-invitation.js';
import { type FoundInvitation, InvitationsRepository } from './invitations.repository.js';

/** A user who becomes a member by other means than an invitation. */
type JoiningUser = {
  readonly userId: string;
  readonly email: string;
  /** Other addresses of the user; they are not proven. */
  readonly otherEmails: readonly string[];
  /** Of the audit entry that the caller writes about the user. */
  readonly auditEntryId: string;
};

export type ResolvedInvitation = {
  readonly id: string;
  readonly status: 'accepted' | 'revoked';
  /** The user had a seat; an expired invitation takes none. */
  readonly hadSeat: boolean;
  readonly changes: MembershipChanges;
};

/**
 * No user is both pending and a member (docs/decisions/0006): the invitation of one who joins by other means is accepted
 * if they could have accepted it with the proven address of the account, and revoked otherwise.
 */
@Injectable()
export class ResolveInvitations {
  constructor(
    private readonly invitations: InvitationsRepository,
    private readonly acceptInvitation: AcceptInvitation,
    private readonly proofs: AddressProofs,
  ) {}

  /** By user id; call it before the users are added. The caller holds the roster lock and writes the audit entries. */
  async run(org: Org, joiningUsers: readonly JoiningUser[]): Promise<Map<string, ResolvedInvitation>> {
    const emails = joiningUsers.flatMap(({ email, otherEmails }) => [email, ...otherEmails]);
    const pending = await this.invitations.findPendingByEmails(org.id, [...new Set(emails)]);
    if (pending.size === 0) return new Map();
    const { acceptedIds, changes } = await this.accept(org, joiningUsers, pending);
    const remaining = [...pending.values()].filter(({ id }) => !acceptedIds.has(id));
    await this.invitations.end(
      org.id,
      remaining.map(({ id }) => id),
      'revoked',
    );
    return new Map(joiningUsers.flatMap((user) => resolvedFor(user, pending, { acceptedIds, changes })));
  }

  private async accept(org: Org, joiningUsers: readonly JoiningUser[], pending: Pending): Promise<Accepted> {
    if (!org.invitesEnabled) return { acceptedIds: new Set(), changes: {} };
    const proofFor = await this.proofs.ofAccounts(
      joiningUsers.map(({ userId }) => userId),
      org.id,
    );
    const userByEmail = new Map(joiningUsers.map((user) => [user.email, user]));
    const usable = [...pending.values()].flatMap((invitation): Acceptance[] => {
      const user = userByEmail.get(invitation.email);
      if (user === undefined || invitation.isExpired) return [];
      const { userId, auditEntryId } = user;
      const isProved = isEnoughFor(proofFor(userId), invitation.orgRoleId);
      return isProved ? [{ invitation, userId, auditEntryId }] : [];
    });
    const { accepted, changes } = await this.acceptInvitation.acceptAll(org.id, usable);
    return { acceptedIds: new Set(accepted.map(({ id }) => id)), changes };
  }
}

type Pending = ReadonlyMap<string, FoundInvitation>;
type Accepted = { readonly acceptedIds: ReadonlySet<string>; readonly changes: MembershipChanges };

/** The invitation for the address of the account takes precedence over those for other addresses. */
function resolvedFor(
  { userId, email, otherEmails }: JoiningUser,
  pending: Pending,
  { acceptedIds, changes }: Accepted,
): [string, ResolvedInvitation][] {
  const own = [email, ...otherEmails].flatMap((address) => pending.get(address) ?? []);
  const [invitation] = own;
  if (!invitation) return [];
  const { id } = invitation;
  const hadSeat = own.some(({ isExpired }) => !isExpired);
  const status = acceptedIds.has(id) ? 'accepted' : 'revoked';
  return [[userId, { id, status, hadSeat, changes: changesFor([userId], changes) }]];
}
