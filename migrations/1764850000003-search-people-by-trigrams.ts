import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Trigram indexes for searches within addresses and names. The extension belongs to PostgreSQL's contrib modules; the
 * owner of a database may create it. Where that is not possible, searches read all rows (docs/operations.md#search-indexes).
 */
export class SearchPeopleByTrigrams1764850000003 implements MigrationInterface {
  name = 'SearchPeopleByTrigrams1764850000003';
  readonly contract = {
    'run a do block': { harmlessBecause: 'it creates an extension and an index, or nothing.' },
  };

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(CREATE_EXTENSION);
    await runner.query(CREATE_INDEXES);
  }

  /** The extension stays: something else in the database may use it. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index if exists users_by_trigrams');
  }
}

/** PostgreSQL, Appendix A: insufficient_privilege, undefined_file (not installed), feature_not_supported (not allowed). */
const CREATE_EXTENSION = `
  do $$ begin
    create extension if not exists pg_trgm;
  exception when insufficient_privilege or undefined_file or feature_not_supported or undefined_object then null; end $$`;

/** Names the schema of the extension, which need not be on the search path. */
const CREATE_INDEXES = `
  do $$ declare extension_schema text;
  begin
    select n.nspname into extension_schema
    from pg_extension e join pg_namespace n on n.oid = e.extnamespace where e.extname = 'pg_trgm';
    if found then
      execute format('create index users_by_trigrams on users using gin (email %1$I.gin_trgm_ops, full_name %1$I.gin_trgm_ops)',
        extension_schema);
    end if;
  end $$`;
