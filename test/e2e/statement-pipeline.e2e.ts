import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { awaitAll } from '../../src/database/await-all.js';
import { DatabaseClient } from '../../src/database/connection/database-client.js';
import { PreparedQuery } from '../../src/database/prepared-query.js';
import { until } from '../support/audit-log.js';
import { emptyDatabase } from '../support/test-database.js';

let pool: pg.Pool;
let client: pg.PoolClient;
let roundTrips: number;

beforeAll(async () => {
  const options = { connectionString: await emptyDatabase(), max: 1, Client: DatabaseClient };
  pool = new pg.Pool(options);
  client = await pool.connect();
  client.connection.on('readyForQuery', () => roundTrips++);
  await run('create table things (n int primary key)');
});
afterAll(async () => {
  client.release();
  await pool.end();
});
beforeEach(async () => {
  await run('truncate things');
  roundTrips = 0;
});

/** Named after its text, so that each text is prepared once. */
const run = (text: string, values: readonly unknown[] = []) =>
  new PreparedQuery({ name: text.slice(0, 60), text }, values).execute(client);
const insert = (n: number) => run('insert into things values ($1)', [n]);
const list = () => run('select n from things order by n');

const outcomes = async (work: readonly Promise<unknown>[]) =>
  (await Promise.allSettled(work)).map((outcome) =>
    outcome.status === 'fulfilled'
      ? 'done'
      : ((outcome.reason as { code?: string }).code ?? outcome.reason.message),
  );

describe('statements that are run without awaiting each other', () => {
  it('share one round trip, in the order of the calls, with a result each', async () => {
    const [, , one, , both] = await awaitAll([run('begin'), insert(1), list(), insert(2), list()]);

    expect([one.rows, both.rows]).toEqual([[{ n: 1 }], [{ n: 1 }, { n: 2 }]]);
    expect(roundTrips).toBe(1);
    await run('commit');
  });

  it('share it whether the connection has prepared them before or not, and also with themselves', async () => {
    const twice = async () => {
      const results = await awaitAll([run('select 1 as "one"'), run('select 1 as "one"')]);
      return results.map(({ rows }) => rows);
    };

    for (const time of ['first', 'second'])
      expect({ time, rows: await twice() }).toEqual({ time, rows: [[{ one: 1 }], [{ one: 1 }]] });
    expect(roundTrips).toBe(2);
  });

  it('have one round trip each if they await each other', async () => {
    await insert(1);
    await list();

    expect(roundTrips).toBe(2);
  });

  it('precede what is run after them in another way', async () => {
    const [, { rows }] = await Promise.all([insert(1), client.query('select n from things')]);

    expect(rows).toEqual([{ n: 1 }]);
  });
});

describe('a statement that fails among others', () => {
  it('rejects with its own error, and those after it are skipped', async () => {
    const work = [run('begin'), insert(1), insert(1), insert(2), run('select 1 as "never prepared"')];

    expect(await outcomes(work)).toEqual([
      'done',
      'done',
      '23505',
      expect.stringContaining('skipped after: duplicate key'),
      expect.stringContaining('skipped after: duplicate key'),
    ]);
    await run('rollback');
    expect((await list()).rows).toEqual([]);
    expect((await run('select 1 as "never prepared"')).rows).toEqual([{ 'never prepared': 1 }]);
  });

  it('is the one that awaitAll throws, once all of the work has ended', async () => {
    const ended: string[] = [];
    const sequence = async () => {
      await list();
      await list().finally(() => ended.push('sequence'));
    };
    await run('begin');

    await expect(awaitAll([sequence(), insert(3), insert(3), insert(4)])).rejects.toMatchObject({
      code: '23505',
    });
    expect(ended).toEqual(['sequence']);
    await run('rollback');
  });

  it('rejects all of them with its error if the connection ends', async () => {
    const other = await new pg.Pool({ connectionString: pool.options.connectionString!, max: 1 }).connect();
    const { rows } = await run('select pg_backend_pid() as pid');
    const work = outcomes([insert(1), run('select pg_sleep(60)'), insert(2)]);
    const pid = rows[0]!['pid'];
    const asleep = "select from pg_stat_activity where pid = $1 and wait_event = 'PgSleep'";
    await until(async () => (await other.query(asleep, [pid])).rowCount === 1);
    await other.query('select pg_terminate_backend($1)', [pid]);
    other.release(true);

    expect(await work).toEqual(['done', '57P01', '57P01']);
    client.release(true);
    client = await pool.connect();
    client.connection.on('readyForQuery', () => roundTrips++);
  });
});
