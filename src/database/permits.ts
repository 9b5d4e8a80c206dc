type Waiting = { readonly grant: () => void };

export type PermitLoad = { readonly limit: number; readonly held: number; readonly waiting: number };

/** A semaphore: at most `count` permits; further callers wait in order, each for at most `patienceMs` (0: no limit). */
export class Permits {
  private readonly waiting = new Set<Waiting>();
  private free: number;

  constructor(
    private readonly count: number,
    private readonly patienceMs: number,
    private readonly timedOut: () => Error,
  ) {
    this.free = count;
  }

  get load(): PermitLoad {
    return { limit: this.count, held: this.count - this.free, waiting: this.waiting.size };
  }

  /** Resolves with the function that releases the permit; repeated calls have no effect. Rejects with `timedOut()`. */
  async acquire(): Promise<() => void> {
    if (this.free > 0) this.free--;
    else await this.wait();
    let isHeld = true;
    return () => {
      if (isHeld) this.release();
      isHeld = false;
    };
  }

  private wait(): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = this.patienceMs === 0 ? undefined : setTimeout(() => giveUp(), this.patienceMs).unref();
      const waiting = {
        grant: () => {
          clearTimeout(timer);
          resolve();
        },
      };
      const giveUp = () => {
        this.waiting.delete(waiting);
        reject(this.timedOut());
      };
      this.waiting.add(waiting);
    });
  }

  private release(): void {
    const [next] = this.waiting;
    if (!next) return void this.free++;
    this.waiting.delete(next);
    next.grant();
  }
}
