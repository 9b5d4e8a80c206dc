import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Each login state of an authorization request is accepted once. */
export class RememberUsedLoginStates1764400000000 implements MigrationInterface {
  name = 'RememberUsedLoginStates1764400000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table used_login_states (
        digest bytea not null,
        expires_at timestamptz not null,
        constraint used_login_states_pkey primary key (digest))`);
    await runner.query('create index used_login_states_by_expiry on used_login_states (expires_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table used_login_states');
  }
}
