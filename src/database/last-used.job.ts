import { type BeforeApplicationShutdown, Injectable, type OnModuleInit } from '@nestjs/common';
import { PeriodicTask } from '../common/background/periodic-task.js';
import { Sql, type Statement } from './sql.js';

const FLUSH_INTERVAL_MS = 5000;

/**
 * Collects which credentials of a table were used and writes `last_used_at` at intervals in one statement, so that
 * authentication writes nothing. A crash loses the last seconds.
 */
@Injectable()
export abstract class LastUsedJob implements OnModuleInit, BeforeApplicationShutdown {
  private readonly ids = new Set<string>();
  private readonly task = new PeriodicTask('note when credentials were last used', () => this.flush());
  protected abstract readonly table: string;

  constructor(private readonly sql: Sql) {}

  onModuleInit(): void {
    this.task.start(FLUSH_INTERVAL_MS);
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
    await this.sql.affected(markUsed(this.table), [ids]);
    for (const id of ids) this.ids.delete(id);
  }
}

/** In id order and with skip locked, so that replicas neither deadlock nor wait for the same rows. */
const markUsed = (table: string): Statement => ({
  name: `${table}_mark_used`,
  text: `
    update ${table} set last_used_at = now() where id in (
      select id from ${table} where id = any($1) order by id for no key update skip locked)`,
});
