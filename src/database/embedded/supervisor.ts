import { setTimeout as pause } from 'node:timers/promises';

import { ClusterInUse, EmbeddedPostgresFailed } from './embedded.errors.js';
import type { RunningServer } from './running-server.js';
import { lastLines, rotateLog } from './server-log.js';
import { SessionTaken } from './session.errors.js';

/** Before each restart within the window, so that their number is the limit. */
const PAUSES_MS = [100, 1000, 2000, 4000, 8000];
const WINDOW_MS = 10 * 60_000;
const CHECK_LOG_EVERY_MS = 10_000;

type SupervisorOptions = {
  /** Connects to the server, on the same port as before, and starts it unless it runs. */
  reconnect: (signal: AbortSignal) => Promise<RunningServer>;
  log: (line: string) => void;
  /** As the operator knows it, for messages. */
  directory: string;
};

/**
 * Restarts PostgreSQL when it ends, and rotates its log. The loss of the session shows that it ended; when PostgreSQL
 * has recovered by itself (after the crash of a backend), only the session is opened again.
 */
export class Supervisor {
  private readonly failing = new AbortController();
  private readonly stopping = new AbortController();
  private readonly logCheck: NodeJS.Timeout;
  private restarts: number[] = [];
  private recovery: Promise<void> = Promise.resolve();
  private hasReportedLog = false;

  constructor(
    private server: RunningServer,
    private readonly options: SupervisorOptions,
  ) {
    this.logCheck = setInterval(() => void this.rotate(), CHECK_LOG_EVERY_MS).unref();
    void this.rotate();
    this.watch();
  }

  /** Aborted with EmbeddedPostgresFailed, or ClusterInUse, when PostgreSQL is not restarted any more. */
  get failure(): AbortSignal {
    return this.failing.signal;
  }

  /** Ends the supervision; returns the server that was last used, which may have ended. */
  async stop(): Promise<RunningServer> {
    this.stopping.abort();
    clearInterval(this.logCheck);
    await this.recovery;
    return this.server;
  }

  private watch(): void {
    this.server.session.once('end', () => {
      if (!this.stopping.signal.aborted) this.recovery = this.recover();
    });
  }

  private async recover(): Promise<void> {
    const { path } = this.server.cluster;
    const begun = performance.now();
    this.options.log(`PostgreSQL in ${path} ended, or closed its session`);
    let reason: unknown = new Error(await lastLines(this.server.cluster).catch(String));
    while (!this.stopping.signal.aborted) {
      if (this.restartsLeft() === 0) return this.fail(reason);
      const failure = await this.reconnect();
      if (failure === null) {
        const elapsedMs = Math.round(performance.now() - begun);
        this.options.log(
          `PostgreSQL in ${path} runs again (process ${this.server.pid}) after ${elapsedMs} ms`,
        );
        return this.watch();
      }
      if (failure instanceof SessionTaken) return this.fail(failure);
      reason = failure;
    }
  }

  /** Null, or why it failed. */
  private async reconnect(): Promise<unknown> {
    const { signal } = this.stopping;
    try {
      await pause(PAUSES_MS[this.restarts.length], undefined, { signal });
      this.server = await this.options.reconnect(signal);
      if (this.server.isLaunchedHere) this.restarts.push(performance.now());
      return null;
    } catch (error) {
      this.restarts.push(performance.now());
      return error;
    }
  }

  private restartsLeft(): number {
    const windowStart = performance.now() - WINDOW_MS;
    this.restarts = this.restarts.filter((at) => at >= windowStart);
    return PAUSES_MS.length - this.restarts.length;
  }

  private fail(reason: unknown): void {
    const { directory } = this.options;
    const error =
      reason instanceof SessionTaken
        ? new ClusterInUse(directory, reason.processId)
        : new EmbeddedPostgresFailed(directory, PAUSES_MS.length, (reason as Error).message);
    this.failing.abort(error);
  }

  private async rotate(): Promise<void> {
    await rotateLog(this.server.cluster).catch((error: Error) => {
      if (!this.hasReportedLog) this.options.log(`server.log could not be rotated: ${error.message}`);
      this.hasReportedLog = true;
    });
  }
}
