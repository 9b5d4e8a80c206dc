import { toInstant } from '../../common/http/operations/instant.js';
import { UUID } from '../../common/http/operations/value-checks.js';
import { AUDIT_LOG_OPERATIONS } from '../../contract/audit-log-operations.js';
import type {
  AuditLogPeriod,
  ListAuditLogOperationsResponse,
  ListAuditLogs,
  ListAuditLogsOCSFResponse,
} from '../../contract/audit-logs.js';
import type { AuditPeriod } from './entries/audit-page.statements.js';
import { AUDIT_OPERATIONS } from './entries/operations.js';
import { fromCursor, toCursor } from './audit-log-cursor.js';
import type { AuditLogPage, AuditLogQuery } from './audit-logs.service.js';
import { toOcsf } from './ocsf.mapper.js';

/** Unknown operations and resources are not refused and select nothing (docs/contract/audit.md#reading). */
export const fromListAuditLogs = (query: ListAuditLogs): AuditLogQuery => ({
  ...fromAuditLogPeriod(query),
  limit: query.limit,
  after: query.cursor ? fromCursor(query.cursor) : null,
  workspaceId: query.workspace_id ?? null,
  operations: query.operations?.filter(isOperation) ?? null,
  userIds: query.actor_ls_user_ids ?? null,
  apiKeyIds: query.actor_api_key_ids ?? null,
  resourceIds: query.resource_ids?.map((id) => id.toLowerCase()).filter((id) => UUID.test(id)) ?? null,
});

const isOperation = (name: string) => (AUDIT_LOG_OPERATIONS as readonly string[]).includes(name);

/** What this server can write, in the order of the published list (docs/contract/audit.md#operations). */
export const toAuditLogOperations = (): ListAuditLogOperationsResponse => ({
  operations: AUDIT_LOG_OPERATIONS.filter((name) => (AUDIT_OPERATIONS as readonly string[]).includes(name)),
});

export const fromAuditLogPeriod = ({ start_time, end_time }: AuditLogPeriod): AuditPeriod => ({
  from: toInstant(start_time),
  to: toInstant(end_time),
});

export const toAuditLogPage = ({ entries, next }: AuditLogPage): ListAuditLogsOCSFResponse => ({
  cursor: next && toCursor(next),
  items: entries.map(toOcsf),
});
