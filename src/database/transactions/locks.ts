/** Which of the waiting calls fail with failed work: all, those that have waited since before it began, or none. */
export type FailureScope = 'all' | 'earlier' | 'none';

/** `failure`: of the calls before the position `before`, in order of arrival. */
type Queue = {
  last: Promise<unknown>;
  arrivals: number;
  failure: { readonly error: unknown; readonly before: number } | null;
};

/**
 * Runs work with the same key one at a time within this process, in order of arrival. Waiting calls fail together with
 * work that failed for a reason which they share, such as a lock timeout: each would wait as long and fail.
 */
export class KeyedMutex {
  private readonly queues = new Map<string, Queue>();

  constructor(private readonly failureScope: (error: unknown) => FailureScope = () => 'none') {}

  async runExclusive<T>(key: string, work: () => Promise<T>): Promise<T> {
    const queue = this.queues.get(key) ?? { last: Promise.resolve(), arrivals: 0, failure: null };
    this.queues.set(key, queue);
    const position = queue.arrivals++;
    const begin = () => this.begin(queue, position, work);
    const current = queue.last.then(begin, begin);
    queue.last = current;
    try {
      return await current;
    } finally {
      if (queue.last === current) this.queues.delete(key);
    }
  }

  private async begin<T>(queue: Queue, position: number, work: () => Promise<T>): Promise<T> {
    if (queue.failure && position < queue.failure.before) throw queue.failure.error;
    const earlier = queue.arrivals;
    try {
      return await work();
    } catch (error) {
      const scope = this.failureScope(error);
      if (scope !== 'none') queue.failure = { error, before: scope === 'all' ? queue.arrivals : earlier };
      throw error;
    }
  }
}

export type SemaphoreLoad = { readonly limit: number; readonly held: number; readonly waiting: number };

/** At most `limit` holders at a time; further callers wait in order, each for at most `timeoutMs` (0: no limit). */
export class Semaphore {
  private readonly waiting = new Set<() => void>();
  private held = 0;

  constructor(
    private readonly limit: number,
    private readonly timeoutMs: number,
    private readonly timedOut: () => Error,
  ) {}

  get load(): SemaphoreLoad {
    return { limit: this.limit, held: this.held, waiting: this.waiting.size };
  }

  /** Resolves with the function that releases it; repeated calls have no effect. Rejects with `timedOut()`. */
  async acquire(): Promise<() => void> {
    if (this.held < this.limit) this.held++;
    else await this.wait();
    let isHeld = true;
    return () => {
      if (isHeld) this.release();
      isHeld = false;
    };
  }

  private wait(): Promise<void> {
    return new Promise((resolve, reject) => {
      const grant = () => {
        clearTimeout(timer);
        resolve();
      };
      const expire = () => {
        this.waiting.delete(grant);
        reject(this.timedOut());
      };
      const timer = this.timeoutMs === 0 ? undefined : setTimeout(expire, this.timeoutMs).unref();
      this.waiting.add(grant);
    });
  }

  private release(): void {
    const [next] = this.waiting;
    if (!next) return void this.held--;
    this.waiting.delete(next);
    next();
  }
}
