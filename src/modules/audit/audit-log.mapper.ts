import { Readable } from 'node:stream';
import { ValidationFailed } from '../../common/errors/validation-failed.js';
import type { AuditLogPeriod, ListAuditLogs, ListAuditLogsOCSFResponse } from '../../contract/audit-logs.js';
import type { AuditPeriod } from './audit-entries.repository.js';
import type { AuditEntry } from './audit-entry.entity.js';
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

/** Throws ValidationFailed. */
export const fromAuditLogPeriod = (query: AuditLogPeriod): AuditPeriod => ({
  from: instant(query, 'start_time'),
  to: instant(query, 'end_time'),
});

/** UTC unless it says otherwise; digits below the millisecond, which the log does not have, are dropped. */
function instant(query: AuditLogPeriod, field: keyof AuditLogPeriod): Date {
  const text = query[field];
  const at = new Date(/(Z|[+-]\d\d(:?\d\d)?)$/i.test(text) ? text : `${text}Z`);
  if (!Number.isNaN(at.getTime())) return at;
  const problem = { msg: 'Input should be a valid datetime', type: 'datetime_parsing' };
  throw new ValidationFailed([{ loc: ['query', field], ...problem }]);
}

export const toAuditLogPage = ({ entries, next }: AuditLogPage): ListAuditLogsOCSFResponse => ({
  cursor: next && toCursor(next),
  items: entries.map(toOcsf),
});

/** One JSON object per line. It reads on only as far as its reader does, and stops when he goes away. */
export const toLines = (batches: AsyncIterable<readonly AuditEntry[]>): Readable =>
  Readable.from(linesOf(batches), { objectMode: false });

async function* linesOf(batches: AsyncIterable<readonly AuditEntry[]>): AsyncGenerator<string> {
  for await (const batch of batches)
    if (batch.length > 0) yield batch.map((entry) => `${JSON.stringify(toOcsf(entry))}\n`).join('');
}
