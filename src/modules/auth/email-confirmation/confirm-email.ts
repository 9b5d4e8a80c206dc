import { Injectable } from '@nestjs/common';
import type { RequestFacts } from '../../../common/http/request-facts.js';
import { secretDigest } from '../../../common/secrets/secret-token.js';
import { Config } from '../../../config/config.js';
import { Transaction } from '../../../database/transaction.js';
import { AuditTrail } from '../../audit/index.js';
import { OrgMembersService } from '../../members/index.js';
import { LoginMethodsService, UsersService } from '../../users/index.js';
import { ConfirmationExpired, ConfirmationNotFound } from './email-confirmation.errors.js';
import { EmailConfirmationsRepository } from './email-confirmations.repository.js';

/** In the organization that the person has been in longest, as logins of people in several. */
@Injectable()
export class ConfirmationRecord {
  constructor(
    private readonly members: OrgMembersService,
    private readonly audit: AuditTrail,
  ) {}

  async confirmed(userId: string, request: RequestFacts): Promise<void> {
    const [membership] = await this.members.listOrgsOf(userId);
    const actor = { userId, orgId: membership?.orgId ?? null, request };
    await this.audit.record(actor, 'confirm_sso_user_email', [userId]);
  }
}

/** Whoever holds the token has read the mail, so the address is his; it works once. */
@Injectable()
export class ConfirmEmail {
  private readonly salt: string;

  constructor(
    private readonly confirmations: EmailConfirmationsRepository,
    private readonly users: UsersService,
    private readonly logins: LoginMethodsService,
    private readonly record: ConfirmationRecord,
    private readonly transaction: Transaction,
    { apiKeys }: Config,
  ) {
    this.salt = apiKeys.salt;
  }

  /** Throws ConfirmationNotFound, ConfirmationExpired. */
  async run(token: string, request: RequestFacts): Promise<void> {
    const confirmation = await this.transaction.run(async () => {
      const taken = await this.confirmations.take(secretDigest(this.salt, token));
      const user = taken && (await this.users.findById(taken.userId));
      if (!taken || user?.email !== taken.email) return null;
      if (taken.expiresAt <= new Date()) return { hasExpired: true };
      await this.logins.confirmEmail(user.id, 'mail');
      await this.record.confirmed(user.id, request);
      return { hasExpired: false };
    });
    if (!confirmation) throw new ConfirmationNotFound();
    if (confirmation.hasExpired) throw new ConfirmationExpired();
  }
}
