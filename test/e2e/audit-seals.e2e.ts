/** @takes-long */
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from '@jest/globals';
import { onOwnConnection, storedIds, until } from '../support/audit-log.js';
import { allSealed, lineOf, runAdmin, tamper, writeEntries } from '../support/audit-seals.js';
import { loggedDuring } from '../support/server-host.js';
import { emptyFolder } from '../support/server-process.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const SEALING = { AUDIT_SEAL_SECONDS: '1' };
const NOT_YET = { AUDIT_SEAL_SECONDS: '3600' };

const WRITE = `
  insert into audit_entries (id, org_id, operation, succeeded, resource_ids)
  values (gen_random_uuid(), $1, 'login', true, '{}') returning position`;
const sealsOf = (t: TestApp, orgId: string) =>
  t.sql<{ sequence: number; through: string; entries: number }>(
    'select sequence, through, entries from audit_seals where chain = $1 order by sequence',
    [orgId],
  );
const ROUND = 250; // entries, at most
const newIds = (count: number) => Array.from({ length: count }, () => randomUUID());

const logs: TestApp[] = [];
/**
 * A separate database per test: a test that waits until all entries are sealed must not wait for those of other tests.
 */
async function ownLog(environment: Record<string, string>): Promise<TestApp> {
  const t = await startTestApp(environment);
  logs.push(t);
  return t;
}
afterAll(() => Promise.all(logs.map((t) => t.close())));

it.concurrent('writes no seal for an organization while it writes no entry', async () => {
  const t = await ownLog(SEALING);
  const [idle, busy] = newIds(2) as [string, string];
  await writeEntries(t, idle, 1);
  await allSealed(t);
  for (let round = 0; round < 2; round++) {
    await writeEntries(t, busy, 1);
    await allSealed(t);
  }

  expect(await sealsOf(t, idle)).toMatchObject([{ sequence: 1, entries: 1 }]);
  expect((await sealsOf(t, busy)).length).toBe(2);
});

// All at the same time, the longest first: they wait for the interval of the sealing task.
it.concurrent('does not remove old entries whose seals do not verify', async () => {
  const orgId = randomUUID();
  const t = await ownLog(NOT_YET);
  await tamper(t, `update audit_entries set created_at = created_at - interval '500 days'`);
  await writeEntries(t, orgId, ROUND, '500 days');
  await writeEntries(t, orgId, 4);
  const planted = randomUUID();
  await tamper(
    t,
    `insert into audit_entries (position, id, org_id, operation, succeeded, resource_ids)
     values (-1, gen_random_uuid(), '${planted}', 'login', true, '{}')`,
  );
  const keeping = await startTestApp(SEALING, t.databaseUrl);
  await until(async () => (await t.sql('select from audit_anchors where chain = $1', [orgId])).length > 0);
  const kept = (await storedIds(t, orgId)).length;

  const log = await loggedDuring(async () => {
    await tamper(t, `update audit_seals set newest_at = newest_at - interval '500 days'`);
    for (let run = 0; run < 2; run++) {
      await writeEntries(t, orgId, 1); // sealing comes before removal: in the second run, removal has been attempted
      await allSealed(t);
    }
    await keeping.close();
  });

  expect(await storedIds(t, orgId)).toHaveLength(kept + 2);
  expect(await storedIds(t, planted)).toHaveLength(1); // below our first position: left for `audit:verify` to report
  expect(log.match(/do not match their seals/g)).toHaveLength(1);
});

