import type { MigrationInterface, QueryRunner } from 'typeorm';

/** One index for each filter of the audit log. */
export class FindAuditEntriesByFilters1764850000004 implements MigrationInterface {
  name = 'FindAuditEntriesByFilters1764850000004';

  async up(runner: QueryRunner): Promise<void> {
    for (const [name, definition] of INDEXES)
      await runner.query(`create index ${name} on audit_entries ${definition}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const [name] of INDEXES) await runner.query(`drop index ${name}`);
  }
}

const INDEXES = [
  ['audit_entries_by_operation', '(org_id, operation, created_at, id)'],
  ['audit_entries_by_user', '(org_id, user_id, created_at, id)'],
  ['audit_entries_by_workspace', '(workspace_id, created_at, id) where workspace_id is not null'],
  ['audit_entries_by_key', `(credential_id, created_at, id) where credential_kind <> 'session'`],
  ['audit_entries_by_resource', 'using gin (resource_ids)'],
] as const;
