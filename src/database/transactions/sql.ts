import { Injectable } from '@nestjs/common';
import type { QueryResultRow } from 'pg';
import { DataSource } from 'typeorm';
import { first } from '../../common/collections.js';
import { poolOf, runOnPool } from '../connection/connection-pool.js';
import type { QueryOutcome, Statement } from '../connection/statement-batch.js';
import { CommitListeners } from './commit-listeners.js';
import { Transaction } from './transaction.js';

export { named, type Statement } from '../connection/statement-batch.js';

/**
 * Hand-written SQL for repositories and read models, in the open transaction if there is one. TypeORM's `query()` cannot name a
 * statement; with a named one, authentication takes half the time.
 */
@Injectable()
export class Sql {
  constructor(
    private readonly dataSource: DataSource,
    private readonly transaction: Transaction,
    private readonly listeners: CommitListeners,
  ) {}

  /** Statements that are run without awaiting each other in one transaction share a round trip (`awaitAll`). */
  async rows<Row extends QueryResultRow>(statement: Statement, values: readonly unknown[]): Promise<Row[]> {
    const { rows } = await this.run<Row>(statement, values);
    return rows;
  }

  /** The first row, or null. */
  async row<Row extends QueryResultRow>(
    statement: Statement,
    values: readonly unknown[],
  ): Promise<Row | null> {
    return (await this.rows<Row>(statement, values))[0] ?? null;
  }

  /**
   * The first row of a statement that always returns one.
   *
   * @throws RangeError if there is none
   */
  async one<Row extends QueryResultRow>(statement: Statement, values: readonly unknown[]): Promise<Row> {
    return first(await this.rows<Row>(statement, values));
  }

  /** The number of rows written. */
  async affected(statement: Statement, values: readonly unknown[]): Promise<number> {
    const { rowCount } = await this.run(statement, values);
    return rowCount ?? 0;
  }

  /** For SQL from elsewhere; it may hold several statements if there are no values. */
  async unnamed(text: string, values?: unknown[]): Promise<{ rows: QueryResultRow[] }> {
    return (this.transaction.connection ?? poolOf(this.dataSource)).query(text, values);
  }

  /** Sends the statement before it returns, so that the order of calls is the order of statements. */
  private run<Row extends QueryResultRow>(
    statement: Statement,
    values: readonly unknown[],
  ): Promise<QueryOutcome<Row>> {
    const { connection } = this.transaction;
    return connection ? connection.run<Row>(statement, values) : this.runAlone<Row>(statement, values);
  }

  private async runAlone<Row extends QueryResultRow>(statement: Statement, values: readonly unknown[]) {
    const outcome = await runOnPool<Row>(this.dataSource, statement, values);
    if (outcome.messages.size > 0) await this.listeners.notify(outcome.messages);
    return outcome;
  }
}
