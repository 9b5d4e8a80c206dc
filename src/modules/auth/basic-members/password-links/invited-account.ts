import { Injectable } from '@nestjs/common';
import { getOrThrow } from '../../../../common/collections.js';
import { ExistingAccounts } from '../../../invitations/index.js';
import { UsersService } from '../../../users/index.js';
import { InvitedAccountHasPassword } from './password-links.errors.js';

/** The account of an invited address. The caller opens the transaction. */
@Injectable()
export class InvitedAccount {
  constructor(
    private readonly users: UsersService,
    private readonly existing: ExistingAccounts,
  ) {}

  /**
   * Only an account without password and membership may get a password that an admin can choose; the result holds until
   * the transaction ends.
   *
   * @throws InvitedAccountHasPassword
   */
  async assertUnused(orgId: string, email: string): Promise<void> {
    const user = await this.users.findByEmail(email);
    if (!user) return;
    const standing = await this.existing.standingOf(orgId, [user.id]);
    if (standing.get(user.id) !== 'unused') throw new InvitedAccountHasPassword();
  }

  /** The id of the account, which is created if there is none. */
  async ensure({ email, fullName }: { email: string; fullName: string | null }): Promise<string> {
    const { users } = await this.users.ensure([{ email, fullName }]);
    return getOrThrow(users, email).id;
  }
}
