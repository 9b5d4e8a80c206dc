import { DatabaseUnavailable } from './errors.js';

/**
 * docs/contract/installation.md#outages; PostgreSQL, Appendix A. 25P03, 25P04: a transaction exceeded its time limit.
 */
const SQLSTATES = /^(08|53|57P)|^(25006|25P03|25P04|55P03|57014)$/;
/**
 * What a connection has prepared can no longer run: a column has another type since (0A000 has other causes, too), or a
 * pooler has lost it (26000). Nothing was run, and a new connection prepares it again.
 */
const STALE_PLAN_ROUTINE = 'RevalidateCachedQuery'; // its message is translated
const LOST_STATEMENT = '26000';

const CONNECTION_ENDED = new Set(['FATAL', 'PANIC']);

/** Error codes of sockets and name resolution. */
const SYSTEM_CODE =
  /^(ECONN(REFUSED|RESET|ABORTED)|EPIPE|ETIMEDOUT|E(HOST|NET)(UNREACH|DOWN)|ENOTFOUND|EAI_AGAIN)$/;

/** Messages of pg and pg-pool about a connection, which carry no code. */
const MESSAGES = [
  [/^timeout exceeded when trying to connect$/, 'no free connection'],
  [/^(timeout expired$|Connection terminated due to connection timeout)/, 'connection timeout'],
  [/^Connection terminated|(is not queryable|after calling end on the pool)$/, 'connection lost'],
] as const;
/** Thrown by TypeORM for a transaction whose connection was lost. */
const OF_LOST_CONNECTION = new Set(['QueryRunnerAlreadyReleasedError', 'TransactionNotStartedError']);

type DriverError = Partial<Record<'code' | 'severity' | 'routine' | 'driverError' | 'statusCode', unknown>>;

/** The kind of a database outage; null for any other error. */
export function outageKind(error: unknown): string | null {
  if (error instanceof DatabaseUnavailable) return error.kind;
  if (!(error instanceof Error)) return null;
  const { code, severity, routine, driverError, statusCode } = error as DriverError;
  if (driverError !== undefined) return outageKind(driverError);
  if (statusCode !== undefined) return null; // an HTTP error: a client disconnect is ECONNRESET as well
  if (typeof code === 'string') {
    const isOutage =
      SQLSTATES.test(code) ||
      SYSTEM_CODE.test(code) ||
      CONNECTION_ENDED.has(String(severity)) ||
      hasStalePlans({ code, routine });
    return isOutage ? code : null;
  }
  if (OF_LOST_CONNECTION.has(error.name)) return 'connection lost';
  return MESSAGES.find(([words]) => words.test(error.message))?.[1] ?? null;
}

/** Whether the connection with this error has to be replaced, so that its statements are prepared again. */
export const hasStalePlans = ({ code, routine }: { code?: unknown; routine?: unknown }): boolean =>
  code === LOST_STATEMENT || (code === '0A000' && routine === STALE_PLAN_ROUTINE);

/** Converts an outage to DatabaseUnavailable; returns any other error unchanged. */
export function explainOutage(error: unknown): unknown {
  const kind = outageKind(error);
  return kind === null || error instanceof DatabaseUnavailable
    ? error
    : new DatabaseUnavailable(kind, { cause: error });
}
