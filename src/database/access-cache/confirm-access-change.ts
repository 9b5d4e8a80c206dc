import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { Pool } from 'pg';
import { DataSource } from 'typeorm';
import { BatchQueue } from '../../common/background/batch-queue.js';
import type { AccessChangeConfirmation } from '../access-change-confirmation.js';
import { PreparedQuery } from '../prepared-query.js';
import { aborted, unlessAborted } from '../unless-aborted.js';
import { AccessLease } from './access-lease.js';
import { FIND_UNSEEN } from './change-log.statements.js';
import { LEASE_MS } from './lease.js';

/** Every lease that was granted before the commit has ended by then, with 10 ms for imprecise timers. */
const LONGEST_WAIT_MS = LEASE_MS + 10;
const ASK_EVERY_MS = 5;

/** Waits for the replicas in the registry, in which each writes what it has applied. */
@Injectable()
export class ConfirmAccessChange implements AccessChangeConfirmation {
  private readonly unseen = new BatchQueue<string, boolean>((xids) => this.findUnseen(xids), {
    retryEach: false,
  });

  constructor(
    private readonly dataSource: DataSource,
    private readonly lease: AccessLease,
  ) {}

  async run(xid: string | null): Promise<void> {
    if (xid === null) return;
    const leasesEnd = AbortSignal.timeout(LONGEST_WAIT_MS);
    const confirmed = Promise.all([this.lease.applyChanges(), this.seenByOthers(xid, leasesEnd)]);
    await unlessAborted(leasesEnd, confirmed).catch(() => aborted(leasesEnd)); // an outage proves nothing
  }

  private async seenByOthers(xid: string, leasesEnd: AbortSignal): Promise<void> {
    while (!leasesEnd.aborted && (await this.unseen.enqueue('', xid))) await pause(ASK_EVERY_MS);
  }

  private async findUnseen(xids: readonly string[]): Promise<boolean[]> {
    const { master } = this.dataSource.driver as unknown as { master: Pool };
    const query = new PreparedQuery(FIND_UNSEEN, [xids, this.lease.replica]);
    return (await query.execute<{ isUnseen: boolean }>(master)).rows.map(({ isUnseen }) => isUnseen);
  }
}
