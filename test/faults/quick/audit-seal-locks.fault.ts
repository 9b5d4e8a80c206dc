import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Client } from 'pg';
import type { ServerProcess } from '../../support/server-process.js';
import { startServer } from '../support/fault-server.js';
import { printFigures } from '../support/load.js';
import { PostgresServer } from '../support/postgres-server.js';
import { Stalls } from '../support/stalls.js';

const ORGS = 3000;
const ENTRIES = 20_000;

/** The age of the oldest transaction that holds the lock of the job, in milliseconds; null: nothing holds it. */
const HOLD = `
  select max(extract(epoch from clock_timestamp() - a.xact_start) * 1000)::float8 as ms
  from pg_locks l join pg_stat_activity a using (pid)
  where l.locktype = 'advisory' and l.granted
    and (l.classid::bigint << 32) | l.objid::bigint = hashtextextended('audit-seals', 0)`;

/** An entry of an organization that writes while the job runs; it is as old as the others, and named by its method. */
const WRITE = `
  insert into audit_entries (id, org_id, operation, succeeded, resource_ids, request_method, created_at)
  values (gen_random_uuid(), md5('writing')::uuid, 'login', true, '{}', 'POST', now() - interval '500 days')`;

let postgres: PostgresServer;
let observer: Client;
let server: ServerProcess;
beforeAll(async () => {
  postgres = await PostgresServer.start();
  server = startServer(postgres.url, { AUDIT_SEAL_SECONDS: '3600' });
  await server.ready();
  await server.stop();
  observer = await postgres.connect();
});
afterAll(async () => {
  await server.stop();
  await observer.end();
  await postgres.remove();
});

/** Entries of all organizations, one after the other. All entries are of a time that has long passed the retention. */
async function seed(): Promise<void> {
  await postgres.sql(`
    insert into audit_entries (id, org_id, operation, succeeded, resource_ids, created_at)
    select gen_random_uuid(), md5('org ' || n % ${ORGS})::uuid, 'login', true, '{}', now() - interval '500 days'
    from generate_series(1, ${ENTRIES}) n`);
  await postgres.sql('set session_replication_role = replica'); // no trigger that forbids changes
  await postgres.sql(`update audit_entries set created_at = now() - interval '500 days'`);
  await postgres.sql('reset session_replication_role');
}

/** Runs until `isDone`, meanwhile observing the lock and writing an entry every few milliseconds. Returns the longest of both. */
async function longestHold(isDone: () => Promise<boolean>): Promise<{ holdMs: number; writeMs: number }> {
  let holdMs = 0;
  let writeMs = 0;
  const done = new AbortController();
  const observing = (async () => {
    while (!done.signal.aborted) {
      const { rows } = await observer.query<{ ms: number | null }>(HOLD);
      holdMs = Math.max(holdMs, rows[0]!.ms ?? 0);
      const begun = performance.now();
      await observer.query(WRITE);
      writeMs = Math.max(writeMs, performance.now() - begun);
      await pause(5);
    }
  })();
  try {
    await untilSlowly(isDone);
  } finally {
    done.abort();
    await observing;
  }
  return { holdMs: Math.round(holdMs), writeMs: Math.round(writeMs) };
}

/** Asks twice a second, so that asking takes no time from the job. */
async function untilSlowly(isDone: () => Promise<boolean>): Promise<void> {
  for (let end = performance.now() + 600_000; performance.now() < end; await pause(500))
    if (await isDone()) return;
  throw new Error('not done after ten minutes');
}

it('seals and removes the entries of thousands of organizations without holding a lock for a second', async () => {
  await seed();
  const begun = performance.now();
  const stalls = new Stalls();
  server = startServer(postgres.url, { AUDIT_SEAL_SECONDS: '1', AUDIT_RETENTION_DAYS: '400' });
  await server.ready();

  const longest = await longestHold(async () => {
    return (
      (await postgres.sql(`select from audit_entries where request_method is null limit 1`)).length === 0
    );
  });
  stalls.stop();
  const limitMs = 1000 + stalls.ms;

  printFigures('sealing and removal', {
    organizations: ORGS,
    entries: ENTRIES,
    seconds: Math.round((performance.now() - begun) / 1000),
    longestHoldMs: longest.holdMs,
    longestWriteMs: longest.writeMs,
    limitMs: Math.round(limitMs),
  });
  expect(longest.holdMs).toBeGreaterThan(0); // it was observed
  expect(longest.holdMs).toBeLessThan(limitMs);
  expect(longest.writeMs).toBeLessThan(limitMs);
});
