import type { Config } from '../../config/config.js';
import type { DatabaseClientConfig } from './database-client.js';

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
