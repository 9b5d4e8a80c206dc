import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import type { JobResult, PgBoss } from 'pg-boss';
import { BRING_FORWARD_MS, PeriodicTask } from '../../common/background/periodic-task.js';
import { logFailure } from '../../common/errors/log-failure.js';
import type { Delivery } from '../../common/mail/mailer.js';
import { inTraceOf } from '../../common/tracing/spans.js';
import { currentTraceparent } from '../../common/tracing/trace-context.js';
import { Config } from '../../config/config.js';
import { ensureSchema } from '../schema/ensure-schema.js';
import { Sql } from '../transactions/sql.js';
import { isTooFarAhead } from '../statements/too-far-ahead.js';

/** Done, with any result; to be retried with backoff; or never to be retried. */
export type JobOutcome = 'done' | 'retry' | 'discard';

/** `traceparent`: of the request that has enqueued it. */
type Job = { id: string; name: string; data?: { traceparent?: string } | null };

const RETRY_POLICY = { retryLimit: 36, retryDelay: 1, retryBackoff: true, retryDelayMax: 3600 }; // seconds
const HEARTBEAT = { heartbeatSeconds: 30 }; // after that, another process takes over the job of a crashed one
const RETENTION = { deleteAfterSeconds: 24 * 3600 };
const CONCURRENCY = 5; // concurrent jobs per queue and process
const SUPERVISION = { superviseIntervalSeconds: 20, monitorIntervalSeconds: 20 };
const STOP_TIMEOUT_MS = 8_000; // on shutdown; unfinished jobs are run again

/** Retries with backoff are due later and count only then. */
const backlogIn = (schema: string) => ({
  name: 'job_queue_backlog',
  text: `
    select count(*)::int as jobs,
      coalesce(extract(epoch from now() - min(start_after)), 0)::float8 as "oldestSeconds"
    from ${schema}.job where state < 'active' and start_after <= now()`,
});

/** A retry is due within a second of the first attempt, and each time within twice as long. */
const bringForwardIn = (schema: string) => ({
  name: 'job_queue_bring_forward',
  text: `
    update ${schema}.job set start_after = now() where state < 'active'
      and ${isTooFarAhead('start_after', `make_interval(secs => least(${RETRY_POLICY.retryDelayMax}, 2 ^ (retry_count + 1)))`)}`,
});

/**
 * Work that must not run inside a transaction, but reliably after it: a job is a row that the transaction inserts, run
 * by one replica after the commit. Without a processed queue, pg-boss is not loaded and has no schema. It uses the
 * server's pool, and the open transaction if there is one.
 */
@Injectable()
export class JobQueue implements OnModuleDestroy {
  private readonly log = new Logger('JobQueue');
  private boss: PgBoss | null = null;
  private stopping: Promise<void> | null = null;
  private readonly bringForward = new PeriodicTask('bring jobs forward', async () => {
    await this.sql.affected(bringForwardIn(jobSchemaOf(this.config.database.schema)), []);
  });

  constructor(
    private readonly sql: Sql,
    private readonly config: Config,
  ) {}

  /**
   * Starts to process the queue in this process; jobs can be enqueued from now on. A job whose `work` throws is
   * retried.
   */
  async process(queue: string, work: (job: Job) => Promise<JobOutcome>): Promise<void> {
    this.boss ??= await this.start();
    await this.boss.createQueue(queue, { ...RETRY_POLICY, ...HEARTBEAT, ...RETENTION });
    await this.boss.supervise(queue); // recovers the jobs of crashed processes
    await this.boss.work(
      queue,
      {
        batchSize: CONCURRENCY,
        burstWhenBatchFull: true,
        pollingIntervalSeconds: this.config.jobs.pollEverySeconds,
        perJobResults: true as const,
      },
      (jobs: Job[]): Promise<JobResult[]> => Promise.all(jobs.map((job) => this.run(job, work))),
    );
  }

  /**
   * Inserts all jobs in one statement, in the open transaction if there is one. The caller chooses the ids, to find its
   * jobs.
   */
  async enqueue(queue: string, ids: readonly string[]): Promise<void> {
    if (!this.boss) throw new Error(`the queue ${queue} is not processed by this server`);
    const traceparent = currentTraceparent();
    await this.boss.insert(
      queue,
      ids.map((id) => ({ id, ...(traceparent === null ? {} : { data: { traceparent } }) })),
      { db: this.database },
    );
  }

  /** The jobs that wait to be done by any process, and how long the oldest has been due; null without a queue. */
  async backlog(): Promise<{ jobs: number; oldestSeconds: number } | null> {
    return (
      this.boss &&
      this.sql.one<{ jobs: number; oldestSeconds: number }>(
        backlogIn(jobSchemaOf(this.config.database.schema)),
        [],
      )
    );
  }

  /** Starts no further jobs; running jobs may finish while requests are completed. */
  onModuleDestroy(): void {
    this.bringForward.cancel();
    this.stopping = this.boss?.stop({ graceful: true, timeout: STOP_TIMEOUT_MS }) ?? null;
  }

  /** Resolves when the running jobs have ended; call it before the pool is closed. */
  async drained(): Promise<void> {
    await this.stopping;
  }

  private run(job: Job, work: (job: Job) => Promise<JobOutcome>): Promise<JobResult> {
    const span = { name: `job ${job.name}`, kind: 'consumer' } as const;
    return inTraceOf(job.data?.traceparent, span, () => this.attempt(job, work));
  }

  private async attempt(job: Job, work: (job: Job) => Promise<JobOutcome>): Promise<JobResult> {
    try {
      return { id: job.id, status: STATUS[await work(job)] };
    } catch (error) {
      logFailure(this.log, `${job.name} ${job.id} failed and will be retried`, error);
      return { id: job.id, status: STATUS.retry };
    }
  }

  /** Loaded only if a queue is processed: pg-boss and its dependencies are a tenth of all modules. */
  private async start(): Promise<PgBoss> {
    const { PgBoss } = await import('pg-boss');
    const schema = jobSchemaOf(this.config.database.schema);
    await ensureSchema(async (...query) => (await this.sql.unnamed(...query)).rows, schema);
    const boss = new PgBoss({
      db: this.database,
      schema,
      createSchema: false,
      schedule: false,
      registerInstance: false,
      openTelemetry: { enabled: false },
      ...SUPERVISION,
    });
    boss.on('error', (error) => logFailure(this.log, 'the job queue failed', error));
    await boss.start();
    this.bringForward.start(BRING_FORWARD_MS);
    return boss;
  }

  private readonly database = {
    executeSql: (text: string, values?: unknown[]) => this.sql.unnamed(text, values),
  };
}

/** Installations in several schemas of one database have queues of their own. pg-boss does not quote the name. */
const jobSchemaOf = (schema: string | null): string =>
  schema === null ? 'pgboss' : `${schema.toLowerCase()}_pgboss`;

/** pg-boss does not retry a job with `deadletter`, if no such queue exists. */
const STATUS = { done: 'completed', retry: 'failed', discard: 'deadletter' } as const;

/** What a mail job does next. `unanswered`: the mail may have arrived, so it is sent again only on request. */
export const MAIL_OUTCOME: Record<Delivery['outcome'], JobOutcome> = {
  taken: 'done',
  withdrawn: 'done',
  unanswered: 'done',
  refused: 'retry',
  'refused-for-good': 'discard',
};
