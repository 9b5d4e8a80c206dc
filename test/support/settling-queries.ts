import { setTimeout as pause } from 'node:timers/promises';
import type native from 'pg';
import { applyAccessChanges } from './server-host.js';

/** The lease of a replica, and what imprecise timers add. */
const LONGEST_WAIT_MS = 110;

/**
 * Lets direct SQL behave like a change by the API: `query` resolves when no server on this database uses what it cached
 * before (docs/contract/installation.md#caching). Another program's SQL takes effect at most 100 ms later: servers ask for
 * changes every 50 ms. Those of this worker are told to ask at once, as they do themselves after a change by the API.
 */
export function settlingQueries(pool: native.Pool, databaseUrl: string) {
  const changes = new Set<string>();
  pool.on('connect', (client) => {
    client.on('notice', ({ message, detail }) => {
      if (message === 'access changed' && detail) changes.add(detail);
    });
  });
  return async <Row extends native.QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]> => {
    const { rows } = await pool.query<Row>(text, values);
    const [...xids] = changes;
    changes.clear();
    if (xids.length > 0 && (await isUnseen(pool, xids))) await settle(xids);
    return rows;
  };

  async function settle(xids: readonly string[]): Promise<void> {
    const end = performance.now() + LONGEST_WAIT_MS;
    if (await applyAccessChanges(databaseUrl)) return;
    while (performance.now() < end && (await isUnseen(pool, xids))) await pause(2);
  }
}

async function isUnseen(pool: native.Pool, xids: readonly string[]): Promise<boolean> {
  const { rowCount } = await pool.query(
    `select from access_cache_replicas, unnest($1::xid8[]) xid
     where seen is null or not pg_visible_in_snapshot(xid, seen::pg_snapshot)`,
    [xids],
  );
  return rowCount !== 0;
}
