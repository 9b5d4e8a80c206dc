import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Mails with password links (docs/contract/passwords.md#forgotten-passwords). */
export class CreatePasswordMails1764840000002 implements MigrationInterface {
  name = 'CreatePasswordMails1764840000002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table password_mails (
        id uuid not null,
        email text not null,
        org_id uuid,
        created_at timestamptz not null default now(),
        handed_over_at timestamptz,
        constraint password_mails_pkey primary key (id),
        constraint password_mails_org_id_fkey foreign key (org_id) references organizations(id) on delete cascade)`);
    await runner.query('create index password_mails_by_age on password_mails (created_at)');
    await runner.query('create index password_mails_org_id_idx on password_mails (org_id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table password_mails');
  }
}
