import type { MigrationInterface, QueryRunner } from 'typeorm';

const INDEXES = {
  audit_entries_by_operation: 'on audit_entries (org_id, operation, created_at, id)',
  audit_entries_by_user: 'on audit_entries (org_id, user_id, created_at, id)',
  audit_entries_by_workspace:
    'on audit_entries (workspace_id, created_at, id) where workspace_id is not null',
  audit_entries_by_key: `on audit_entries (credential_id, created_at, id) where credential_kind <> 'session'`,
  audit_entries_by_resource: 'on audit_entries using gin (resource_ids)',
};

/** One index for each filter of the audit log. */
export class FindAuditEntriesByFilters1764850000004 implements MigrationInterface {
  name = 'FindAuditEntriesByFilters1764850000004';
  readonly concurrentIndexes = INDEXES;
  readonly contract = Object.fromEntries(
    Object.keys(INDEXES).map((name) => [
      `create index audit_entries.${name}`,
      { harmlessBecause: 'it is built concurrently before the transaction.' },
    ]),
  );

  async up(runner: QueryRunner): Promise<void> {
    for (const [name, definition] of Object.entries(INDEXES))
      await runner.query(`create index if not exists ${name} ${definition}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const name of Object.keys(INDEXES)) await runner.query(`drop index ${name}`);
  }
}
