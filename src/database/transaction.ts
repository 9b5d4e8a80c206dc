import { AsyncLocalStorage } from 'node:async_hooks';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { explainRace } from './constraint-violation.js';
import { Turns } from './turns.js';

/**
 * One unit of work: everything awaited inside `run` shares one database transaction. Repositories find the
 * open transaction by themselves, so nothing is passed along and nothing can be forgotten.
 */
@Injectable()
export class Transaction {
  private readonly open = new AsyncLocalStorage<EntityManager>();
  private readonly turns = new Turns();

  constructor(private readonly dataSource: DataSource) {}

  /**
   * Joins the open transaction if there is one. Commits when `work` resolves, rolls back when it throws; a lost race
   * comes out as ConcurrentChange.
   */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.open.getStore()) return work();
    try {
      return await this.dataSource.transaction((manager) => this.open.run(manager, work));
    } catch (error) {
      throw explainRace(error);
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
   * `run`, one at a time over all replicas for the same `what`. Those of this process wait before they take a
   * connection: a crowd at one organization must not use up the pool of all others.
   */
  runLocked<T>(what: string, work: () => Promise<T>): Promise<T> {
    const locked = async () => {
      await this.manager.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [what]);
      return work();
    };
    return this.open.getStore() ? locked() : this.turns.take(what, () => this.run(locked));
  }

  /** For repositories only. */
  get manager(): EntityManager {
    return this.open.getStore() ?? this.dataSource.manager;
  }
}
