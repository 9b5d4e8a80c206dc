import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { CommitListeners } from '../../src/database/transactions/commit-listeners.js';
import { loadConfig } from '../../src/config/config.js';
import { createDataSource } from '../../src/data-source.js';
import { Sql } from '../../src/database/transactions/sql.js';
import { Transaction } from '../../src/database/transactions/transaction.js';
import type { EntryAt } from '../../src/modules/events/horizon.js';
import type { ReceiverKindName } from '../../src/modules/receivers/core/entities.js';
import {
  type LogClaim,
  LogCursorsRepository,
} from '../../src/modules/receivers/core/log-cursors.repository.js';
import { fillAuditLog, onOwnConnection } from '../support/audit-log.js';
import { tamper } from '../support/audit-seals.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

/** Not one of those that the test server sends: it claims at any time. */
const KIND = 'log_cursors_test' as ReceiverKindName;
const ENTRIES = 5;

let t: TestApp;
let dataSource: DataSource;
let transaction: Transaction;
let cursors: LogCursorsRepository;
let orgId: string;
let horizon: EntryAt;
beforeAll(async () => {
  t = await startTestApp();
  await t.sql('alter table log_cursors drop constraint log_cursors_kind_check');
  const listeners = new CommitListeners();
  dataSource = await createDataSource(withPoorPlans(t.databaseUrl), 6).initialize();
  const config = loadConfig({ DATABASE_URL: t.databaseUrl });
  transaction = new Transaction(dataSource, config, listeners);
  cursors = new LogCursorsRepository(new Sql(dataSource, transaction, listeners), config);
});
afterAll(async () => {
  await dataSource.destroy();
  await t.close();
});
beforeEach(async () => {
  await t.sql('delete from log_cursors');
  ({ orgId } = await t.fixtures.orgWithAdmin());
  await fillAuditLog(t, orgId, ENTRIES);
  horizon = await lastEntry();
});

/** With the plan that PostgreSQL could choose one day: without these kinds of joins, a subquery runs once for each row. */
function withPoorPlans(databaseUrl: string): string {
  const off = ['hashagg', 'sort', 'hashjoin', 'mergejoin', 'material', 'memoize'];
  const options = off.map((kind) => `-c enable_${kind}=off`).join(' ');
  return Object.assign(new URL(databaseUrl), { search: `?options=${encodeURIComponent(options)}` }).href;
}

const START: EntryAt = { position: 0n, id: null };

async function entryBy(order: 'asc' | 'desc', skipped: number): Promise<EntryAt> {
  const text = `select id, position from audit_entries order by position ${order} offset $1 limit 1`;
  const [row] = await t.sql<{ id: string; position: string }>(text, [skipped]);
  return { id: row!.id, position: BigInt(row!.position) };
}
const lastEntry = (skipped = 0) => entryBy('desc', skipped);

async function create(count = 1): Promise<string[]> {
  const ids = Array.from({ length: count }, () => randomUUID());
  for (const id of ids) await cursors.insert(id, KIND, orgId, START);
  return ids;
}

const claim = (limit = 100) => cursors.claim(KIND, horizon, limit);
const claimOne = async (): Promise<LogClaim> => (await claim())[0]!;
const idsOf = (claims: readonly LogClaim[]) => claims.map(({ id }) => id);
/** As if a minute passed. */
const letClaimsRunOver = () => t.sql(`update log_cursors set due_at = now() where due_at < 'infinity'`);
const stateOf = async (id: string) =>
  (
    await t.sql<{ position: string; claim_id: string | null; isDisabled: boolean }>(
      `select position, claim_id, due_at = 'infinity' as "isDisabled" from log_cursors where id = $1`,
      [id],
    )
  )[0];

