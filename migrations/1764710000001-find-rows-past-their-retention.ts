import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Indexes by which the removal of old rows finds them without reading the others. */
export class FindRowsPastTheirRetention1764710000001 implements MigrationInterface {
  name = 'FindRowsPastTheirRetention1764710000001';

  async up(runner: QueryRunner): Promise<void> {
    for (const [name, on] of INDEXES) await runner.query(`create index ${name} on ${on}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const [name] of INDEXES) await runner.query(`drop index ${name}`);
  }
}

const INDEXES = [
  ['api_keys_by_expiry', 'api_keys (expires_at) where expires_at is not null'],
  ['scim_tokens_by_expiry', 'scim_tokens (expires_at) where expires_at is not null'],
  ['email_confirmations_by_expiry', 'email_confirmations (expires_at)'],
  ['deleted_workspaces_by_age', 'deleted_workspaces (deleted_at)'],
  ['invitations_ended_without_member', `invitations (ended_at) where status in ('declined', 'revoked')`],
] as const;
