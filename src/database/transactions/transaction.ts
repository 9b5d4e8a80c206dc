import { AsyncLocalStorage } from 'node:async_hooks';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { DatabaseUnavailable } from '../../common/errors/errors.js';
import { required } from '../../common/collections.js';
import { Config } from '../../config/config.js';
import { CommitListeners } from './commit-listeners.js';
import type { DatabaseClient } from '../connection/database-client.js';
import { KeyedMutex, Semaphore, type SemaphoreLoad } from './locks.js';
import { awaitAll, type Committed, failureScope, NO_FREE_CONNECTION, UnitOfWork } from './unit-of-work.js';

/** A principal whose rights were read before waiting for a lock. */
type RevalidatedPrincipal = { readonly orgId: string; revalidate(): Promise<void> };

/**
 * Called after the rights of a principal are confirmed, before the change; what it returns is called after the change, before the commit, and
 * may refuse. Null: there is nothing to check.
 */
export type ChangeCheck<P> = (principal: P) => Promise<(() => Promise<void>) | null>;

/** Work, or reads and the work that uses what they have found. The reads share the round trip that takes the lock. */
type Steps<Found, T> =
  [work: () => Promise<T>] | [read: () => Promise<Found>, work: (found: Found) => Promise<T>];

/**
 * A unit of work: everything awaited inside of `run` shares one database transaction, which repositories find by
 * themselves. Transactions may use only a share of the pool, so that reads and authentication continue while all of
 * them wait for locks. A call resolves when the `CommitListeners` of its changes have resolved.
 */
@Injectable()
export class Transaction {
  private readonly current = new AsyncLocalStorage<UnitOfWork>();
  private readonly mutex = new KeyedMutex(failureScope);
  private readonly semaphore: Semaphore;
  private check: ChangeCheck<RevalidatedPrincipal> = () => Promise.resolve(null);

  constructor(
    private readonly dataSource: DataSource,
    { database }: Config,
    private readonly listeners: CommitListeners,
  ) {
    const poolSize = dataSource.options.poolSize ?? database.poolSize;
    const count = Math.max(1, Math.floor((poolSize * database.transactionsPercent) / 100));
    const timeoutMs = database.limits.connectSeconds * 1000;
    this.semaphore = new Semaphore(count, timeoutMs, () => new DatabaseUnavailable(NO_FREE_CONNECTION));
  }

  /**
   * Joins the open transaction if there is one. Commits when `work` resolves, rolls back when it throws.
   *
   * @throws ConcurrentChange if a concurrent write conflicts
   */
  async run<T>(work: () => Promise<T>): Promise<T> {
    const unit = this.current.getStore();
    if (!unit) return this.acknowledged(this.commit(() => this.run(work)));
    const { begun } = await unit.open();
    return (await awaitAll([begun, work()]))[1];
  }

  /**
   * `run` with the organization's roster lock, which every change of members, roles, invitations, seats or workspaces
   * takes first (docs/decisions/0127). Readers never wait for it. Work in this process waits before it takes a
   * connection, so that many requests for one organization do not exhaust the pool.
   */
  inOrganization<T>(orgId: string, work: () => Promise<T>): Promise<T>;
  inOrganization<T, Found>(
    orgId: string,
    read: () => Promise<Found>,
    work: (found: Found) => Promise<T>,
  ): Promise<T>;
  inOrganization<T, Found>(orgId: string, ...steps: Steps<Found, T>): Promise<T> {
    const locked = () => this.locked(orgId, steps);
    const unit = this.current.getStore();
    if (unit?.isOpen) return locked();
    if (unit) return this.mutex.runExclusive(orgId, locked);
    return this.acknowledged(this.mutex.runExclusive(orgId, () => this.commit(locked)));
  }

  /**
   * `inOrganization` in the principal's organization. The rights were read before waiting for the lock and may have been
   * revoked since, so they are checked again, once per transaction. What `read` throws counts only if they are unchanged.
   */
  as<T>(principal: RevalidatedPrincipal, work: () => Promise<T>): Promise<T>;
  as<T, Found>(
    principal: RevalidatedPrincipal,
    read: () => Promise<Found>,
    work: (found: Found) => Promise<T>,
  ): Promise<T>;
  as<T, Found>(principal: RevalidatedPrincipal, ...steps: Steps<Found, T>): Promise<T> {
    const [read, work] = readFirst(steps);
    const confirmAndRead = async () => (await awaitAll([this.confirm(principal), read()]))[1];
    return this.inOrganization(principal.orgId, confirmAndRead, work);
  }

  /** For a module above all others whose tables it reads; called when the application starts. */
  checkChanges<P extends RevalidatedPrincipal>(check: ChangeCheck<P>): void {
    this.check = check as ChangeCheck<RevalidatedPrincipal>;
  }

  /**
   * For requests with an Idempotency-Key: the transaction begins, with `first`, when `work` first needs one of the
   * above, and commits when `work` resolves. What precedes it in `work` (hashing, reading, waiting) holds no connection
   * and no lock.
   */
  runLazily<T>(first: () => Promise<void>, work: () => Promise<T>): Promise<T> {
    return this.acknowledged(this.commit(work, first));
  }

  /** A lock of the open transaction beside those of organizations, held until it ends. @throws LockHeldByOthers */
  lock(name: string): Promise<void> {
    return this.unit.lock(name);
  }

  /** `held`: transactions in progress; `waiting`: work that waits to begin one. */
  get load(): SemaphoreLoad {
    return this.semaphore.load;
  }

  /** Whether the caller runs inside of a transaction, or of `runLazily`. */
  get isJoined(): boolean {
    return this.current.getStore() !== undefined;
  }

  /** The connection of the open transaction, or null. @throws Error when it has ended, in work that was not awaited */
  get connection(): DatabaseClient | null {
    return this.current.getStore()?.connection ?? null;
  }

  /** For repositories only. */
  get manager(): EntityManager {
    return this.current.getStore()?.manager ?? this.dataSource.manager;
  }

  private get unit(): UnitOfWork {
    return required(this.current.getStore(), 'the transaction');
  }

  private async locked<Found, T>(orgId: string, steps: Steps<Found, T>): Promise<T> {
    const [read, work] = readFirst(steps);
    const { begun } = await this.unit.open({ plansOnce: true });
    const [, , found] = await awaitAll([begun, this.unit.lock(orgId), read()]);
    return work(found);
  }

  private async confirm(principal: RevalidatedPrincipal): Promise<void> {
    const { unit } = this;
    if (unit.confirmed === principal) return;
    const [, check] = await awaitAll([principal.revalidate(), this.check(principal)]);
    if (check) unit.checks.push(check);
    unit.confirmed = principal;
  }

  private commit<T>(
    work: () => Promise<T>,
    first: (() => Promise<void>) | null = null,
  ): Promise<Committed<T>> {
    const unit = new UnitOfWork(this.dataSource, this.semaphore, first);
    return unit.complete(() =>
      this.current.run(unit, async () => {
        const result = await work();
        for (const check of unit.checks) await check();
        return result;
      }),
    );
  }

  /** Waits for the listeners without a connection or a lock: the next transaction may begin. */
  private async acknowledged<T>(committed: Promise<Committed<T>>): Promise<T> {
    const { result, messages } = await committed;
    if (messages.size > 0) await this.listeners.notify(messages);
    return result;
  }
}

const readFirst = <Found, T>(
  steps: Steps<Found, T>,
): [read: () => Promise<Found>, work: (found: Found) => Promise<T>] =>
  steps.length === 2 ? steps : [() => Promise.resolve(undefined as Found), steps[0]];
