import type { AuditEntry } from '../entries/entities.js';
import type { AuditSeal } from './entities.js';
import type { ChainEnd, NewAnchor } from './audit-seals.repository.js';
import { ChainBroken } from './check-chain.errors.js';
import { CHAIN_START, entryLine, isEqualMac, type SealKey } from './seal-key.js';

/** Seals and entries of one chain, each in order. */
export type ChainContents = {
  readonly anchor: NewAnchor | null;
  readonly seals: AsyncIterable<AuditSeal>;
  readonly entries: AsyncIterable<AuditEntry>;
  /** The position up to which all chains are sealed. */
  readonly sealed: string;
};

export type ChainSummary = {
  readonly seals: number;
  readonly entries: number;
  /** The number of recent entries that no seal covers yet. */
  readonly unsealed: number;
  /** The last seal: a copy kept elsewhere shows later whether anything before it was replaced. */
  readonly head: Pick<ChainEnd, 'sequence' | 'mac'> | null;
};

/** Verifies a chain in one pass, from its beginning or anchor. @throws ChainBroken */
export async function checkChain(
  key: SealKey,
  { anchor, seals, entries, sealed }: ChainContents,
): Promise<ChainSummary> {
  const rows = new EntryReader(entries);
  let previous = await startOf(key, anchor, rows);
  const counts = { seals: 0, entries: 0 };
  for await (const seal of seals) {
    if (seal.sequence !== previous.sequence + 1)
      throw new ChainBroken(`seal ${previous.sequence + 1} is missing`);
    await assertSealed(key, seal, previous, rows);
    counts.seals++;
    counts.entries += seal.entries;
    previous = seal;
  }
  const remaining = await count(rows.through(sealed));
  if (remaining > 0)
    throw new ChainBroken(
      `after seal ${previous.sequence}: ${remaining} entries are not sealed, though later ones are: they were inserted, or their seal was removed`,
    );
  return {
    ...counts,
    unsealed: await count(rows.through(null)),
    head: previous.sequence > 0 ? previous : null,
  };
}

async function startOf(key: SealKey, anchor: NewAnchor | null, rows: EntryReader): Promise<ChainEnd> {
  if (!anchor) return CHAIN_START;
  if (!isEqualMac(key.sign(anchor), anchor.signature))
    throw new ChainBroken(`the anchor for seals 1 to ${anchor.sequence} was changed`);
  const unexpected = await count(rows.through(anchor.through));
  if (unexpected > 0)
    throw new ChainBroken(`${unexpected} entries precede its beginning: they were inserted`);
  return anchor;
}

async function assertSealed(
  key: SealKey,
  seal: AuditSeal,
  previous: ChainEnd,
  rows: EntryReader,
): Promise<void> {
  const mac = key.startMac(previous.mac, seal);
  let found = 0;
  for await (const entry of rows.through(seal.through)) {
    mac.update(entryLine(entry));
    found++;
  }
  const label = `seal ${seal.sequence} (entries up to ${JSON.stringify(seal.newestAt)})`;
  if (found !== seal.entries)
    throw new ChainBroken(`${label}: ${found} entries found, ${seal.entries} were sealed`);
  if (!isEqualMac(mac.digest(), seal.mac))
    throw new ChainBroken(`${label}: an entry or the seal was changed`);
}

/** Reads entries on demand. */
class EntryReader {
  private readonly source: AsyncIterator<AuditEntry>;
  private buffered: IteratorResult<AuditEntry> | null = null;

  constructor(entries: AsyncIterable<AuditEntry>) {
    this.source = entries[Symbol.asyncIterator]();
  }

  /** The remaining entries up to this position, or all. */
  async *through(position: string | null): AsyncGenerator<AuditEntry> {
    for (;;) {
      this.buffered ??= await this.source.next();
      if (this.buffered.done) return;
      const { value } = this.buffered;
      if (position !== null && BigInt(value.position) > BigInt(position)) return;
      this.buffered = null;
      yield value;
    }
  }
}

async function count(rows: AsyncIterable<unknown>): Promise<number> {
  let found = 0;
  for await (const _ of rows) found++;
  return found;
}
