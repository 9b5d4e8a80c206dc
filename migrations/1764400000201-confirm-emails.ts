import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Whether the e-mail of an external login is verified: asserted by the provider, or confirmed with a link sent to the
 * address. Only then do invitations to that address apply to the user.
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
