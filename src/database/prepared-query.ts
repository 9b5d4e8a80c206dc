import type { Connection, FieldDef, Pool, PoolClient, QueryResult, QueryResultRow, Submittable } from 'pg';
import { prepareValue } from 'pg/lib/utils.js';
import { type ParseColumn, parserOf } from './type-parsers.js';

/**
 * A named statement: parsed and planned once per connection. The name is unique over the program; one whose name is
 * empty is planned for each run.
 */
export type Statement = { readonly name: string; readonly text: string };

/** `rowCount`: read or written. */
export type QueryOutcome<Row extends QueryResultRow> = Pick<QueryResult<Row>, 'rows' | 'rowCount'>;

type Column = { readonly name: string; readonly read: ParseColumn };
type RowShape = { readonly columns: readonly Column[]; readonly blank: QueryResultRow };

/** With what pg notes there itself: name → text of each statement that was prepared. */
type PreparingConnection = Connection & { readonly parsedStatements: Readonly<Record<string, string>> };

/** What the rows of a connection's prepared statements look like. */
const shapes = new WeakMap<Connection, Map<string, RowShape>>();

/**
 * One run of a statement, as pg takes queries from elsewhere; its cursors are made like this. pg's own query has each run
 * described anew and reads the description; here that is done once per connection, for PostgreSQL refuses to run a
 * prepared statement whose columns have changed since. It is half of what a small query costs (docs/decisions/0019).
 */
export class PreparedQuery implements Submittable {
  readonly name: string;
  readonly text: string;
  /** Set by pg. */
  callback: (error: Error | null, outcome: QueryOutcome<QueryResultRow>) => void;
  private readonly parameters: (Buffer | string | null)[];
  private connection: Connection;
  private shape: RowShape | undefined;
  private readonly rows: QueryResultRow[] = [];
  private rowCount: number | null = null;
  private failure: Error | null = null;

  constructor({ name, text }: Statement, values: readonly unknown[]) {
    this.name = name;
    this.text = text;
    this.parameters = values.map(prepareValue);
  }

  /** Rejects with the error of PostgreSQL, or of the connection. */
  async execute<Row extends QueryResultRow>(target: Pool | PoolClient): Promise<QueryOutcome<Row>> {
    try {
      return await new Promise((resolve, reject) => {
        target.query<Row>(this, (error, outcome) => (error ? reject(error) : resolve(outcome)));
      });
    } catch (error) {
      Error.captureStackTrace(error as Error); // leads to who asked instead of to the socket
      throw error;
    }
  }

  /** For pg: sends all of it in one packet, or returns why not. */
  submit(connection: Connection): Error | null {
    const prepared = (connection as PreparingConnection).parsedStatements[this.name];
    if (prepared !== undefined && prepared !== this.text)
      return new Error(`${this.name} names two statements`);
    this.connection = connection;
    this.shape = shapes.get(connection)?.get(this.name);
    connection.stream.cork();
    if (prepared === undefined) connection.parse({ name: this.name, text: this.text, types: [] }, false);
    connection.bind({ statement: this.name, values: this.parameters }, false);
    if (!this.shape) connection.describe({ type: 'P' }, false);
    connection.execute(null, false);
    connection.sync();
    connection.stream.uncork();
    return null;
  }

  handleRowDescription({ fields }: { fields: readonly FieldDef[] }): void {
    this.shape = shapeOf(fields);
    if (this.name === '') return;
    const known = shapes.get(this.connection) ?? new Map<string, RowShape>();
    shapes.set(this.connection, known.set(this.name, this.shape));
  }

  handleDataRow({ fields }: { fields: readonly (string | null)[] }): void {
    const { columns, blank } = this.shape!;
    const row = { ...blank };
    try {
      for (let index = 0; index < columns.length; index++) {
        const text = fields[index]!;
        const { name, read } = columns[index]!;
        if (text !== null) row[name] = read(text);
      }
      this.rows.push(row);
    } catch (error) {
      this.failure ??= error as Error; // thrown here, it would end the process
    }
  }

  handleCommandComplete({ text }: { text: string }): void {
    const count = /\d+$/.exec(text); // INSERT 0 5, SELECT 5, BEGIN
    this.rowCount = count && Number(count[0]);
  }

  handleReadyForQuery(): void {
    this.callback(this.failure, { rows: this.rows, rowCount: this.rowCount });
  }

  handleError(error: Error): void {
    this.callback(error, { rows: [], rowCount: null });
  }

  /** A text without a statement. */
  handleEmptyQuery(): void {}
}

const shapeOf = (fields: readonly FieldDef[]): RowShape => ({
  columns: fields.map(({ name, dataTypeID }) => ({ name, read: parserOf(dataTypeID) })),
  blank: Object.fromEntries(fields.map(({ name }) => [name, null])),
});
