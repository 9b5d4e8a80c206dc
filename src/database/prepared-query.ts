import type { Connection, FieldDef, Pool, PoolClient, QueryResult, QueryResultRow } from 'pg';
import { prepareValue } from 'pg/lib/utils.js';
import { inSpan, type NewSpan } from '../common/tracing/spans.js';
import { required } from '../common/required.js';
import type { PipelinedStatement, PreparingConnection } from './connection/statement-pipeline.js';
import { type ParseColumn, parserOf } from './type-parsers.js';

/**
 * A named statement: parsed and planned once per connection. Names are unique in the program; a statement with an empty
 * name is planned on each run.
 */
export type Statement = { readonly name: string; readonly text: string };

/** `rowCount`: rows read or written. */
export type QueryOutcome<Row extends QueryResultRow> = Pick<QueryResult<Row>, 'rows' | 'rowCount'>;

type Column = { readonly name: string; readonly read: ParseColumn };
type RowShape = { readonly columns: readonly Column[]; readonly blank: QueryResultRow };

/** The row descriptions of a connection's prepared statements. */
const shapes = new WeakMap<Connection, Map<string, RowShape>>();

/**
 * One run of a statement, as a Submittable of pg, like its cursors. pg's own query requests and parses the row
 * description on each run; here that is done once per connection, since PostgreSQL refuses to run a prepared statement
 * whose columns have changed. It is half the cost of a small query (docs/decisions/0019).
 */
export class PreparedQuery implements PipelinedStatement {
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

  /** Rejects with the error of PostgreSQL or of the connection. */
  execute<Row extends QueryResultRow>(target: Pool | PoolClient): Promise<QueryOutcome<Row>> {
    return inSpan(spanOf(this.name), () => this.run<Row>(target));
  }

  private async run<Row extends QueryResultRow>(target: Pool | PoolClient): Promise<QueryOutcome<Row>> {
    try {
      return await new Promise((resolve, reject) => {
        target.query<Row>(this, (error, outcome) => (error ? reject(error) : resolve(outcome)));
      });
    } catch (error) {
      Error.captureStackTrace(error as Error); // the stack of the caller instead of the socket's
      throw error;
    }
  }

  /** Called by pg: sends all messages in one packet, or returns an error. */
  submit(connection: Connection): Error | null {
    connection.stream.cork();
    const failure = this.send(connection);
    if (!failure) connection.sync();
    connection.stream.uncork();
    return failure;
  }

  send(connection: Connection): Error | null {
    const { parsedStatements, submittedNamedStatements } = connection as PreparingConnection;
    const prepared = parsedStatements[this.name] ?? submittedNamedStatements[this.name];
    if (prepared !== undefined && prepared !== this.text)
      return new Error(`${this.name} names two statements`);
    this.connection = connection;
    this.shape = shapes.get(connection)?.get(this.name);
    if (prepared === undefined) {
      if (this.name !== '') submittedNamedStatements[this.name] = this.text;
      connection.parse({ name: this.name, text: this.text, types: [] }, false);
    }
    connection.bind({ statement: this.name, values: this.parameters }, false);
    if (!this.shape) connection.describe({ type: 'P' }, false);
    connection.execute(null, false);
    return null;
  }

  handleRowDescription({ fields }: { fields: readonly FieldDef[] }): void {
    this.shape = shapeOf(fields);
    if (this.name === '') return;
    const known = shapes.get(this.connection) ?? new Map<string, RowShape>();
    shapes.set(this.connection, known.set(this.name, this.shape));
  }

  handleDataRow({ fields }: { fields: readonly (string | null)[] }): void {
    const { columns, blank } = required(this.shape, 'the row description');
    const row = { ...blank };
    try {
      for (let index = 0; index < columns.length; index++) {
        const text = fields[index];
        const column = columns[index];
        if (column && typeof text === 'string') row[column.name] = column.read(text);
      }
      this.rows.push(row);
    } catch (error) {
      this.failure ??= error as Error; // thrown here, it would be uncaught
    }
  }

  handleCommandComplete({ text }: { text: string }): void {
    const count = Number(text.slice(text.lastIndexOf(' ') + 1)); // INSERT 0 5, SELECT 5, BEGIN
    this.rowCount = Number.isNaN(count) ? null : count;
  }

  handleReadyForQuery(): void {
    this.callback(this.failure, { rows: this.rows, rowCount: this.rowCount });
  }

  handleError(error: Error): void {
    this.callback(error, { rows: [], rowCount: null });
  }

  /** The text contains no statement. */
  handleEmptyQuery(): void {}
}

/** Neither the text nor the values: the name says what is done. */
const spanOf = (name: string): NewSpan => ({
  name: name === '' ? 'postgresql' : name,
  kind: 'client',
  attributes: { 'db.system.name': 'postgresql' },
});

const shapeOf = (fields: readonly FieldDef[]): RowShape => ({
  columns: fields.map(({ name, dataTypeID }) => ({ name, read: parserOf(dataTypeID) })),
  blank: Object.fromEntries(fields.map(({ name }) => [name, null])),
});
