import type { PoolClient, QueryResultRow } from 'pg';
import type { Config } from '../../config/config.js';
import type { DatabaseClient } from '../connection/database-client.js';
import type { Statement } from '../connection/statement-batch.js';

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
type Rows = readonly QueryResultRow[];

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
export class ListCursor {
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
  async open(queries: readonly ListQuery[]): Promise<AsyncGenerator<Rows>[]> {
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

  private async *batches(list: number, first: Rows | null, last: number): AsyncGenerator<Rows> {
    let rows = first ?? (await this.fetch(list));
    while (rows.length > 0) {
      yield rows;
      rows = await this.fetch(list);
    }
    if (list < last) return;
    await this.run('commit');
    this.release();
  }

  private fetch(list: number): Promise<Rows> {
    return this.run(`fetch ${BATCH_ROWS} from list_${list}`);
  }

  private async run(text: string, values: readonly unknown[] = []): Promise<Rows> {
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
