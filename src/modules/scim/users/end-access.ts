import { Injectable } from '@nestjs/common';
import { InvitationsService } from '../../invitations/index.js';
import { MemberStates } from '../../members/index.js';
import { UsersService } from '../../users/index.js';
import { searchedEmail } from '../../../common/email/canonical-email.js';

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

  /** Until he is enabled again. Throws LastAdminMustStay. */
  async disable(orgId: string, userId: string, emails: readonly string[]): Promise<void> {
    await this.states.disable(orgId, userId);
    await this.endInvitations(orgId, userId, emails);
  }

  /** For good. Throws LastAdminMustStay. */
  async remove(orgId: string, userId: string, emails: readonly string[]): Promise<void> {
    await this.states.remove(orgId, userId);
    await this.endInvitations(orgId, userId, emails);
  }

  /** To these addresses, and to his account's own, which his record need not name. */
  async endInvitations(orgId: string, userId: string, emails: readonly string[]): Promise<void> {
    const account = await this.users.findById(userId);
    const own = account ? [account.email] : [];
    await this.invitations.withdrawFrom(orgId, [...new Set([...own, ...emails.map(searchedEmail)])]);
  }
}
