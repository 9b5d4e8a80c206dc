import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  AUDIT_LOGS,
  auditIds,
  auditPage,
  EVER,
  fillAuditLog,
  onOwnConnection,
  storedIds,
  until,
} from '../support/audit-log.js';
import type { Person } from '../support/fixtures.js';
import { openCursors } from '../support/list-cursors.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { waitForBlockedQuery } from '../support/waiting-for-locks.js';

let t: TestApp;
beforeAll(async () => {
  t = await startTestApp();
});
afterAll(() => t.close());

const WRITE = `
  insert into audit_entries (id, org_id, operation, succeeded, resource_ids)
  values (gen_random_uuid(), $1, 'login', true, '{}') returning id`;

describe('reading during concurrent writes', () => {
  it('returns every entry once and in order while other requests write entries', async () => {
    const org = await t.fixtures.orgWithAdmin();
    await fillAuditLog(t, org.orgId, 400);
    const before = await storedIds(t, org.orgId);
    const over = new AbortController();
    let written = 0;
    const writers = [1, 2, 3].map(() =>
      onOwnConnection(t, async (client) => {
        while (!over.signal.aborted) {
          await client.query('begin');
          await client.query(WRITE, [org.orgId]);
          await client.query('select pg_sleep(random() / 100)'); // visible only some time after it was written
          await client.query('commit');
          written++;
        }
      }),
    );

    const first = await auditPage(org.admin.api, 'limit=7');
    const ofFirst = written;
    await until(() => written > ofFirst + 10);
    const read = await auditIds(org.admin.api, 'limit=7', first.cursor);
    over.abort();
    await Promise.all(writers);

    const ids = [...first.items.map(({ metadata }) => metadata.uid), ...read];
    const after = await storedIds(t, org.orgId);
    expect(after.length).toBeGreaterThan(before.length + 10);
    expect(ids.filter((id) => before.includes(id))).toEqual(before);
    expect(new Set(ids).size).toBe(ids.length);
    expect(after.filter((id) => ids.includes(id))).toEqual(ids);
    expect(await auditIds(org.admin.api, 'limit=100')).toEqual(after);
  });

  it('returns an entry that was written before the page but committed after it', async () => {
    const org = await t.fixtures.orgWithAdmin();

    await onOwnConnection(t, async (client) => {
      await client.query('begin');
      const late = (await client.query<{ id: string }>(WRITE, [org.orgId])).rows[0]!.id;
      for (let n = 0; n < 4; n++) await t.sql(WRITE, [org.orgId]);
      const first = await auditPage(org.admin.api, 'limit=2');
      await client.query('commit');
      const nextPage = await auditIds(org.admin.api, 'limit=2', first.cursor);

      expect(first.items.map(({ metadata }) => metadata.uid)).not.toContain(late);
      expect(nextPage.filter((id) => id === late)).toHaveLength(1); // entries of one millisecond are ordered by their ids
    });
  });

  it('dates an entry at its writing, not at the start of a transaction that waited for a lock', async () => {
    const org = await t.fixtures.orgWithAdmin();

    const turn = await onOwnConnection(t, async (client) => {
      await client.query('begin');
      await client.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [org.orgId]);
      const waiting = org.admin.api.post('/api/v1/workspaces', { display_name: 'Later' });
      await waitForBlockedQuery(t);
      const { rows } = await client.query<{ at: Date }>('select clock_timestamp()::timestamptz(3) as at');
      await client.query('commit');
      await waiting;
      return rows[0]!.at;
    });

    const { items } = await auditPage(org.admin.api, 'operations=create_workspace');
    expect(items[0]!.time).toBeGreaterThanOrEqual(turn.getTime());
  });
});

describe('export of the audit log', () => {
  const exported = async ({ email, password }: Person, signal?: AbortSignal) => {
    const headers = { authorization: `Bearer ${await t.fixtures.login(email, password)}` };
    return fetch(`${t.url}${AUDIT_LOGS}/export?${EVER}`, { headers, ...(signal ? { signal } : {}) });
  };

  it('exports the whole period as one JSON object per line, as the list shows it', async () => {
    const org = await t.fixtures.orgWithAdmin();
    await fillAuditLog(t, org.orgId, 20_000);

    const response = await exported(org.admin);
    const ids: string[] = [];
    let first: unknown;
    const lines = createInterface({ input: Readable.fromWeb(response.body as ReadableStream) });
    for await (const line of lines) {
      const activity = JSON.parse(line);
      first ??= activity;
      ids.push(activity.metadata.uid);
    }

    expect(response.headers.get('content-type')).toBe('application/x-ndjson');
    expect(ids).toEqual((await storedIds(t, org.orgId)).slice(1)); // without the entry for the export itself
    expect(first).toEqual((await auditPage(org.admin.api, 'limit=2')).items[1]);
  });

  it('reads from the database only as fast as the client reads, and stops when the client is gone', async () => {
    const org = await t.fixtures.orgWithAdmin();
    await fillAuditLog(t, org.orgId, 60_000);
    const client = new AbortController();

    const response = await exported(org.admin, client.signal);
    await response.body!.getReader().read(); // the server has read no more than this and what fits into buffers
    await settled(async () => Number((await openCursors(t))[0]?.since));
    const whileStalled = await openCursors(t);
    client.abort();

    expect(whileStalled).toMatchObject([{ state: 'idle in transaction' }]);
    await until(async () => (await openCursors(t)).length === 0);
  });

  it.each(['', 'start_time=2026-01-01T00:00:00Z', 'start_time=x&end_time=2026-01-01T00:00:00Z'])(
    'returns 422 for an export without a valid period: "%s"',
    async (query) => {
      const { admin } = await t.fixtures.defaultOrg();

      expect((await admin.api.get(`${AUDIT_LOGS}/export?${query}`)).status).toBe(422);
    },
  );

  it('exports nothing for an empty period', async () => {
    const { admin } = await t.fixtures.defaultOrg();
    const period = 'start_time=2000-01-01T00:00:00Z&end_time=2000-01-02T00:00:00Z';

    expect(await admin.api.get(`${AUDIT_LOGS}/export?${period}`)).toMatchObject({ status: 200, body: '' });
  });
});

/** Waits until the number has not changed for half a second. */
async function settled(number: () => Promise<number>): Promise<void> {
  let last = await number();
  let since = Date.now();
  await until(async () => {
    const now = await number();
    if (now !== last) [last, since] = [now, Date.now()];
    return Date.now() - since > 500;
  });
}