describe('claims', () => {
  it('give each cursor to one process, however many claim at the same time', async () => {
    const ids = await create(40);

    const claims = await Promise.all(Array.from({ length: 12 }, () => claim(5)));

    const claimed = claims.flatMap(idsOf);
    expect(claimed).toHaveLength(new Set(claimed).size);
    const rest = idsOf(await claim());
    expect([...claimed, ...rest].toSorted()).toEqual(ids.toSorted());
    expect(await claim()).toEqual([]);
  });

  it('are no more than wanted, by whatever plan', async () => {
    await create(10);
    await t.sql('analyze log_cursors');
    expect(await claim(3)).toHaveLength(3);
    expect(await claim(3)).toHaveLength(3);
  });

  it('do not wait for a cursor that a transaction holds', async () => {
    const [held] = await create(1);
    const others = await create(2);
    await onOwnConnection(t, async (client) => {
      await client.query('begin');
      await client.query('update log_cursors set position = 0 where id = $1', [held]);
      expect(idsOf(await claim()).toSorted()).toEqual(others.toSorted());
      await client.query('commit');
    });
    expect(idsOf(await claim())).toEqual([held]);
  });

  it('are for cursors with entries that are up to the horizon, of organizations that are enabled', async () => {
    const [id] = await create();
    horizon = await lastEntry(ENTRIES);
    await t.sql('update log_cursors set position = $1', [String(horizon.position)]);
    expect(await claim()).toEqual([]);

    horizon = await lastEntry(ENTRIES - 1);
    await t.sql('update organizations set is_disabled = true where id = $1', [orgId]);
    expect(await claim()).toEqual([]);

    await t.sql('update organizations set is_disabled = false where id = $1', [orgId]);
    expect(idsOf(await claim())).toEqual([id]);
  });
});

describe('a claim that ran over', () => {
  it('moves nothing, and the next process begins at the same position', async () => {
    const [id = ''] = await create();
    const first = await claimOne();
    await letClaimsRunOver();
    const second = await claimOne();
    expect(second).toEqual({ ...first, claimId: expect.not.stringContaining(first.claimId) });

    expect(await cursors.move(first, String(horizon.position))).toBe(false);
    expect(await stateOf(id)).toMatchObject({ position: '0', claim_id: second.claimId });

    expect(await cursors.move(second, String(horizon.position))).toBe(true);
    expect(await cursors.move(second, '1')).toBe(false);
    expect(await stateOf(id)).toMatchObject({ position: String(horizon.position), claim_id: null });
  });

  it('still moves the cursor while no other process has claimed it', async () => {
    await create();
    const late = await claimOne();
    await letClaimsRunOver();
    expect(await cursors.move(late, String(horizon.position))).toBe(true);
    expect(await claim()).toEqual([]);
  });
});

describe('a cursor that is claimed', () => {
  it('is not moved once it was disabled or enabled again', async () => {
    const [id = ''] = await create();
    const claimed = await claimOne();
    const [first, second] = [await entryBy('asc', 0), await entryBy('asc', 1)];
    await cursors.place(id, second, false);
    expect(await cursors.move(claimed, '1')).toBe(false);
    const position = String(second.position);
    expect(await stateOf(id)).toEqual({ position, claim_id: null, isDisabled: true });
    await letClaimsRunOver();
    expect(await claim()).toEqual([]);

    await cursors.place(id, first, true);
    expect(await cursors.move(claimed, '1')).toBe(false);
    expect(await claimOne()).toMatchObject({ id, position });
  });

  it('is gone with its claim once it was deleted', async () => {
    const [id = ''] = await create();
    const claimed = await claimOne();
    await cursors.delete([id]);
    expect(await cursors.move(claimed, '1')).toBe(false);
    expect(await stateOf(id)).toBeUndefined();
  });

  it('keeps what was moved together with it, or neither', async () => {
    const [id = ''] = await create();
    const claimed = await claimOne();
    const failed = transaction.run(async () => {
      await cursors.move(claimed, String(horizon.position));
      throw new Error('what is written beside it fails');
    });
    await expect(failed).rejects.toThrow('beside');
    expect(await stateOf(id)).toMatchObject({ position: '0', claim_id: claimed.claimId });
  });

  it('rests as long as it was told to', async () => {
    await create();
    expect(await cursors.move(await claimOne(), '1', 3600)).toBe(true);
    expect(await claim()).toEqual([]);
    await letClaimsRunOver();
    expect(await claimOne()).toMatchObject({ position: '1' });
  });
});

