import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { Pool } from 'pg';
import { DataSource } from 'typeorm';
import { BatchQueue } from '../../common/background/batch-queue.js';
import type { AccessChangeConfirmation } from '../access-change-confirmation.js';
import { PreparedQuery } from '../prepared-query.js';
import { aborted, unlessAborted } from '../unless-aborted.js';
import { AccessLease } from './access-lease.js';
import { FIND_UNSEEN, FIND_UNSEEN_CHANGES } from './change-log.statements.js';
import { LEASE_MS } from './lease.js';

/** Every lease that was granted before the commit has ended by then, with 10 ms for imprecise timers. */
const LONGEST_WAIT_MS = LEASE_MS + 10;
const ASK_EVERY_MS = 5;

/** Waits for the replicas in the registry, in which each writes what it has applied. */
@Injectable()
export class ConfirmAccessChange implements AccessChangeConfirmation {
  private readonly collected = new AsyncLocalStorage<string[]>();
  private readonly unseen = new BatchQueue<string, boolean>((xids) => this.findUnseen(xids), {
    retryEach: false,
  });

  constructor(
    private readonly dataSource: DataSource,
    private readonly lease: AccessLease,
  ) {}

  async run(xid: string | null): Promise<void> {
    if (xid === null) return;
    const collected = this.collected.getStore();
    if (collected) collected.push(xid);
    else await this.runAll([xid]);
  }

  collect(xids: string[], work: () => void): void {
    this.collected.run(xids, work);
  }

  async runAll(xids: readonly string[]): Promise<void> {
    await this.untilLeasesEnd((leasesEnd) => this.confirm(xids, leasesEnd));
  }

  async runVisible(): Promise<void> {
    await this.untilLeasesEnd(async (leasesEnd) => this.confirm(await this.findUnseenChanges(), leasesEnd));
  }

  private async untilLeasesEnd(confirm: (leasesEnd: AbortSignal) => Promise<void>): Promise<void> {
    const leasesEnd = AbortSignal.timeout(LONGEST_WAIT_MS);
    await unlessAborted(leasesEnd, confirm(leasesEnd)).catch(() => aborted(leasesEnd)); // an outage proves nothing
  }

  private async confirm(xids: readonly string[], leasesEnd: AbortSignal): Promise<void> {
    if (xids.length === 0) return;
    await Promise.all([this.lease.applyChanges(), ...xids.map((xid) => this.seenByOthers(xid, leasesEnd))]);
  }

  private async seenByOthers(xid: string, leasesEnd: AbortSignal): Promise<void> {
    while (!leasesEnd.aborted && (await this.unseen.enqueue('', xid))) await pause(ASK_EVERY_MS);
  }

  private async findUnseen(xids: readonly string[]): Promise<boolean[]> {
    const query = new PreparedQuery(FIND_UNSEEN, [xids, this.lease.replica]);
    return (await query.execute<{ isUnseen: boolean }>(this.pool)).rows.map(({ isUnseen }) => isUnseen);
  }

  private async findUnseenChanges(): Promise<string[]> {
    const query = new PreparedQuery(FIND_UNSEEN_CHANGES, []);
    return (await query.execute<{ xid: string }>(this.pool)).rows.map(({ xid }) => xid);
  }

  private get pool(): Pool {
    return (this.dataSource.driver as unknown as { master: Pool }).master;
  }
}
