import { Injectable } from '@nestjs/common';
import { BatchQueue } from '../../common/background/batch-queue.js';
import { AuditSealsRepository, stillWriting, type WritingObservation } from '../audit/index.js';

/** Entries up to `horizon` are visible to statements that begin now. `written`: the highest visible position. */
type Observed = { readonly horizon: bigint; readonly written: bigint };

/**
 * The last position before which no audit entry can appear any more
 * (docs/decisions/0104-events-follow-from-audit-entries.md). Of this process: others may be ahead or behind.
 */
@Injectable()
export class Horizon {
  private readonly state = new HorizonState();
  private readonly observations = new BatchQueue<void, Observed>((requests) => this.observeOnce(requests));

  constructor(private readonly seals: AuditSealsRepository) {}

  /** By the last observation. */
  get latest(): bigint {
    return this.state.position;
  }

  /**
   * How long, in seconds, an entry that is visible has waited for transactions that were writing before it, as far as this
   * process has observed it.
   */
  async observeAge(): Promise<number> {
    await this.observe();
    return this.state.age() / 1000;
  }

  /** Requests that come during an observation share the next one. */
  observe(): Promise<Observed> {
    return this.observations.enqueue('', undefined);
  }

  private async observeOnce(requests: readonly void[]): Promise<Observed[]> {
    const observation = await this.seals.observe();
    const observed = { horizon: this.state.after(observation), written: BigInt(observation.written) };
    return requests.map(() => observed);
  }
}

/**
 * A position was the highest visible one while some transactions were writing: it is the horizon as soon as all of
 * these have ended, whoever has begun since. Observations have to be given in the order in which they were made.
 */
export class HorizonState {
  position = 0n;
  private candidate: {
    readonly position: bigint;
    readonly pending: ReadonlySet<string>;
    readonly since: number;
  } | null = null;

  /** How long the candidate has not become the horizon, in milliseconds. */
  age(now = performance.now()): number {
    return this.candidate ? now - this.candidate.since : 0;
  }

  after({ written, sealed, writers }: WritingObservation, now = performance.now()): bigint {
    const active = new Set(writers);
    if (this.candidate) {
      const pending = stillWriting(this.candidate.pending, writers);
      if (pending.size === 0) this.advance(this.candidate.position);
      this.candidate = pending.size === 0 ? null : { ...this.candidate, pending };
    }
    this.advance(BigInt(sealed));
    if (this.candidate && this.candidate.position <= this.position) this.candidate = null;
    if (active.size === 0) this.advance(BigInt(written));
    else if (BigInt(written) > this.position)
      this.candidate ??= { position: BigInt(written), pending: active, since: now };
    return this.position;
  }

  private advance(position: bigint): void {
    if (position > this.position) this.position = position;
  }
}
