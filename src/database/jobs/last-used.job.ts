import { Injectable } from '@nestjs/common';
import { required } from '../../common/collections.js';
import { named, Sql, type Statement } from '../transactions/sql.js';
import { PeriodicJob } from './periodic.job.js';

/**
 * Collects ids of what was used and writes the time at intervals in one statement, so that authentication writes
 * nothing. Each module adds its table. A stop writes what is left; a crash loses what was used since the last interval.
 */
@Injectable()
export class LastUsedJob {
  private readonly ids = new Map<string, Set<string>>();

  constructor(
    private readonly sql: Sql,
    private readonly periodic: PeriodicJob,
  ) {}

  /** @param statement $1: the ids */
  add(table: string, statement: Statement, intervalMs: number): void {
    const ids = new Set<string>();
    this.ids.set(table, ids);
    this.periodic.add('note what was last used', intervalMs, () => this.flush(statement, ids));
  }

  markUsed(table: string, id: string): void {
    required(this.ids.get(table), 'the table of what was used').add(id);
  }

  private async flush(statement: Statement, used: Set<string>): Promise<void> {
    if (used.size === 0) return;
    const ids = [...used];
    await this.sql.affected(statement, [ids]);
    for (const id of ids) used.delete(id);
  }
}

/** In id order and with skip locked, so that replicas neither deadlock nor wait for the same rows. */
export const updateLastUsedAt = (table: string): Statement => named(`${table}_mark_used`)`
  update ${table} set last_used_at = now() where id in (
    select id from ${table} where id = any($1) order by id for no key update skip locked)`;
