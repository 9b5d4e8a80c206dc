import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The name of an organization's login page, which leads to its provider, and the unique provider id, which leads to the
 * organization.
 */
export class NameLoginPages1764400000203 implements MigrationInterface {
  name = 'NameLoginPages1764400000203';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table organizations add column sso_login_slug text');
    await runner.query(`
      update organizations set sso_login_slug = 'org-' || left(replace(gen_random_uuid()::text, '-', ''), 12)
      where id in (select org_id from sso_settings)`);
    await runner.query(
      'alter table organizations add constraint organizations_sso_login_slug_key unique (sso_login_slug)',
    );
    await runner.query(
      'alter table sso_settings add constraint sso_settings_provider_id_key unique (provider_id)',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table sso_settings drop constraint sso_settings_provider_id_key');
    await runner.query('alter table organizations drop column sso_login_slug');
  }
}
