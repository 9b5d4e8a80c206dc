import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Transaction } from '../../../database/transactions/transaction.js';
import { AuditEntriesRepository } from '../entries/audit-entries.repository.js';
import type { AuditEntry } from '../entries/entities.js';
import { AuditSealsRepository, type ChainEnd, type NewSeal, stillWriting } from './audit-seals.repository.js';
import { AuditCountsRepository } from './audit-counts.repository.js';
import { BatchSize } from './batch-size.js';
import { CHAIN_START, NO_ORG, SealKey } from './seal-key.js';

const POLL_INTERVAL_MS = 50; // between two checks for open writers

/**
 * Seals new entries, in batches over all organizations. Entries become visible at commit, not in order of position,
 * so a batch ends where no more entries can appear: at the last entry visible when it began, after every
 * transaction that was writing then has ended. Writers do not wait for it.
 */
@Injectable()
export class SealEntries {
  private readonly batchSize = new BatchSize();

  constructor(
    private readonly seals: AuditSealsRepository,
    private readonly entries: AuditEntriesRepository,
    private readonly key: SealKey,
    private readonly counts: AuditCountsRepository,
    private readonly transaction: Transaction,
  ) {}

  /** False if there is nothing to seal, or another replica does it. Rejects when `signal` is aborted. */
  async runBatch(signal: AbortSignal): Promise<boolean> {
    const observation = await this.seals.observe();
    if (BigInt(observation.written) <= BigInt(observation.sealed)) return false;
    await this.waitForWriters(observation.writers, signal);
    return this.transaction.run(async () => {
      if (!(await this.seals.tryLock())) return false;
      const begun = performance.now();
      const { sealed, isContinued } = await this.seals.observe(observation);
      if (!isContinued) return false;
      const entries = await this.entries.listBetween(sealed, observation.written, this.batchSize.current);
      await this.seal(entries);
      this.batchSize.adapt(performance.now() - begun);
      return entries.length > 0;
    });
  }

  /** Counts a batch of the entries that any replica has sealed; false if none are left, or another replica does it. */
  countBatch(): Promise<boolean> {
    return this.transaction.run(async () => (await this.seals.tryLock()) && this.counts.countBatch());
  }

  /** A writer gets its positions under its lock: if it is not listed, it has committed, or writes later positions. */
  private async waitForWriters(writers: Iterable<string>, signal: AbortSignal): Promise<void> {
    let pending: ReadonlySet<string> = new Set(writers);
    while (pending.size > 0) {
      await pause(POLL_INTERVAL_MS, undefined, { signal });
      pending = stillWriting(pending, (await this.seals.observe()).writers);
    }
  }

  private async seal(entries: readonly AuditEntry[]): Promise<void> {
    const byChain = Map.groupBy(entries, ({ orgId }) => orgId ?? NO_ORG);
    const ends = await this.seals.findEnds([...byChain.keys()]);
    const through = entries.at(-1)?.position;
    if (through === undefined) return;
    const seals = [...byChain].map(([chain, rows]) =>
      this.createSeal(ends.get(chain) ?? CHAIN_START, { chain, through }, rows),
    );
    await this.seals.insert(seals);
  }

  private createSeal(
    { sequence, mac }: ChainEnd,
    batch: { chain: string; through: string },
    entries: readonly AuditEntry[],
  ): NewSeal {
    const newestAt = new Date(Math.max(...entries.map(({ createdAt }) => createdAt.getTime())));
    const facts = { ...batch, sequence: sequence + 1, entries: entries.length, newestAt };
    return { ...facts, mac: this.key.seal(mac, facts, entries) };
  }
}
