import { type BeforeApplicationShutdown, Injectable, type OnModuleInit } from '@nestjs/common';
import { PeriodicTask } from '../../common/background/periodic-task.js';
import { Sql, type Statement } from '../transactions/sql.js';

/**
 * Collects ids of what was used and writes the time at intervals in one statement, so that authentication writes
 * nothing. A stop writes what is left; a crash loses what was used since the last interval.
 */
@Injectable()
export abstract class LastUsedJob implements OnModuleInit, BeforeApplicationShutdown {
  private readonly ids = new Set<string>();
  private readonly task = new PeriodicTask('note what was last used', () => this.flush());
  protected readonly intervalMs: number = 5000;
  /** $1 the ids. */
  protected abstract readonly statement: Statement;

  constructor(private readonly sql: Sql) {}

  onModuleInit(): void {
    this.task.start(this.intervalMs);
  }

  /** Runs before the database is closed, which happens in `onApplicationShutdown`. */
  beforeApplicationShutdown(): Promise<void> {
    return this.task.stop();
  }

  markUsed(id: string): void {
    this.ids.add(id);
  }

  private async flush(): Promise<void> {
    if (this.ids.size === 0) return;
    const ids = [...this.ids];
    await this.sql.affected(this.statement, [ids]);
    for (const id of ids) this.ids.delete(id);
  }
}

/** In id order and with skip locked, so that replicas neither deadlock nor wait for the same rows. */
export const updateLastUsedAt = (table: string): Statement => ({
  name: `${table}_mark_used`,
  text: `
    update ${table} set last_used_at = now() where id in (
      select id from ${table} where id = any($1) order by id for no key update skip locked)`,
});
