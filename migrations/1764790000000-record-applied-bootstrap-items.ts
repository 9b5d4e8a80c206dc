import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which items of the bootstrap were applied, so that none is applied twice (docs/contract/installation.md#bootstrap). */
export class RecordAppliedBootstrapItems1764790000000 implements MigrationInterface {
  name = 'RecordAppliedBootstrapItems1764790000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table applied_bootstrap_items (
        kind text not null,
        name text not null,
        org_id uuid not null,
        applied_at timestamptz not null default now(),
        constraint applied_bootstrap_items_pkey primary key (kind, name),
        constraint applied_bootstrap_items_org_id_fkey
          foreign key (org_id) references organizations(id) on delete cascade)`);
    await runner.query('create index applied_bootstrap_items_by_org on applied_bootstrap_items (org_id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(KEEP_APPLIED_ITEMS);
    await runner.query('drop table applied_bootstrap_items');
  }
}

/** Otherwise the next upgrade applies all items again, also credentials that were revoked in the meantime. */
const KEEP_APPLIED_ITEMS = `
  do $$ begin
    if exists (select from applied_bootstrap_items) then
      raise exception 'items of the bootstrap were applied; without this table they would be applied again, with '
        'credentials that were revoked since. The previous version works with the table';
    end if;
  end $$`;
