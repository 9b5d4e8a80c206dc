import { Injectable } from '@nestjs/common';
import { BatchQueue } from '../../common/background/batch-queue.js';
import { AuditSealsRepository, stillWriting, type WritingObservation } from '../audit/index.js';

/** A position that was read from the database. `id`: of the entry there; null if there is none, or retention has removed it. */
export type EntryAt = { readonly position: bigint; readonly id: string | null };

/**
 * Entries up to `horizon` are visible to statements that begin now. `written`: the highest visible position. `resets`: how
 * often the horizon was forgotten.
 */
type Observed = { readonly horizon: EntryAt; readonly written: bigint; readonly resets: number };

/**
 * The last position before which no audit entry can appear any more
 * (docs/decisions/0104-events-follow-from-audit-entries.md). Of this process: others may be ahead or behind.
 */
@Injectable()
export class Horizon {
  private readonly state = new HorizonState();
  private highest: WritingObservation | undefined;
  private readonly observations = new BatchQueue<void, Observed>((requests) => this.observeOnce(requests));

  constructor(private readonly seals: AuditSealsRepository) {}

  /** By the last observation. */
  get latest(): bigint {
    return this.state.horizon.position;
  }

  /** How many seconds a visible entry has waited for transactions that were writing before it, as far as observed. */
  async observeAge(): Promise<number> {
    await this.observe();
    return this.state.age() / 1000;
  }

  /** Requests that come during an observation share the next one. */
  observe(): Promise<Observed> {
    return this.observations.enqueue('', undefined);
  }

  private async observeOnce(requests: readonly void[]): Promise<Observed[]> {
    const observation = await this.seals.observe(this.highest);
    this.highest = observation;
    const horizon = this.state.after(observation);
    const observed = { horizon, written: BigInt(observation.written), resets: this.state.resets };
    return requests.map(() => observed);
  }
}

const NO_HORIZON: EntryAt = { position: 0n, id: null };

/**
 * The highest visible position becomes the horizon as soon as all transactions that were writing then have ended,
 * whichever have begun since. Observations have to be passed in their order. After the database has gone back, positions
 * are assigned again, so earlier observations are dropped.
 */
export class HorizonState {
  horizon = NO_HORIZON;
  resets = 0;
  private candidate: {
    readonly entry: EntryAt;
    readonly pending: ReadonlySet<string>;
    readonly since: number;
  } | null = null;

  /** How long the candidate has not become the horizon, in milliseconds. */
  age(now = performance.now()): number {
    return this.candidate ? now - this.candidate.since : 0;
  }

  after({ writers, ...seen }: WritingObservation, now = performance.now()): EntryAt {
    const written = { position: BigInt(seen.written), id: seen.writtenId };
    if (!seen.isContinued) this.reset();
    if (this.candidate) {
      const pending = stillWriting(this.candidate.pending, writers);
      if (pending.size === 0) this.advance(this.candidate.entry);
      this.candidate = pending.size === 0 ? null : { ...this.candidate, pending };
    }
    this.advance({ position: BigInt(seen.sealed), id: seen.sealedId });
    if (this.candidate && this.candidate.entry.position <= this.horizon.position) this.candidate = null;
    if (writers.length === 0) this.advance(written);
    else if (written.position > this.horizon.position)
      this.candidate ??= { entry: written, pending: new Set(writers), since: now };
    return this.horizon;
  }

  private reset(): void {
    this.horizon = NO_HORIZON;
    this.candidate = null;
    this.resets += 1;
  }

  private advance(entry: EntryAt): void {
    if (entry.position > this.horizon.position) this.horizon = entry;
  }
}
