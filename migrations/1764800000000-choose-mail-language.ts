import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The language of mails by organization; null: that of the installation (docs/contract/organizations.md#language-of-mails). */
export class ChooseMailLanguage1764800000000 implements MigrationInterface {
  name = 'ChooseMailLanguage1764800000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table organizations
        add column mail_language text,
        add constraint organizations_mail_language_is_a_tag check (mail_language ~ '^[a-z]{2,3}(-[A-Z]{2})?$')`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table organizations drop column mail_language');
  }
}
