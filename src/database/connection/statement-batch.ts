import pg, {
  type Connection,
  type FieldDef,
  type QueryResult,
  type QueryResultRow,
  type Submittable,
} from 'pg';
import { prepareValue } from 'pg/lib/utils.js';
import { required } from '../../common/collections.js';

/**
 * A named statement: parsed and planned once per connection. Names are unique in the program; a statement with an empty
 * name is planned on each run.
 */
export type Statement = { readonly name: string; readonly text: string };

/** ``named('users_count')`select count(*) from users` ``. What is inserted is SQL. */
export const named =
  (name: string) =>
  (parts: TemplateStringsArray, ...inserted: readonly (string | number)[]): Statement => ({
    name,
    text: String.raw({ raw: parts }, ...inserted),
  });

/** `rowCount`: rows read or written. */
export type QueryOutcome<Row extends QueryResultRow> = Pick<QueryResult<Row>, 'rows' | 'rowCount'>;

type Column = { readonly name: string; readonly read: (text: string) => unknown };
type RowShape = { readonly columns: readonly Column[]; readonly blank: QueryResultRow };

/**
 * The statements that a connection has prepared, by name. `shape`: of their rows, once it is known. `isUncertain`: perhaps
 * not prepared, since a statement before it or it itself failed.
 */
export type PreparedStatements = Map<
  string,
  { readonly text: string; shape: RowShape | null; isUncertain: boolean }
>;

/** The error that PostgreSQL returns for each of them alone: in_failed_sql_transaction. */
class StatementSkipped extends Error {
  readonly code = '25P02';

  constructor(override readonly cause: Error) {
    super(`skipped after: ${cause.message}`);
  }
}

/** One run of a statement. */
export class StatementRun {
  readonly outcome: QueryOutcome<QueryResultRow> = { rows: [], rowCount: null };
  readonly parameters: (Buffer | string | null)[];
  shape: RowShape | null = null;
  failure: Error | null = null;

  /** @throws TypeError for a value that cannot be serialized */
  constructor(
    readonly statement: Statement,
    values: readonly unknown[],
    readonly settle: (error: Error | null, outcome: QueryOutcome<QueryResultRow>) => void,
  ) {
    this.parameters = values.map(prepareValue);
  }
}

/**
 * Statements that are sent together and end with one Sync (PostgreSQL, "Pipelining" in the protocol's message flow): one
 * round trip for all of them. They run one after the other, each with a snapshot of its own; when one fails, PostgreSQL
 * skips the rest (docs/decisions/0093).
 */
export class StatementBatch implements Submittable {
  private completed = 0;

  constructor(
    private runs: StatementRun[],
    private readonly prepared: PreparedStatements,
  ) {}

  submit(connection: Connection): null {
    connection.stream.cork();
    this.runs = this.runs.filter((run) => this.send(run, connection));
    connection.sync();
    connection.stream.uncork();
    return null;
  }

  handleRowDescription({ fields }: { fields: readonly FieldDef[] }): void {
    this.current.shape = {
      columns: fields.map(({ name, dataTypeID }) => ({ name, read: parserOf(dataTypeID) })),
      blank: Object.fromEntries(fields.map(({ name }) => [name, null])),
    };
  }

  handleDataRow({ fields }: { fields: readonly (string | null)[] }): void {
    const { current } = this;
    const { columns, blank } = required(current.shape, 'the row description');
    const row = { ...blank };
    try {
      for (let index = 0; index < columns.length; index++) {
        const text = fields[index];
        const column = columns[index];
        if (column && typeof text === 'string') row[column.name] = column.read(text);
      }
      current.outcome.rows.push(row);
    } catch (error) {
      current.failure ??= error as Error; // thrown here, it would be uncaught
    }
  }

  handleCommandComplete({ text }: { text: string }): void {
    const count = Number(text.slice(text.lastIndexOf(' ') + 1)); // INSERT 0 5, SELECT 5, BEGIN
    this.current.outcome.rowCount = Number.isNaN(count) ? null : count;
    this.completeCurrent();
  }

  handleEmptyQuery(): void {
    this.completeCurrent();
  }

  handleReadyForQuery(): void {
    for (const { settle, failure, outcome } of this.runs) settle(failure, outcome);
  }

  /** Statements before the failed one have their results, although its transaction can no longer commit. */
  handleError(error: Error): void {
    const [failed, ...skipped] = this.runs.splice(this.completed);
    this.handleReadyForQuery();
    failed?.settle(error, failed.outcome);
    const consequence = endsConnection(error) ? error : new StatementSkipped(error);
    for (const { settle, outcome } of skipped) settle(consequence, outcome);
    for (const { statement } of [failed, ...skipped].filter((run) => run !== undefined)) {
      const known = this.prepared.get(statement.name);
      if (known) known.isUncertain ||= known.shape === null;
    }
  }

  /** Writes the messages of the statement, or rejects it and returns false. */
  private send(run: StatementRun, connection: Connection): boolean {
    const { name, text } = run.statement;
    const known = this.prepared.get(name);
    if (known && !known.isUncertain && known.text !== text) {
      run.settle(new Error(`${name} names two statements`), run.outcome);
      return false;
    }
    run.shape = known?.shape ?? null;
    if (known?.isUncertain) connection.close({ type: 'S', name }, false);
    if (!known || known.isUncertain) {
      connection.parse({ name, text, types: [] }, false);
      if (name !== '') this.prepared.set(name, { text, shape: null, isUncertain: false });
    }
    connection.bind({ statement: name, values: run.parameters }, false);
    if (!run.shape) connection.describe({ type: 'P' }, false);
    connection.execute(null, false);
    return true;
  }

  private completeCurrent(): void {
    const { statement, shape } = this.current;
    const known = this.prepared.get(statement.name);
    if (known) known.shape = shape ?? NO_COLUMNS;
    this.completed++;
  }

  private get current(): StatementRun {
    return required(this.runs[this.completed], 'the statement that runs');
  }
}

const NO_COLUMNS: RowShape = { columns: [], blank: {} };

/** Errors of the network have no severity; FATAL and PANIC close the connection. */
const endsConnection = (error: Error): boolean => (error as { severity?: string }).severity !== 'ERROR';

type ParseColumn = (text: string) => unknown;

const TIMESTAMPTZ = 1184;
const UUID_ARRAY = 2951;

/** A time in the years 1000 to 2999, in UTC, which `Date` can parse unchanged. */
const UTC_TIMESTAMP = /^[12]\d{3}-.*\+00$/;
/** Ids in one row, none of them null. */
const UUID_ARRAY_LITERAL = /^\{[0-9a-f,-]+\}$/;

/** The types of pg declare the parsed text as a number. */
const parserOf = (oid: number, types: pg.TypeOverrides = typeParsers) =>
  types.getTypeParser(oid) as unknown as ParseColumn;

const parseAnyTimestamp = parserOf(TIMESTAMPTZ, new pg.TypeOverrides());
const parseAnyUuidArray = parserOf(UUID_ARRAY, new pg.TypeOverrides());

/**
 * Parses columns as pg does, with fast paths for common values of two types: a page of a hundred members has hundreds
 * of them, and pg parses times with a regular expression and arrays character by character.
 */
export const typeParsers = new pg.TypeOverrides();
typeParsers.setTypeParser(TIMESTAMPTZ, (text) =>
  UTC_TIMESTAMP.test(text) ? new Date(text) : parseAnyTimestamp(text),
);
typeParsers.setTypeParser(UUID_ARRAY, (text) =>
  UUID_ARRAY_LITERAL.test(text) ? text.slice(1, -1).split(',') : parseAnyUuidArray(text),
);
