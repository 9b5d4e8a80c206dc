import { AsyncLocalStorage } from 'node:async_hooks';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, type QueryRunner } from 'typeorm';
import { DatabaseUnavailable, outageKind } from '../common/errors/outage.js';
import { Config } from '../config/config.js';
import { toConcurrencyConflict } from './constraint-violation.js';
import { Permits } from './permits.js';
import { type Statement, PreparedQuery } from './prepared-query.js';
import { KeyedMutex } from './keyed-mutex.js';

const LOCK: Statement = {
  name: 'transaction_lock',
  text: 'select pg_advisory_xact_lock(hashtextextended($1, 0))',
};

const NO_PERMIT = 'no connection free for a transaction';

/** Outages that took a wait: whoever is next in line would wait as long for the same. */
const WAITED_IN_VAIN = new Set(['55P03', '57014', 'no free connection', 'connection timeout', NO_PERMIT]);

/** Where the present work writes. `manager` is null while a framed transaction waits for its first `run`. */
type UnitOfWork = {
  manager: EntityManager | null;
  begin: () => Promise<void>;
  revalidated?: RevalidatedPrincipal;
};

/** Whose rights were read before a lock was waited for. */
type RevalidatedPrincipal = { readonly orgId: string; revalidate(): Promise<void> };

/** What stands around the work of a framed transaction, in the same transaction. */
type Hooks<T> = { before: () => Promise<void>; after: (result: T) => Promise<void> };

/**
 * One unit of work: everything awaited inside `run` shares one database transaction. Repositories find the
 * open transaction by themselves, so nothing is passed along and nothing can be forgotten. Transactions may hold only
 * a share of the pool: while all of them wait for locks, reading and recognising callers go on.
 */
@Injectable()
export class Transaction {
  private readonly unit = new AsyncLocalStorage<UnitOfWork>();
  private readonly mutex = new KeyedMutex((error) => WAITED_IN_VAIN.has(outageKind(error) ?? ''));
  private readonly permits: Permits;

  constructor(
    private readonly dataSource: DataSource,
    { database }: Config,
  ) {
    const poolSize = dataSource.options.poolSize ?? database.poolSize;
    const count = Math.max(1, Math.floor((poolSize * database.transactionsPercent) / 100));
    const patienceMs = database.limits.connectSeconds * 1000;
    this.permits = new Permits(count, patienceMs, () => new DatabaseUnavailable(NO_PERMIT));
  }

  /**
   * Joins the open transaction if there is one. Commits when `work` resolves, rolls back when it throws; a lost race
   * comes out as ConcurrentChange.
   */
  async run<T>(work: () => Promise<T>): Promise<T> {
    const unit = this.unit.getStore();
    if (unit) {
      if (!unit.manager) await unit.begin();
      return work();
    }
    const release = await this.permits.acquire();
    try {
      return await this.dataSource.transaction((manager) => this.unit.run({ manager, begin: noop }, work));
    } catch (error) {
      throw toConcurrencyConflict(error);
    } finally {
      release();
    }
  }

  /**
   * `run`, holding the organization's roster lock: whoever changes members, roles, invitations, seats or
   * workspaces of an organization takes it first, so that there is one lock order and no deadlock
   * (docs/decisions/0003). Held until commit; readers never wait for it.
   */
  runInOrg<T>(orgId: string, work: () => Promise<T>): Promise<T> {
    return this.runLocked(orgId, work);
  }

  /**
   * `runInOrg` for a caller, in his organization. The guards read his rights before he waited for the lock, which
   * somebody may have held to take them away: so they are asked for again, once per transaction.
   */
  runAs<T>(principal: RevalidatedPrincipal, work: () => Promise<T>): Promise<T> {
    return this.runInOrg(principal.orgId, async () => {
      const unit = this.unit.getStore()!;
      if (unit.revalidated !== principal) await principal.revalidate();
      unit.revalidated = principal;
      return work();
    });
  }

  /**
   * `run`, one at a time over all replicas for the same `what`. Those of this process wait before they take a
   * connection: a crowd at one organization must not use up the pool of all others.
   */
  runLocked<T>(lockName: string, work: () => Promise<T>): Promise<T> {
    const locked = async () => {
      await new PreparedQuery(LOCK, [lockName]).execute(await this.manager.queryRunner!.connect());
      return work();
    };
    return this.unit.getStore()?.manager
      ? locked()
      : this.mutex.runExclusive(lockName, () => this.run(locked));
  }

  /**
   * For what has to commit together with a change and knows only what the change came to, such as an answer. `work` is
   * not in a transaction yet: its first `run` opens one, which then outlives that `run` and commits after `last`. So
   * what `work` does before (hashing, reading, waiting its turn) holds no connection and no lock. Not to be nested.
   */
  async runWithHooks<T>(work: () => Promise<T>, { before, after }: Hooks<T>): Promise<T> {
    const runner = this.dataSource.createQueryRunner();
    let release = () => {};
    const begin = async () => {
      release = await this.permits.acquire();
      await runner.startTransaction();
    };
    try {
      const result = await this.unit.run(unitOf(runner, begin, before), async () => {
        const outcome = await work();
        await this.run(() => after(outcome));
        return outcome;
      });
      await runner.commitTransaction();
      return result;
    } catch (error) {
      if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined); // `error` says more
      throw toConcurrencyConflict(error);
    } finally {
      await runner.release();
      release();
    }
  }

  /** For repositories only. */
  get manager(): EntityManager {
    return this.unit.getStore()?.manager ?? this.dataSource.manager;
  }
}

const noop = () => Promise.resolve();

function unitOf(runner: QueryRunner, begin: () => Promise<void>, before: () => Promise<void>): UnitOfWork {
  const unit: UnitOfWork = {
    manager: null,
    begin: async () => {
      await begin();
      unit.manager = runner.manager;
      await before();
    },
  };
  return unit;
}