/** As retention does. */
const noteRemoval = ({ position }: EntryAt) =>
  t.sql(`insert into audit_anchors (chain, sequence, through, mac, signature) values ($1, 1, $2, '', '')`, [
    orgId,
    String(position),
  ]);

describe('a process that has observed a horizon before the database has gone back', () => {
  /** As if the entry was lost, and another one has its position now. */
  const goBack = () =>
    tamper(t, `update audit_entries set id = gen_random_uuid() where position = ${horizon.position}`);

  it('claims none of the cursors', async () => {
    const [id] = await create();
    await goBack();
    expect(await claim()).toEqual([]);
    await cursors.follow(KIND, horizon);

    horizon = await lastEntry();
    expect(idsOf(await claim())).toEqual([id]);
  });

  it('moves none that it has claimed, not even to where it is', async () => {
    const [id = ''] = await create();
    const claimed = await claimOne();
    await goBack();

    expect(await cursors.move(claimed, String(horizon.position))).toBe(false);
    expect(await cursors.move(claimed, '0')).toBe(false);

    expect(await stateOf(id)).toMatchObject({ position: '0', claim_id: claimed.claimId });
  });

  it('lets none without entries follow', async () => {
    const [id = ''] = await create();
    await t.sql('update log_cursors set position = $1', [String(horizon.position - 1n)]);
    await tamper(t, `delete from audit_entries where position = ${horizon.position}`);

    await cursors.follow(KIND, horizon);

    expect(await stateOf(id)).toMatchObject({ position: String(horizon.position - 1n) });
  });

  it('places new and enabled ones where the audit log is sealed', async () => {
    const [enabled = ''] = await create();
    const created = randomUUID();
    const sealed = await lastEntry(2);
    const seal = `insert into audit_seals (chain, sequence, through, entries, newest_at, mac) values ($1, 1, $2, 1, now(), '')`;
    await t.sql(seal, [orgId, String(sealed.position)]);
    await goBack();

    await cursors.insert(created, KIND, orgId, horizon);
    await cursors.place(enabled, horizon, true);

    for (const id of [created, enabled])
      expect(await stateOf(id)).toMatchObject({ position: String(sealed.position) });
    await tamper(t, `delete from audit_seals where chain = '${orgId}'`);
  });

  it('goes on where retention has removed the entry', async () => {
    const [id = ''] = await create();
    const claimed = await claimOne();
    await tamper(t, `delete from audit_entries where org_id = '${orgId}'`);
    await noteRemoval(horizon);

    expect(await cursors.move(claimed, String(horizon.position))).toBe(true);
    expect(await stateOf(id)).toMatchObject({ position: String(horizon.position) });
  });
});

describe('cursors without entries', () => {
  it('follow the horizon, unless retention has removed entries that they had not passed', async () => {
    const passed = await lastEntry();
    const [behind, following] = await create(2);
    await cursors.place(following ?? '', passed, true);
    const { orgId: other } = await t.fixtures.orgWithAdmin();
    await fillAuditLog(t, other, 5);
    horizon = await lastEntry(1);

    await cursors.follow(KIND, horizon);
    expect(await stateOf(following ?? '')).toMatchObject({ position: String(horizon.position) });
    expect(await stateOf(behind ?? '')).toMatchObject({ position: '0' });

    await tamper(t, `delete from audit_entries where org_id = '${orgId}'`);
    await noteRemoval(passed);
    const later = await lastEntry();
    await cursors.follow(KIND, later);
    expect(await stateOf(following ?? '')).toMatchObject({ position: String(later.position) });
    expect(await stateOf(behind ?? '')).toMatchObject({ position: '0' });
  });
});
