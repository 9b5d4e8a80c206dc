import { Injectable } from '@nestjs/common';
import {
  AuditEntriesRepository,
  type AuditFilter,
  type AuditPeriod,
  type AuditPosition,
} from './audit-entries.repository.js';
import type { AuditEntry } from './audit-entry.entity.js';

export type AuditLogQuery = AuditFilter & { readonly limit: number; readonly after: AuditPosition | null };
export type AuditLogPage = { readonly entries: readonly AuditEntry[]; readonly next: AuditPosition | null };

const EXPORT_BATCH = 500; // entries; about 600 kB as text, and what a slow client holds in memory

/**
 * The read side of the audit log, newest first.
 *
 * What a reading from page to page (or an export) promises while others write: every entry of the period that could be
 * seen when it began comes exactly once, in order of (created_at, id). Entries never change and a position only moves
 * towards older ones, so nothing repeats and nothing is skipped. An entry that becomes visible meanwhile comes too if
 * the position has not passed it.
 *
 * An entry's time is when it was written (clock_timestamp(), not the start of its transaction), and it becomes visible
 * at commit, moments later. Who collects forward in time, period by period, should therefore let the periods overlap
 * by a minute and drop what he has already (`metadata.uid`).
 */
@Injectable()
export class AuditLogsService {
  constructor(private readonly entries: AuditEntriesRepository) {}

  /** `next` is where the following page starts; null on the last. */
  async list(orgId: string, query: AuditLogQuery): Promise<AuditLogPage> {
    const { limit, after } = query;
    const found = await this.entries.listOlderThan(after, orgId, query, limit + 1);
    const entries = found.slice(0, limit);
    return { entries, next: found.length > limit ? entries.at(-1)! : null };
  }

  /** The whole period in batches; the next one is read when it is asked for, and no connection is held in between. */
  async *export(orgId: string, period: AuditPeriod): AsyncGenerator<readonly AuditEntry[]> {
    const everything = { ...period, workspaceId: null, operations: null };
    let position: AuditPosition | null = null;
    do {
      const batch: AuditEntry[] = await this.entries.listOlderThan(position, orgId, everything, EXPORT_BATCH);
      yield batch;
      position = batch.length === EXPORT_BATCH ? batch.at(-1)! : null;
    } while (position);
  }
}
