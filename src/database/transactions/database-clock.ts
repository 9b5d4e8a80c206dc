import { Injectable } from '@nestjs/common';
import { Sql } from './sql.js';

const NOW = { name: 'database_clock_now', text: 'select clock_timestamp() as now' };

/** The only clock for what is stored, and for what expires (docs/contract/installation.md#clock). */
@Injectable()
export class DatabaseClock {
  constructor(private readonly sql: Sql) {}

  /** The current time, also in a transaction that has waited for a lock. In milliseconds, rounded down. */
  async now(): Promise<Date> {
    return (await this.sql.one<{ now: Date }>(NOW, [])).now;
  }
}
