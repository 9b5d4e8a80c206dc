import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Whether the owner of an outside login has proved his e-mail: the provider vouches for it, or he followed a link that
 * was sent there. Only then do invitations to that address concern him.
 */
export class ConfirmEmails1764400000201 implements MigrationInterface {
  name = 'ConfirmEmails1764400000201';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table login_methods add column email_confirmed_at timestamptz');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table login_methods drop column email_confirmed_at');
  }
}
