import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import type { JobResult, PgBoss } from 'pg-boss';
import { logFailure } from '../common/errors/log-failure.js';
import { Sql } from './sql.js';

/** Done, whatever came of it; to be tried again, later and later; or never again. */
export type JobOutcome = 'done' | 'retry' | 'discard';

type Job = { id: string; name: string };

const RETRY_POLICY = { retryLimit: 36, retryDelay: 1, retryBackoff: true, retryDelayMax: 3600 }; // seconds
const HEARTBEAT = { heartbeatSeconds: 30 }; // a job whose process died is taken up by another after that
const RETENTION = { deleteAfterSeconds: 24 * 3600 };
const CONCURRENCY = 5; // jobs of a queue in one process
const POLL_INTERVAL_SECONDS = 1;
const SUPERVISION = { superviseIntervalSeconds: 20, monitorIntervalSeconds: 20 };
const STOP_TIMEOUT_MS = 8_000; // at a stop; jobs that still run are taken up again

/**
 * Work that must not happen inside a transaction, but certainly after it: a job is a row, written by the transaction
 * that wants the work, done once that has committed, by one replica. Without a queue that is served, there is no
 * pg-boss, no schema of it and no query. It uses the server's own pool, in the open transaction when there is one.
 */
@Injectable()
export class JobQueue implements OnModuleDestroy {
  private readonly log = new Logger('JobQueue');
  private boss: PgBoss | null = null;
  private stopping: Promise<void> | null = null;

  constructor(private readonly sql: Sql) {}

  /** From now on jobs may be added, and this process does them. A failure that `work` throws is tried again. */
  async process(queue: string, work: (job: Job) => Promise<JobOutcome>): Promise<void> {
    this.boss ??= await this.start();
    await this.boss.createQueue(queue, { ...RETRY_POLICY, ...HEARTBEAT, ...RETENTION });
    await this.boss.supervise(queue); // what a process that crashed has left behind
    await this.boss.work(
      queue,
      {
        batchSize: CONCURRENCY,
        burstWhenBatchFull: true,
        pollingIntervalSeconds: POLL_INTERVAL_SECONDS,
        perJobResults: true as const,
      },
      (jobs): Promise<JobResult[]> => Promise.all(jobs.map((job) => this.run(job, work))),
    );
  }

  /** One statement, however many; in the open transaction. The ids are the caller's, so that he knows his jobs. */
  async enqueue(queue: string, ids: readonly string[]): Promise<void> {
    if (!this.boss) throw new Error(`nobody serves the queue ${queue}`);
    await this.boss.insert(
      queue,
      ids.map((id) => ({ id })),
      { db: this.database },
    );
  }

  /** Nothing new is begun; what runs may end while requests do. */
  onModuleDestroy(): void {
    this.stopping = this.boss?.stop({ graceful: true, timeout: STOP_TIMEOUT_MS }) ?? null;
  }

  /** Before the pool closes. */
  async drained(): Promise<void> {
    await this.stopping;
  }

  private async run(job: Job, work: (job: Job) => Promise<JobOutcome>): Promise<JobResult> {
    try {
      return { id: job.id, status: STATUS[await work(job)] };
    } catch (error) {
      logFailure(this.log, `${job.name} ${job.id} failed and is tried again`, error);
      return { id: job.id, status: STATUS.retry };
    }
  }

  /** Loaded only where a queue is served: it and what it needs are a tenth of all that a start reads. */
  private async start(): Promise<PgBoss> {
    const { PgBoss } = await import('pg-boss');
    const boss = new PgBoss({
      db: this.database,
      schedule: false,
      registerInstance: false,
      openTelemetry: { enabled: false },
      ...SUPERVISION,
    });
    boss.on('error', (error) => logFailure(this.log, 'the job queue failed', error));
    return boss.start();
  }

  private readonly database = {
    executeSql: (text: string, values?: unknown[]) => this.sql.unnamed(text, values),
  };
}

/** `deadletter`, without such a queue, is how pg-boss is told not to try again. */
const STATUS = { done: 'completed', retry: 'failed', discard: 'deadletter' } as const;
