import { Injectable } from '@nestjs/common';
import { Transaction } from '../../../database/transaction.js';
import { AuditEntriesRepository } from '../audit-entries.repository.js';
import { AuditSealsRepository } from './audit-seals.repository.js';
import { ChainBroken, checkChain, type ChainSummary } from './check-chain.js';
import { isEqualMac, NO_ORG, SealKey } from './seal-key.js';

export type ChainReport = { readonly chain: string } & (ChainSummary | { readonly broken: string });

/** The head of a chain, as it was noted some time ago. */
export type RecordedHead = { readonly chain: string; readonly sequence: number; readonly mac: Buffer };

/** Holds the audit log against its seals, while others go on writing. Changes nothing. */
@Injectable()
export class VerifyChains {
  constructor(
    private readonly seals: AuditSealsRepository,
    private readonly entries: AuditEntriesRepository,
    private readonly key: SealKey,
    private readonly transaction: Transaction,
  ) {}

  /** Every chain there is, one after the other. */
  async *verifyAll(): AsyncGenerator<ChainReport> {
    for await (const chain of this.seals.streamChains()) yield await this.verify(chain);
  }

  /** As it is at one moment: a round of sealing or removing meanwhile does not disturb. */
  verify(chain: string): Promise<ChainReport> {
    return this.transaction.run(async () => {
      await this.seals.useSnapshot();
      try {
        return { chain, ...(await this.check(chain)) };
      } catch (error) {
        if (!(error instanceof ChainBroken)) throw error;
        return { chain, broken: error.message };
      }
    });
  }

  /** What is wrong with the chain as far as that head; null when it is the same, or retention has removed it. */
  async findMismatch({ chain, sequence, mac }: RecordedHead): Promise<string | null> {
    const anchor = (await this.seals.findAnchors([chain])).get(chain);
    if (anchor && anchor.sequence > sequence) return null;
    const seal = anchor?.sequence === sequence ? anchor : await this.seals.find(chain, sequence);
    if (!seal) return `seal ${sequence}, which was noted, is gone`;
    return isEqualMac(seal.mac, mac) ? null : `seal ${sequence} is not the one that was noted`;
  }

  private async check(chain: string): Promise<ChainSummary> {
    const { sealed } = await this.seals.getProgress();
    return checkChain(this.key, {
      sealed,
      anchor: (await this.seals.findAnchors([chain])).get(chain) ?? null,
      seals: this.seals.streamSeals(chain),
      entries: this.entries.streamAll(chain === NO_ORG ? null : chain),
    });
  }
}
