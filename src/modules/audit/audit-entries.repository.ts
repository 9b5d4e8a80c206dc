import { Injectable } from '@nestjs/common';
import { newId } from '../../database/new-id.js';
import { Sql } from '../../database/sql.js';
import type { AuditEntry } from './audit-entry.entity.js';

/** Both ends belong to it. */
export type AuditPeriod = { readonly from: Date; readonly to: Date };

/** Which entries of an organization; null lets all through. */
export type AuditFilter = AuditPeriod & {
  readonly workspaceId: string | null;
  readonly operations: readonly string[] | null;
};

/** Where a reading stands: what follows is older. */
export type AuditPosition = { readonly createdAt: Date; readonly id: string };

const INSERT = {
  name: 'audit_entries_insert',
  text: `
    insert into audit_entries (id, org_id, workspace_id, operation, succeeded, user_id, credential_kind, credential_id,
      resource_ids, request_method, request_path, client_host, client_port, forwarded_for, response_status,
      details)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
};

/** Backwards through `audit_entries_by_org`, whatever the filter. */
const OLDER_THAN = {
  name: 'audit_entries_older_than',
  text: `
    select id, created_at as "createdAt", org_id as "orgId", workspace_id as "workspaceId", operation, succeeded,
      user_id as "userId", credential_kind as "credentialKind", credential_id as "credentialId",
      resource_ids as "resourceIds", request_method as "requestMethod", request_path as "requestPath",
      client_host as "clientHost", client_port as "clientPort", forwarded_for as "forwardedFor",
      response_status as "responseStatus", details
    from audit_entries
    where org_id = $1 and created_at between $2 and $3 and (created_at, id) < ($4::timestamptz, $5::uuid)
      and ($6::uuid is null or workspace_id = $6) and ($7::text[] is null or operation = any($7))
    order by created_at desc, id desc limit $8`,
};

const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

@Injectable()
export class AuditEntriesRepository {
  constructor(private readonly sql: Sql) {}

  /** Newest first, at most `limit`; from the end of the period when there is no position yet. */
  listOlderThan(
    position: AuditPosition | null,
    orgId: string,
    filter: AuditFilter,
    limit: number,
  ): Promise<AuditEntry[]> {
    const { createdAt, id } = position ?? { createdAt: filter.to, id: LAST_ID };
    const bounds = [orgId, filter.from, filter.to, createdAt, id];
    return this.sql.rows<AuditEntry>(OLDER_THAN, [...bounds, filter.workspaceId, filter.operations, limit]);
  }

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
      entry.details,
    ]);
  }
}
