import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Receivers of the audit log (docs/decisions/0106). */
export class CreateLogStreams1765002000000 implements MigrationInterface {
  name = 'CreateLogStreams1765002000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
    for (const [subject, comment] of Object.entries(COMMENTS))
      await runner.query(`comment on ${subject} is '${comment}'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop trigger pass_on_created_log_streams on api_keys');
    await runner.query('drop table log_streams');
    await runner.query(`delete from log_cursors where kind = 'log_stream'`);
  }
}

const STATEMENTS = [
  `
    create table log_streams (
        id uuid not null,
        org_id uuid not null,
        url text not null,
        description text not null,
        header_names text[] not null,
        header_values text,
        disabled_at timestamptz,
        disabled_reason text,
        missed_before timestamptz,
        failures integer not null default 0,
        last_attempt_at timestamptz,
        last_status text,
        last_code text,
        created_by_user_id uuid,
        created_with_kind text,
        created_with_id uuid,
        maker_key_id uuid,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        constraint log_streams_pkey primary key (id),
        constraint log_streams_org_id_fkey foreign key (org_id) references organizations(id) on delete cascade,
        constraint log_streams_disabled_is_complete check ((disabled_at is null) = (disabled_reason is null)),
        constraint log_streams_disabled_reason_is_known check (disabled_reason in ('admin', 'gone')),
        constraint log_streams_headers_are_complete
          check ((header_values is null) = (cardinality(header_names) = 0)),
        constraint log_streams_created_with_kind_is_known
          check (created_with_kind in ('session', 'personal-access-token', 'service-key')),
        constraint log_streams_created_with_is_complete
          check ((created_with_kind is null) = (created_with_id is null)))`,
  'create index log_streams_by_org on log_streams (org_id, id)',
  'create index log_streams_by_maker on log_streams (maker_key_id) where maker_key_id is not null',
  `
      create trigger pass_on_created_log_streams after delete on api_keys referencing old table as old_rows
        for each statement execute function pass_on_created('log_streams')`,
];

const COMMENTS = {
  'table log_streams':
    'A receiver of the audit log of an organization. How far it was sent is its row of log_cursors.',
  'column log_streams.header_names': 'Of the headers of each request.',
  'column log_streams.header_values':
    'A JSON list in the order of header_names, encrypted with a key derived from API_KEY_SALT. Null: no headers.',
  'column log_streams.disabled_at': 'Null: enabled.',
  'column log_streams.disabled_reason': 'admin; gone: the receiver answered 410.',
  'column log_streams.missed_before':
    'Entries of before were removed by retention before they were sent. Null: none were.',
  'column log_streams.failures': 'Requests that failed since the last one that succeeded.',
  'column log_streams.last_status':
    'As it is shown: from private addresses the class only. Null without a response.',
  'column log_streams.last_code': 'Why there was no response; null if there was one.',
  'column log_streams.created_by_user_id': 'Who created it, directly or with a key.',
  'column log_streams.created_with_kind': 'Of the credential with which it was created.',
  'column log_streams.created_with_id': 'Of the credential with which it was created, which may be deleted.',
  'column log_streams.maker_key_id':
    'The key or token with which it was created, or the next one with which that was created. Kept by a trigger.',
};
