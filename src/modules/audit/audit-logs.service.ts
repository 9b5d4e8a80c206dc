import { Injectable } from '@nestjs/common';
import type { OrgPrincipal } from '../../common/access/principal.js';
import { last } from '../../common/collections.js';
import { closeOnFailure, mapTogether, type RowList } from '../../common/lists/streamed-rows.js';
import { ListReader } from '../../database/lists/list-reader.js';
import { Transaction } from '../../database/transactions/transaction.js';
import { AuditEntriesRepository } from './entries/audit-entries.repository.js';
import { AuditNamesRepository } from './entries/audit-names.repository.js';
import type { AuditFilter, AuditPeriod } from './entries/audit-page.statements.js';
import type { AuditDetails, AuditEntry } from './entries/audit-entry.entity.js';
import type { AuditCursor } from './audit-log-cursor.js';
import { AuditTrail } from './entries/audit-trail.js';
import { type Activity, toOcsf } from './ocsf.mapper.js';
import { ReadingProofs } from './reading-proofs.js';

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
      ? this.proofs.isProof(after.proof, reader, query, after.position)
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
    return { items, next: { position, proof: this.proofs.proofOf(reader, query, position) } };
  }

  /** The whole period, and records the export. */
  async export(reader: OrgPrincipal, period: AuditPeriod): Promise<RowList<Activity>> {
    const [entries] = await this.lists.read(this.entries.allOfPeriod(reader.orgId, period));
    await closeOnFailure(entries, () =>
      this.transaction.run(() => this.record(reader, { ...period, ...EVERYTHING }, 'export')),
    );
    return mapTogether(entries, (batch) => this.withNames(reader.orgId, batch));
  }

  private async withNames(orgId: string, entries: readonly AuditEntry[]): Promise<Activity[]> {
    const names = await this.names.findIn(orgId, entries);
    return entries.map((entry) => toOcsf(entry, names));
  }

  private record(reader: OrgPrincipal, filter: AuditFilter, event: 'list' | 'export'): Promise<void> {
    return this.trail.record(reader, 'get_audit_logs', [], { details: { event, ...detailsOf(filter) } });
  }
}

const EVERYTHING = {
  workspaceId: null,
  operations: null,
  userIds: null,
  apiKeyIds: null,
  resourceIds: null,
  clientHosts: null,
};

const detailsOf = ({ from, to, workspaceId, ...lists }: AuditFilter): AuditDetails => ({
  from: from.toISOString(),
  to: to.toISOString(),
  ...(workspaceId === null ? {} : { workspace_id: workspaceId }),
  ...listed('operations', lists.operations),
  ...listed('actor_ls_user_ids', lists.userIds),
  ...listed('actor_api_key_ids', lists.apiKeyIds),
  ...listed('resource_ids', lists.resourceIds),
  ...listed('client_hosts', lists.clientHosts),
});

/** Without duplicates, since a client may repeat a value. */
const listed = (name: string, values: readonly string[] | null): AuditDetails =>
  values === null ? {} : { [name]: [...new Set(values)] };
