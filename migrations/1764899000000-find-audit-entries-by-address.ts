import type { MigrationInterface, QueryRunner } from 'typeorm';

const INDEXES = { audit_entries_by_address: 'on audit_entries (org_id, client_host, created_at, id)' };

/** For the filter `client_hosts` of the audit log. */
export class FindAuditEntriesByAddress1764899000000 implements MigrationInterface {
  name = 'FindAuditEntriesByAddress1764899000000';
  readonly concurrentIndexes = INDEXES;
  readonly contract = {
    'create index audit_entries.audit_entries_by_address': {
      harmlessBecause: 'it is built concurrently before the transaction.',
    },
  };

  async up(runner: QueryRunner): Promise<void> {
    for (const [name, definition] of Object.entries(INDEXES))
      await runner.query(`create index if not exists ${name} ${definition}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index audit_entries_by_address');
  }
}
