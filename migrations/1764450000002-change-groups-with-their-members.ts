import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A group shows its members by name. Whichever way one of them goes or gets another name, the group has a new version: a
 * client that knows the old one would be told that nothing has changed. Members that a request for the group moves are
 * counted there. Groups go with their organization, and nobody sees their last versions.
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
    // Before the row goes: its places in groups go with it.
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

/** As groups show a member. */
const shownName = (row: string) => `coalesce(${row}.attributes ->> 'displayName', ${row}.user_name)`;
