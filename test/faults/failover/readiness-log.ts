import { Load, send } from '../support/load.js';

const INTERVAL_MS = 200;

/** Asks replicas for their readiness at intervals, as a load balancer does. */
export class ReadinessLog {
  private readonly load: Load;
  /** Per replica: how long it was not ready, in all. */
  private readonly notReadyMs: number[];
  private readonly isReady: boolean[];
  slowestMs = 0;

  constructor(replicas: readonly string[]) {
    this.notReadyMs = replicas.map(() => 0);
    this.isReady = replicas.map(() => false);
    this.load = new Load(
      replicas.map((replica, index) => this.prober(replica, index)),
      INTERVAL_MS,
    );
  }

  get areAllReady(): boolean {
    return this.isReady.every(Boolean);
  }

  /** Resolves with how long each replica was not ready, in milliseconds. */
  async stop(): Promise<number[]> {
    await this.load.stop();
    this.slowestMs = Math.round(this.load.slowestMs);
    return this.notReadyMs.map(Math.round);
  }

  private prober(replica: string, index: number) {
    let failedAt: number | null = null;
    return async () => {
      const askedAt = performance.now();
      const outcome = await send(`${replica}/readyz`);
      this.isReady[index] = outcome.status === 200;
      if (!this.isReady[index]) failedAt ??= askedAt;
      else if (failedAt !== null) {
        this.notReadyMs[index]! += performance.now() - failedAt;
        failedAt = null;
      }
      return outcome;
    };
  }
}
