import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What was told of expiries and ends, by what it was told of (docs/decisions/0123-one-outbox-for-mails.md). */
export class AnnounceExpiriesByName1765192000001 implements MigrationInterface {
  name = 'AnnounceExpiriesByName1765192000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table expiry_announcements (
        subject text not null,
        days_before smallint not null,
        expires_at timestamptz not null,
        is_mailed boolean not null,
        constraint expiry_announcements_pkey primary key (subject, days_before))`);
    await runner.query('create index expiry_announcements_by_expiry on expiry_announcements (expires_at)');
    await runner.query(`
      comment on table expiry_announcements is
        'That the expiry of a key or token, or the end of a membership, was told, so that no server tells it again.'`);
    for (const [column, text] of Object.entries(COMMENTS))
      await runner.query(`comment on column expiry_announcements.${column} is '${text}'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table expiry_announcements');
  }
}

const COMMENTS = {
  subject:
    'The id of an API key, SCIM token, membership or role of a user group, which may be deleted since; of a membership in a user group those of group and user, with a slash. No foreign key.',
  days_before: '14, 7 or 1.',
  expires_at:
    'The expiry that was told. If that of the key or token becomes later, or the end of the membership another, it is told again.',
  is_mailed: 'False: without a mail, since there was no mail server.',
};
