import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Address and name of the user beside each membership, so that one index serves a page of members in their order. Triggers
 * write the columns, also for servers of the previous release. And the number of members of each workspace.
 */
export class CopyNamesIntoMemberships1764850000000 implements MigrationInterface {
  name = 'CopyNamesIntoMemberships1764850000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await runner.query(statement);
  }
}

const TABLES = ['org_memberships', 'workspace_memberships'] as const;

const UP = [
  ...TABLES.map(
    (table) =>
      `alter table ${table} add column user_email text not null default '', add column user_full_name text`,
  ),

  // The lock makes a concurrent change of the name wait, whose trigger then finds this membership. A session keeps the
  // plan of the function, which has to suit tables that have grown since.
  `create function copy_user_into_membership() returns trigger language plpgsql set enable_seqscan = off as $$
  begin
    select email, full_name into new.user_email, new.user_full_name from users where id = new.user_id for share;
    if not found then new.user_email := ''; end if;
    return new;
  end $$`,
  ...TABLES.map(
    (table) => `create trigger copy_user before insert on ${table}
      for each row execute function copy_user_into_membership()`,
  ),

  // For a statement that inserts the users as well: it sees its own rows only when it ends.
  `create function copy_new_users_into_memberships() returns trigger language plpgsql set enable_seqscan = off as $$
  begin
    if exists (select from new_rows where user_email = '') then
      execute format('update %s m set user_email = u.email, user_full_name = u.full_name
        from new_rows n join users u on u.id = n.user_id where m.id = n.id', tg_relid::regclass);
    end if;
    return null;
  end $$`,
  ...TABLES.map(
    (table) => `create trigger copy_new_users after insert on ${table}
      referencing new table as new_rows for each statement execute function copy_new_users_into_memberships()`,
  ),

  `create function copy_user_into_memberships() returns trigger language plpgsql set enable_seqscan = off as $$
  begin
    update org_memberships set user_email = new.email, user_full_name = new.full_name where user_id = new.id;
    update workspace_memberships set user_email = new.email, user_full_name = new.full_name where user_id = new.id;
    return null;
  end $$`,
  `create trigger copy_into_memberships after update of email, full_name on users for each row
    when (old.email is distinct from new.email or old.full_name is distinct from new.full_name)
    execute function copy_user_into_memberships()`,

  `create table workspace_headcounts (
    workspace_id uuid not null,
    members integer not null default 0,
    constraint workspace_headcounts_pkey primary key (workspace_id),
    constraint workspace_headcounts_workspace_id_fkey
      foreign key (workspace_id) references workspaces(id) on delete cascade,
    constraint workspace_headcounts_are_not_negative check (members >= 0)
  )`,
  `create function count_workspace_members() returns trigger language plpgsql as $$
  begin
    if tg_op = 'INSERT' then
      insert into workspace_headcounts as h (workspace_id, members)
      select workspace_id, count(*) from new_rows group by workspace_id order by workspace_id
      on conflict (workspace_id) do update set members = h.members + excluded.members;
    else
      update workspace_headcounts h set members = h.members - gone.count
      from (select workspace_id, count(*) from old_rows group by workspace_id order by workspace_id) gone
      where h.workspace_id = gone.workspace_id;
    end if;
    return null;
  end $$`,
  `create trigger count_joined after insert on workspace_memberships
    referencing new table as new_rows for each statement execute function count_workspace_members()`,
  `create trigger count_left after delete on workspace_memberships
    referencing old table as old_rows for each statement execute function count_workspace_members()`,
  `insert into workspace_headcounts (workspace_id, members)
    select workspace_id, count(*) from workspace_memberships group by workspace_id`,
];

const DOWN = [
  'drop trigger count_joined on workspace_memberships',
  'drop trigger count_left on workspace_memberships',
  'drop function count_workspace_members',
  'drop table workspace_headcounts',
  'drop trigger copy_into_memberships on users',
  'drop function copy_user_into_memberships',
  ...TABLES.flatMap((table) => [
    `drop trigger copy_new_users on ${table}`,
    `drop trigger copy_user on ${table}`,
  ]),
  'drop function copy_new_users_into_memberships',
  'drop function copy_user_into_membership',
  ...TABLES.map((table) => `alter table ${table} drop column user_email, drop column user_full_name`),
];
