import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { BatchQueue } from '../../common/background/batch-queue.js';
import type {
  AccessChangeConfirmation,
  CollectedChanges,
} from '../../database/access-change-confirmation.js';
import { runOnPool } from '../../database/pool-of.js';
import { aborted, unlessAborted } from '../../database/unless-aborted.js';
import { AccessLease } from './access-lease.js';
import { FIND_UNSEEN, type UnseenRow } from './change-log.statements.js';
import { LEASE_MS } from './lease.js';

/** Every lease that was granted before the commit has ended by then, with 10 ms for imprecise timers. */
const LONGEST_WAIT_MS = LEASE_MS + 10;
const ASK_EVERY_MS = 5;

/** Waits for the replicas in the registry, in which each writes what it has applied. */
@Injectable()
export class ConfirmAccessChange implements AccessChangeConfirmation {
  private readonly collected = new AsyncLocalStorage<CollectedChanges>();
  /** Concurrent questions share a statement. */
  private readonly unseen = new BatchQueue<string | null, UnseenRow>((snapshots) => this.find(snapshots), {
    retryEach: false,
  });

  constructor(
    private readonly dataSource: DataSource,
    private readonly lease: AccessLease,
  ) {}

  async run(): Promise<void> {
    const collected = this.collected.getStore();
    if (collected) collected.any = true;
    else await this.runNow();
  }

  collect(changes: CollectedChanges, work: () => void): void {
    this.collected.run(changes, work);
  }

  async runNow(): Promise<void> {
    const leasesEnd = AbortSignal.timeout(LONGEST_WAIT_MS);
    const confirmed = this.confirmed(leasesEnd);
    await unlessAborted(leasesEnd, confirmed).catch(() => aborted(leasesEnd)); // an outage proves nothing
  }

  private async confirmed(leasesEnd: AbortSignal): Promise<void> {
    let { snapshot, isUnseen } = (await this.lease.applyChanges()) ?? (await this.unseen.enqueue('', null));
    while (isUnseen && !leasesEnd.aborted) {
      await pause(ASK_EVERY_MS);
      ({ snapshot, isUnseen } = await this.unseen.enqueue('', snapshot));
    }
  }

  /** Null: all changes that are committed now. */
  private async find(snapshots: readonly (string | null)[]): Promise<UnseenRow[]> {
    const values = [snapshots, this.lease.replicaId];
    return (await runOnPool<UnseenRow>(this.dataSource, FIND_UNSEEN, values)).rows;
  }
}
