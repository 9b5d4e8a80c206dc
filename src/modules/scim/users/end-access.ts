import { Injectable } from '@nestjs/common';
import type { ScimPrincipal } from '../../../common/access/principal.js';
import type { AuditDetails } from '../../audit/index.js';
import { InvitationsService } from '../../invitations/index.js';
import { MemberStates } from '../../members/index.js';
import { UsersService } from '../../users/index.js';
import { searchedEmail } from '../../../common/email/canonical-email.js';
import { TokenReach } from '../token-reach.js';

/** Ids of invitations, by person. */
type Revoked = ReadonlyMap<string, readonly string[]>;

type Addressed = { readonly userId: string; readonly emails: readonly string[] };

/**
 * Everything by which a person gets in ends with the change that says so: sessions by the event of the membership, tokens
 * because they are void without it, and what is pending for his addresses here. The caller holds the roster lock.
 */
@Injectable()
export class EndAccess {
  constructor(
    private readonly states: MemberStates,
    private readonly invitations: InvitationsService,
    private readonly users: UsersService,
    private readonly reach: TokenReach,
  ) {}

  /** Until they are enabled again. A fixed number of statements. @throws LastAdminMustStay, TokenMayNotTouchInvitation */
  async disable(by: ScimPrincipal, people: readonly Addressed[]): Promise<Revoked> {
    if (people.length === 0) return new Map();
    await this.states.disable(
      by.orgId,
      people.map(({ userId }) => userId),
    );
    return this.endInvitations(by, people);
  }

  /** For good. @throws LastAdminMustStay, TokenMayNotTouchInvitation */
  async remove(by: ScimPrincipal, person: Addressed): Promise<Revoked> {
    await this.states.remove(by.orgId, person.userId);
    return this.endInvitations(by, [person]);
  }

  /** To these addresses, and to those of the accounts, which the records need not name. @throws TokenMayNotTouchInvitation */
  async endInvitations(by: ScimPrincipal, people: readonly Addressed[]): Promise<Revoked> {
    if (people.length === 0) return new Map();
    const accounts = await this.users.findByIds(people.map(({ userId }) => userId));
    const addressesOf = ({ userId, emails }: Addressed) => {
      const own = accounts.get(userId)?.email;
      return [...new Set([...(own ? [own] : []), ...emails.map(searchedEmail)])];
    };
    const addresses = [...new Set(people.flatMap(addressesOf))];
    await this.reach.assertMayRevoke(by, addresses);
    const ended = await this.invitations.withdrawFrom(by.orgId, addresses);
    return new Map(
      people.map((person) => [person.userId, addressesOf(person).flatMap((email) => ended.get(email) ?? [])]),
    );
  }
}

/** As the audit log names them. */
export function revokedOf({ userId }: { userId: string }, ...revoked: readonly Revoked[]): AuditDetails {
  const ids = revoked.flatMap((some) => some.get(userId) ?? []);
  return ids.length > 0 ? { revoked_invitation_ids: ids } : {};
}
