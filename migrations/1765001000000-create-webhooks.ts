import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Webhooks and what has not arrived at them (docs/decisions/0105). */
export class CreateWebhooks1765001000000 implements MigrationInterface {
  name = 'CreateWebhooks1765001000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [...TABLES, ...INDEXES]) await runner.query(statement);
    await runner.query(PASS_ON);
    await runner.query(`
      create trigger pass_on_created_webhooks after delete on api_keys referencing old table as old_rows
        for each statement execute function pass_on_created('webhooks')`);
    for (const [subject, comment] of Object.entries(COMMENTS))
      await runner.query(`comment on ${subject} is '${comment}'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop function pass_on_created cascade');
    await runner.query('drop table webhook_mails, webhook_attempts, webhook_deliveries, webhooks');
  }
}

const TABLES = [
  `create table webhooks (
    id uuid not null,
    org_id uuid not null,
    url text not null,
    description text not null,
    types text[],
    disabled_at timestamptz,
    disabled_reason text,
    paused_until timestamptz,
    secret text not null,
    public_key text not null,
    previous_secret text,
    previous_secret_expires_at timestamptz,
    created_by_user_id uuid,
    created_with_kind text,
    created_with_id uuid,
    maker_key_id uuid,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint webhooks_pkey primary key (id),
    constraint webhooks_org_id_fkey foreign key (org_id) references organizations(id) on delete cascade,
    constraint webhooks_disabled_is_complete check ((disabled_at is null) = (disabled_reason is null)),
    constraint webhooks_disabled_reason_is_known check (disabled_reason in ('admin', 'gone', 'failures')),
    constraint webhooks_previous_secret_is_complete
      check ((previous_secret is null) = (previous_secret_expires_at is null)),
    constraint webhooks_created_with_kind_is_known
      check (created_with_kind in ('session', 'personal-access-token', 'service-key')),
    constraint webhooks_created_with_is_complete check ((created_with_kind is null) = (created_with_id is null)))`,
  `create table webhook_deliveries (
    webhook_id uuid not null,
    event_id text not null,
    position bigint not null,
    attempts smallint not null,
    next_attempt_at timestamptz,
    created_at timestamptz not null default now(),
    constraint webhook_deliveries_pkey primary key (webhook_id, event_id),
    constraint webhook_deliveries_webhook_id_fkey foreign key (webhook_id) references webhooks(id) on delete cascade)`,
  `create table webhook_attempts (
    id uuid not null,
    webhook_id uuid not null,
    event_id text not null,
    event_type text not null,
    attempt smallint not null,
    attempted_at timestamptz not null,
    duration_ms integer not null,
    succeeded boolean not null,
    status text,
    code text,
    response text,
    constraint webhook_attempts_pkey primary key (id),
    constraint webhook_attempts_webhook_id_fkey foreign key (webhook_id) references webhooks(id) on delete cascade)`,
  `create table webhook_mails (
    id uuid not null,
    webhook_id uuid not null,
    org_id uuid not null,
    user_id uuid not null,
    created_at timestamptz not null default now(),
    handed_over_at timestamptz,
    constraint webhook_mails_pkey primary key (id),
    constraint webhook_mails_webhook_id_fkey foreign key (webhook_id) references webhooks(id) on delete cascade,
    constraint webhook_mails_org_id_user_id_fkey
      foreign key (org_id, user_id) references org_memberships(org_id, user_id) on delete cascade)`,
];

const INDEXES = [
  'create index webhooks_by_org on webhooks (org_id, id)',
  'create index webhooks_by_maker on webhooks (maker_key_id) where maker_key_id is not null',
  `create index webhook_deliveries_by_due on webhook_deliveries (webhook_id, next_attempt_at)
    where next_attempt_at is not null`,
  'create index webhook_deliveries_by_age on webhook_deliveries (created_at)',
  'create index webhook_attempts_by_webhook on webhook_attempts (webhook_id, attempted_at, id)',
  'create index webhook_attempts_by_age on webhook_attempts (attempted_at)',
  'create index webhook_mails_by_webhook on webhook_mails (webhook_id)',
  'create index webhook_mails_by_recipient on webhook_mails (org_id, user_id)',
  'create index webhook_mails_by_age on webhook_mails (created_at)',
];

/**
 * As `pass_on_created_credentials`, for the table that the trigger names: what deleted keys have made, and who is left of
 * their makers.
 */
const PASS_ON = `
  create function pass_on_created() returns trigger language plpgsql as $$
  begin
    execute format('
      with recursive heirs (id, maker_key_id) as (
        select c.id, o.maker_key_id from old_rows o join %1$I c on c.maker_key_id = o.id
        union all
        select h.id, o.maker_key_id from heirs h join old_rows o on o.id = h.maker_key_id)
      update %1$I c set maker_key_id = h.maker_key_id from heirs h
      where c.id = h.id and not exists (select from old_rows o where o.id = h.maker_key_id)', tg_argv[0]);
    return null;
  end $$`;

const COMMENTS = {
  'table webhooks':
    'A receiver of the events of an organization. How far they were sent is its row of log_cursors.',
  'column webhooks.types': 'Null: all but those that are only sent by name.',
  'column webhooks.disabled_at': 'Null: enabled.',
  'column webhooks.disabled_reason':
    'admin; gone: the receiver answered 410; failures: an event failed at all attempts.',
  'column webhooks.paused_until': 'Nothing is sent before: the receiver has asked for a pause.',
  'column webhooks.secret': 'Encrypted with a key derived from API_KEY_SALT: requests are signed with it.',
  'column webhooks.previous_secret': 'As secret. Signs beside it until it expires.',
  'column webhooks.previous_secret_expires_at': 'Null: there is no previous secret.',
  'column webhooks.created_by_user_id': 'Who created it, directly or with a key.',
  'column webhooks.created_with_kind': 'Of the credential with which it was created.',
  'column webhooks.created_with_id': 'Of the credential with which it was created, which may be deleted.',
  'column webhooks.maker_key_id':
    'The key or token with which it was created, or the next one with which that was created. Kept by a trigger.',
  'table webhook_deliveries': 'An event that has not arrived at a webhook.',
  'column webhook_deliveries.event_id': 'The id of the audit entry and the place of the event in it.',
  'column webhook_deliveries.position': 'Of the audit entry.',
  'column webhook_deliveries.attempts': 'That failed.',
  'column webhook_deliveries.next_attempt_at':
    'Null: given up. While a process sends it, when another one may do it again.',
  'table webhook_attempts': 'One request to a webhook, of the last 1,000.',
  'column webhook_attempts.attempt': '0: a test.',
  'column webhook_attempts.status':
    'As it is shown: from private addresses the class only. Null without a response.',
  'column webhook_attempts.code': 'Why there is no response; null if there is one.',
  'column webhook_attempts.response': 'The beginning of a text response from a public address.',
  'table webhook_mails': 'A mail that tells an admin that a webhook was disabled.',
  'column webhook_mails.id': 'Of its job.',
  'column webhook_mails.handed_over_at': 'Null: not sent yet.',
};
