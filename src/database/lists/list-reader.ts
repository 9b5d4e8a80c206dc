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
import type { Statement } from '../connection/statement-batch.js';

/** As many large lists as allowed are being sent (docs/contract/http.md#lists). */
class TooManyLargeLists extends Unavailable {
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

/** Selects all rows of a list in its order. `row` is never set, it carries the type of the rows. */
export type ListQuery<Row extends QueryResultRow = QueryResultRow> = {
  readonly statement: Statement;
  readonly values: readonly unknown[];
  /** Rows of a few hundred bytes, of which more are read at once. */
  readonly hasSmallRows?: boolean;
  readonly row?: Row;
};

type Limits = Config['lists'];
type Connection = PoolClient & Pick<DatabaseClient, 'destroy' | 'run'>;
type Batch = readonly QueryResultRow[];

/** Rows held in memory at a time: some 100 kB of members, and 4 MB if each of them is in a thousand workspaces. */
const BATCH_ROWS = 100;
/** After the limit of this process, for a process that can no longer apply it. */
const GRACE_MS = 5000;

/**
 * Without JIT, whose compilation would delay the first row. The planner prefers plans that return the first rows
 * early, since these are cursors (`cursor_tuple_fraction`). Poolers keep parameters of the transaction.
 */
const begin = ({ stallSeconds }: Limits) => `
  begin isolation level repeatable read, read only;
  set local jit = off;
  set local idle_in_transaction_session_timeout = ${stallSeconds === 0 ? 0 : stallSeconds * 1000 + GRACE_MS}`;

/**
 * A transaction that reads lists batch by batch, all of them from one snapshot. It ends itself if the next batch is
 * not asked for in time, or if all of it takes too long: `signal` is aborted then.
 */
class ListCursor {
  private readonly end = new AbortController();
  private readonly lifetime: NodeJS.Timeout | undefined;
  private stall: NodeJS.Timeout | undefined;
  private isOpen = true;

  /** @param released called once, as soon as the connection is free or closed */
  constructor(
    private readonly connection: Connection,
    private readonly limits: Limits,
    private readonly released: () => void,
  ) {
    this.lifetime = this.endAfter(limits.totalSeconds, 'it took longer than LIST_SECONDS');
  }

  get signal(): AbortSignal {
    return this.end.signal;
  }

  /**
   * The lists in batches, to be read in this order. On return, the snapshot is taken and the first batch is read. The
   * connection is free when the last one is read, while the client may still receive it.
   */
  async open(queries: readonly ListQuery[]): Promise<AsyncGenerator<Batch>[]> {
    await this.connection.query(begin(this.limits));
    for (const [list, { statement, values }] of queries.entries())
      await this.run(`declare list_${list} no scroll cursor for ${statement.text}`, values);
    const first = await this.fetch(0);
    return queries.map((_, list) => this.batches(list, list === 0 ? first : null, queries.length - 1));
  }

  /** Ends the transaction at once, also while a statement runs. No effect after the last row. */
  close(): void {
    if (!this.isOpen) return;
    this.connection.destroy();
    this.release(true);
  }

  private async *batches(list: number, first: Batch | null, last: number): AsyncGenerator<Batch> {
    let rows = first ?? (await this.fetch(list));
    while (rows.length > 0) {
      yield rows;
      rows = await this.fetch(list);
    }
    if (list < last) return;
    await this.run('commit');
    this.release();
  }

  private fetch(list: number): Promise<Batch> {
    return this.run(`fetch ${BATCH_ROWS} from list_${list}`);
  }

  private async run(text: string, values: readonly unknown[] = []): Promise<Batch> {
    clearTimeout(this.stall);
    const { rows } = await this.connection.run({ name: '', text }, values);
    if (this.isOpen) this.stall = this.endAfter(this.limits.stallSeconds, 'a client stopped reading');
    return rows;
  }

  /** `signal` is aborted with the reason. */
  private endAfter(seconds: number, reason: string): NodeJS.Timeout | undefined {
    if (seconds === 0) return undefined;
    const cutOff = () => {
      this.end.abort(new Error(reason));
      this.close();
    };
    return setTimeout(cutOff, seconds * 1000).unref();
  }

  private release(isBroken = false): void {
    this.isOpen = false;
    clearTimeout(this.stall);
    clearTimeout(this.lifetime);
    this.connection.release(isBroken);
    this.released();
  }
}
