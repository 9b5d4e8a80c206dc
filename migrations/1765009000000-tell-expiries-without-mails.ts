import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Expiries of keys and tokens are told without a mail server, too (docs/contract/keys.md#mails-before-the-expiry). */
export class TellExpiriesWithoutMails1765009000000 implements MigrationInterface {
  name = 'TellExpiriesWithoutMails1765009000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table expiry_notices add column is_mailed boolean not null default true');
    await runner.query(`
      comment on column expiry_notices.is_mailed is 'False: told without a mail, since there was no mail server.'`);
    await runner.query(`
      comment on table expiry_notices is
        'That the expiry of a key or token was told, so that no server tells it again.'`);
    await runner.query(`comment on column expiry_notices.expires_at is
      'The expiry that was told. If that of the key or token becomes later, it is told again.'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table expiry_notices drop column is_mailed');
  }
}
