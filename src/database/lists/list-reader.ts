import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import pg, { type Pool, type PoolClient, type QueryResultRow } from 'pg';
import { DataSource } from 'typeorm';
import { Unavailable } from '../../common/errors/domain-error.js';
import { type RowList, StreamedRows } from '../../common/lists/streamed-rows.js';
import { Config } from '../../config/config.js';
import type { DatabaseClient } from '../connection/database-client.js';
import { poolOf } from '../connection/connection-pool.js';
import { Semaphore } from '../transactions/locks.js';
import { Sql } from '../transactions/sql.js';
import { ListCursor, type ListQuery } from './list-cursor.js';

/** As many large lists as allowed are being sent (docs/contract/http.md#lists). */
class TooManyLargeLists extends Unavailable {
  readonly code = 'too_many_large_lists';
  static readonly message = 'Several large lists are being sent at the moment; try again.';
  readonly kind = null;
  override readonly retryAfterSeconds = 5;
}

/** docs/contract/http.md#lists */
const LARGE_LISTS = 4;
/** The rows of the longest list that needs no cursor. For longer lists this read is discarded. */
const SHORT_ROWS = 250;
const SHORT_SMALL_ROWS = 1500;

/**
 * Reads unpaged lists. Short ones are read at once. Large ones are read from a cursor, on connections of their own, so
 * that clients who receive them slowly hold no connection of the pool.
 */
@Injectable()
export class ListReader implements OnApplicationShutdown {
  private readonly pool: Pool;
  private readonly semaphore: Semaphore;

  constructor(
    private readonly sql: Sql,
    dataSource: DataSource,
    private readonly config: Config,
  ) {
    const options = { max: LARGE_LISTS, application_name: 'tenantry lists' };
    this.pool = new pg.Pool({ ...poolOf(dataSource).options, ...options });
    this.pool.on('error', () => undefined); // of an idle connection, which the pool then removes
    const timeoutMs = config.lists.waitSeconds * 1000;
    this.semaphore = new Semaphore(LARGE_LISTS, timeoutMs, () => new TooManyLargeLists());
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
    const lists = (await this.readAllShort(queries)) ?? (await this.stream(queries));
    return lists as { [Index in keyof Rows]: RowList<Rows[Index]> };
  }

  /** The whole list, or null if it is not short. */
  async readShort<Row extends QueryResultRow>({
    statement: { name, text },
    values,
    hasSmallRows,
  }: ListQuery<Row>): Promise<Row[] | null> {
    const longest = hasSmallRows ? SHORT_SMALL_ROWS : SHORT_ROWS;
    const beginning = { name: name && `${name}_beginning`, text: `${text} limit ${longest + 1}` };
    const rows = await this.sql.rows<Row>(beginning, values);
    return rows.length > longest ? null : rows;
  }

  private async readAllShort(queries: readonly ListQuery[]): Promise<QueryResultRow[][] | null> {
    const lists: QueryResultRow[][] = [];
    for (const query of queries) {
      const rows = await this.readShort(query);
      if (!rows) return null;
      lists.push(rows);
    }
    return lists;
  }

  private async stream(queries: readonly ListQuery[]): Promise<StreamedRows<QueryResultRow>[]> {
    const cursor = await this.connect();
    try {
      const lists = await cursor.open(queries);
      return lists.map((batches) => new StreamedRows(cursor, batches));
    } catch (error) {
      cursor.close();
      throw error;
    }
  }

  private async connect(): Promise<ListCursor> {
    const release = await this.semaphore.acquire();
    try {
      const connection = (await this.pool.connect()) as PoolClient & DatabaseClient;
      return new ListCursor(connection, this.config.lists, release);
    } catch (error) {
      release();
      throw error;
    }
  }
}
