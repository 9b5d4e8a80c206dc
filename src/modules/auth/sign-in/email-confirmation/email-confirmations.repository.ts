import { Injectable } from '@nestjs/common';
import { RemovalJob } from '../../../../database/jobs/removal.job.js';
import { Sql } from '../../../../database/transactions/sql.js';
import { sweep } from '../../../../database/jobs/sweep.statements.js';
import { Transaction } from '../../../../database/transactions/transaction.js';
import { EmailConfirmation } from './email-confirmation.entity.js';

type NewConfirmation = Omit<EmailConfirmation, 'expiresAt'>;
type ConsumedConfirmation = Pick<EmailConfirmation, 'userId' | 'email'> & { hasExpired: boolean };

const UPSERT = {
  name: 'email_confirmations_upsert',
  text: `
    insert into email_confirmations (user_id, digest, email, expires_at) values ($1, $2, $3, now() + make_interval(hours => $4))
    on conflict (user_id) do update
      set digest = excluded.digest, email = excluded.email, expires_at = excluded.expires_at`,
};

/** Of concurrent requests with one token, the first gets the row and all others none. */
const CONSUME = {
  name: 'email_confirmations_take',
  text: `
    delete from email_confirmations where digest = $1
    returning user_id as "userId", email, expires_at <= now() as "hasExpired"`,
};

/** Kept for a week, so that an expired link says that it has expired. */
const EXPIRED = sweep('email_confirmations', { key: 'user_id', daysLater: 7 });

@Injectable()
export class EmailConfirmationsRepository {
  constructor(
    private readonly transaction: Transaction,
    private readonly sql: Sql,
    removals: RemovalJob,
  ) {
    removals.addSweep('expired confirmation links', EXPIRED);
  }

  /** Valid for `hours`. */
  async upsert({ userId, digest, email }: NewConfirmation, hours: number): Promise<void> {
    await this.sql.affected(UPSERT, [userId, digest, email, hours]);
  }

  consume(digest: Buffer): Promise<ConsumedConfirmation | null> {
    return this.sql.row<ConsumedConfirmation>(CONSUME, [digest]);
  }

  async remove({ userId, digest }: Pick<EmailConfirmation, 'userId' | 'digest'>): Promise<void> {
    await this.transaction.manager.getRepository(EmailConfirmation).delete({ userId, digest });
  }
}
