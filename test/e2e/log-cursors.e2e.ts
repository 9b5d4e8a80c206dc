import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { AccessCache } from '../../src/common/access/access-cache.js';
import { loadConfig } from '../../src/config/config.js';
import { createDataSource } from '../../src/data-source.js';
import { Sql } from '../../src/database/transactions/sql.js';
import { Transaction } from '../../src/database/transactions/transaction.js';
import { type LogClaim, LogCursorsRepository } from '../../src/modules/events/log-cursors.repository.js';
import { fillAuditLog, onOwnConnection } from '../support/audit-log.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const KIND = 'log_stream';
const ENTRIES = 5;

let t: TestApp;
let dataSource: DataSource;
let transaction: Transaction;
let cursors: LogCursorsRepository;
let orgId: string;
let horizon: bigint;
beforeAll(async () => {
  t = await startTestApp();
  const accessCache = new AccessCache();
  dataSource = await createDataSource(withPoorPlans(t.databaseUrl), 6).initialize();
  const config = loadConfig({ DATABASE_URL: t.databaseUrl });
  transaction = new Transaction(dataSource, config, accessCache);
  cursors = new LogCursorsRepository(new Sql(dataSource, transaction, accessCache), config);
});
afterAll(async () => {
  await dataSource.destroy();
  await t.close();
});
beforeEach(async () => {
  await t.sql('delete from log_cursors');
  ({ orgId } = await t.fixtures.orgWithAdmin());
  await fillAuditLog(t, orgId, ENTRIES);
  horizon = await lastPosition();
});

/** With the plan that PostgreSQL could choose one day: without these kinds of joins, a subquery runs once for each row. */
function withPoorPlans(databaseUrl: string): string {
  const off = ['hashagg', 'sort', 'hashjoin', 'mergejoin', 'material', 'memoize'];
  const options = off.map((kind) => `-c enable_${kind}=off`).join(' ');
  return Object.assign(new URL(databaseUrl), { search: `?options=${encodeURIComponent(options)}` }).href;
}

async function lastPosition(): Promise<bigint> {
  const [row] = await t.sql<{ last: string }>('select max(position) as last from audit_entries');
  return BigInt(row!.last);
}

async function create(count = 1): Promise<string[]> {
  const ids = Array.from({ length: count }, () => randomUUID());
  for (const id of ids) await cursors.insert(id, KIND, orgId, 0n);
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
    horizon -= BigInt(ENTRIES);
    await t.sql('update log_cursors set position = $1', [String(horizon)]);
    expect(await claim()).toEqual([]);

    horizon += 1n;
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

    expect(await cursors.move(first, String(horizon))).toBe(false);
    expect(await stateOf(id)).toMatchObject({ position: '0', claim_id: second.claimId });

    expect(await cursors.move(second, String(horizon))).toBe(true);
    expect(await cursors.move(second, '1')).toBe(false);
    expect(await stateOf(id)).toMatchObject({ position: String(horizon), claim_id: null });
  });

  it('still moves the cursor while no other process has claimed it', async () => {
    await create();
    const late = await claimOne();
    await letClaimsRunOver();
    expect(await cursors.move(late, String(horizon))).toBe(true);
    expect(await claim()).toEqual([]);
  });
});

describe('a cursor that is claimed', () => {
  it('is not moved once it was disabled or enabled again', async () => {
    const [id = ''] = await create();
    const claimed = await claimOne();
    await cursors.place(id, '2', false);
    expect(await cursors.move(claimed, '1')).toBe(false);
    expect(await stateOf(id)).toEqual({ position: '2', claim_id: null, isDisabled: true });
    await letClaimsRunOver();
    expect(await claim()).toEqual([]);

    await cursors.place(id, '1', true);
    expect(await cursors.move(claimed, '1')).toBe(false);
    expect(await claimOne()).toMatchObject({ id, position: '2' });
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
      await cursors.move(claimed, String(horizon));
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

describe('cursors without entries', () => {
  it('follow the horizon, unless retention has removed entries that they had not passed', async () => {
    const passed = await lastPosition();
    const [behind, following] = await create(2);
    await cursors.place(following ?? '', String(passed), true);
    horizon = passed + 5n;

    await cursors.follow(KIND, horizon);
    expect(await stateOf(following ?? '')).toMatchObject({ position: String(horizon) });
    expect(await stateOf(behind ?? '')).toMatchObject({ position: '0' });

    await t.sql(
      `alter table audit_entries disable trigger user;
       delete from audit_entries where org_id = '${orgId}';
       alter table audit_entries enable trigger user;
       insert into audit_anchors (chain, sequence, through, mac, signature) values ('${orgId}', 1, ${passed}, '', '')`,
    );
    await cursors.follow(KIND, horizon + 1n);
    expect(await stateOf(following ?? '')).toMatchObject({ position: String(horizon + 1n) });
    expect(await stateOf(behind ?? '')).toMatchObject({ position: '0' });
  });
});
