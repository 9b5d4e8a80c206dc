import { Injectable } from '@nestjs/common';
import type { RequestMetadata } from '../../../../common/http/request-metadata.decorator.js';
import { secretDigest } from '../../../../common/secrets/secret-digest.js';
import { Config } from '../../../../config/config.js';
import { Transaction } from '../../../../database/transactions/transaction.js';
import { LoginMethodsService, UsersService } from '../../../users/index.js';
import { LoginAudit } from '../../../sessions/index.js';
import { ConfirmationExpired, ConfirmationNotFound } from './email-confirmation.errors.js';
import { EmailConfirmationsRepository } from './email-confirmations.repository.js';

/** The holder of the token has read the mail, so the address is theirs. A token works once. */
@Injectable()
export class ConfirmEmail {
  private readonly salt: string;

  constructor(
    private readonly confirmations: EmailConfirmationsRepository,
    private readonly users: UsersService,
    private readonly logins: LoginMethodsService,
    private readonly record: LoginAudit,
    private readonly transaction: Transaction,
    private readonly config: Config,
  ) {
    this.salt = config.apiKeys.salt;
  }

  /** @throws ConfirmationNotFound or ConfirmationExpired */
  async run(token: string, request: RequestMetadata): Promise<void> {
    const confirmation = await this.transaction.run(async () => {
      const used = await this.confirmations.consume(secretDigest(this.salt, token));
      const user = used && (await this.users.findById(used.userId));
      if (!used || user?.email !== used.email) return null;
      if (used.hasExpired) return { hasExpired: true };
      await this.logins.confirmEmail(user.id, 'mail');
      if (!this.config.sso) await this.logins.confirmPasswordLogin(user.id);
      await this.record.recordEmailConfirmation(user.id, request);
      return { hasExpired: false };
    });
    if (!confirmation) throw new ConfirmationNotFound();
    if (confirmation.hasExpired) throw new ConfirmationExpired();
  }
}
