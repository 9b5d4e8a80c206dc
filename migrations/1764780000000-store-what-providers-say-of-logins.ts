import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The e-mail and user name that the identity provider sent at the last sign-in (docs/contract/sign-in.md#stored-claims).
 * For existing logins the e-mail is known where the provider verified it; the next sign-in fills in the rest.
 */
export class StoreWhatProvidersSayOfLogins1764780000000 implements MigrationInterface {
  name = 'StoreWhatProvidersSayOfLogins1764780000000';
  readonly contract = {
    'add constraint login_methods.login_methods_only_providers_say': {
      harmlessBecause: 'it holds for every row that leaves the new columns null.',
    },
  };

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table login_methods
        add column provider_email text,
        add column provider_username text,
        add constraint login_methods_only_providers_say
          check (provider <> 'email' or (provider_email is null and provider_username is null))`);
    await runner.query(`
      update login_methods l set provider_email = u.email
      from users u where u.id = l.user_id and l.provider <> 'email' and l.email_confirmed_by = 'provider'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table login_methods drop column provider_email, drop column provider_username');
  }
}
