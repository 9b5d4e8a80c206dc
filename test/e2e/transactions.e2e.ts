import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { QueryResultRow } from 'pg';
import type { DataSource } from 'typeorm';
import { CommitListeners } from '../../src/database/transactions/commit-listeners.js';
import { loadConfig } from '../../src/config/config.js';
import { createDataSource } from '../../src/data-source.js';
import { Sql } from '../../src/database/transactions/sql.js';
import { Transaction } from '../../src/database/transactions/transaction.js';
import { onOwnConnection } from '../support/audit-log.js';
import { type OrgWithAdmin, role } from '../support/fixtures.js';
import { GROUP, type Scim, scimOf, userOf } from '../support/scim.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { emptyDatabase } from '../support/test-database.js';
import { waitForBlockedQuery } from '../support/waiting-for-locks.js';

const ORG = 'an organization';

let dataSource: DataSource;
let transaction: Transaction;
let sql: Sql;
let listeners: CommitListeners;
beforeAll(async () => {
  const url = await emptyDatabase();
  dataSource = await createDataSource(url, 2).setOptions({ migrations: [] }).initialize();
  listeners = new CommitListeners();
  transaction = new Transaction(dataSource, loadConfig({ DATABASE_URL: url }), listeners);
  sql = new Sql(dataSource, transaction, listeners);
  await run('create table things (n int primary key)');
});
afterAll(() => dataSource.destroy());
beforeEach(() => run('truncate things'));

/** Named after its text, so that each text is prepared once. */
const run = (text: string, values: readonly unknown[] = []): Promise<QueryResultRow[]> =>
  sql.rows({ name: text.slice(0, 60), text }, values);
const insert = (n: number) => run('insert into things values ($1)', [n]);
const list = async () => (await run('select n from things order by n')).map(({ n }) => n as number);
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => null,
    (error: { code?: string; message: string }) => error,
  );

describe('a listener of commits', () => {
  const say = (message: string) => run(`do $$ begin raise info '${message}'; end $$`);
  const fail = () => Promise.reject(new Error('no'));
  let seen: unknown[];
  beforeEach(() => {
    seen = [];
    listeners.on('written', async () => {
      seen.push({ rows: await list(), inProgress: transaction.load.held });
    });
  });

  it('is awaited once after the commit of a transaction that sent its message, which holds nothing by then', async () => {
    await transaction.inOrganization(ORG, async () => {
      await insert(1);
      await say('written');
      await say('written');
      expect(seen).toEqual([]);
    });

    expect(seen).toEqual([{ rows: [1], inProgress: 0 }]);
  });

  it('is awaited after a statement outside of transactions', async () => {
    await say('written');

    expect(seen).toEqual([{ rows: [], inProgress: 0 }]);
  });

  it('is not called for other messages, nor for a transaction that was rolled back', async () => {
    await expect(transaction.run(() => say('written').then(fail))).rejects.toThrow('no');
    await transaction.run(() => insert(1));
    await say('something else');
    await insert(2);

    expect([seen, await list()]).toEqual([[], [1, 2]]);
  });
});

describe('a transaction', () => {
  it('has all statements that are awaited inside of it, and commits them together', async () => {
    await transaction.run(async () => {
      await insert(1);
      await transaction.inOrganization(ORG, () => insert(2));
      expect(await list()).toEqual([1, 2]);
    });

    expect(await list()).toEqual([1, 2]);
  });

  it('has nothing of them when a later one fails', async () => {
    const work = transaction.inOrganization(ORG, async () => {
      await insert(1);
      await insert(1);
    });

    expect(await failure(work)).toMatchObject({ code: '23505' });
    expect(await list()).toEqual([]);
  });

  it('fails when the work has ignored a failed statement, since nothing is committed then', async () => {
    const work = transaction.run(async () => {
      await insert(1);
      await failure(insert(1));
    });

    expect(await failure(work)).toMatchObject({ message: expect.stringContaining('nothing was committed') });
    expect(await list()).toEqual([]);
  });

  it('refuses a statement of work that was not awaited, instead of running it in the next transaction', async () => {
    const { promise: next, resolve: begin } = Promise.withResolvers<void>();
    let late: Promise<unknown> = Promise.resolve();
    await transaction.run(async () => {
      await list();
      late = next.then(list);
    });

    await transaction.run(async () => {
      await list(); // on the same connection
      begin();
      await expect(late).rejects.toThrow('a statement follows the end of its transaction');
    });
  });

  it('reads what it was given to read after the lock of the organization is taken', async () => {
    const counter = async () => {
      const [last] = (await list()).slice(-1);
      return last ?? 0;
    };
    const increase = () => transaction.inOrganization(ORG, counter, (last) => insert(last + 1));

    await Promise.all([increase(), increase(), increase()]);

    expect(await list()).toEqual([1, 2, 3]);
  });

  it('begins with the first transaction inside of `runLazily`, and ends with the work', async () => {
    await transaction.runLazily(
      async () => void (await insert(1)),
      async () => {
        expect(await list()).toEqual([]);
        await transaction.inOrganization(ORG, () => insert(2));
        expect(await list()).toEqual([1, 2]);
      },
    );

    expect(
      await failure(
        transaction.runLazily(
          () => Promise.resolve(),
          () => insert(2),
        ),
      ),
    ).toMatchObject({
      code: '23505',
    });
    expect(await list()).toEqual([1, 2]);
  });
});

