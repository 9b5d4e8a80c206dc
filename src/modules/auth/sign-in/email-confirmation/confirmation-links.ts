import { Injectable } from '@nestjs/common';
import type { UserPrincipal } from '../../../../common/access/principal.js';
import { Transaction } from '../../../../database/transactions/transaction.js';
import { AuditTrail } from '../../../audit/index.js';
import { EmailConfirmationsRepository } from './email-confirmations.repository.js';

export const LINK_HOURS = 24; // docs/contract/sign-in.md#e-mail-confirmation

/** A user has at most one valid link, the newest. */
@Injectable()
export class ConfirmationLinks {
  constructor(
    private readonly confirmations: EmailConfirmationsRepository,
    private readonly transaction: Transaction,
    private readonly audit: AuditTrail,
  ) {}

  replace(principal: UserPrincipal, orgId: string, digest: Buffer): Promise<void> {
    const { userId, email } = principal;
    return this.transaction.run(async () => {
      await this.confirmations.upsert({ userId, digest, email }, LINK_HOURS);
      await this.audit.record(principal, 'send_sso_email_confirmation', [userId], { orgId });
    });
  }

  remove({ userId }: UserPrincipal, digest: Buffer): Promise<void> {
    return this.confirmations.remove({ userId, digest });
  }
}
