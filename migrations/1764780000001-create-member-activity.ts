import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * When members were last active (docs/contract/members.md#last-activity). A table of its own, since each row of
 * `org_memberships` that changes runs triggers and has many indexes to keep.
 */
export class CreateMemberActivity1764780000001 implements MigrationInterface {
  name = 'CreateMemberActivity1764780000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table member_activity (
        membership_id uuid not null,
        last_active_at timestamptz not null,
        constraint member_activity_pkey primary key (membership_id),
        constraint member_activity_membership_id_fkey
          foreign key (membership_id) references org_memberships(id) on delete cascade)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table member_activity');
  }
}
