import { setTimeout as pause } from 'node:timers/promises';
import type native from 'pg';

/** The lease of a replica, and what imprecise timers add. */
const LONGEST_WAIT_MS = 110;

/**
 * Lets direct SQL behave like a change by the API: `query` resolves when no server on this database uses what it cached
 * before (docs/contract/installation.md#caching). Another program's SQL takes effect at most 100 ms later.
 */
export function settlingQueries(pool: native.Pool) {
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
    const end = performance.now() + LONGEST_WAIT_MS;
    while (xids.length > 0 && performance.now() < end && (await isUnseen(pool, xids))) await pause(2);
    return rows;
  };
}

async function isUnseen(pool: native.Pool, xids: readonly string[]): Promise<boolean> {
  const { rowCount } = await pool.query(
    `select from access_cache_replicas, unnest($1::xid8[]) xid
     where seen is null or not pg_visible_in_snapshot(xid, seen::pg_snapshot)`,
    [xids],
  );
  return rowCount !== 0;
}
