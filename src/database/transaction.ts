import { AsyncLocalStorage } from 'node:async_hooks';
import { Injectable } from '@nestjs/common';
import type { PoolClient } from 'pg';
import { DataSource, type EntityManager, type QueryRunner } from 'typeorm';
import { DatabaseUnavailable } from '../common/errors/outage.errors.js';
import { required } from '../common/required.js';
import { Config } from '../config/config.js';
import { AccessChangeConfirmation } from './access-change-confirmation.js';
import { acquireLock } from './acquire-lock.js';
import { awaitAll } from './await-all.js';
import { beginTransaction, type OpenTransaction } from './begin-transaction.js';
import type { DatabaseClient } from './connection/database-client.js';
import { toConcurrencyConflict } from './constraint-violation.js';
import { concernedBy, NO_PERMIT } from './failed-waits.js';
import { type PermitLoad, Permits } from './permits.js';
import { KeyedMutex } from './keyed-mutex.js';

/** The current transaction. `open` is null until the first `run` inside of `runWithHooks`. */
type UnitOfWork = {
  open: OpenTransaction | null;
  begin: () => Promise<void>;
  revalidated?: RevalidatedPrincipal;
};

/** A principal whose rights were read before waiting for a lock. */
type RevalidatedPrincipal = { readonly orgId: string; revalidate(): Promise<void> };

/** `changesAccess`: replicas may have cached what it changed. */
type Committed<T> = { readonly result: T; readonly changesAccess: boolean };

/** Runs before and after the work, in the same transaction. */
type Hooks<T> = { before: () => Promise<void>; after: (result: T) => Promise<void> };

/**
 * A unit of work: everything awaited inside of `run` shares one database transaction, which repositories find by
 * themselves. Transactions may use only a share of the pool, so that reads and authentication continue while all of
 * them wait for locks.
 */
@Injectable()
export class Transaction {
  private readonly unit = new AsyncLocalStorage<UnitOfWork>();
  private readonly mutex = new KeyedMutex(concernedBy);
  private readonly permits: Permits;

  constructor(
    private readonly dataSource: DataSource,
    { database }: Config,
    private readonly confirmation: AccessChangeConfirmation,
  ) {
    const poolSize = dataSource.options.poolSize ?? database.poolSize;
    const count = Math.max(1, Math.floor((poolSize * database.transactionsPercent) / 100));
    const patienceMs = database.limits.connectSeconds * 1000;
    this.permits = new Permits(count, patienceMs, () => new DatabaseUnavailable(NO_PERMIT));
  }

  /**
   * Joins the open transaction if there is one. Commits when `work` resolves, rolls back when it throws. When it
   * resolves, a change of access holds on every replica (docs/contract/installation.md#caching).
   *
   * @throws ConcurrentChange if a concurrent write conflicts
   */
  async run<T>(work: () => Promise<T>): Promise<T> {
    return this.unit.getStore() ? this.join(work) : this.confirmed(await this.runAlone(work));
  }

  /**
   * `run` with the organization's roster lock, which every change of members, roles, invitations, seats or workspaces
   * takes first: one lock order prevents deadlocks (docs/decisions/0003). Held until commit; readers never wait for it.
   */
  runInOrg<T>(orgId: string, work: () => Promise<T>): Promise<T> {
    return this.runLocked(orgId, work);
  }

  /** `runInOrg` for work that begins with reads: they share the round trip that takes the lock. */
  runReadInOrg<Found, T>(
    orgId: string,
    read: () => Promise<Found>,
    work: (found: Found) => Promise<T>,
  ): Promise<T> {
    return this.locked(orgId, async (lock) => {
      const [, found] = await awaitAll([lock(), read()]);
      return work(found);
    });
  }

  /**
   * `runInOrg` in the principal's organization. The rights were read before waiting for the lock and may have been
   * revoked since, so they are checked again, once per transaction.
   */
  runAs<T>(principal: RevalidatedPrincipal, work: () => Promise<T>): Promise<T> {
    return this.runReadAs(principal, () => Promise.resolve(), work);
  }

  /**
   * `runAs` for work that begins with reads: they share the round trip that takes the lock and confirms the rights. What
   * they throw counts only if the rights are unchanged.
   */
  runReadAs<Found, T>(
    principal: RevalidatedPrincipal,
    read: () => Promise<Found>,
    work: (found: Found) => Promise<T>,
  ): Promise<T> {
    return this.locked(principal.orgId, async (lock) => {
      const unit = required(this.unit.getStore(), 'the transaction');
      const confirm = async () => {
        if (unit.revalidated !== principal) await principal.revalidate();
        unit.revalidated = principal;
      };
      const [, , found] = await awaitAll([lock(), confirm(), read()]);
      return work(found);
    });
  }

