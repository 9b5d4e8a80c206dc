import type { PoolClient, QueryResultRow } from 'pg';
import type { Config } from '../../config/config.js';
import type { DatabaseClient } from '../connection/database-client.js';
import type { Statement } from '../connection/statement-batch.js';
import { ListCutOff } from './list.errors.js';

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

/** Rows held in memory at a time: some 100 kB of members, and 4 MB if each of them is in a thousand workspaces. */
const BATCH_ROWS = 100;
/** After the limit of this process, for a process that cannot apply it any more. */
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
  private count = 0;
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

  async begin(): Promise<void> {
    await this.connection.query(begin(this.limits));
  }

  /** All rows, at most `BATCH_ROWS` at a time. A list may be read when the one declared before it has ended. */
  async declare<Row extends QueryResultRow>({
    statement,
    values,
  }: ListQuery<Row>): Promise<AsyncGenerator<Row[]>> {
    const name = `list_${this.count++}`;
    await this.run(`declare ${name} no scroll cursor for ${statement.text}`, values);
    return this.batches<Row>(name);
  }

  private async *batches<Row extends QueryResultRow>(name: string): AsyncGenerator<Row[]> {
    for (;;) {
      const rows = await this.run<Row>(`fetch ${BATCH_ROWS} from ${name}`);
      if (rows.length > 0) yield rows;
      if (rows.length < BATCH_ROWS) return;
    }
  }

  /** Ends the list before its last row: `signal` is aborted with the reason. */
  cutOff(reason: string): void {
    this.end.abort(new ListCutOff(reason));
    this.close();
  }

  /** After the last row. */
  async commit(): Promise<void> {
    await this.run('commit');
    this.release();
  }

  /** Ends the transaction at once, also while a statement runs. No effect after `commit`. */
  close(): void {
    if (!this.isOpen) return;
    this.connection.destroy();
    this.release(true);
  }

  private async run<Row extends QueryResultRow>(
    text: string,
    values: readonly unknown[] = [],
  ): Promise<Row[]> {
    clearTimeout(this.stall);
    const { rows } = await this.connection.run<Row>({ name: '', text }, values);
    if (this.isOpen) this.stall = this.endAfter(this.limits.stallSeconds, 'a client stopped reading');
    return rows;
  }

  private endAfter(seconds: number, reason: string): NodeJS.Timeout | undefined {
    if (seconds === 0) return undefined;
    return setTimeout(() => this.cutOff(reason), seconds * 1000).unref();
  }

  private release(isBroken = false): void {
    this.isOpen = false;
    clearTimeout(this.stall);
    clearTimeout(this.lifetime);
    this.connection.release(isBroken);
    this.released();
  }
}
