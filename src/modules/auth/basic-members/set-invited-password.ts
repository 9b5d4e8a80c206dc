import { Injectable } from '@nestjs/common';
import { getOrThrow } from '../../../common/collections.js';
import {
  chosenByAdminOf,
  type FoundPasswordLink,
  PasswordLinkNotFound,
  PasswordLinks,
  PasswordsService,
} from '../../passwords/index.js';
import { UsersRepository } from '../../users/index.js';
import { InvitedAccountHasPassword } from './errors.js';
import { HandedOverLink } from './handed-over-link.js';

type NewPassword = { readonly orgId: string; readonly fullName: string | null; readonly digest: string };

/**
 * Sets the password of an invited person, whose account it makes if there is none. A mailed link has proved the mailbox,
 * so it also replaces a password that another person chose; a handed-over one is for accounts without a password.
 */
@Injectable()
export class SetInvitedPassword {
  constructor(
    private readonly links: PasswordLinks,
    private readonly passwords: PasswordsService,
    private readonly users: UsersRepository,
    private readonly handedOver: HandedOverLink,
  ) {}

  /**
   * Returns the user. The caller holds the roster lock and has checked the invitation.
   *
   * @throws PasswordLinkNotFound, PasswordLinkUsed or InvitedAccountHasPassword
   */
  async run(link: FoundPasswordLink, { orgId, fullName, digest }: NewPassword): Promise<string> {
    const { email, handedOverByUserId: adminId } = link;
    const { users } = await this.users.ensure([{ email, fullName }]);
    const userId = getOrThrow(users, email).id;
    if (adminId === null) {
      await this.passwords.lockToChoose(userId);
      await this.assertNotInUse(link);
      await this.links.consume(link);
      await this.passwords.setProved({ userId, digest });
      return userId;
    }
    await this.handedOver.assertMayMakeAccount({ orgId, adminId, email });
    await this.links.consume(link);
    const given = await this.passwords.chooseFirst([{ userId, digest }], chosenByAdminOf(orgId));
    if (!given.has(userId)) throw new PasswordLinkNotFound();
    return userId;
  }

  /**
   * Whoever finds the mail of an old invitation must not take over an account that its owner has made since.
   *
   * @throws InvitedAccountHasPassword
   */
  async assertNotInUse(link: FoundPasswordLink): Promise<void> {
    if (await this.links.isAccountInUse(link)) throw new InvitedAccountHasPassword();
  }
}
