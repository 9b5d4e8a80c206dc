import { type BeforeApplicationShutdown, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import type { Pool, PoolConfig } from 'pg';
import { DataSource } from 'typeorm';
import { PeriodicTask } from '../common/background/periodic-task.js';
import { DatabaseClient } from './database-client.js';
import { unlessAborted } from './unless-aborted.js';

const DEADLINE_MS = 1000;
const CHECK_CLOCK_EVERY_MS = 60_000;
const LARGEST_CLOCK_DIFFERENCE_MS = 60_000; // contract decision 54

/**
 * Whether the database answers, on a connection of its own: a pool that is used up says nothing about that, and an
 * orchestrator's question must not wait for it.
 */
@Injectable()
export class ReadinessProbe implements OnModuleInit, BeforeApplicationShutdown {
  private readonly log = new Logger(ReadinessProbe.name);
  private readonly rounds = new PeriodicTask('compare the clock with the database’s', async () => {
    await this.check();
  });
  private client: DatabaseClient | null = null;
  private running: Promise<number> | null = null;
  private silentUntil = 0;

  constructor(private readonly dataSource: DataSource) {}

  onModuleInit(): void {
    this.rounds.start(CHECK_CLOCK_EVERY_MS);
  }

  beforeApplicationShutdown(): void {
    this.rounds.cancel();
    this.drop();
  }

  /**
   * Resolves when the database answers, within a second, with how far this process's clock is ahead of the
   * database's, in milliseconds. Callers at the same time share one question.
   *
   * @throws whatever came of the connection, or TimeoutError
   */
  check(): Promise<number> {
    this.running ??= this.ask()
      .then((aheadMs) => this.warnOfClock(aheadMs))
      .finally(() => (this.running = null));
    return this.running;
  }

  /** At most once a minute. */
  private warnOfClock(aheadMs: number): number {
    if (!isClockWrong(aheadMs) || performance.now() < this.silentUntil) return aheadMs;
    this.silentUntil = performance.now() + CHECK_CLOCK_EVERY_MS;
    this.log.warn(
      `this machine's clock is ${Math.round(aheadMs / 1000)} s ahead of the database's, which decides`,
    );
    return aheadMs;
  }

  private async ask(): Promise<number> {
    const deadline = AbortSignal.timeout(DEADLINE_MS);
    const isKept = this.client !== null;
    try {
      return await unlessAborted(deadline, this.askOnce());
    } catch (error) {
      this.drop();
      if (!isKept || deadline.aborted) throw error;
    }
    // The connection of the last check may have ended with a PostgreSQL that has been restarted since.
    return unlessAborted(deadline, this.askOnce()).catch((error: unknown) => {
      this.drop();
      throw error;
    });
  }

  private async askOnce(): Promise<number> {
    const client = this.client ?? (await this.connect());
    const begun = Date.now();
    const { rows } = await client.query<{ now: number }>(
      'select (extract(epoch from clock_timestamp()) * 1000)::float8 as now',
    );
    return (begun + Date.now()) / 2 - rows[0]!.now;
  }

  private async connect(): Promise<DatabaseClient> {
    const { options } = (this.dataSource.driver as unknown as { master: Pool & { options: PoolConfig } })
      .master;
    this.client = new DatabaseClient({ ...options, application_name: 'tenantry readiness' });
    await this.client.connect();
    return this.client;
  }

  private drop(): void {
    this.client?.destroy();
    this.client = null;
  }
}

export const isClockWrong = (aheadMs: number): boolean => Math.abs(aheadMs) > LARGEST_CLOCK_DIFFERENCE_MS;
