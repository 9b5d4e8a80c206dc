import { Injectable } from '@nestjs/common';
import { newId } from '../../database/new-id.js';
import { Sql } from '../../database/sql.js';
import type { AuditEntry } from './audit-entry.entity.js';

const INSERT = {
  name: 'audit_entries_insert',
  text: `
    insert into audit_entries (id, org_id, workspace_id, operation, succeeded, user_id, credential_kind, credential_id,
      resource_ids, request_method, request_path, client_host, client_port, forwarded_for, response_status)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
};

@Injectable()
export class AuditEntriesRepository {
  constructor(private readonly sql: Sql) {}

  async insert(entry: Omit<AuditEntry, 'id' | 'createdAt'>): Promise<void> {
    await this.sql.affected(INSERT, [
      newId(),
      entry.orgId,
      entry.workspaceId,
      entry.operation,
      entry.succeeded,
      entry.userId,
      entry.credentialKind,
      entry.credentialId,
      entry.resourceIds,
      entry.requestMethod,
      entry.requestPath,
      entry.clientHost,
      entry.clientPort,
      entry.forwardedFor,
      entry.responseStatus,
    ]);
  }
}
