import { Injectable } from '@nestjs/common';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import { closeOnFailure, concatLists, type RowList } from '../../../common/lists/streamed-rows.js';
import { ListReader } from '../../../database/lists/list-reader.js';
import { DatabaseClock } from '../../../database/transactions/database-clock.js';
import { Transaction } from '../../../database/transactions/transaction.js';
import { AuditSealsRepository, AuditTrail, type ChainEnd } from '../../audit/index.js';
import { GRANTS } from './access-grants.statements.js';

/** What somebody or something may do in the organization, or will when an invitation is accepted: columns of the report. */
export type Grant = Readonly<Record<string, string | Date | null>>;

/** `head`: the last seal of the audit log when the report began; null if nothing was sealed yet. */
export type ReportedAccess = {
  readonly orgId: string;
  readonly createdAt: Date;
  readonly head: ChainEnd | null;
  readonly grants: RowList<Grant>;
};

/** All grants of an organization from one snapshot, streamed if they are many. Records that they were read. */
@Injectable()
export class ExportAccessReport {
  constructor(
    private readonly seals: AuditSealsRepository,
    private readonly clock: DatabaseClock,
    private readonly lists: ListReader,
    private readonly transaction: Transaction,
    private readonly trail: AuditTrail,
  ) {}

  /** The head is read first, so that the grants include every change up to it. */
  async export(reader: OrgPrincipal, format: string): Promise<ReportedAccess> {
    const { orgId } = reader;
    const createdAt = await this.clock.now();
    const head = (await this.seals.findEnds([orgId])).get(orgId) ?? null;
    const lists = await this.lists.read<Grant[]>(
      ...GRANTS.map((statement) => ({ statement, values: [orgId] })),
    );
    const grants = concatLists(lists);
    await closeOnFailure(grants, () =>
      this.transaction.run(() => this.trail.record(reader, 'get_access_report', [], { details: { format } })),
    );
    return { orgId, createdAt, head, grants };
  }
}
