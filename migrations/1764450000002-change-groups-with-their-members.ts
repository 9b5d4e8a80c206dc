import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A group's representation contains the names of its members, so removing or renaming a member increments its version:
 * otherwise a conditional request would return 304. Requests for the group itself increment the version there. Deleting
 * an organization deletes its groups, whose versions then do not matter.
 */
export class ChangeGroupsWithTheirMembers1764450000002 implements MigrationInterface {
  name = 'ChangeGroupsWithTheirMembers1764450000002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create function change_groups_of_scim_user() returns trigger language plpgsql as $$
      begin
        update scim_groups g set version = version + 1, updated_at = now()
        from scim_group_members gm join organizations o on o.id = gm.org_id
        where gm.scim_user_id = old.id and gm.org_id = old.org_id and g.id = gm.group_id;
        return old;
      end $$`);
    // Before the row is deleted, since its group memberships are deleted with it.
    await runner.query(`
      create trigger change_groups_without_him before delete on scim_users
        for each row execute function change_groups_of_scim_user()`);
    await runner.query(`
      create trigger change_groups_with_his_name after update of user_name, attributes on scim_users
        for each row when (${shownName('old')} is distinct from ${shownName('new')})
        execute function change_groups_of_scim_user()`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop trigger change_groups_with_his_name on scim_users');
    await runner.query('drop trigger change_groups_without_him on scim_users');
    await runner.query('drop function change_groups_of_scim_user');
  }
}

/** The display name of a member in a group's representation. */
const shownName = (row: string) => `coalesce(${row}.attributes ->> 'displayName', ${row}.user_name)`;
