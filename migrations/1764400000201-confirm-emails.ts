import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Whether the owner of an outside login has proved his e-mail: the provider vouches for it, or he followed a link that
 * was sent there. Only then do invitations to that address concern him.
 */
export class ConfirmEmails1764400000201 implements MigrationInterface {
  name = 'ConfirmEmails1764400000201';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table login_methods
        add column email_confirmed_at timestamptz,
        add column email_confirmed_by text,
        add constraint login_methods_confirmation_has_a_source check (
          (email_confirmed_at is null) = (email_confirmed_by is null)),
        add constraint login_methods_confirmation_source_is_known check (
          email_confirmed_by in ('provider', 'mail'))`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table login_methods drop column email_confirmed_at, drop column email_confirmed_by`);
  }
}
