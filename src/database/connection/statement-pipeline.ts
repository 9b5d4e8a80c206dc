import type { Connection, FieldDef, QueryResultRow, Submittable } from 'pg';
import { StatementSkipped } from './statement.errors.js';

/** pg records here the named statements of the connection: name → text. */
export type PreparingConnection = Connection & {
  readonly parsedStatements: Readonly<Record<string, string>>;
  /** Sent, but not parsed yet. */
  readonly submittedNamedStatements: Record<string, string>;
};

type Outcome = { readonly rows: QueryResultRow[]; readonly rowCount: number | null };

/** A statement that can share a round trip with others. */
export type PipelinedStatement = Submittable & {
  readonly name: string;
  readonly text: string;
  callback: (error: Error | null, outcome: Outcome) => void;
  /** Writes the messages of the statement, without Sync; or returns an error and writes nothing. */
  send(connection: Connection): Error | null;
  handleRowDescription(message: { fields: readonly FieldDef[] }): void;
  handleDataRow(message: { fields: readonly (string | null)[] }): void;
  handleCommandComplete(message: { text: string }): void;
  handleReadyForQuery(): void;
  handleError(error: Error): void;
};

/**
 * Statements that are sent together and end with one Sync (PostgreSQL, "Pipelining" in the protocol's message flow):
 * one round trip for all of them. They run one after the other, each with a snapshot of its own. When one fails,
 * PostgreSQL skips the rest.
 */
export class StatementPipeline implements Submittable {
  private completed = 0;

  constructor(private statements: readonly PipelinedStatement[]) {}

  /** pg records the prepared statement under this name when PostgreSQL has parsed it. */
  get name(): string {
    return this.current?.name ?? '';
  }

  get text(): string {
    return this.current?.text ?? '';
  }

  submit(connection: Connection): Error | null {
    connection.stream.cork();
    const failures = new Map(this.statements.map((statement) => [statement, statement.send(connection)]));
    connection.sync();
    connection.stream.uncork();
    this.statements = this.statements.filter((statement) => !failures.get(statement));
    for (const [statement, failure] of failures) if (failure) statement.handleError(failure);
    return null;
  }

  handleRowDescription(message: { fields: readonly FieldDef[] }): void {
    this.current?.handleRowDescription(message);
  }

  handleDataRow(message: { fields: readonly (string | null)[] }): void {
    this.current?.handleDataRow(message);
  }

  handleCommandComplete(message: { text: string }): void {
    this.current?.handleCommandComplete(message);
    this.completed++;
  }

  handleEmptyQuery(): void {
    this.completed++;
  }

  handleReadyForQuery(): void {
    for (const statement of this.statements) statement.handleReadyForQuery();
  }

  /** Those before the failed one have their results, although its transaction cannot commit any more. */
  handleError(error: Error, connection: PreparingConnection): void {
    const [failed, ...skipped] = this.statements.slice(this.completed);
    for (const statement of this.statements.slice(0, this.completed)) statement.handleReadyForQuery();
    failed?.handleError(error);
    for (const statement of skipped) {
      delete connection.submittedNamedStatements[statement.name];
      statement.handleError(endsConnection(error) ? error : new StatementSkipped(error));
    }
  }

  private get current(): PipelinedStatement | undefined {
    return this.statements[this.completed];
  }
}

/** Errors of the network have no severity; FATAL and PANIC close the connection. */
const endsConnection = (error: Error): boolean => (error as { severity?: string }).severity !== 'ERROR';
