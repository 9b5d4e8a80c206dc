import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Pending mails of invitations. The jobs are in the schema that pg-boss creates. */
export class CreateInvitationMails1764440000000 implements MigrationInterface {
  name = 'CreateInvitationMails1764440000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`create table invitation_mails (
      invitation_id uuid not null,
      job_id uuid not null,
      handed_over_at timestamptz,
      constraint invitation_mails_job_id_key unique (job_id),
      constraint invitation_mails_pkey primary key (invitation_id),
      constraint invitation_mails_invitation_id_fkey
        foreign key (invitation_id) references invitations(id) on delete cascade)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table invitation_mails');
  }
}
