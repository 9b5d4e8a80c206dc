import { Injectable, Logger } from '@nestjs/common';
import { Config } from '../../../config/config.js';
import { Transaction } from '../../../database/transaction.js';
import { AuditEntriesRepository } from '../audit-entries.repository.js';
import type { AuditSeal } from './audit-seal.entity.js';
import { AuditSealsRepository, type NewAnchor } from './audit-seals.repository.js';
import { BEGINNING, isSame, NO_ORG, SealKey } from './seal-key.js';

/**
 * Retention: removes rounds of which every entry is too old, oldest first, and leaves an anchor in each of their
 * chains. Only what is as it was sealed: else a forger would only have to make rows look old to have us remove them
 * and sign for it.
 */
@Injectable()
export class RemoveOldEntries {
  private readonly log = new Logger(RemoveOldEntries.name);
  private refused: string | null = null;

  constructor(
    private readonly seals: AuditSealsRepository,
    private readonly entries: AuditEntriesRepository,
    private readonly key: SealKey,
    private readonly transaction: Transaction,
    private readonly config: Config,
  ) {}

  /** One round; false when there was none to remove, or another replica does it. */
  async round(): Promise<boolean> {
    const { retentionDays } = this.config.audit;
    if (retentionDays === 0 || (await this.seals.listOldestRoundOlderThan(retentionDays)).length === 0)
      return false;
    return this.transaction.run(async () => {
      if (!(await this.seals.tryLock())) return false;
      const round = await this.seals.listOldestRoundOlderThan(retentionDays);
      if (round.length === 0) return false;
      const anchors = await this.anchorsFor(round);
      if (!anchors) return this.refuse(round[0]!.through);
      await this.seals.putAnchors(anchors);
      await this.seals.removeRound(round[0]!.through);
      await this.entries.removeThrough(round[0]!.through);
      return true;
    });
  }

  /** Null when something is not as it was sealed. */
  private async anchorsFor(round: readonly AuditSeal[]): Promise<NewAnchor[] | null> {
    const { through } = round[0]!;
    const most = round.reduce((sum, { entries }) => sum + entries, 0);
    const byChain = Map.groupBy(
      await this.entries.listBetween('0', through, most + 1),
      ({ orgId }) => orgId ?? NO_ORG,
    );
    const before = await this.seals.findAnchors(round.map(({ chain }) => chain));
    const isIntact = (seal: AuditSeal) => {
      const anchor = before.get(seal.chain);
      const end = anchor ?? BEGINNING;
      const mac = this.key.seal(end.mac, seal, byChain.get(seal.chain) ?? []);
      return (
        seal.sequence === end.sequence + 1 &&
        isSame(mac, seal.mac) &&
        (!anchor || isSame(this.key.sign(anchor), anchor.signature))
      );
    };
    if (byChain.size !== round.length || !round.every(isIntact)) return null;
    return round.map((seal) => ({ ...seal, signature: this.key.sign(seal) }));
  }

  /** Told once, not every few seconds. */
  private refuse(through: string): false {
    if (this.refused !== through)
      this.log.error(
        'old audit entries are not as they were sealed and stay: run `npm run admin -- audit:verify`',
      );
    this.refused = through;
    return false;
  }
}
