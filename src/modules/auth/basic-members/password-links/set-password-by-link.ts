import { Injectable } from '@nestjs/common';
import type { RequestMetadata } from '../../../../common/http/request-metadata.decorator.js';
import { type FoundPasswordLink, PasswordsService } from '../../passwords/index.js';
import { AcceptByLink } from './accept-by-link.js';
import { FindPasswordLink } from './find-password-link.js';
import { ResetByHandedOverLink } from './reset-by-handed-over-link.js';
import { ResetByMailedLink } from './reset-by-mailed-link.js';

/**
 * Sets the password of whoever holds a link (docs/contract/passwords.md#password-links). The user signs in with it
 * afterwards.
 */
@Injectable()
export class SetPasswordByLink {
  constructor(
    private readonly findLink: FindPasswordLink,
    private readonly passwords: PasswordsService,
    private readonly acceptance: AcceptByLink,
    private readonly resetByMail: ResetByMailedLink,
    private readonly resetByAdmin: ResetByHandedOverLink,
  ) {}

  /**
   * Returns the address of the account. Hashes for a valid link only, outside of the transaction, which checks
   * everything again.
   *
   * @throws what {@link FindPasswordLink.run}, {@link PasswordsService.hashForUser} and the use of the link throw
   */
  async run(token: string, password: string, request: RequestMetadata): Promise<string> {
    const link = await this.findLink.run(token, request);
    const digest = await this.passwords.hashForUser(link.id, password);
    await this.useOf(link).run(link, digest, request);
    return link.email;
  }

  private useOf({ purpose, handedOverByUserId }: FoundPasswordLink) {
    if (purpose === 'invitation') return this.acceptance;
    return handedOverByUserId === null ? this.resetByMail : this.resetByAdmin;
  }
}
