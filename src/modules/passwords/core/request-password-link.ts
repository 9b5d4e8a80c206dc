import { Injectable } from '@nestjs/common';
import { canonicalEmailOrNull } from '../../../common/canonical-email.js';
import type { RequestMetadata } from '../../../common/http/request-metadata.decorator.js';
import { MailServerNotConfigured } from '../../../common/mail/errors.js';
import { Transaction } from '../../../database/transactions/transaction.js';
import { PasswordsService } from './passwords.service.js';
import { PasswordLinks } from './password-links.js';
import { LoginThrottle } from './login-throttle.js';
import { PasswordMails } from './password-mails.js';

/** Mails a link to a user who has forgotten their password (docs/contract/passwords.md#forgotten-passwords). */
@Injectable()
export class RequestPasswordLink {
  constructor(
    private readonly passwords: PasswordsService,
    private readonly links: PasswordLinks,
    private readonly throttle: LoginThrottle,
    private readonly mails: PasswordMails,
    private readonly transaction: Transaction,
  ) {}

  /**
   * Does the same for every address; the job looks for the account.
   *
   * @throws PasswordLoginDisabled, MailServerNotConfigured or TooManyRequests
   */
  async run(address: string, { clientHost }: RequestMetadata): Promise<void> {
    this.passwords.assertEnabled();
    if (!this.links.areMailed) throw new MailServerNotConfigured();
    const email = canonicalEmailOrNull(address);
    await this.throttle.admitLink(clientHost);
    if (email === null) return; // belongs to no account
    await this.throttle.hitFor('password link for', email);
    await this.transaction.run(() => this.mails.queue([email], null));
  }
}
