import { Injectable } from '@nestjs/common';
import type { Pool, PoolClient, QueryResultRow } from 'pg';
import { DataSource } from 'typeorm';
import { first } from '../common/collections.js';
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
  ) {}

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
    const connection = await this.connection();
    return connection.query(text, values);
  }

  private async run<Row extends QueryResultRow>(statement: Statement, values: readonly unknown[]) {
    return new PreparedQuery(statement, values).execute<Row>(await this.connection());
  }

  private async connection(): Promise<Pool | PoolClient> {
    const runner = this.transaction.manager.queryRunner;
    if (runner) return (await runner.connect()) as PoolClient;
    return (this.dataSource.driver as unknown as { master: Pool }).master;
  }
}
