import { Injectable } from '@nestjs/common';
import type { Org } from '../orgs/index.js';
import { AddressProofs } from '../users/index.js';
import { AcceptInvitation } from './accept-invitation.js';
import { isEnoughFor } from './invitation-proof.js';
import { hasExpired } from './invitation-status.js';
import type { Invitation } from './invitation.entity.js';
import { InvitationsRepository } from './invitations.repository.js';

/** Somebody who becomes a member by another way than his invitation. */
type JoiningUser = {
  readonly userId: string;
  /** Of his account. */
  readonly email: string;
  /** By which he is known besides; nothing proves that they are his. */
  readonly otherEmails: readonly string[];
};

export type ResolvedInvitation = { readonly id: string; readonly status: 'accepted' | 'revoked' };

/**
 * Nobody is pending and a member (docs/decisions/0006): the invitation of who comes in otherwise ends with that. It gives
 * what it offers only to who could have accepted it himself: at the address of his account, which is proved his.
 */
@Injectable()
export class ResolveInvitations {
  constructor(
    private readonly invitations: InvitationsRepository,
    private readonly acceptInvitation: AcceptInvitation,
    private readonly proofs: AddressProofs,
  ) {}

  /** By person; before they are added. The caller holds the roster lock and records it. A fixed number of statements. */
  async run(org: Org, joiningUsers: readonly JoiningUser[]): Promise<Map<string, ResolvedInvitation>> {
    const emails = joiningUsers.flatMap(({ email, otherEmails }) => [email, ...otherEmails]);
    const pending = await this.invitations.findPendingByEmails(org.id, [...new Set(emails)]);
    if (pending.size === 0) return new Map();
    const acceptedIds = await this.accept(org, joiningUsers, pending);
    const remaining = [...pending.values()].filter(({ id }) => !acceptedIds.has(id));
    await this.invitations.end(
      org.id,
      remaining.map(({ id }) => id),
      'revoked',
    );
    return new Map(joiningUsers.flatMap((user) => resolvedFor(user, pending, acceptedIds)));
  }

  /** The ids of those that gave what they offer. */
  private async accept(
    org: Org,
    joiningUsers: readonly JoiningUser[],
    pending: Pending,
  ): Promise<Set<string>> {
    if (!org.invitesEnabled) return new Set();
    const proofFor = await this.proofs.ofAccounts(
      joiningUsers.map(({ userId }) => userId),
      org.id,
    );
    const userIdByEmail = new Map(joiningUsers.map(({ email, userId }) => [email, userId]));
    const usable = [...pending.values()].filter((invitation) => {
      const owner = userIdByEmail.get(invitation.email);
      const isProved = owner !== undefined && isEnoughFor(proofFor(owner), invitation.orgRoleId);
      return isProved && !hasExpired(invitation);
    });
    const accepted = await this.acceptInvitation.acceptAll(org.id, usable, ({ email }) =>
      userIdByEmail.get(email)!,
    );
    return new Set(accepted.map(({ id }) => id));
  }
}

type Pending = ReadonlyMap<string, Invitation>;

/** The one under his own address before any other. */
function resolvedFor(
  { userId, email, otherEmails }: JoiningUser,
  pending: Pending,
  acceptedIds: ReadonlySet<string>,
): [string, ResolvedInvitation][] {
  const invitation = [email, ...otherEmails].flatMap((address) => pending.get(address) ?? []).at(0);
  if (!invitation) return [];
  const { id } = invitation;
  return [[userId, { id, status: acceptedIds.has(id) ? 'accepted' : 'revoked' }]];
}
