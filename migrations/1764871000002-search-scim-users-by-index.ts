import type { MigrationInterface, QueryRunner } from 'typeorm';

const sharedText = (attribute: string) => `(lower(attributes ->> '${attribute}') collate "C")`;

/** By values that many users share, each in the order of the list. */
const INDEXES = Object.fromEntries(
  (
    [
      ['scim_users_by_title', sharedText('title')],
      ['scim_users_by_nick_name', sharedText('nickName')],
    ] as const
  ).map(([name, text]) => [
    name,
    `on scim_users (org_id, ${text}, created_at, id) where ${text} is not null`,
  ]),
);

/**
 * Indexes for filters of SCIM users: shared values, and parts of names and addresses. The latter needs the same extensions
 * as `org_memberships_by_trigrams`.
 */
export class SearchScimUsersByIndex1764871000002 implements MigrationInterface {
  name = 'SearchScimUsersByIndex1764871000002';
  readonly concurrentIndexes = INDEXES;
  readonly contract = {
    'run a do block': { harmlessBecause: 'it creates an index, or nothing.' },
  };

  async up(runner: QueryRunner): Promise<void> {
    for (const [name, definition] of Object.entries(INDEXES))
      await runner.query(`create index if not exists ${name} ${definition}`);
    await runner.query(EMAILS_TEXT);
    await runner.query(CREATE_TRIGRAM_INDEX);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index if exists scim_users_by_trigrams');
    await runner.query('drop function scim_emails_text');
    for (const name of Object.keys(INDEXES)) await runner.query(`drop index ${name}`);
  }
}

/** Immutable for an array of texts, which PostgreSQL does not know of `array_to_string`. */
const EMAILS_TEXT = `
  create function scim_emails_text(text[]) returns text language sql immutable parallel safe
  return pg_catalog.array_to_string($1, ' ')`;

const CREATE_TRIGRAM_INDEX = `
  do $$ declare trgm text;
  begin
    select n.nspname into trgm from pg_extension e join pg_namespace n on n.oid = e.extnamespace where e.extname = 'pg_trgm';
    if found and exists (select from pg_extension where extname = 'btree_gin') then
      execute format('create index scim_users_by_trigrams on scim_users using gin (org_id,
        (lower(user_name) collate "C") %1$I.gin_trgm_ops,
        (lower(attributes ->> ''displayName'') collate "C") %1$I.gin_trgm_ops,
        (lower(attributes -> ''name'' ->> ''familyName'') collate "C") %1$I.gin_trgm_ops,
        scim_emails_text(emails) %1$I.gin_trgm_ops)', trgm);
    end if;
  end $$`;
