import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A trigram index of the members of each organization. It needs the extensions `pg_trgm` and `btree_gin` of PostgreSQL's
 * contrib modules, which the owner of a database may create (docs/operations.md#search-indexes).
 */
export class SearchMembersByTrigrams1764871000001 implements MigrationInterface {
  name = 'SearchMembersByTrigrams1764871000001';
  readonly contract = {
    'run a do block': { harmlessBecause: 'it creates an extension and indexes, or nothing.' },
  };

  async up(runner: QueryRunner): Promise<void> {
    for (const extension of ['pg_trgm', 'btree_gin']) await runner.query(createExtension(extension));
    await runner.query('drop index if exists users_by_trigrams');
    await runner.query(CREATE_INDEXES);
  }

  /** The extensions stay: something else in the database may use them. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(RESTORE_INDEX);
    await runner.query('drop index if exists org_memberships_by_trigrams');
  }
}

/** PostgreSQL, Appendix A: insufficient_privilege, undefined_file (not installed), feature_not_supported (not allowed). */
const createExtension = (name: string) => `
  do $$ begin
    create extension if not exists ${name};
  exception when insufficient_privilege or undefined_file or feature_not_supported or undefined_object then null; end $$`;

/** Runs the statements if the extensions exist. They need not be on the search path, so operator classes have the schema. */
const ifExtended = (statements: readonly string[]) => `
  do $$ declare trgm text;
  begin
    select n.nspname into trgm from pg_extension e join pg_namespace n on n.oid = e.extnamespace where e.extname = 'pg_trgm';
    if found and exists (select from pg_extension where extname = 'btree_gin') then
      ${statements.map((statement) => `execute format('${statement.replaceAll("'", "''")}', trgm);`).join('\n      ')}
    end if;
  end $$`;

const CREATE_INDEXES = ifExtended([
  `create index org_memberships_by_trigrams on org_memberships
    using gin (org_id, user_email %1$I.gin_trgm_ops, user_full_name %1$I.gin_trgm_ops)`,
]);

const RESTORE_INDEX = ifExtended([
  'create index users_by_trigrams on users using gin (email %1$I.gin_trgm_ops, full_name %1$I.gin_trgm_ops)',
]);
