import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Numbers of the audit log. The server counts the log that is there, from its beginning (docs/decisions/0131-counts-follow-the-seals.md). */
export class CountAuditEntries1765220000000 implements MigrationInterface {
  name = 'CountAuditEntries1765220000000';
  readonly concurrentIndexes = {
    audit_entries_of_memberships: `on audit_entries (org_id, created_at, id) where details ?| '{org_members_added,org_members_removed}'`,
  };
  readonly contract = {
    'create index audit_entries.audit_entries_of_memberships': {
      harmlessBecause: 'it is built before, while entries are written.',
    },
  };

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table audit_counts, audit_counted');
    await runner.query('drop index audit_entries_of_memberships');
  }
}

const STATEMENTS = [
  `create table audit_counts (
    org_id uuid not null,
    day date not null,
    kind text not null,
    reason text not null,
    count integer not null,
    constraint audit_counts_pkey primary key (org_id, day, kind, reason))`,
  'create index audit_counts_by_day on audit_counts (day)',
  `comment on table audit_counts is
    'How often something happened in an organization on a day of UTC, from the entries of its audit log.'`,
  `comment on column audit_counts.org_id is 'No foreign key: the audit log outlives its organization.'`,
  `comment on column audit_counts.reason is 'Why a sign-in failed, as its entry says; empty for other kinds.'`,
  `create table audit_counted (
    is_only boolean not null,
    through bigint not null,
    constraint audit_counted_pkey primary key (is_only),
    constraint audit_counted_is_one_row check (is_only))`,
  `comment on table audit_counted is 'How far the audit log is counted: one row, written with the counts.'`,
  `comment on column audit_counted.through is 'The position of the last entry that is counted.'`,
  `create index if not exists audit_entries_of_memberships on audit_entries (org_id, created_at, id)
    where details ?| '{org_members_added,org_members_removed}'`,
];
