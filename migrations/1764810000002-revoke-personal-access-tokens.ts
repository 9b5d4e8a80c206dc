import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Personal access tokens can be revoked and reinstated, and end with the token with which they were created. */
export class RevokePersonalAccessTokens1764810000002 implements MigrationInterface {
  name = 'RevokePersonalAccessTokens1764810000002';
  readonly contract = {
    'add constraint api_keys.api_keys_tokens_alone_are_revoked_and_have_parents': {
      harmlessBecause: 'Servers of the previous release do not know the columns and leave them empty.',
    },
  };

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table api_keys
        add column revoked_at timestamptz,
        add column parent_key_id uuid
          constraint api_keys_parent_key_id_fkey references api_keys on delete cascade,
        add constraint api_keys_tokens_alone_are_revoked_and_have_parents
          check (kind = 'pat' or (revoked_at is null and parent_key_id is null))`);
    await runner.query('create index api_keys_parent_key_id_idx on api_keys (parent_key_id)');
  }

  /** Tokens that are revoked now would be valid again. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('delete from api_keys where revoked_at is not null');
    await runner.query('alter table api_keys drop column revoked_at, drop column parent_key_id');
  }
}
