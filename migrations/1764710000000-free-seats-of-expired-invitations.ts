import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * An expired invitation takes no seat. All pending invitations take one at first; the server counts the expired ones out,
 * some at a time.
 */
export class FreeSeatsOfExpiredInvitations1764710000000 implements MigrationInterface {
  name = 'FreeSeatsOfExpiredInvitations1764710000000';
  readonly contract = {
    'add constraint headcounts.headcounts_are_not_negative': {
      harmlessBecause: 'triggers alone write the column that it adds.',
    },
  };

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table invitations add column takes_seat boolean not null default true');
    await runner.query(
      `create index invitations_by_expiry on invitations (takes_seat, expires_at) where status = 'pending'`,
    );
    await runner.query('alter table headcounts add column pending_seats integer not null default 0');
    await runner.query(COUNT_PENDING_WITH_SEATS);
    await runner.query('update headcounts set pending_seats = pending');
    await runner.query(`
      alter table headcounts drop constraint headcounts_are_not_negative,
        add constraint headcounts_are_not_negative check (members >= 0 and pending >= 0 and pending_seats >= 0)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(COUNT_PENDING);
    await runner.query(`
      alter table headcounts drop constraint headcounts_are_not_negative, drop column pending_seats,
        add constraint headcounts_are_not_negative check (members >= 0 and pending >= 0)`);
    await runner.query('drop index invitations_by_expiry');
    await runner.query('alter table invitations drop column takes_seat');
  }
}

const COUNT_PENDING_WITH_SEATS = `
  create or replace function count_pending() returns trigger language plpgsql as $$
  begin
    if tg_op = 'INSERT' then
      insert into headcounts as h (org_id, pending, pending_seats)
      select org_id, count(*), count(*) filter (where takes_seat)
      from new_rows where status = 'pending' group by org_id order by org_id
      on conflict (org_id) do update set
        pending = h.pending + excluded.pending, pending_seats = h.pending_seats + excluded.pending_seats;
    elsif tg_op = 'DELETE' then
      update headcounts h set pending = h.pending - gone.count, pending_seats = h.pending_seats - gone.seats
      from (
        select org_id, count(*) as count, count(*) filter (where takes_seat) as seats
        from old_rows where status = 'pending' group by org_id order by org_id) gone
      where h.org_id = gone.org_id;
    else
      update headcounts h set pending = h.pending + moved.change, pending_seats = h.pending_seats + moved.seats
      from (
        select org_id, sum(change) as change, coalesce(sum(change) filter (where takes_seat), 0) as seats from (
          select org_id, takes_seat, 1 as change from new_rows where status = 'pending'
          union all
          select org_id, takes_seat, -1 from old_rows where status = 'pending') both_sides
        group by org_id having sum(change) <> 0 or sum(change) filter (where takes_seat) <> 0 order by org_id) moved
      where h.org_id = moved.org_id;
    end if;
    return null;
  end $$`;

/** As `CountHeads1764000000001` created it. */
const COUNT_PENDING = `
      create or replace function count_pending() returns trigger language plpgsql as $$
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
      end $$`;
