import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Positions that order the entries of all organizations independently of the clock, and seals that chain them. An
 * anchor replaces entries that retention has removed, so that the rest of a chain can be verified.
 */
export class SealAuditEntries1764420000000 implements MigrationInterface {
  name = 'SealAuditEntries1764420000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [...POSITIONS, ...TABLES, ...NO_CHANGES]) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop function audit_rows_do_not_change cascade');
    await runner.query('drop table audit_seals, audit_anchors');
    await runner.query('alter table audit_entries drop column position');
  }
}

const POSITIONS = [
  'alter table audit_entries add column position bigserial',
  'alter table audit_entries add constraint audit_entries_position_key unique (position)',
  'create index audit_entries_by_chain on audit_entries (org_id, position)',
];

const TABLES = [
  `create table audit_seals (
    chain uuid not null,
    sequence integer not null,
    through bigint not null,
    entries integer not null,
    newest_at timestamptz(3) not null,
    mac bytea not null,
    sealed_at timestamptz not null default now(),
    constraint audit_seals_one_per_round unique (through, chain),
    constraint audit_seals_pkey primary key (chain, sequence))`,

  `create table audit_anchors (
    chain uuid not null,
    sequence integer not null,
    through bigint not null,
    mac bytea not null,
    signature bytea not null,
    removed_at timestamptz not null default now(),
    constraint audit_anchors_pkey primary key (chain))`,
];

/** Guards against programming errors only: an attacker who may alter tables can drop it; seals detect that. */
const NO_CHANGES = [
  `create function audit_rows_do_not_change() returns trigger language plpgsql as $$
    begin
      raise exception 'rows of % are written once and never changed', tg_table_name;
    end $$`,
  ...['audit_entries', 'audit_seals'].map(
    (table) => `
      create trigger ${table}_do_not_change before update or truncate on ${table}
      for each statement execute function audit_rows_do_not_change()`,
  ),
];