it.concurrent('reports entries and seals that were changed, added or deleted in the database', async () => {
  const t = await ownLog(SEALING);
  const folder = emptyFolder();
  const org = {
    changed: randomUUID(),
    thinned: randomUUID(),
    padded: randomUUID(),
    unchained: randomUUID(),
    cut: randomUUID(),
    replaced: randomUUID(),
    untouched: randomUUID(),
  };
  const all = Object.values(org);
  for (const id of all) await writeEntries(t, id, 2);
  await allSealed(t);
  const [{ free }] = (await t.sql(`select nextval('audit_entries_position_seq') as free`)) as [
    { free: string },
  ];
  const later = new Map<string, string[]>();
  for (const id of all) later.set(id, await writeEntries(t, id, 2));
  await allSealed(t);
  const heads = join(folder.path, 'heads.txt');
  writeFileSync(heads, (await runAdmin(t, 'audit:verify')).lines.join('\n'));

  await tamper(
    t,
    `update audit_entries set user_id = org_id where position = ${later.get(org.changed)![1]}`,
    `delete from audit_entries where position = ${later.get(org.thinned)![0]}`,
    `insert into audit_entries (position, id, org_id, operation, succeeded, resource_ids)
     values (${free}, gen_random_uuid(), '${org.padded}', 'login', true, '{}')`,
    `delete from audit_seals where chain = '${org.unchained}' and sequence = 1`,
    `delete from audit_seals where chain = '${org.cut}' and sequence = 2`,
    `delete from audit_entries where org_id = '${org.replaced}'`,
    `delete from audit_seals where chain = '${org.replaced}'`,
  );
  const { code, lines } = await runAdmin(t, 'audit:verify', '--against', heads);

  expect(code).toBe(1);
  expect(lineOf(lines, org.changed)).toMatch(/^BROKEN, seal 2 .*: an entry or the seal was changed$/);
  expect(lineOf(lines, org.thinned)).toMatch(/^BROKEN, seal 2 .*: 1 entries found, 2 were sealed$/);
  expect(lineOf(lines, org.padded)).toMatch(/^BROKEN, seal 2 .*: 3 entries found, 2 were sealed$/);
  expect(lineOf(lines, org.unchained)).toBe('BROKEN, seal 1 is missing');
  expect(lineOf(lines, org.cut)).toMatch(/^BROKEN, after seal 1: 2 entries are not sealed/);
  expect(lineOf(lines, org.replaced)).toBe('BROKEN, seal 2, which the earlier output lists, is missing');
  expect(lineOf(lines, org.untouched)).toMatch(/^intact/);
  writeFileSync(heads, 'organization x: intact, head 1:00\n');
  const nothing = ['--org', org.untouched, '--against', heads];
  expect(await runAdmin(t, 'audit:verify', ...nothing)).toMatchObject({
    code: 1,
    lines: expect.arrayContaining([expect.stringContaining('no line of an earlier output')]),
  });
  folder.remove();
});

it.concurrent(
  'seals all entries of concurrent writers on two replicas, so that they verify as intact',
  async () => {
    const t = await ownLog(SEALING);
    const replica = await startTestApp(SEALING, t.databaseUrl);
    const { orgId, admin } = await t.fixtures.defaultOrg();
    const orgs = newIds(3);
    const over = new AbortController();
    const writers = [...orgs, ...orgs].map((id) =>
      onOwnConnection(t, async (client) => {
        while (!over.signal.aborted) {
          await client.query('begin');
          await client.query(WRITE, [id]);
          await client.query('select pg_sleep(random() / 50)'); // visible only some time after it was written
          await client.query(Math.random() < 0.1 ? 'rollback' : 'commit');
        }
      }),
    );
    await writeEntries(t, orgs[0]!, 2_500);
    await until(async () => (await sealsOf(t, orgs[1]!)).length >= 2);
    await admin.api.post('/api/v1/workspaces', { display_name: 'Sealed' });
    over.abort();
    await Promise.all(writers);
    await allSealed(t);
    await replica.close();

    const { code, lines } = await runAdmin(t, 'audit:verify');

    expect(code).toBe(0);
    for (const id of [orgId, ...orgs]) {
      const count = (await storedIds(t, id)).length;
      expect(lineOf(lines, id)).toMatch(
        new RegExp(`^intact, \\d+ seals of ${count} entries, 0 not sealed yet, head \\d+:[0-9a-f]{64}$`),
      );
    }
    expect(Math.max(...(await sealsOf(t, orgs[0]!)).map(({ entries }) => entries))).toBeLessThanOrEqual(
      ROUND,
    );
  },
);

