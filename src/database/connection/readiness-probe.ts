import { type BeforeApplicationShutdown, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { PeriodicTask } from '../../common/background/periodic-task.js';
import { first } from '../../common/collections.js';
import { unlessAborted } from '../../common/background/lifecycle.js';
import { poolOf } from './connection-pool.js';
import { DatabaseClient } from './database-client.js';

const DEADLINE_MS = 1000;
const CHECK_CLOCK_EVERY_MS = 60_000;
const LARGEST_CLOCK_DIFFERENCE_MS = 60_000; // docs/contract/installation.md#clock

/**
 * Checks whether the database responds, on a separate connection: an exhausted pool must neither fail nor delay the
 * probe.
 */
@Injectable()
export class ReadinessProbe implements OnModuleInit, BeforeApplicationShutdown {
  private readonly log = new Logger(ReadinessProbe.name);
  private readonly clockCheck = new PeriodicTask('compare the clock with the database’s', async () => {
    await this.check();
  });
  private client: DatabaseClient | null = null;
  private running: Promise<number> | null = null;
  private silentUntil = 0;

  constructor(private readonly dataSource: DataSource) {}

  onModuleInit(): void {
    this.clockCheck.start(CHECK_CLOCK_EVERY_MS);
  }

  beforeApplicationShutdown(): void {
    this.clockCheck.cancel();
    this.drop();
  }

  /**
   * Resolves when the database has responded, within a second, with how many milliseconds this process's clock is ahead
   * of the database's. Concurrent callers share one query.
   *
   * @throws the error of the connection, or TimeoutError
   */
  check(): Promise<number> {
    this.running ??= this.ask()
      .then((aheadMs) => this.warnOfClock(aheadMs))
      .finally(() => (this.running = null));
    return this.running;
  }

  /** Warns at most once a minute. */
  private warnOfClock(aheadMs: number): number {
    if (!isClockWrong(aheadMs) || performance.now() < this.silentUntil) return aheadMs;
    this.silentUntil = performance.now() + CHECK_CLOCK_EVERY_MS;
    this.log.warn(
      `this machine's clock is ${Math.round(aheadMs / 1000)} s ahead of the database's clock, which is authoritative`,
    );
    return aheadMs;
  }

  /** Asks once more on a new connection: PostgreSQL may have been restarted and have closed the kept one. */
  private async ask(): Promise<number> {
    const deadline = AbortSignal.timeout(DEADLINE_MS);
    for (;;) {
      const isKept = this.client !== null;
      try {
        return await unlessAborted(deadline, this.askOnce());
      } catch (error) {
        this.drop();
        if (!isKept || deadline.aborted) throw error;
      }
    }
  }

  private async askOnce(): Promise<number> {
    const client = this.client ?? (await this.connect());
    return measureClock(async (text) => first((await client.query<{ now: number }>(text)).rows));
  }

  private async connect(): Promise<DatabaseClient> {
    const { options } = poolOf(this.dataSource);
    this.client = new DatabaseClient({ ...options, application_name: 'tenantry readiness' });
    await this.client.connect();
    return this.client;
  }

  private drop(): void {
    this.client?.destroy();
    this.client = null;
  }
}

const NOW = 'select (extract(epoch from clock_timestamp()) * 1000)::float8 as now';

/** How many milliseconds this process's clock is ahead of the database's. */
export async function measureClock(read: (text: string) => Promise<{ now: number }>): Promise<number> {
  const begun = Date.now();
  const { now } = await read(NOW);
  return (begun + Date.now()) / 2 - now;
}

export const isClockWrong = (aheadMs: number): boolean => Math.abs(aheadMs) > LARGEST_CLOCK_DIFFERENCE_MS;
