import { Injectable } from '@nestjs/common';
import type { RequestMetadata } from '../../../common/http/request-metadata.decorator.js';
import { secretDigest } from '../../../common/secrets/credential-formats.js';
import { Config } from '../../../config/config.js';
import { Transaction } from '../../../database/transactions/transaction.js';
import { LoginAudit } from '../../sessions/index.js';
import { LoginMethodsRepository, UsersRepository } from '../../users/index.js';
import { ConfirmationExpired, ConfirmationNotFound } from './core/errors.js';
import { SingleUseRepository } from './core/single-use.repository.js';

/** Confirms an e-mail address: the holder of the token has read the mail that was sent to it. A token works once. */
@Injectable()
export class ConfirmEmail {
  constructor(
    private readonly singleUse: SingleUseRepository,
    private readonly users: UsersRepository,
    private readonly logins: LoginMethodsRepository,
    private readonly audit: LoginAudit,
    private readonly transaction: Transaction,
    private readonly config: Config,
  ) {}

  /** @throws ConfirmationNotFound or ConfirmationExpired */
  async run(token: string, request: RequestMetadata): Promise<void> {
    const digest = secretDigest(this.config.apiKeys.salt, token);
    const confirmation = await this.transaction.run(async () => {
      const used = await this.singleUse.useConfirmation(digest);
      const user = used && (await this.users.findById(used.userId));
      if (!used || user?.email !== used.email) return null;
      if (used.hasExpired) return { hasExpired: true };
      await this.logins.confirmEmail(user.id, 'mail');
      if (!this.config.sso) await this.users.confirmPasswordLogin(user.id);
      await this.audit.recordEmailConfirmation(user.id, request);
      return { hasExpired: false };
    });
    if (!confirmation) throw new ConfirmationNotFound();
    if (confirmation.hasExpired) throw new ConfirmationExpired();
  }
}
