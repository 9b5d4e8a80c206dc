import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tags of resources (docs/contract/tags.md, docs/decisions/0077). */
export class CreateTags1764830000000 implements MigrationInterface {
  name = 'CreateTags1764830000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [KEYS, VALUES, VALUES_BY_WORKSPACE, TAGGINGS, TAGGINGS_BY_RESOURCE])
      await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['taggings', 'tag_values', 'tag_keys']) await runner.query(`drop table ${table}`);
  }
}

const KEYS = `
  create table tag_keys (
    id uuid not null,
    workspace_id uuid not null,
    key text not null,
    description text,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint tag_keys_pkey primary key (id),
    constraint tag_keys_id_workspace_id_key unique (id, workspace_id),
    constraint tag_keys_key_is_unique_in_workspace unique (workspace_id, key),
    constraint tag_keys_workspace_id_fkey
      foreign key (workspace_id) references workspaces(id) on delete cascade)`;

const VALUES = `
  create table tag_values (
    id uuid not null,
    tag_key_id uuid not null,
    workspace_id uuid not null,
    value text not null,
    description text,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint tag_values_pkey primary key (id),
    constraint tag_values_id_workspace_id_key unique (id, workspace_id),
    constraint tag_values_value_is_unique_of_key unique (tag_key_id, workspace_id, value),
    constraint tag_values_tag_key_id_workspace_id_fkey
      foreign key (tag_key_id, workspace_id) references tag_keys(id, workspace_id) on delete cascade)`;

const VALUES_BY_WORKSPACE = 'create index tag_values_by_workspace on tag_values (workspace_id)';

const TAGGINGS = `
  create table taggings (
    id uuid not null,
    tag_value_id uuid not null,
    workspace_id uuid not null,
    resource_type text not null,
    resource_id uuid not null,
    created_at timestamptz not null default now(),
    constraint taggings_pkey primary key (id),
    constraint taggings_once_per_resource unique (tag_value_id, workspace_id, resource_type, resource_id),
    constraint taggings_tag_value_id_workspace_id_fkey
      foreign key (tag_value_id, workspace_id) references tag_values(id, workspace_id) on delete cascade)`;

const TAGGINGS_BY_RESOURCE =
  'create index taggings_by_resource on taggings (workspace_id, resource_id, resource_type)';
