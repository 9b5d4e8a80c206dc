import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The number of SCIM users of each organization beside its other counts, kept by triggers. */
export class CountScimUsers1764871000003 implements MigrationInterface {
  name = 'CountScimUsers1764871000003';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop function count_scim_users cascade');
    await runner.query('alter table headcounts drop column scim_users');
  }
}

const UP = [
  'alter table headcounts add column scim_users integer not null default 0',
  `create function count_scim_users() returns trigger language plpgsql as $$
  begin
    if tg_op = 'INSERT' then
      insert into headcounts as h (org_id, scim_users)
      select org_id, count(*) from new_rows group by org_id order by org_id
      on conflict (org_id) do update set scim_users = h.scim_users + excluded.scim_users;
    else
      update headcounts h set scim_users = h.scim_users - gone.count
      from (select org_id, count(*) from old_rows group by org_id order by org_id) gone
      where h.org_id = gone.org_id;
    end if;
    return null;
  end $$`,
  `create trigger count_joined after insert on scim_users
    referencing new table as new_rows for each statement execute function count_scim_users()`,
  `create trigger count_left after delete on scim_users
    referencing old table as old_rows for each statement execute function count_scim_users()`,
  `insert into headcounts as h (org_id, scim_users)
    select org_id, count(*) from scim_users group by org_id order by org_id
    on conflict (org_id) do update set scim_users = excluded.scim_users`,
];
