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

/** A mailed link has proved the mailbox and replaces any password; a handed-over one is for accounts without one. */
@Injectable()
export class SetInvitedPassword {
  constructor(
    private readonly links: PasswordLinks,
    private readonly passwords: PasswordsService,
    private readonly users: UsersRepository,
    private readonly handedOver: HandedOverLink,
  ) {}

  /** Under the roster lock. @throws PasswordLinkNotFound, PasswordLinkUsed or InvitedAccountHasPassword */
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

  /** An old mail must not open an account that its owner has made since. @throws InvitedAccountHasPassword */
  async assertNotInUse(link: FoundPasswordLink): Promise<void> {
    if (await this.links.isAccountInUse(link)) throw new InvitedAccountHasPassword();
  }
}
