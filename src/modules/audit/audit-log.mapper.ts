import { Readable } from 'node:stream';
import { toInstant } from '../../common/http/instant.js';
import type { AuditLogPeriod, ListAuditLogs, ListAuditLogsOCSFResponse } from '../../contract/audit-logs.js';
import type { AuditPeriod } from './entries/audit-entries.repository.js';
import type { AuditEntry } from './entries/audit-entry.entity.js';
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

/** One JSON object per line. Reads on demand, and stops when the client disconnects. */
export const toLines = (batches: AsyncIterable<readonly AuditEntry[]>): Readable =>
  Readable.from(linesOf(batches), { objectMode: false });

async function* linesOf(batches: AsyncIterable<readonly AuditEntry[]>): AsyncGenerator<string> {
  for await (const batch of batches)
    if (batch.length > 0) yield batch.map((entry) => `${JSON.stringify(toOcsf(entry))}\n`).join('');
}
