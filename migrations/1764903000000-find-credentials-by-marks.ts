import type { MigrationInterface, QueryRunner } from 'typeorm';

const INDEXES = {
  api_keys_by_creator: `on api_keys (org_id, created_by_user_id, created_at, id) where kind = 'service'`,
  api_keys_by_last_use: 'on api_keys (org_id, kind, last_used_at, created_at, id) where revoked_at is null',
  api_keys_by_end: 'on api_keys (org_id, kind, expires_at, created_at, id) where revoked_at is null',
};

/** For the list of credentials: by owner, by last use, and by expiry. */
export class FindCredentialsByMarks1764903000000 implements MigrationInterface {
  name = 'FindCredentialsByMarks1764903000000';
  readonly concurrentIndexes = INDEXES;

  async up(runner: QueryRunner): Promise<void> {
    for (const [name, definition] of Object.entries(INDEXES))
      await runner.query(`create index if not exists ${name} ${definition}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const name of Object.keys(INDEXES)) await runner.query(`drop index ${name}`);
  }
}
