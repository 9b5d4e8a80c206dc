import { Injectable, Logger } from '@nestjs/common';
import { first } from '../../../common/collections.js';
import { Config } from '../../../config/config.js';
import { Transaction } from '../../../database/transactions/transaction.js';
import { AuditEntriesRepository } from '../entries/audit-entries.repository.js';
import type { AuditSeal } from './entities.js';
import { AuditSealsRepository, type NewAnchor } from './audit-seals.repository.js';
import { CHAIN_START, isEqualMac, NO_ORG, SealKey } from './seal-key.js';

/**
 * Retention: removes seal batches whose entries are all too old, oldest first, and leaves an anchor in each of their
 * chains. Only verified batches: otherwise an attacker could make forged rows look old, and the removal would sign
 * for them.
 */
@Injectable()
export class RemoveOldEntries {
  private readonly log = new Logger(RemoveOldEntries.name);
  private reportedThrough: string | null = null;

  constructor(
    private readonly seals: AuditSealsRepository,
    private readonly entries: AuditEntriesRepository,
    private readonly key: SealKey,
    private readonly transaction: Transaction,
    private readonly config: Config,
  ) {}

  /** Removes one batch; false if there is none to remove, or another replica does it. */
  async runBatch(): Promise<boolean> {
    const { retentionDays } = this.config.audit;
    if (retentionDays === 0 || (await this.seals.listOldestRoundOlderThan(retentionDays)).length === 0)
      return false;
    return this.transaction.run(async () => {
      if (!(await this.seals.tryLock())) return false;
      const batch = await this.seals.listOldestRoundOlderThan(retentionDays);
      if (batch.length === 0) return false;
      const { through } = first(batch);
      const anchors = await this.createAnchors(batch, through);
      if (!anchors) return this.reportMismatch(through);
      await this.seals.upsertAnchors(anchors);
      await this.seals.removeBatch(through);
      await this.entries.removeThrough(through);
      return true;
    });
  }

  /** Null if a seal or an entry does not verify. */
  private async createAnchors(batch: readonly AuditSeal[], through: string): Promise<NewAnchor[] | null> {
    const total = batch.reduce((sum, { entries }) => sum + entries, 0);
    const byChain = Map.groupBy(
      await this.entries.listBetween('0', through, total + 1),
      ({ orgId }) => orgId ?? NO_ORG,
    );
    const before = await this.seals.findAnchors(batch.map(({ chain }) => chain));
    const isIntact = (seal: AuditSeal) => {
      const anchor = before.get(seal.chain);
      const end = anchor ?? CHAIN_START;
      const mac = this.key.seal(end.mac, seal, byChain.get(seal.chain) ?? []);
      return (
        seal.sequence === end.sequence + 1 &&
        isEqualMac(mac, seal.mac) &&
        (!anchor || isEqualMac(this.key.sign(anchor), anchor.signature))
      );
    };
    if (byChain.size !== batch.length || !batch.every(isIntact)) return null;
    return batch.map((seal) => ({ ...seal, signature: this.key.sign(seal) }));
  }

  /** Logged once per batch, not at every interval. */
  private reportMismatch(through: string): false {
    if (this.reportedThrough !== through)
      this.log.error(
        'old audit entries do not match their seals and are kept: run `npm run admin -- audit:verify`',
      );
    this.reportedThrough = through;
    return false;
  }
}