it.concurrent(
  'removes only whole seal batches that are old enough, and the remaining entries still verify',
  async () => {
    const [orgId, other, filling] = newIds(3) as [string, string, string];
    const t = await ownLog(NOT_YET);
    await tamper(t, `update audit_entries set created_at = created_at - interval '500 days'`);
    const [{ count }] = (await t.sql('select count(*)::int from audit_entries')) as [{ count: number }];
    await writeEntries(t, orgId, 2 * ROUND - count, '500 days'); // two batches of old entries only
    await writeEntries(t, orgId, 2, '500 days'); // the third batch has new entries of other organizations
    await writeEntries(t, other, 1);
    await writeEntries(t, filling, ROUND - 3);
    await writeEntries(t, orgId, 2);

    const keeping = await startTestApp(SEALING, t.databaseUrl);
    await until(
      async () =>
        (await t.sql('select from audit_anchors where chain = $1 and sequence = 2', [orgId])).length > 0,
    );
    await keeping.close();
    const { code, lines } = await runAdmin(t, 'audit:verify');

    expect(code).toBe(0);
    expect(await storedIds(t, orgId)).toHaveLength(4); // two of them old, in a batch with new ones of others
    expect((await sealsOf(t, orgId)).map(({ sequence }) => sequence)).toEqual([3, 4]);
    expect(lineOf(lines, orgId)).toMatch(/^intact, 2 seals of 4 entries, 0 not sealed yet, head 4:/);
    const folder = emptyFolder();
    const report = join(folder.path, 'report.json');
    const log = { position: '1', seal: `1:${'0'.repeat(64)}` };
    writeFileSync(report, JSON.stringify({ organization_id: orgId, audit_log: log, grants: [] }));
    const compared = await runAdmin(t, 'audit:verify', '--export', report);
    folder.remove();
    expect([compared.code, compared.lines.at(-1)]).toEqual([
      3,
      'Retention has removed seal 1, which the report names, so that it cannot be compared.',
    ]);
  },
);

it.concurrent('keeps all entries when AUDIT_RETENTION_DAYS is 0', async () => {
  const orgId = randomUUID();
  const t = await ownLog({ ...SEALING, AUDIT_RETENTION_DAYS: '0' });
  await tamper(t, `update audit_entries set created_at = created_at - interval '500 days'`);

  for (let run = 0; run < 2; run++) {
    await writeEntries(t, orgId, 2, '500 days'); // removal follows sealing: by the second run it has been due
    await allSealed(t);
  }

  expect(await storedIds(t, orgId)).toHaveLength(4);
});

it.concurrent('does not seal past an entry that is written but not yet committed', async () => {
  const t = await ownLog(SEALING);
  const [late, written] = newIds(2) as [string, string];

  await onOwnConnection(t, async (client) => {
    await client.query('begin');
    await client.query(WRITE, [late]);
    await writeEntries(t, written, 3);
    const [{ since }] = (await t.sql('select clock_timestamp() as since')) as [{ since: Date }];
    const looked = `select from pg_stat_activity where query like '%virtualtransaction from pg_locks%' and pid <> pg_backend_pid()
      and datname = current_database() and query_start > $1`;
    await until(async () => (await t.sql(looked, [since])).length > 0);
    expect(await sealsOf(t, written)).toEqual([]);
    await client.query('commit');
  });
  await allSealed(t);

  expect(await sealsOf(t, late)).toMatchObject([{ entries: 1 }]);
  expect(await sealsOf(t, written)).toMatchObject([{ entries: 3 }]);
});

it.concurrent('does not report an organization without entries as intact', async () => {
  const t = await ownLog(NOT_YET);

  const { code, lines } = await runAdmin(t, 'audit:verify', '--org', randomUUID());

  expect([code, lines.at(-1)]).toEqual([1, expect.stringMatching(/no entries to verify/)]);
});

it.concurrent('rejects updates and truncation of audit entries and seals in the database', async () => {
  const t = await ownLog(NOT_YET);

  for (const [table, column] of [
    ['audit_entries', 'id'],
    ['audit_seals', 'mac'],
  ]) {
    await expect(t.sql(`update ${table} set ${column} = ${column}`)).rejects.toThrow('never changed');
    await expect(t.sql(`truncate ${table}`)).rejects.toThrow('never changed');
  }
});
