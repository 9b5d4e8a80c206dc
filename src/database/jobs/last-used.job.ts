import { type BeforeApplicationShutdown, Injectable, type OnModuleInit } from '@nestjs/common';
import { PeriodicTask } from '../../common/background/periodic-task.js';
import { required } from '../../common/required.js';
import { Sql, type Statement } from '../transactions/sql.js';

/**
 * Collects ids of what was used and writes the time at intervals in one statement, so that authentication writes
 * nothing. Each module adds its table. A stop writes what is left; a crash loses what was used since the last interval.
 */
@Injectable()
export class LastUsedJob implements OnModuleInit, BeforeApplicationShutdown {
  private readonly ids = new Map<string, Set<string>>();
  private readonly tasks: { task: PeriodicTask; intervalMs: number }[] = [];

  constructor(private readonly sql: Sql) {}

  onModuleInit(): void {
    for (const { task, intervalMs } of this.tasks) task.start(intervalMs);
  }

  /** Runs before the database is closed, which happens in `onApplicationShutdown`. */
  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.tasks.map(({ task }) => task.stop()));
  }

  /** @param statement $1: the ids */
  add(table: string, statement: Statement, intervalMs: number): void {
    const ids = new Set<string>();
    this.ids.set(table, ids);
    const task = new PeriodicTask('note what was last used', () => this.flush(statement, ids));
    this.tasks.push({ task, intervalMs });
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
export const updateLastUsedAt = (table: string): Statement => ({
  name: `${table}_mark_used`,
  text: `
    update ${table} set last_used_at = now() where id in (
      select id from ${table} where id = any($1) order by id for no key update skip locked)`,
});
