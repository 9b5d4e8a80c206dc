import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How far the audit log was sent to each webhook and log stream (docs/decisions/0104). */
export class CreateLogCursors1765000000000 implements MigrationInterface {
  name = 'CreateLogCursors1765000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table log_cursors (
        id uuid not null,
        kind text not null,
        org_id uuid not null,
        position bigint not null,
        due_at timestamptz not null default now(),
        claim_id uuid,
        constraint log_cursors_pkey primary key (id),
        constraint log_cursors_org_id_fkey foreign key (org_id) references organizations(id) on delete cascade,
        constraint log_cursors_kind_check check (kind in ('webhook', 'log_stream')))`);
    await runner.query('create index log_cursors_by_due on log_cursors (kind, due_at)');
    await runner.query('create index log_cursors_by_org on log_cursors (org_id)');
    await this.comment(runner);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table log_cursors');
  }

  private async comment(runner: QueryRunner): Promise<void> {
    await runner.query(`comment on table log_cursors is
      'How far the audit log of an organization was sent to a webhook or log stream.'`);
    await runner.query(`comment on column log_cursors.id is 'Of the webhook or log stream.'`);
    await runner.query(`comment on column log_cursors.position is 'Of the last entry that is dealt with.'`);
    await runner.query(`comment on column log_cursors.due_at is
      'Not claimed before: the end of a claim, or of a pause. infinity: disabled.'`);
    await runner.query(`comment on column log_cursors.claim_id is
      'Of the process that sends at present. Another claim ends this one.'`);
  }
}
