import type { AuditEntry } from '../audit-entry.entity.js';
import type { AuditSeal } from './audit-seal.entity.js';
import type { ChainEnd, NewAnchor } from './audit-seals.repository.js';
import { BEGINNING, entryLine, isSame, type SealKey } from './seal-key.js';

/** All there is of one chain, seals and entries in their orders. */
export type ChainContents = {
  readonly anchor: NewAnchor | null;
  readonly seals: AsyncIterable<AuditSeal>;
  readonly entries: AsyncIterable<AuditEntry>;
  /** The position up to which all chains are sealed. */
  readonly sealed: string;
};

export type ChainFindings = {
  readonly seals: number;
  readonly entries: number;
  /** Written a moment ago; nothing vouches for them yet. */
  readonly unsealed: number;
  /** Its last seal: who keeps this elsewhere can tell later that nothing before it was replaced. */
  readonly head: Pick<ChainEnd, 'sequence' | 'mac'> | null;
};

/** The first place of a chain that is not as it was left; the message is for the operator. */
export class ChainBroken extends Error {}

/** Walks along a chain once, from its beginning or anchor, one entry at a time. Throws ChainBroken. */
export async function checkChain(
  key: SealKey,
  { anchor, seals, entries, sealed }: ChainContents,
): Promise<ChainFindings> {
  const rows = new Rows(entries);
  let end = await beginningOf(key, anchor, rows);
  const counts = { seals: 0, entries: 0 };
  for await (const seal of seals) {
    assertNext(seal, end);
    await assertSealed(key, seal, end, rows);
    counts.seals++;
    counts.entries += seal.entries;
    end = seal;
  }
  await assertNoneLeftOut(end, sealed, rows);
  return { ...counts, unsealed: await count(rows.through(null)), head: end.sequence > 0 ? end : null };
}

async function beginningOf(key: SealKey, anchor: NewAnchor | null, rows: Rows): Promise<ChainEnd> {
  if (!anchor) return BEGINNING;
  if (!isSame(key.sign(anchor), anchor.signature))
    throw new ChainBroken(`the anchor that stands for seals 1 to ${anchor.sequence} was changed`);
  const strays = await count(rows.through(anchor.through));
  if (strays > 0) throw new ChainBroken(`${strays} entries stand before its beginning: they were slipped in`);
  return anchor;
}

function assertNext(seal: AuditSeal, end: ChainEnd): void {
  if (seal.sequence !== end.sequence + 1) throw new ChainBroken(`seal ${end.sequence + 1} is missing`);
}

async function assertSealed(key: SealKey, seal: AuditSeal, end: ChainEnd, rows: Rows): Promise<void> {
  const mac = key.begin(end.mac, seal);
  let found = 0;
  for await (const entry of rows.through(seal.through)) {
    mac.update(entryLine(entry));
    found++;
  }
  const place = `seal ${seal.sequence} (entries up to ${JSON.stringify(seal.newestAt)})`;
  if (found !== seal.entries)
    throw new ChainBroken(`${place}: ${found} entries are there, ${seal.entries} were sealed`);
  if (!isSame(mac.digest(), seal.mac)) throw new ChainBroken(`${place}: an entry or the seal was changed`);
}

async function assertNoneLeftOut({ sequence }: ChainEnd, sealed: string, rows: Rows): Promise<void> {
  const left = await count(rows.through(sealed));
  if (left > 0)
    throw new ChainBroken(
      `after seal ${sequence}: ${left} entries are not sealed, though later ones are: slipped in, or their seal was removed`,
    );
}

/** Entries, read as far as somebody asks. */
class Rows {
  private readonly source: AsyncIterator<AuditEntry>;
  private ahead: IteratorResult<AuditEntry> | null = null;

  constructor(entries: AsyncIterable<AuditEntry>) {
    this.source = entries[Symbol.asyncIterator]();
  }

  /** Those that are left up to this position, or all. */
  async *through(position: string | null): AsyncGenerator<AuditEntry> {
    for (;;) {
      this.ahead ??= await this.source.next();
      if (this.ahead.done) return;
      const { value } = this.ahead;
      if (position !== null && BigInt(value.position) > BigInt(position)) return;
      this.ahead = null;
      yield value;
    }
  }
}

async function count(rows: AsyncIterable<unknown>): Promise<number> {
  let found = 0;
  for await (const _ of rows) found++;
  return found;
}
