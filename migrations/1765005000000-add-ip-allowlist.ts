import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The networks from which an organization accepts requests (docs/contract/organizations.md#ip-allowlist). */
export class AddIpAllowlist1765005000000 implements MigrationInterface {
  name = 'AddIpAllowlist1765005000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table organizations add column ip_allowlist text[] not null default '{}',
        add constraint organizations_ip_allowlist_is_short check (cardinality(ip_allowlist) <= 100)`);
    await runner.query(`comment on column organizations.ip_allowlist is
      'Addresses and networks from which requests are accepted. Empty: from all.'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table organizations drop column ip_allowlist');
  }
}
