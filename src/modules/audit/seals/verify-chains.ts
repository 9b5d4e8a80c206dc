import { Injectable } from '@nestjs/common';
import { Transaction } from '../../../database/transactions/transaction.js';
import { AuditEntriesRepository } from '../entries/audit-entries.repository.js';
import { AuditSealsRepository } from './audit-seals.repository.js';
import { checkChain, type ChainSummary } from './check-chain.js';
import { ChainBroken } from './check-chain.errors.js';
import { isEqualMac, NO_ORG, SealKey } from './seal-key.js';

export type ChainReport = { readonly chain: string } & (ChainSummary | { readonly broken: string });

/** The head of a chain that an earlier run printed, or a report names. */
export type RecordedHead = {
  readonly chain: string;
  readonly sequence: number;
  readonly mac: Buffer;
  /** Of reports only. */
  readonly through?: string;
};

/** Removed: by retention, so that it can no longer be compared. */
type HeadComparison =
  { readonly is: 'same' | 'removed' } | { readonly is: 'different'; readonly reason: string };

/** Verifies the audit log against its seals while entries are being written. Read-only. */
@Injectable()
export class VerifyChains {
  constructor(
    private readonly seals: AuditSealsRepository,
    private readonly entries: AuditEntriesRepository,
    private readonly key: SealKey,
    private readonly transaction: Transaction,
  ) {}

  async *verifyAll(): AsyncGenerator<ChainReport> {
    for await (const chain of this.seals.streamChains()) yield await this.verify(chain);
  }

  /** In one snapshot, so that concurrent sealing and removal do not interfere. */
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

  /** Whether the chain has this head. `source`: where it was recorded, for the reason. */
  async compareHead(
    { chain, sequence, mac, through }: RecordedHead,
    source: string,
  ): Promise<HeadComparison> {
    const anchor = (await this.seals.findAnchors([chain])).get(chain);
    if (anchor && anchor.sequence > sequence) return { is: 'removed' };
    const seal = anchor?.sequence === sequence ? anchor : await this.seals.find(chain, sequence);
    if (!seal) return { is: 'different', reason: `seal ${sequence}, which ${source} lists, is missing` };
    if (isEqualMac(seal.mac, mac) && (through ?? seal.through) === seal.through) return { is: 'same' };
    return { is: 'different', reason: `seal ${sequence} differs from ${source}` };
  }

  private async check(chain: string): Promise<ChainSummary> {
    const { sealed } = await this.seals.observe();
    return checkChain(this.key, {
      sealed,
      anchor: (await this.seals.findAnchors([chain])).get(chain) ?? null,
      seals: this.seals.streamSeals(chain),
      entries: this.entries.streamAll(chain === NO_ORG ? null : chain),
    });
  }
}
