import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Mails before keys and tokens expire (docs/contract/keys.md#mails-before-the-expiry). */
export class CreateExpiryMails1764902000000 implements MigrationInterface {
  name = 'CreateExpiryMails1764902000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table expiry_notices (
        credential_id uuid not null,
        days_before smallint not null,
        expires_at timestamptz not null,
        constraint expiry_notices_pkey primary key (credential_id, days_before))`);
    await runner.query('create index expiry_notices_by_expiry on expiry_notices (expires_at)');
    await runner.query(`
      create table expiry_mails (
        id uuid not null,
        org_id uuid not null,
        user_id uuid not null,
        credential_ids uuid[] not null,
        created_at timestamptz not null default now(),
        handed_over_at timestamptz,
        constraint expiry_mails_pkey primary key (id),
        constraint expiry_mails_org_id_user_id_fkey foreign key (org_id, user_id)
          references org_memberships(org_id, user_id) on delete cascade)`);
    await runner.query('create index expiry_mails_by_recipient on expiry_mails (org_id, user_id)');
    await runner.query('create index expiry_mails_by_age on expiry_mails (created_at)');
    await this.comment(runner);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table expiry_mails');
    await runner.query('drop table expiry_notices');
  }

  private async comment(runner: QueryRunner): Promise<void> {
    await runner.query(`
      comment on table expiry_notices is
        'That a mail about the expiry of a key or token was queued, so that no server queues it again.'`);
    await runner.query(`
      comment on column expiry_notices.credential_id is
        'An API key or SCIM token, which may be deleted since; no foreign key.'`);
    await runner.query(`comment on column expiry_notices.days_before is '14, 7 or 1.'`);
    await runner.query(`
      comment on column expiry_notices.expires_at is
        'The expiry that the mail was about. If that of the key or token becomes later, another mail is due.'`);
    await runner.query(`
      comment on table expiry_mails is
        'A mail that tells a member which keys and tokens expire soon. Deleted with the membership.'`);
    await runner.query(`comment on column expiry_mails.id is 'Also the id of the job of pg-boss.'`);
    await runner.query(`
      comment on column expiry_mails.credential_ids is
        'API keys and SCIM tokens. The mail leaves out those that have ended, or no longer concern the member.'`);
    await runner.query(`
      comment on column expiry_mails.handed_over_at is 'When the mail server accepted it. Null: due.'`);
  }
}
