import { AsyncLocalStorage } from 'node:async_hooks';
import { Injectable, Logger } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';

type Effect = () => unknown;
type Scope = { manager: EntityManager; afterCommit: Effect[] };

/**
 * One unit of work: everything awaited inside `run` shares one database transaction. Repositories find the
 * open transaction by themselves, so nothing is passed along and nothing can be forgotten.
 */
@Injectable()
export class Transaction {
  private readonly log = new Logger(Transaction.name);
  private readonly scope = new AsyncLocalStorage<Scope>();

  constructor(private readonly dataSource: DataSource) {}

  /** Joins the open transaction if there is one. Commits when `work` resolves, rolls back when it throws. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.scope.getStore()) return work();
    const afterCommit: Effect[] = [];
    const result = await this.dataSource.transaction((manager) =>
      this.scope.run({ manager, afterCommit }, work),
    );
    for (const effect of afterCommit) await this.runEffect(effect);
    return result;
  }

  /**
   * `run`, holding the organization's roster lock: whoever changes members, roles, invitations, seats or
   * workspaces of an organization takes it first, so that there is one lock order and no deadlock
   * (docs/decisions/0003). Held until commit; readers never wait for it.
   */
  runInOrg<T>(orgId: string, work: () => Promise<T>): Promise<T> {
    return this.runLocked(orgId, work);
  }

  /** `run`, one at a time over all replicas for the same `what`. */
  runLocked<T>(what: string, work: () => Promise<T>): Promise<T> {
    return this.run(async () => {
      await this.manager.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [what]);
      return work();
    });
  }

  /** Runs once the outermost transaction has committed; at once when none is open. */
  async afterCommit(effect: Effect): Promise<void> {
    const scope = this.scope.getStore();
    if (scope) scope.afterCommit.push(effect);
    else await this.runEffect(effect);
  }

  /** For repositories only. */
  get manager(): EntityManager {
    return this.scope.getStore()?.manager ?? this.dataSource.manager;
  }

  /** The change is committed: an effect that fails is logged, never answered as if the change had failed. */
  private async runEffect(effect: Effect): Promise<void> {
    try {
      await effect();
    } catch (error) {
      this.log.error('an effect after commit failed', error);
    }
  }
}
