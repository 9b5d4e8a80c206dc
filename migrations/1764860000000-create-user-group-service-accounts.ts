import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Service accounts as members of user groups (docs/contract/user-groups.md#members). */
export class CreateUserGroupServiceAccounts1764860000000 implements MigrationInterface {
  name = 'CreateUserGroupServiceAccounts1764860000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table user_group_service_accounts (
        user_group_id uuid not null,
        service_account_id uuid not null,
        org_id uuid not null,
        created_at timestamptz not null default now(),
        constraint user_group_service_accounts_pkey primary key (user_group_id, service_account_id),
        constraint user_group_service_accounts_user_group_id_org_id_fkey
          foreign key (user_group_id, org_id) references user_groups(id, org_id) on delete cascade,
        constraint user_group_service_accounts_service_account_id_org_id_fkey
          foreign key (service_account_id, org_id) references service_accounts(id, org_id) on delete cascade)`);
    await runner.query(
      `create index user_group_service_accounts_by_account
        on user_group_service_accounts (service_account_id, org_id)`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table user_group_service_accounts');
  }
}
