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
