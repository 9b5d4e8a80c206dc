import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Keeps `headcounts` consistent with memberships and pending invitations, one update per statement and organization, on
 * every path (cascades included). Deleting an organization removes its count.
 */
export class CountHeads1764000000001 implements MigrationInterface {
  name = 'CountHeads1764000000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create function count_members() returns trigger language plpgsql as $$
      begin
        if tg_op = 'INSERT' then
          insert into headcounts as h (org_id, members)
          select org_id, count(*) from new_rows group by org_id order by org_id
          on conflict (org_id) do update set members = h.members + excluded.members;
        else
          update headcounts h set members = h.members - gone.count
          from (select org_id, count(*) from old_rows group by org_id order by org_id) gone
          where h.org_id = gone.org_id;
        end if;
        return null;
      end $$`);
    await runner.query(`
      create function count_pending() returns trigger language plpgsql as $$
      begin
        if tg_op = 'INSERT' then
          insert into headcounts as h (org_id, pending)
          select org_id, count(*) from new_rows where status = 'pending' group by org_id order by org_id
          on conflict (org_id) do update set pending = h.pending + excluded.pending;
        elsif tg_op = 'DELETE' then
          update headcounts h set pending = h.pending - gone.count
          from (select org_id, count(*) from old_rows where status = 'pending' group by org_id order by org_id) gone
          where h.org_id = gone.org_id;
        else
          update headcounts h set pending = h.pending + moved.change
          from (
            select org_id, sum(change) as change from (
              select org_id, 1 as change from new_rows where status = 'pending'
              union all
              select org_id, -1 from old_rows where status = 'pending') both_sides
            group by org_id having sum(change) <> 0 order by org_id) moved
          where h.org_id = moved.org_id;
        end if;
        return null;
      end $$`);
    for (const trigger of TRIGGERS) await runner.query(trigger);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop function count_members, count_pending cascade');
  }
}

const trigger = (name: string, table: string, event: string, rows: string, execute: string) =>
  `create trigger ${name} after ${event} on ${table} referencing ${rows} for each statement execute function ${execute}()`;

const TRIGGERS = [
  trigger('count_joined', 'org_memberships', 'insert', 'new table as new_rows', 'count_members'),
  trigger('count_left', 'org_memberships', 'delete', 'old table as old_rows', 'count_members'),
  trigger('count_invited', 'invitations', 'insert', 'new table as new_rows', 'count_pending'),
  trigger('count_removed', 'invitations', 'delete', 'old table as old_rows', 'count_pending'),
  trigger(
    'count_ended',
    'invitations',
    'update',
    'old table as old_rows new table as new_rows',
    'count_pending',
  ),
];
