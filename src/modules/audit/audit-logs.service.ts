import { Injectable } from '@nestjs/common';
import type { OrgPrincipal } from '../../common/access/principal.js';
import { last } from '../../common/collections.js';
import { Transaction } from '../../database/transaction.js';
import {
  AuditEntriesRepository,
  type AuditFilter,
  type AuditPeriod,
  type AuditPosition,
} from './entries/audit-entries.repository.js';
import type { AuditDetails, AuditEntry } from './entries/audit-entry.entity.js';
import type { AuditCursor } from './audit-log-cursor.js';
import { AuditTrail } from './entries/audit-trail.js';
import { ReadingProofs } from './reading-proofs.js';

export type AuditLogQuery = AuditFilter & { readonly limit: number; readonly after: AuditCursor | null };
export type AuditLogPage = { readonly entries: readonly AuditEntry[]; readonly next: AuditCursor | null };

const EXPORT_BATCH = 500; // entries; about 600 kB as text, the memory that a slow client occupies

/**
 * Reads the audit log, newest first.
 *
 * A paged read or an export returns every entry of the period that was visible when it began exactly once, ordered
 * by (created_at, id): entries never change, and the cursor only moves to older ones. An entry that becomes visible
 * later is included if the cursor has not passed it.
 *
 * An entry's time is its time of writing (clock_timestamp()), and it becomes visible at commit, moments later. A
 * client that collects consecutive periods should let them overlap by a minute and drop duplicates by `metadata.uid`.
 *
 * Each read and each export records one entry, written after its first page or batch was read, so it is not part of
 * its own result.
 */
@Injectable()
export class AuditLogsService {
  constructor(
    private readonly entries: AuditEntriesRepository,
    private readonly proofs: ReadingProofs,
    private readonly trail: AuditTrail,
    private readonly transaction: Transaction,
  ) {}

  /** `next` is the cursor of the following page; null on the last page. */
  async list(reader: OrgPrincipal, query: AuditLogQuery): Promise<AuditLogPage> {
    const { limit, after } = query;
    const read = () => this.entries.listOlderThan(after?.position ?? null, reader.orgId, query, limit + 1);
    const found = this.isContinued(reader, query)
      ? await read()
      : await this.recorded(reader, query, 'list', read);
    const entries = found.slice(0, limit);
    if (found.length <= limit) return { entries, next: null };
    const position = last(entries);
    return { entries, next: { position, proof: this.proofs.proofOf(reader, query, position) } };
  }

  /**
   * The whole period in batches. On return, the first batch is loaded and the export is recorded; later batches are
   * loaded on demand, without holding a connection in between.
   */
  async export(reader: OrgPrincipal, period: AuditPeriod): Promise<AsyncIterable<readonly AuditEntry[]>> {
    const everything = { ...period, workspaceId: null, operations: null };
    const read = (position: AuditPosition | null) =>
      this.entries.listOlderThan(position, reader.orgId, everything, EXPORT_BATCH);
    return batchesFrom(await this.recorded(reader, everything, 'export', () => read(null)), read);
  }

  private isContinued(reader: OrgPrincipal, query: AuditLogQuery): boolean {
    const { after } = query;
    if (!after?.proof) return false;
    return this.proofs.isProof(after.proof, reader, query, after.position);
  }

  /** Reads and records in one transaction: if the entry cannot be written, nothing is returned. */
  private recorded<T>(
    reader: OrgPrincipal,
    filter: AuditFilter,
    event: 'list' | 'export',
    read: () => Promise<T>,
  ): Promise<T> {
    return this.transaction.run(async () => {
      const found = await read();
      await this.trail.record(reader, 'get_audit_logs', [], { details: { event, ...detailsOf(filter) } });
      return found;
    });
  }
}

async function* batchesFrom(
  first: readonly AuditEntry[],
  read: (position: AuditPosition) => Promise<readonly AuditEntry[]>,
): AsyncGenerator<readonly AuditEntry[]> {
  let batch = first;
  yield batch;
  while (batch.length === EXPORT_BATCH) {
    batch = await read(last(batch));
    yield batch;
  }
}

/** Without duplicates, since a client may repeat an operation. */
const detailsOf = ({ from, to, workspaceId, operations }: AuditFilter): AuditDetails => ({
  from: from.toISOString(),
  to: to.toISOString(),
  ...(workspaceId === null ? {} : { workspace_id: workspaceId }),
  ...(operations === null ? {} : { operations: [...new Set(operations)] }),
});
