import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whether the attribute `roles` of SCIM users gives roles (docs/contract/scim.md#roles). */
export class AddScimRoles1765007000000 implements MigrationInterface {
  name = 'AddScimRoles1765007000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table scim_users add column roles_are_confirmed boolean not null default true`);
    await runner.query(
      'alter table organizations add column scim_roles_enabled boolean not null default false',
    );
    await runner.query(`comment on column scim_users.roles_are_confirmed is
      'False: a token with the reach of an operator has written the attribute roles while it had no effect.'`);
    await runner.query(`comment on column organizations.scim_roles_enabled is
      'Whether the attribute roles of SCIM users gives roles.'`);
    await runner.query(`
      update scim_users s set roles_are_confirmed = false
      where s.attributes ? 'roles'
        and exists (select from scim_tokens t where t.org_id = s.org_id and not t.makes_admins)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table scim_users drop column roles_are_confirmed');
    await runner.query('alter table organizations drop column scim_roles_enabled');
  }
}
