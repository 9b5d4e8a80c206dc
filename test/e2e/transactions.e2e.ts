import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { QueryResultRow } from 'pg';
import type { DataSource } from 'typeorm';
import { AccessCache } from '../../src/common/access/access-cache.js';
import { loadConfig } from '../../src/config/config.js';
import { createDataSource } from '../../src/data-source.js';
import { Sql } from '../../src/database/transactions/sql.js';
import { Transaction } from '../../src/database/transactions/transaction.js';
import { emptyDatabase } from '../support/test-database.js';

const ORG = 'an organization';

let dataSource: DataSource;
let transaction: Transaction;
let sql: Sql;
beforeAll(async () => {
  const url = await emptyDatabase();
  dataSource = await createDataSource(url, 2).setOptions({ migrations: [] }).initialize();
  const accessCache = new AccessCache();
  transaction = new Transaction(dataSource, loadConfig({ DATABASE_URL: url }), accessCache);
  sql = new Sql(dataSource, transaction, accessCache);
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
