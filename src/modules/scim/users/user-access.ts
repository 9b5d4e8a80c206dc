import { Injectable } from '@nestjs/common';
import type { ScimPrincipal } from '../../../common/access/principal.js';
import { canonicalSearchEmail } from '../../../common/canonical-email.js';
import { unique } from '../../../common/collections.js';
import type { AuditDetails } from '../../audit/index.js';
import { InvitationsService } from '../../invitations/index.js';
import { membershipFacts, SourcedMemberships } from '../../members/index.js';
import { UsersRepository } from '../../users/index.js';
import { ScimRolesService } from '../roles/scim-roles.service.js';
import { ScimTokenScope } from '../tokens/scim-token-scope.js';

/** Invitation ids by user. */
type Revoked = ReadonlyMap<string, readonly string[]>;

type AddressedUser = { readonly userId: string; readonly emails: readonly string[] };

/**
 * Ends a user's access within a change, or resumes it: sessions end by the membership event, tokens are invalid without the
 * membership, and pending invitations to the user's addresses are revoked. Callers hold the roster lock.
 */
@Injectable()
export class UserAccess {
  constructor(
    private readonly memberships: SourcedMemberships,
    private readonly invitations: InvitationsService,
    private readonly users: UsersRepository,
    private readonly tokenScope: ScimTokenScope,
    readonly roles: ScimRolesService,
  ) {}

  /** `isReassigned`: another user could come to sign in as this one. @throws TokenMayNotManageAdmins, TokenMayNotReassignAccount */
  async assertMayChange(by: ScimPrincipal, userId: string, isReassigned: boolean): Promise<void> {
    await this.tokenScope.assertMayChange(by, [userId]);
    if (isReassigned) await this.tokenScope.assertMayReassign(by, userId);
  }

  async enable(by: ScimPrincipal, userId: string): Promise<void> {
    await this.memberships.enable(by.orgId, userId);
  }

  /** With a fixed number of statements. @throws LastAdminRequired, TokenMayNotTouchInvitation */
  async disable(by: ScimPrincipal, users: readonly AddressedUser[]): Promise<Revoked> {
    if (users.length === 0) return new Map();
    await this.memberships.disable(
      by.orgId,
      users.map(({ userId }) => userId),
    );
    return this.endInvitations(by, users);
  }

  /** Returns what the audit entry says. @throws TokenMayNotManageAdmins, LastAdminRequired, TokenMayNotTouchInvitation */
  async remove(by: ScimPrincipal, user: AddressedUser): Promise<AuditDetails> {
    await this.tokenScope.assertMayChange(by, [user.userId]);
    const removed = await this.memberships.remove(by.orgId, user.userId);
    return { ...membershipFacts(removed), ...revokedDetails(user, await this.endInvitations(by, [user])) };
  }

  /** Invitations to these addresses and to those of the accounts. @throws TokenMayNotTouchInvitation */
  async endInvitations(by: ScimPrincipal, users: readonly AddressedUser[]): Promise<Revoked> {
    if (users.length === 0) return new Map();
    const accounts = await this.users.findByIds(users.map(({ userId }) => userId));
    const addressesOf = ({ userId, emails }: AddressedUser) =>
      unique([accounts.get(userId)?.email ?? [], emails.map(canonicalSearchEmail)].flat());
    const addresses = unique(users.flatMap(addressesOf));
    await this.tokenScope.assertMayRevoke(by, addresses);
    const revokedByEmail = await this.invitations.revokeByEmails(by.orgId, addresses);
    const revokedOf = (user: AddressedUser) =>
      addressesOf(user).flatMap((email) => revokedByEmail.get(email) ?? []);
    return new Map(users.map((user) => [user.userId, revokedOf(user)]));
  }
}

export function revokedDetails({ userId }: { userId: string }, ...revoked: readonly Revoked[]): AuditDetails {
  const ids = revoked.flatMap((revocations) => revocations.get(userId) ?? []);
  return ids.length > 0 ? { revoked_invitation_ids: ids } : {};
}
