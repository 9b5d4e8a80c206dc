import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import pg, { type Pool, type PoolClient, type QueryResultRow } from 'pg';
import { DataSource } from 'typeorm';
import { type RowList, StreamedRows } from '../../common/lists/streamed-rows.js';
import { Config } from '../../config/config.js';
import type { DatabaseClient } from '../connection/database-client.js';
import { Semaphore } from '../transactions/semaphore.js';
import { poolOf } from '../connection/connection-pool.js';
import { Sql, type Statement } from '../transactions/sql.js';
import { ListCursor, type ListQuery } from './list-cursor.js';
import { TooManyLargeLists } from './list.errors.js';

/** docs/contract/http.md#lists */
const LARGE_LISTS = 4;

/** A place for a large list. `holder`: the organization, or the user of a list over all their organizations. */
type Place = { readonly holder: string; release: () => void };

/** The rows of the longest list that needs no cursor. Those of a longer list are read in vain. */
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
  /** Of the lists that are being sent, those that began first before others. */
  private readonly places = new Map<ListCursor, Place>();

  constructor(
    private readonly sql: Sql,
    dataSource: DataSource,
    private readonly config: Config,
  ) {
    this.pool = new pg.Pool({
      ...poolOf(dataSource).options,
      max: LARGE_LISTS,
      application_name: 'tenantry lists',
    });
    this.pool.on('error', () => undefined); // of an idle connection, which the pool then removes
    this.semaphore = new Semaphore(
      LARGE_LISTS,
      config.lists.waitSeconds * 1000,
      () => new TooManyLargeLists(),
    );
  }

  async onApplicationShutdown(): Promise<void> {
    await this.pool.end();
  }

  /**
   * The lists of one response, in this order. Each statement ends with its `order by`.
   *
   * @param holder the organization, or the user of a list over all their organizations
   * @throws TooManyLargeLists if others are being sent for too long
   */
  async read<Rows extends QueryResultRow[]>(
    holder: string,
    ...queries: { [Index in keyof Rows]: ListQuery<Rows[Index]> }
  ): Promise<{ [Index in keyof Rows]: RowList<Rows[Index]> }> {
    const lists = (await this.readAllShort(queries)) ?? (await this.stream(holder, queries));
    return lists as { [Index in keyof Rows]: RowList<Rows[Index]> };
  }

  /** The whole list, or null if it is not short: then `readLarge` reads it. */
  async readShort<Row extends QueryResultRow>(query: ListQuery<Row>): Promise<Row[] | null> {
    const longest = query.hasSmallRows ? SHORT_SMALL_ROWS : SHORT_ROWS;
    const rows = await this.sql.rows<Row>(beginningOf(query.statement, longest + 1), query.values);
    return rows.length > longest ? null : rows;
  }

  /** A list that `readShort` found to be large. @throws TooManyLargeLists as `read` */
  async readLarge<Row extends QueryResultRow>(holder: string, query: ListQuery<Row>): Promise<RowList<Row>> {
    const [rows] = await this.stream(holder, [query]);
    return rows as RowList<unknown> as RowList<Row>;
  }

  /** Null if one of the lists is not short. */
  private async readAllShort(queries: readonly ListQuery[]): Promise<QueryResultRow[][] | null> {
    const lists: QueryResultRow[][] = [];
    for (const query of queries) {
      const rows = await this.readShort(query);
      if (!rows) return null;
      lists.push(rows);
    }
    return lists;
  }

  /** On return, the snapshot is taken that all of the rows are read from. */
  private async stream(
    holder: string,
    queries: readonly ListQuery[],
  ): Promise<StreamedRows<QueryResultRow>[]> {
    const cursor = await this.connect(holder);
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

  private async connect(holder: string): Promise<ListCursor> {
    const place: Place = { holder, release: await this.acquire(holder) };
    try {
      const connection = (await this.pool.connect()) as PoolClient & DatabaseClient;
      const cursor: ListCursor = new ListCursor(connection, this.config.lists, () => {
        this.places.delete(cursor);
        place.release();
      });
      this.places.set(cursor, place);
      return cursor;
    } catch (error) {
      place.release();
      throw error;
    }
  }

  /** Waits for a place. One organization does not keep all places from the others, however slowly it reads. */
  private async acquire(holder: string): Promise<() => void> {
    try {
      return await this.semaphore.acquire();
    } catch (error) {
      const release = this.takeFromMajority(holder);
      if (!release) throw error;
      return release;
    }
  }

  /** Cuts off the oldest list of another holder who has more than half of the places. Null if there is none. */
  private takeFromMajority(holder: string): (() => void) | null {
    for (const [cursor, place] of this.places) {
      if (place.holder === holder || this.placesOf(place.holder) <= LARGE_LISTS / 2) continue;
      const { release } = place;
      place.release = () => undefined; // passed on
      cursor.cutOff('another organization waited for its place');
      return release;
    }
    return null;
  }

  private placesOf(holder: string): number {
    return [...this.places.values()].filter((place) => place.holder === holder).length;
  }
}

const beginningOf = ({ name, text }: Statement, rows: number): Statement => ({
  name: name && `${name}_beginning`,
  text: `${text} limit ${rows}`,
});

/** The connection is free as soon as the last row is read, while the client may still receive it. */
async function* thenCommit<Batch>(batches: AsyncIterable<Batch>, cursor: ListCursor): AsyncGenerator<Batch> {
  yield* batches;
  await cursor.commit();
}
