import { Injectable } from '@nestjs/common';
import type { Pool, PoolClient, QueryResultRow } from 'pg';
import { DataSource } from 'typeorm';
import { first } from '../common/collections.js';
import { AccessChangeConfirmation } from './access-change-confirmation.js';
import type { DatabaseClient } from './connection/database-client.js';
import { poolOf } from './pool-of.js';
import { type Statement, PreparedQuery } from './prepared-query.js';
import { Transaction } from './transaction.js';

export type { Statement } from './prepared-query.js';

/**
 * Hand-written SQL for repositories and read models, in the open transaction if there is one. TypeORM's `query()` cannot name a
 * statement; with a named one, authentication takes half the time.
 */
@Injectable()
export class Sql {
  constructor(
    private readonly dataSource: DataSource,
    private readonly transaction: Transaction,
    private readonly confirmation: AccessChangeConfirmation,
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
    return (this.transaction.connection ?? this.pool).query(text, values);
  }

  /** Sends the statement before it returns, so that the order of calls is the order of statements. */
  private run<Row extends QueryResultRow>(statement: Statement, values: readonly unknown[]) {
    const query = new PreparedQuery(statement, values);
    const { connection } = this.transaction;
    return connection ? query.execute<Row>(connection) : this.runAlone<Row>(query);
  }

  /** As its own transaction. A connection whose statement fails is closed, as `Pool.query` does. */
  private async runAlone<Row extends QueryResultRow>(query: PreparedQuery) {
    const client = (await this.pool.connect()) as PoolClient & DatabaseClient;
    const outcome = await query.execute<Row>(client).catch((error: Error) => {
      client.release(error);
      throw error;
    });
    const changesAccess = client.takeAccessChange();
    client.release();
    if (changesAccess) await this.confirmation.run();
    return outcome;
  }

  private get pool(): Pool {
    return poolOf(this.dataSource);
  }
}
