import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Break-glass access while the identity provider is down: one password, for one user, for some hours. */
export class CreateBreakGlassPasswords1764400000202 implements MigrationInterface {
  name = 'CreateBreakGlassPasswords1764400000202';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table break_glass_passwords (
        user_id uuid not null,
        digest text not null,
        expires_at timestamptz not null,
        created_at timestamptz not null default now(),
        constraint break_glass_passwords_pkey primary key (user_id),
        constraint break_glass_passwords_user_id_fkey foreign key (user_id) references users(id) on delete cascade)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table break_glass_passwords');
  }
}
