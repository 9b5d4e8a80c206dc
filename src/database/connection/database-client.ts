import type { Socket } from 'node:net';
import pg, { type QueryResultRow } from 'pg';
import { hasStalePlans } from '../../common/errors/outage.js';
import { inSpan, isTracing, type NewSpan } from '../../common/tracing/trace-context.js';
import type { Config } from '../../config/config.js';
import type { CurrentCredentials } from './current-credentials.js';
import {
  type PreparedStatements,
  type QueryOutcome,
  type Statement,
  StatementBatch,
  StatementRun,
} from './statement-batch.js';

/** PostgreSQL, or the network to it, sent nothing for longer than a statement may take. */
class SilentDatabase extends Error {
  readonly code = 'ETIMEDOUT';

  constructor(afterMs: number) {
    super(`no answer within ${afterMs / 1000} s`);
  }
}

export const NO_MESSAGES: ReadonlySet<string> = new Set();

/**
 * `silenceMs`: how long a running statement may receive no data before the connection is closed; 0: no limit.
 * `credentials`: in place of what `connectionString` says of them.
 */
export type DatabaseClientConfig = pg.ClientConfig & {
  silenceMs?: number;
  credentials?: CurrentCredentials | null;
};

/**
 * A connection that always has an error listener. pg-pool and TypeORM listen only while they hold it, and an error in
 * between, when PostgreSQL ends the backend, would end the process. The next query on the connection is rejected.
 */
export class DatabaseClient extends pg.Client {
  private readonly silenceMs: number;
  private messages = new Set<string>();
  private isStale = false;
  /** Sent together as soon as the running code awaits something. */
  private readonly unsent: StatementRun[] = [];
  private readonly prepared: PreparedStatements = new Map();

  constructor(config: DatabaseClientConfig = {}) {
    super(withCredentials(config));
    this.silenceMs = config.silenceMs ?? 0;
    const query = recorded(this.query.bind(this));
    this.query = ((...args: unknown[]) => {
      this.flush();
      return query(...args);
    }) as pg.Client['query'];
    this.on('error', () => undefined);
    this.on('notice', ({ message }) => message && this.messages.add(message));
    this.connection.on('errorMessage', (error) => {
      this.isStale ||= hasStalePlans(error);
    });
    this.once('connect', () => {
      this.stream.setTimeout(this.silenceMs);
      this.stream.on('timeout', () => this.giveUpIfWaiting());
    });
  }

  /**
   * Runs a statement. Those that are run without awaiting each other are sent together; everything else is sent in the
   * order of the calls, so after those. Rejects with the error of PostgreSQL or of the connection,
   * and for a value that cannot be serialized.
   */
  run<Row extends QueryResultRow>(
    statement: Statement,
    values: readonly unknown[] = [],
  ): Promise<QueryOutcome<Row>> {
    return inSpan(spanNamed(statement.name), () => this.enqueue<Row>(statement, values));
  }

  /** As the server announced it; a pooler announces a number of its own. */
  get backendPid(): number {
    return (this as unknown as { processID: number }).processID;
  }

  /** What statements of this connection have sent by `raise` since the last call, each text once. */
  takeMessages(): ReadonlySet<string> {
    if (this.messages.size === 0) return NO_MESSAGES;
    const { messages } = this;
    this.messages = new Set();
    return messages;
  }

  /** Lets the pool close the connection when it is released if what it has prepared can no longer run. */
  closeIfStale(): void {
    if (this.isStale) this.end().catch(() => undefined);
  }

  /** Closes the connection at once, without a Terminate message; running queries are rejected. */
  destroy(): void {
    this.stream.destroy();
  }

  private async enqueue<Row extends QueryResultRow>(
    statement: Statement,
    values: readonly unknown[],
  ): Promise<QueryOutcome<Row>> {
    const { promise, resolve, reject } = Promise.withResolvers<QueryOutcome<Row>>();
    const run = new StatementRun(statement, values, (error, outcome) =>
      error ? reject(error) : resolve(outcome as QueryOutcome<Row>),
    );
    if (this.unsent.push(run) === 1) process.nextTick(() => this.flush());
    try {
      return await promise;
    } catch (error) {
      Error.captureStackTrace(error as Error); // the stack of the caller instead of the socket's
      throw error;
    }
  }

  private flush(): void {
    const runs = this.unsent.splice(0);
    if (runs.length > 0) super.query(new StatementBatch(runs, this.prepared));
  }

  /** The socket's timer also runs while the connection is idle. */
  private giveUpIfWaiting(): void {
    const isWaiting = !(this as unknown as { readyForQuery: boolean }).readyForQuery;
    if (isWaiting) this.stream.destroy(new SilentDatabase(this.silenceMs));
  }

  /** The stream is replaced when TLS is negotiated. */
  private get stream(): Socket {
    return (this as unknown as { connection: { stream: Socket } }).connection.stream;
  }
}

/** pg would let what the URL says win over all other options. */
function withCredentials({ credentials, connectionString: url, ...config }: DatabaseClientConfig) {
  if (url === undefined) return config;
  return credentials ? { ...config, ...credentials.optionsOf(url) } : { ...config, connectionString: url };
}

type Query = (...args: unknown[]) => unknown;

/**
 * Records the statements of TypeORM, `begin` and `commit` as spans: those that are texts and return a promise.
 * `run` records its own.
 */
const recorded =
  (query: Query): Query =>
  (...args) => {
    const [statement] = args;
    if (!isTracing() || typeof statement !== 'string' || typeof args.at(-1) === 'function')
      return query(...args);
    const [firstWord] = /\w+/.exec(statement) ?? [];
    return inSpan(spanNamed(firstWord?.toUpperCase()), () => query(...args) as Promise<unknown>);
  };

/** Neither the text of the statement nor its values. */
const spanNamed = (name: string | undefined): NewSpan => ({
  name: name || 'postgresql',
  kind: 'client',
  attributes: { 'db.system.name': 'postgresql' },
});

export type ConnectionLimits = Config['database']['limits'];

/** For tools without time limits. */
export const NO_LIMITS: ConnectionLimits = {
  connectSeconds: 0,
  statementSeconds: 0,
  lockSeconds: 0,
  idleInTransactionSeconds: 0,
  keepAliveSeconds: 0,
};

/** PostgreSQL cancels a statement at its time limit; without a response this much later, the server counts as dead. */
const CANCELLING_MS = 5000;

/** The limits that PostgreSQL enforces on a session, by the names of its parameters, in milliseconds. */
export const sessionLimits = (limits: ConnectionLimits) => ({
  statement_timeout: limits.statementSeconds * 1000,
  lock_timeout: limits.lockSeconds * 1000,
  idle_in_transaction_session_timeout: limits.idleInTransactionSeconds * 1000,
});

/** The options of pg and pg-pool; 0 turns a limit off. */
export function clientLimits(limits: ConnectionLimits): DatabaseClientConfig {
  const session = sessionLimits(limits);
  const statementMs = session.statement_timeout;
  return {
    ...session,
    connectionTimeoutMillis: limits.connectSeconds * 1000,
    keepAlive: limits.keepAliveSeconds > 0,
    keepAliveInitialDelayMillis: limits.keepAliveSeconds * 1000,
    silenceMs: statementMs === 0 ? 0 : statementMs + CANCELLING_MS,
  };
}
