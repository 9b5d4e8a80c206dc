import { named } from '../connection/statement-batch.js';
import type { DataSource, EntityManager, QueryRunner } from 'typeorm';
import { DatabaseUnavailable } from '../../common/errors/errors.js';
import { outageKind } from '../../common/errors/outage.js';
import { required } from '../../common/collections.js';
import { type DatabaseClient, NO_MESSAGES } from '../connection/database-client.js';
import { toConcurrencyConflict } from './constraint-violation.js';
import type { FailureScope, Semaphore } from './locks.js';

const BEGIN = { name: 'transaction_begin', text: 'begin' };

/**
 * For changes of an organization: their statements are planned once per connection, and read tables by their indexes
 * (docs/decisions/0127).
 */
const PLAN_ONCE = named('transaction_plan_once')`
  select set_config('plan_cache_mode', 'force_generic_plan', true), set_config('enable_seqscan', 'off', true),
    set_config('jit', 'off', true)`;

const LOCK = { name: 'transaction_lock', text: 'select pg_advisory_xact_lock(hashtextextended($1, 0))' };

/** `messages`: for `CommitListeners`. */
export type Committed<T> = { readonly result: T; readonly messages: ReadonlySet<string> };

/** PostgreSQL responds to COMMIT with a rollback when a statement has failed before. */
class TransactionRolledBack extends Error {
  constructor() {
    super('a statement of the transaction has failed, so nothing was committed');
  }
}

/** One transaction on a connection of its own, which begins with the first `open`. */
export class UnitOfWork {
  /** Of whom the rights were confirmed in this transaction. */
  confirmed: object | null = null;
  /** Called before the commit. */
  readonly checks: (() => Promise<void>)[] = [];
  private readonly locks = new Set<string>();
  private opening: Promise<{ begun: Promise<unknown> }> | null = null;
  private runner: QueryRunner | null = null;
  private client: DatabaseClient | null = null;
  private releasePlace = () => {};
  private hasEnded = false;

  /** @param first runs in the transaction before all other work */
  constructor(
    private readonly dataSource: DataSource,
    private readonly semaphore: Semaphore,
    private readonly first: (() => Promise<void>) | null,
  ) {}

  get isOpen(): boolean {
    return this.opening !== null;
  }

  get manager(): EntityManager | undefined {
    return this.runner?.manager;
  }

  /** Null until it is open. @throws Error when the transaction has ended, in work that was not awaited */
  get connection(): DatabaseClient | null {
    if (this.hasEnded && this.client) throw new Error('a statement follows the end of its transaction'); // the connection may be in another request's transaction
    return this.client;
  }

  /** Resolves when statements can be sent, which share the round trip of BEGIN. Await `begun` together with them. */
  open({ plansOnce = false } = {}): Promise<{ begun: Promise<unknown> }> {
    return (this.opening ??= this.connect(plansOnce));
  }

  /**
   * Held until the transaction ends; taken once. Statements that are sent before it resolves follow the lock, too.
   *
   * @throws LockHeldByOthers
   */
  async lock(name: string): Promise<void> {
    if (this.locks.has(name)) return;
    this.locks.add(name);
    await required(this.client, 'the open transaction')
      .run(LOCK, [name])
      .catch((error: unknown) => {
        throw explainLockFailure(error);
      });
  }

  /** Commits when `work` resolves, rolls back when it throws. */
  async complete<T>(work: () => Promise<T>): Promise<Committed<T>> {
    try {
      const result = await work();
      return { result, messages: await this.commit() };
    } catch (error) {
      await this.rollBack();
      throw toConcurrencyConflict(error);
    } finally {
      this.hasEnded = true;
      await this.runner?.release();
      this.releasePlace();
    }
  }

  /** If BEGIN fails, the connection is closed: no statement may run outside of the transaction. */
  private async connect(plansOnce: boolean): Promise<{ begun: Promise<unknown> }> {
    this.releasePlace = await this.semaphore.acquire();
    this.runner = this.dataSource.createQueryRunner();
    const client = (await this.runner.connect()) as DatabaseClient;
    client.takeMessages(); // of a transaction that was rolled back
    this.client = client;
    const statements = plansOnce ? [BEGIN, PLAN_ONCE] : [BEGIN];
    const begun = awaitAll(statements.map((statement) => client.run(statement))).catch((error: unknown) => {
      client.destroy();
      throw error;
    });
    if (this.first) await awaitAll([begun, this.first()]);
    return { begun };
  }

  /** Returns the messages of its statements. */
  private async commit(): Promise<ReadonlySet<string>> {
    if (!this.client) return NO_MESSAGES;
    const { command } = await this.client.query('commit');
    if (command !== 'COMMIT') throw new TransactionRolledBack();
    return this.client.takeMessages();
  }

  /** Does not reject: the caller throws the cause. */
  private async rollBack(): Promise<void> {
    await this.client?.query('rollback').catch(() => undefined);
    this.client?.closeIfStale();
  }
}

export const NO_FREE_CONNECTION = 'no connection free for a transaction';

const NO_CONNECTION: ReadonlySet<unknown> = new Set([
  'no free connection',
  'connection timeout',
  NO_FREE_CONNECTION,
]);

/** PostgreSQL, Appendix A: lock_not_available, and query_canceled by `statement_timeout`. */
const TOO_SLOW: ReadonlySet<unknown> = new Set(['55P03', '57014']);

class LockHeldByOthers extends DatabaseUnavailable {
  override readonly code = 'database_unavailable';
}

/** LockHeldByOthers if taking the lock has failed for that reason; any other error unchanged. */
function explainLockFailure(error: unknown): unknown {
  const kind = outageKind(error);
  return kind !== null && TOO_SLOW.has(kind) ? new LockHeldByOthers(kind, { cause: error }) : error;
}

/** Work that waits for the same lock would wait as long for it, and may need what slow work has waited for. */
export function failureScope(error: unknown): FailureScope {
  const kind = outageKind(error);
  if (error instanceof LockHeldByOthers || NO_CONNECTION.has(kind)) return 'all';
  return TOO_SLOW.has(kind) ? 'earlier' : 'none';
}

type Results<Work extends readonly unknown[]> = { -readonly [Index in keyof Work]: Awaited<Work[Index]> };

const FAILED_TRANSACTION = '25P02'; // PostgreSQL, Appendix A: in_failed_sql_transaction

/**
 * `Promise.all` for work within a transaction: statements that are ready at the same time share a round trip, in the
 * order of `work`. A failure, the first that is not the consequence of another, is thrown only when all of the work has
 * ended, so that no statement follows the rollback.
 */
export async function awaitAll<const Work extends readonly unknown[]>(work: Work): Promise<Results<Work>> {
  const outcomes = await Promise.allSettled(work);
  const failures = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
  if (failures.length > 0)
    throw failures.find((failure) => codeOf(failure) !== FAILED_TRANSACTION) ?? failures[0];
  return outcomes.map((outcome) => (outcome as PromiseFulfilledResult<unknown>).value) as Results<Work>;
}

/** TypeORM copies the code of the driver's error. */
const codeOf = (error: unknown): unknown => (error as { code?: unknown } | null)?.code;
