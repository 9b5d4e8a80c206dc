import { randomInt } from 'node:crypto';
import { PasswordHashingBusy, PasswordHashingOverloaded } from './errors.js';

/**
 * `preferred`: logins from networks with a recent success, and changes of one's own password. `anonymous`: all other
 * logins. `background`: passwords that are set for other users, one or a batch.
 */
export type HashLane = 'preferred' | 'anonymous' | 'background';

export type HashQueueBounds = {
  /** Concurrent hashes of all lanes together (docs/contract/passwords.md#login-throttling). */
  readonly running: number;
  /** Concurrent hashes of the lanes `anonymous` and `background` together. */
  readonly runningUnpreferred: number;
  /** Waiting logins. The lane `anonymous` may use half of them. */
  readonly waitingLogins: number;
  /** Concurrent batches; a single password in the lane `background` counts as one. */
  readonly batches: number;
  readonly waitMs: number;
};

export const HASH_QUEUE_BOUNDS: HashQueueBounds = {
  running: 2,
  runningUnpreferred: 1,
  waitingLogins: 128,
  batches: 16,
  waitMs: 10_000,
};

/** Hashes of one batch in the queue at a time: one runs while the next waits. */
const HASHES_PER_BATCH = 2;
/** Logins that may overtake a waiting background hash, so that logins cannot starve batches. */
const MAX_OVERTAKING = 3;
/** The queue drains in about two seconds; the delay is randomized, so that refused clients do not retry all at once. */
const retryLoginSeconds = () => randomInt(1, 6);
const RETRY_BATCH_SECONDS = 10;

type Job = { start: () => void; timer: NodeJS.Timeout };

/** Starts hashes by the priority of their lanes, a few at a time, and refuses those that it cannot start in time. */
export class HashQueue {
  private readonly waiting: Record<HashLane, Set<Job>> = {
    preferred: new Set(),
    anonymous: new Set(),
    background: new Set(),
  };
  private readonly running: Record<HashLane, number> = { preferred: 0, anonymous: 0, background: 0 };
  private batches = 0;
  private overtaking = 0;

  constructor(private readonly bounds: HashQueueBounds) {}

  /**
   * The result of a single hash: of a login, or of a change of one's own password.
   *
   * @throws PasswordHashingBusy in the lane `anonymous`, PasswordHashingOverloaded in the lane `preferred`, if the
   *   queue is full or the hash waited too long
   */
  async run<T>(lane: 'preferred' | 'anonymous', hash: () => Promise<T>): Promise<T> {
    if (!this.hasRoom(lane)) throw refusalIn(lane);
    return this.enqueue(lane, hash);
  }

  /**
   * The results in the order of `hashes`. Batches share the lane evenly, since each has only a few hashes in the queue.
   * After a failure, no further hash of the batch starts.
   *
   * @throws PasswordHashingBusy if there are too many batches or a hash waited too long
   */
  async runBatch<T>(hashes: readonly (() => Promise<T>)[]): Promise<T[]> {
    if (this.batches >= this.bounds.batches) throw refusalIn('background');
    this.batches++;
    const results: T[] = [];
    const remaining = hashes.entries();
    let hasFailed = false;
    const worker = async () => {
      for (const [index, hash] of remaining) {
        if (hasFailed) return;
        results[index] = await this.enqueue('background', hash);
      }
    };
    try {
      await Promise.all(Array.from({ length: HASHES_PER_BATCH }, worker));
      return results;
    } finally {
      hasFailed = true;
      this.batches--;
    }
  }

  get load(): { readonly lane: HashLane; readonly running: number; readonly waiting: number }[] {
    return IN_ORDER.map((lane) => ({ lane, running: this.running[lane], waiting: this.waiting[lane].size }));
  }

  private hasRoom(lane: 'preferred' | 'anonymous'): boolean {
    const { preferred, anonymous } = this.waiting;
    const { waitingLogins } = this.bounds;
    return lane === 'anonymous'
      ? anonymous.size < waitingLogins / 2
      : preferred.size + anonymous.size < waitingLogins;
  }

  private async enqueue<T>(lane: HashLane, hash: () => Promise<T>): Promise<T> {
    await this.started(lane);
    try {
      return await hash();
    } finally {
      this.running[lane]--;
      this.startNext();
    }
  }

  private started(lane: HashLane): Promise<void> {
    return new Promise((start, reject) => {
      const timer = setTimeout(() => {
        this.waiting[lane].delete(job);
        reject(refusalIn(lane));
      }, this.bounds.waitMs);
      const job = { start, timer };
      this.waiting[lane].add(job);
      this.startNext();
    });
  }

  private startNext(): void {
    const lane = this.nextLane();
    if (lane === null) return;
    const [job] = this.waiting[lane];
    if (!job) return;
    this.waiting[lane].delete(job);
    clearTimeout(job.timer);
    this.running[lane]++;
    this.overtaking = lane !== 'background' && this.waiting.background.size > 0 ? this.overtaking + 1 : 0;
    job.start();
  }

  private nextLane(): HashLane | null {
    const { preferred, anonymous, background } = this.running;
    if (preferred + anonymous + background >= this.bounds.running) return null;
    const order = this.overtaking < MAX_OVERTAKING ? IN_ORDER : BACKGROUND_FIRST;
    const lanes = anonymous + background < this.bounds.runningUnpreferred ? order : PREFERRED_ONLY;
    return lanes.find((lane) => this.waiting[lane].size > 0) ?? null;
  }
}

const IN_ORDER = ['preferred', 'anonymous', 'background'] as const;
const BACKGROUND_FIRST = ['background', 'preferred', 'anonymous'] as const;
const PREFERRED_ONLY = ['preferred'] as const;

const refusalIn = (lane: HashLane) => {
  if (lane === 'preferred') return new PasswordHashingOverloaded(retryLoginSeconds());
  return new PasswordHashingBusy(lane === 'anonymous' ? retryLoginSeconds() : RETRY_BATCH_SECONDS);
};
