import type { MigrationInterface, QueryRunner } from 'typeorm';

/** For lists of pending invitations, which say whose mail server refused the mail. */
export class KeepRefusalsOfInvitationMails1765170000000 implements MigrationInterface {
  name = 'KeepRefusalsOfInvitationMails1765170000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table invitation_mails add column refused_at timestamptz, add column refusal_code text`);
    await runner.query(`
      comment on column invitation_mails.refused_at is
        'When the mail server refused the mail for good. Of no meaning once it was handed over.'`);
    await runner.query(`
      comment on column invitation_mails.refusal_code is
        'The code of that reply, with the enhanced code of RFC 3463 if it has one: 550 5.1.1.'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table invitation_mails drop column refused_at, drop column refusal_code');
  }
}
