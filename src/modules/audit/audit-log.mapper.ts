import { toInstant } from '../../common/http/instant.js';
import type { AuditLogPeriod, ListAuditLogs, ListAuditLogsOCSFResponse } from '../../contract/audit-logs.js';
import type { AuditPeriod } from './entries/audit-entries.repository.js';
import { fromCursor, toCursor } from './audit-log-cursor.js';
import type { AuditLogPage, AuditLogQuery } from './audit-logs.service.js';
import { toOcsf } from './ocsf.mapper.js';

export const fromListAuditLogs = (query: ListAuditLogs): AuditLogQuery => ({
  ...fromAuditLogPeriod(query),
  limit: query.limit,
  after: query.cursor ? fromCursor(query.cursor) : null,
  workspaceId: query.workspace_id ?? null,
  operations: query.operations ?? null,
});

export const fromAuditLogPeriod = ({ start_time, end_time }: AuditLogPeriod): AuditPeriod => ({
  from: toInstant(start_time),
  to: toInstant(end_time),
});

export const toAuditLogPage = ({ entries, next }: AuditLogPage): ListAuditLogsOCSFResponse => ({
  cursor: next && toCursor(next),
  items: entries.map(toOcsf),
});