describe('transactions that wait for the roster lock', () => {
  const LOCK_SECONDS = 1;
  const UNAVAILABLE = 'returned 503';

  let t: TestApp;
  let org: OrgWithAdmin;
  beforeAll(async () => {
    t = await startTestApp({ DATABASE_LOCK_SECONDS: String(LOCK_SECONDS) });
  });
  afterAll(() => t.close());
  beforeEach(async () => {
    org = await t.fixtures.orgWithAdmin();
  });

  const createWorkspace = async () =>
    (await org.admin.api.post('/api/v1/workspaces', { display_name: 'New' })).status;

  describe('a change that waits while an earlier one of the organization holds the roster lock', () => {
    it('succeeds when the earlier one fails because it waits too long for a row', async () => {
      const { membershipId } = await t.fixtures.member(org, {});
      await onOwnConnection(t, async (client) => {
        await client.query('begin');
        await client.query('select from org_memberships where id = $1 for update', [membershipId]);
        const path = `/api/v1/orgs/current/members/${membershipId}`;
        const slow = expect(org.admin.api.patch(path, { role_id: role('ORGANIZATION_ADMIN') })).rejects;
        const slowFails = slow.toThrow(UNAVAILABLE);
        await waitForBlockedQuery(t);

        const others = [createWorkspace(), createWorkspace()];

        await slowFails;
        await expect(Promise.all(others)).resolves.toEqual([200, 200]);
        await client.query('rollback');
      });
    });

    it('is refused with it when another server holds the lock for too long', async () => {
      await onOwnConnection(t, async (client) => {
        await client.query('begin');
        await client.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [org.orgId]);
        const refusedAt = async () => {
          await expect(createWorkspace()).rejects.toThrow(UNAVAILABLE);
          return performance.now();
        };
        const first = refusedAt();
        await pause(200);
        const second = refusedAt();

        expect((await second) - (await first)).toBeLessThan(LOCK_SECONDS * 500);
        await client.query('rollback');
      });
    });
  });

  describe('a change after another program has changed the type of a column', () => {
    const MOST_CONNECTIONS = 10;
    const changeType = (type: string) =>
      onOwnConnection(t, (client) => client.query(`alter table roles alter permissions type ${type}`));

    /** 200, or why there was no such response. */
    const change = () => createWorkspace().catch(({ message }: Error) => message);

    it('gets 503 once for each connection that has prepared its statements, and then succeeds', async () => {
      const stop = new AbortController();
      const client = async () => {
        while (!stop.signal.aborted) await org.admin.api.get('/api/v1/workspaces').catch(() => undefined);
      };
      const clients = [client(), client()];
      await Promise.all(Array.from({ length: MOST_CONNECTIONS }, createWorkspace));

      await changeType('varchar(100)[]');
      const responses: (number | string)[] = [];
      for (let n = 0; n < 2 * MOST_CONNECTIONS; n++) responses.push(await change());
      stop.abort();
      await Promise.all(clients);

      const refused = responses.filter((response) => response !== 200);
      expect(refused.length).toBeGreaterThan(0);
      for (const response of refused) expect(response).toContain(UNAVAILABLE);
      expect(responses.slice(MOST_CONNECTIONS)).toEqual(Array.from({ length: MOST_CONNECTIONS }, () => 200));
      await changeType('text[]');
      for (let n = 0; n < MOST_CONNECTIONS; n++) await change();
    });
  });
});

describe('plans of statements under the roster lock', () => {
  const TABLES = ['scim_users', 'scim_group_members', 'invitations'];

  let t: TestApp;
  let scim: Scim;
  beforeAll(async () => {
    t = await startTestApp();
    scim = await scimOf((await t.fixtures.orgWithAdmin()).admin.api);
    for (const table of TABLES) await t.sql(`vacuum analyze ${table}`); // while they are empty
  });
  afterAll(() => t.close());

  const create = async (): Promise<string> => {
    const { status, body } = await scim.post('/Users', userOf(`${randomUUID()}@example.com`));
    expect(status).toBe(201);
    return body.id;
  };

  /** How often the tables were read whole. PostgreSQL reports it for a connection once per second. */
  async function wholeReads(): Promise<number> {
    await pause(1100);
    await create();
    const [row] = await t.sql(
      'select sum(seq_scan) as count from pg_stat_user_tables where relname = any($1)',
      [TABLES],
    );
    return Number(row?.count);
  }

  it('looks up rows by an index while a table grows from nothing', async () => {
    const group = await scim.post('/Groups', { schemas: [GROUP], displayName: 'Team' });
    const before = await wholeReads();
    const ids = [];
    for (let n = 0; n < 8; n++) ids.push(await create());
    for (const value of ids)
      await scim.patch(`/Groups/${group.body.id}`, [{ op: 'add', path: 'members', value: [{ value }] }]);

    expect(await wholeReads()).toBe(before);
  });
});
