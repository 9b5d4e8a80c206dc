import { Injectable } from '@nestjs/common';
import { Sql } from '../../../../database/sql.js';
import { Transaction } from '../../../../database/transaction.js';
import { EmailConfirmation } from './email-confirmation.entity.js';

const UPSERT = {
  name: 'email_confirmations_upsert',
  text: `
    insert into email_confirmations (user_id, digest, email, expires_at) values ($1, $2, $3, $4)
    on conflict (user_id) do update
      set digest = excluded.digest, email = excluded.email, expires_at = excluded.expires_at`,
};

/** Of concurrent requests with one token, the first gets the row and all others none. */
const CONSUME = {
  name: 'email_confirmations_take',
  text: `
    delete from email_confirmations where digest = $1
    returning user_id as "userId", digest, email, expires_at as "expiresAt"`,
};

@Injectable()
export class EmailConfirmationsRepository {
  constructor(
    private readonly transaction: Transaction,
    private readonly sql: Sql,
  ) {}

  async upsert({ userId, digest, email, expiresAt }: EmailConfirmation): Promise<void> {
    await this.sql.affected(UPSERT, [userId, digest, email, expiresAt]);
  }

  consume(digest: Buffer): Promise<EmailConfirmation | null> {
    return this.sql.row<EmailConfirmation>(CONSUME, [digest]);
  }

  async remove({ userId, digest }: Pick<EmailConfirmation, 'userId' | 'digest'>): Promise<void> {
    await this.transaction.manager.getRepository(EmailConfirmation).delete({ userId, digest });
  }
}
