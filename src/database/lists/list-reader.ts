import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import pg, { type Pool, type PoolClient, type PoolConfig, type QueryResultRow } from 'pg';
import { DataSource } from 'typeorm';
import { type RowList, StreamedRows } from '../../common/lists/streamed-rows.js';
import { Config } from '../../config/config.js';
import type { DatabaseClient } from '../connection/database-client.js';
import { Permits } from '../permits.js';
import { Sql, type Statement } from '../sql.js';
import { ListCursor, type ListQuery } from './list-cursor.js';
import { TooManyLargeLists } from './list.errors.js';

/** docs/contract/http.md#lists */
const LARGE_LISTS = 4;

/** The rows of the longest list that needs no cursor. Those of a longer list are read in vain. */
const SHORT_ROWS = 250;

/**
 * Reads unpaged lists. Short ones are read at once. Large ones are read from a cursor, on connections of their own, so
 * that clients who receive them slowly hold no connection of the pool.
 */
@Injectable()
export class ListReader implements OnApplicationShutdown {
  private readonly pool: Pool;
  private readonly permits: Permits;

  constructor(
    private readonly sql: Sql,
    dataSource: DataSource,
    private readonly config: Config,
  ) {
    const { options } = (dataSource.driver as unknown as { master: Pool & { options: PoolConfig } }).master;
    this.pool = new pg.Pool({ ...options, max: LARGE_LISTS, application_name: 'tenantry lists' });
    this.pool.on('error', () => undefined); // of an idle connection, which the pool then removes
    this.permits = new Permits(LARGE_LISTS, config.lists.waitSeconds * 1000, () => new TooManyLargeLists());
  }

  async onApplicationShutdown(): Promise<void> {
    await this.pool.end();
  }

  /**
   * The lists of one response, in this order. Each statement ends with its `order by`.
   *
   * @throws TooManyLargeLists if others are being sent for too long
   */
  async read<Rows extends QueryResultRow[]>(
    ...queries: { [Index in keyof Rows]: ListQuery<Rows[Index]> }
  ): Promise<{ [Index in keyof Rows]: RowList<Rows[Index]> }> {
    const lists = (await this.readShort(queries)) ?? (await this.stream(queries));
    return lists as { [Index in keyof Rows]: RowList<Rows[Index]> };
  }

  /** Null if one of the lists is not short. */
  private async readShort(queries: readonly ListQuery[]): Promise<QueryResultRow[][] | null> {
    const lists: QueryResultRow[][] = [];
    for (const { statement, values } of queries) {
      const rows = await this.sql.rows(beginningOf(statement), values);
      if (rows.length > SHORT_ROWS) return null;
      lists.push(rows);
    }
    return lists;
  }

  /** On return, the snapshot is taken that all of the rows are read from. */
  private async stream(queries: readonly ListQuery[]): Promise<StreamedRows<QueryResultRow>[]> {
    const cursor = await this.connect();
    try {
      await cursor.begin();
      const lists: AsyncIterable<QueryResultRow[]>[] = [];
      for (const query of queries) {
        const batches = await cursor.declare(query);
        lists.push(lists.length === queries.length - 1 ? thenCommit(batches, cursor) : batches);
      }
      return lists.map((batches) => new StreamedRows(cursor, batches));
    } catch (error) {
      cursor.close();
      throw error;
    }
  }

  private async connect(): Promise<ListCursor> {
    const release = await this.permits.acquire();
    try {
      const connection = (await this.pool.connect()) as PoolClient & DatabaseClient;
      return new ListCursor(connection, this.config.lists, release);
    } catch (error) {
      release();
      throw error;
    }
  }
}

const beginningOf = ({ name, text }: Statement): Statement => ({
  name: name && `${name}_beginning`,
  text: `${text} limit ${SHORT_ROWS + 1}`,
});

/** The connection is free as soon as the last row is read, while the client may still receive it. */
async function* thenCommit<Batch>(batches: AsyncIterable<Batch>, cursor: ListCursor): AsyncGenerator<Batch> {
  yield* batches;
  await cursor.commit();
}