  /**
   * `run`, one at a time over all replicas for the same `lockName`. Work in this process waits before it takes a
   * connection, so that many requests for one organization do not exhaust the pool.
   */
  runLocked<T>(lockName: string, work: () => Promise<T>): Promise<T> {
    return this.locked(lockName, async (lock) => {
      await lock();
      return work();
    });
  }

  /**
   * Commits `after`, which depends on the result of `work`, together with the changes of `work`. The first `run` in
   * `work` opens the transaction, which stays open until `after` has run; what precedes it (hashing, reading, waiting)
   * holds no connection and no lock. Must not be nested.
   *
   * @param before runs first in the transaction
   */
  async runWithHooks<T>(work: () => Promise<T>, hooks: Hooks<T>): Promise<T> {
    return this.confirmed(await this.commitWithHooks(work, hooks));
  }

  /** `held`: transactions in progress; `waiting`: work that waits to begin one. */
  get load(): PermitLoad {
    return this.permits.load;
  }

  /** Whether the caller runs inside of `run` or `runWithHooks`. */
  get isPlanned(): boolean {
    return this.unit.getStore() !== undefined;
  }

  /** The connection of the open transaction, or null. @throws Error when it has ended, in work that was not awaited */
  get connection(): PoolClient | null {
    const open = this.unit.getStore()?.open;
    if (open?.manager.queryRunner?.isTransactionActive === false)
      throw new Error('a statement follows the end of its transaction'); // the connection may be in that of another request
    return open?.connection ?? null;
  }

  /** Whether a statement that is run now follows a lock of the open transaction, and so is planned once. */
  get holdsLock(): boolean {
    return (this.unit.getStore()?.open?.locks.size ?? 0) > 0;
  }

  /** For repositories only. */
  get manager(): EntityManager {
    return this.unit.getStore()?.open?.manager ?? this.dataSource.manager;
  }

  private async join<T>(work: () => Promise<T>): Promise<T> {
    const unit = required(this.unit.getStore(), 'the transaction');
    if (!unit.open) await unit.begin();
    return work();
  }

  private async runAlone<T>(work: () => Promise<T>): Promise<Committed<T>> {
    const release = await this.permits.acquire();
    try {
      return await this.commit(async (runner) => {
        const { open, begun } = await beginTransaction(runner);
        const [, result] = await awaitAll([begun, this.unit.run({ open, begin: noop }, work)]);
        return result;
      });
    } finally {
      release();
    }
  }

  private async commitWithHooks<T>(
    work: () => Promise<T>,
    { before, after }: Hooks<T>,
  ): Promise<Committed<T>> {
    let release = () => {};
    try {
      return await this.commit(async (runner) => {
        const unit: UnitOfWork = {
          open: null,
          begin: async () => {
            release = await this.permits.acquire();
            const { open, begun } = await beginTransaction(runner);
            unit.open = open;
            await awaitAll([begun, before()]);
          },
        };
        return this.unit.run(unit, async () => {
          const outcome = await work();
          await this.join(() => after(outcome));
          return outcome;
        });
      });
    } finally {
      release();
    }
  }

  /** Commits when `work`, which begins a transaction, resolves; rolls back when it throws. */
  private async commit<T>(work: (runner: QueryRunner) => Promise<T>): Promise<Committed<T>> {
    const runner = this.dataSource.createQueryRunner();
    try {
      const result = await work(runner);
      await runner.commitTransaction();
      return { result, changesAccess: ((await runner.connect()) as DatabaseClient).takeAccessChange() };
    } catch (error) {
      if (runner.isTransactionActive) await rollBack(runner);
      throw toConcurrencyConflict(error);
    } finally {
      await runner.release();
    }
  }

  private async locked<T>(lockName: string, work: (lock: () => Promise<void>) => Promise<T>): Promise<T> {
    const run = () => {
      const open = required(this.unit.getStore()?.open, 'the transaction');
      return work(() => acquireLock(open, lockName));
    };
    const unit = this.unit.getStore();
    if (unit?.open) return run();
    if (unit) return this.mutex.runExclusive(lockName, () => this.join(run));
    return this.confirmed(await this.mutex.runExclusive(lockName, () => this.runAlone(run)));
  }

  /** Waits without a connection, a permit or a lock: the next transaction may begin. */
  private async confirmed<T>({ result, changesAccess }: Committed<T>): Promise<T> {
    if (changesAccess) await this.confirmation.run();
    return result;
  }
}

/** Does not reject: the caller throws the cause. */
async function rollBack(runner: QueryRunner): Promise<void> {
  const connection = (await runner.connect()) as DatabaseClient;
  await runner.rollbackTransaction().catch(noop);
  connection.closeIfStale();
}

const noop = () => Promise.resolve();
