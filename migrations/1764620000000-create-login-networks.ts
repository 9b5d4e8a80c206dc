import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Networks with a recent successful login, which are still served when anonymous logins exceed their limit. */
export class CreateLoginNetworks1764620000000 implements MigrationInterface {
  name = 'CreateLoginNetworks1764620000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table login_networks (
        key bytea not null,
        last_success_at timestamptz not null,
        constraint login_networks_pkey primary key (key))`);
    await runner.query('create index login_networks_by_success on login_networks (last_success_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table login_networks');
  }
}
