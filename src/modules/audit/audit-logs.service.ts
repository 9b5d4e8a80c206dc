import { Injectable } from '@nestjs/common';
import type { OrgPrincipal } from '../../common/access/principal.js';
import { last } from '../../common/collections.js';
import { closeOnFailure, mapTogether, type RowList } from '../../common/lists/streamed-rows.js';
import { ListReader } from '../../database/lists/list-reader.js';
import { Transaction } from '../../database/transactions/transaction.js';
import {
  AuditEntriesRepository,
  type AuditFilter,
  type AuditPeriod,
} from './entries/audit-entries.repository.js';
import { AuditNamesRepository } from './entries/audit-names.repository.js';
import type { AuditDetails, AuditEntry } from './entries/entities.js';
import type { AuditCursor } from './audit-log-cursor.js';
import { AuditTrail } from './entries/audit-trail.js';
import { type Activity, toOcsf } from './ocsf.mapper.js';
import { factsOf, ReadingProofs } from './reading-proofs.js';

export type AuditLogQuery = AuditFilter & { readonly limit: number; readonly after: AuditCursor | null };
export type AuditLogPage = { readonly items: Activity[]; readonly next: AuditCursor | null };

/**
 * Reads the audit log, newest first (docs/contract/audit.md#reading): each entry that was visible at the beginning
 * exactly once. Each read and each export records one entry, after its first page or its snapshot was read, so that it
 * is not part of its own result.
 */
@Injectable()
export class AuditLogsService {
  constructor(
    private readonly entries: AuditEntriesRepository,
    private readonly names: AuditNamesRepository,
    private readonly proofs: ReadingProofs,
    private readonly trail: AuditTrail,
    private readonly lists: ListReader,
    private readonly transaction: Transaction,
  ) {}

  /** `next` is the cursor of the following page; null on the last page. */
  async list(reader: OrgPrincipal, query: AuditLogQuery): Promise<AuditLogPage> {
    const { limit, after } = query;
    const { orgId } = reader;
    const page = { orgId, filter: query, position: after?.position ?? null, limit: limit + 1 };
    const read = () => this.entries.listPage(page);
    const isContinued = after?.proof
      ? this.proofs.isProofOfFacts(after.proof, reader, factsOf(query, after.position))
      : false;
    const found = isContinued
      ? await read()
      : await this.transaction.run(async () => {
          const rows = await read();
          await this.record(reader, query, 'list'); // if it cannot be written, nothing is returned
          return rows;
        });
    const entries = found.slice(0, limit);
    const items = await this.withNames(orgId, entries);
    if (found.length <= limit) return { items, next: null };
    const position = last(entries);
    const proof = this.proofs.proofOfFacts(reader, factsOf(query, position));
    return { items, next: { position, proof } };
  }

  /** The whole period, and records the export. */
  async export(reader: OrgPrincipal, period: AuditPeriod): Promise<RowList<Activity>> {
    const [entries] = await this.lists.read(this.entries.allOfPeriod(reader.orgId, period));
    await closeOnFailure(entries, () => this.transaction.run(() => this.record(reader, period, 'export')));
    return mapTogether(entries, (batch) => this.withNames(reader.orgId, batch));
  }

  private async withNames(orgId: string, entries: readonly AuditEntry[]): Promise<Activity[]> {
    const names = await this.names.findIn(orgId, entries);
    return entries.map((entry) => toOcsf(entry, names));
  }

  private record(reader: OrgPrincipal, filter: RecordedFilter, event: 'list' | 'export'): Promise<void> {
    return this.trail.record(reader, 'get_audit_logs', [], { details: { event, ...detailsOf(filter) } });
  }
}

type RecordedFilter = AuditPeriod & Partial<AuditFilter>;

const detailsOf = ({ from, to, workspaceId, ...lists }: RecordedFilter): AuditDetails => ({
  from: from.toISOString(),
  to: to.toISOString(),
  ...(workspaceId ? { workspace_id: workspaceId } : {}),
  ...listed('operations', lists.operations),
  ...listed('actor_ls_user_ids', lists.userIds),
  ...listed('actor_api_key_ids', lists.apiKeyIds),
  ...listed('resource_ids', lists.resourceIds),
  ...listed('client_hosts', lists.clientHosts),
});

/** Without duplicates, since a client may repeat a value. */
const listed = (name: string, values: readonly string[] | null | undefined): AuditDetails =>
  values ? { [name]: [...new Set(values)] } : {};
