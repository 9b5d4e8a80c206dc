import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Links sent to an e-mail address, with which the user confirms it. */
export class CreateEmailConfirmations1764400000204 implements MigrationInterface {
  name = 'CreateEmailConfirmations1764400000204';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table email_confirmations (
        user_id uuid not null,
        digest bytea not null,
        email text not null,
        expires_at timestamptz not null,
        constraint email_confirmations_digest_key unique (digest),
        constraint email_confirmations_pkey primary key (user_id),
        constraint email_confirmations_user_id_fkey foreign key (user_id) references users(id) on delete cascade)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table email_confirmations');
  }
}
