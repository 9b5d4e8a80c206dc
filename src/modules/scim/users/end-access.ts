import { Injectable } from '@nestjs/common';
import type { AuditDetails } from '../../audit/index.js';
import { InvitationsService } from '../../invitations/index.js';
import { MemberStates } from '../../members/index.js';
import { UsersService } from '../../users/index.js';
import { searchedEmail } from '../../../common/email/canonical-email.js';

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
  ) {}

  /** Until they are enabled again. A fixed number of statements. Throws LastAdminMustStay. */
  async disable(orgId: string, people: readonly Addressed[]): Promise<Revoked> {
    if (people.length === 0) return new Map();
    await this.states.disable(
      orgId,
      people.map(({ userId }) => userId),
    );
    return this.endInvitations(orgId, people);
  }

  /** For good. Throws LastAdminMustStay. */
  async remove(orgId: string, person: Addressed): Promise<Revoked> {
    await this.states.remove(orgId, person.userId);
    return this.endInvitations(orgId, [person]);
  }

  /** To these addresses, and to those of the accounts, which the records need not name. */
  async endInvitations(orgId: string, people: readonly Addressed[]): Promise<Revoked> {
    if (people.length === 0) return new Map();
    const accounts = await this.users.findByIds(people.map(({ userId }) => userId));
    const addressesOf = ({ userId, emails }: Addressed) => {
      const own = accounts.get(userId)?.email;
      return [...new Set([...(own ? [own] : []), ...emails.map(searchedEmail)])];
    };
    const ended = await this.invitations.withdrawFrom(orgId, [...new Set(people.flatMap(addressesOf))]);
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
