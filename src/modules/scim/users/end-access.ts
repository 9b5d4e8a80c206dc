import { Injectable } from '@nestjs/common';
import { InvitationsService } from '../../invitations/index.js';
import { MemberStates } from '../../members/index.js';
import { UsersService } from '../../users/index.js';
import { searchedEmail } from '../../../common/email/canonical-email.js';

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
  async disable(orgId: string, people: readonly Addressed[]): Promise<void> {
    if (people.length === 0) return;
    await this.states.disable(
      orgId,
      people.map(({ userId }) => userId),
    );
    await this.endInvitations(orgId, people);
  }

  /** For good. Throws LastAdminMustStay. */
  async remove(orgId: string, person: Addressed): Promise<void> {
    await this.states.remove(orgId, person.userId);
    await this.endInvitations(orgId, [person]);
  }

  /** To these addresses, and to those of the accounts, which the records need not name. */
  async endInvitations(orgId: string, people: readonly Addressed[]): Promise<void> {
    const accounts = await this.users.findByIds(people.map(({ userId }) => userId));
    const own = [...accounts.values()].map(({ email }) => email);
    const others = people.flatMap(({ emails }) => emails.map(searchedEmail));
    await this.invitations.withdrawFrom(orgId, [...new Set([...own, ...others])]);
  }
}
