import { Injectable } from '@nestjs/common';
import type { OrgPrincipal } from '../../common/access/principal.js';
import { Transaction } from '../../database/transaction.js';
import {
  AuditEntriesRepository,
  type AuditFilter,
  type AuditPeriod,
  type AuditPosition,
} from './audit-entries.repository.js';
import type { AuditDetails, AuditEntry } from './audit-entry.entity.js';
import type { AuditCursor } from './audit-log-cursor.js';
import { AuditTrail } from './audit-trail.js';
import { ReadingProofs } from './reading-proofs.js';

export type AuditLogQuery = AuditFilter & { readonly limit: number; readonly after: AuditCursor | null };
export type AuditLogPage = { readonly entries: readonly AuditEntry[]; readonly next: AuditCursor | null };

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
 *
 * Each reading and each export leaves one entry of its own, written after the first page or batch was read: it comes
 * in the next reading, not in this one.
 */
@Injectable()
export class AuditLogsService {
  constructor(
    private readonly entries: AuditEntriesRepository,
    private readonly proofs: ReadingProofs,
    private readonly trail: AuditTrail,
    private readonly transaction: Transaction,
  ) {}

  /** `next` is where the following page starts; null on the last. */
  async list(reader: OrgPrincipal, query: AuditLogQuery): Promise<AuditLogPage> {
    const { limit, after } = query;
    const read = () => this.entries.listOlderThan(after?.position ?? null, reader.orgId, query, limit + 1);
    const found = this.isContinued(reader, query)
      ? await read()
      : await this.recorded(reader, query, 'list', read);
    const entries = found.slice(0, limit);
    const last = found.length > limit ? entries.at(-1)! : null;
    return { entries, next: last && { position: last, proof: this.proofs.proofOf(reader, query, last) } };
  }

  /**
   * The whole period in batches. The first was read, and the export recorded, when this returns; each other one is read
   * when it is asked for, and no connection is held in between.
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

  /** In one transaction: if the entry cannot be written, nothing is shown. */
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
    batch = await read(batch.at(-1)!);
    yield batch;
  }
}

/** Operations are names of the contract's list; a client may repeat them. */
const detailsOf = ({ from, to, workspaceId, operations }: AuditFilter): AuditDetails => ({
  from: from.toISOString(),
  to: to.toISOString(),
  ...(workspaceId === null ? {} : { workspace_id: workspaceId }),
  ...(operations === null ? {} : { operations: [...new Set(operations)] }),
});
