import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Bearer tokens of SCIM clients, each for one organization. */
export class CreateScimTokens1764450000000 implements MigrationInterface {
  name = 'CreateScimTokens1764450000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`create table scim_tokens (
      id uuid not null,
      org_id uuid not null,
      digest bytea not null,
      short_token text not null,
      description text not null,
      created_by_user_id uuid,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now(),
      expires_at timestamptz,
      last_used_at timestamptz,
      constraint scim_tokens_digest_key unique (digest),
      constraint scim_tokens_pkey primary key (id),
      constraint scim_tokens_org_id_fkey foreign key (org_id) references organizations(id) on delete cascade)`);
    await runner.query('create index scim_tokens_by_age on scim_tokens (org_id, created_at, id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table scim_tokens');
  }
}
