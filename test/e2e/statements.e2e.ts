import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { awaitAll } from '../../src/database/transactions/unit-of-work.js';
import { DatabaseClient } from '../../src/database/connection/database-client.js';
import { typeParsers } from '../../src/database/connection/statement-batch.js';
import { until } from '../support/audit-log.js';
import { emptyDatabase } from '../support/test-database.js';

let connectionString: string;
let client: DatabaseClient;
let roundTrips: number;

beforeAll(async () => {
  connectionString = await emptyDatabase();
  await connect();
  await run('create table things (n int primary key)');
});
afterAll(() => client.end());
beforeEach(async () => {
  await run('truncate things');
  roundTrips = 0;
});

async function connect(): Promise<void> {
  client = new DatabaseClient({ connectionString, types: typeParsers });
  client.connection.on('readyForQuery', () => roundTrips++);
  await client.connect();
}

/** Named after its text, so that each text is prepared once. */
const run = (text: string, values: readonly unknown[] = []) => named(text.slice(0, 60), text, values);
const named = (name: string, text: string, values: readonly unknown[] = []) =>
  client.run({ name, text }, values);
const insert = (n: number) => run('insert into things values ($1)', [n]);
const list = () => run('select n from things order by n');

const outcomes = async (work: readonly Promise<unknown>[]) =>
  (await Promise.allSettled(work)).map((outcome) =>
    outcome.status === 'fulfilled' ? 'done' : (outcome.reason as { code?: string }).code,
  );

/** The messages that PostgreSQL sent, by the names of pg's parser. */
async function messagesDuring(work: () => Promise<unknown>): Promise<string[]> {
  const seen: string[] = [];
  const listeners = ['parseComplete', 'bindComplete', 'rowDescription', 'dataRow'].map(
    (name) => [name, () => seen.push(name)] as const,
  );
  for (const [name, listener] of listeners) client.connection.on(name, listener);
  await work();
  for (const [name, listener] of listeners) client.connection.off(name, listener);
  return seen;
}

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

    expect(await outcomes(work)).toEqual(['done', 'done', '23505', '25P02', '25P02']);
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
    const other = new pg.Client({ connectionString });
    await other.connect();
    const { rows } = await run('select pg_backend_pid() as pid');
    const work = outcomes([insert(1), run('select pg_sleep(60)'), insert(2)]);
    const pid = rows[0]!['pid'];
    const asleep = "select from pg_stat_activity where pid = $1 and wait_event = 'PgSleep'";
    await until(async () => (await other.query(asleep, [pid])).rowCount === 1);
    await other.query('select pg_terminate_backend($1)', [pid]);
    await other.end();

    expect(await work).toEqual(['done', '57P01', '57P01']);
    await connect();
  });
});

describe('a run of a prepared statement', () => {
  const VALUES = `select $1::uuid as id, $2::text[] as names, $3::timestamptz as at, $4::int as "count", $5::bool as flag,
    $6::bytea as digest, $7::jsonb as facts, $8::text as nothing, $9::uuid[] as ids`;
  const values = [
    '019a0000-0000-7000-8000-000000000001',
    ['a', 'b,"c"', ''],
    new Date('2026-02-03T04:05:06.789Z'),
    -42,
    true,
    Buffer.from([0, 255]),
    { kept: ['as', { it: 'is' }] },
    null,
    ['019a0000-0000-7000-8000-000000000002'],
  ];

  it('reads and writes values as pg does, the first time and each time after', async () => {
    const { rows: expected } = await client.query(VALUES, values);

    for (const time of ['first', 'second', 'third'])
      expect({ time, rows: (await named('values', VALUES, values)).rows }).toEqual({ time, rows: expected });
  });

  it('parses and describes a statement once per connection', async () => {
    const text = 'select 1 as one';

    expect(await messagesDuring(() => named('once', text))).toEqual([
      'parseComplete',
      'bindComplete',
      'rowDescription',
      'dataRow',
    ]);
    expect(await messagesDuring(() => named('once', text))).toEqual(['bindComplete', 'dataRow']);
  });

  it('plans a statement without a name for each run', async () => {
    expect((await named('', 'select 1 as one')).rows).toEqual([{ one: 1 }]);
    expect((await named('', 'select 2 as two')).rows).toEqual([{ two: 2 }]);
  });

  it('returns the number of rows written or read, and null where there is none', async () => {
    await named('', 'create temporary table things (n int)');
    expect(await named('add', 'insert into things select generate_series(1, 12)')).toMatchObject({
      rowCount: 12,
    });
    expect(await named('find', 'select n from things where n > $1', [10])).toMatchObject({ rowCount: 2 });
    expect(await named('remove', 'delete from things where n > $1', [99])).toMatchObject({ rowCount: 0 });
    expect(await named('', 'begin')).toEqual({ rows: [], rowCount: null });
    expect(await named('', 'rollback')).toEqual({ rows: [], rowCount: null });
    expect(await named('', '')).toEqual({ rows: [], rowCount: null });
  });

  it("rejects with the error of PostgreSQL and the caller's stack, and keeps the connection usable", async () => {
    async function callingFunction() {
      await named('divide', 'select 1 / $1::int as ratio', [0]);
    }

    await expect(callingFunction()).rejects.toMatchObject({
      code: '22012',
      stack: expect.stringContaining('callingFunction'),
    });
    expect((await named('divide', 'select 1 / $1::int as ratio', [1])).rows).toEqual([{ ratio: 1 }]);
    await expect(named('wrong', 'select from where')).rejects.toMatchObject({ code: '42601' });
    expect((await named('wrong', 'select 3 as three')).rows).toEqual([{ three: 3 }]);
  });

  it('rejects a value that cannot be serialized and a name that stands for another statement', async () => {
    const circle: { self?: object } = {};
    circle.self = circle;
    await expect(named('circle', 'select $1::jsonb as circle', [circle])).rejects.toThrow(/circular/);

    await named('taken', 'select 1 as one');
    await expect(named('taken', 'select 2 as two')).rejects.toThrow('taken names two statements');
    expect((await named('taken', 'select 1 as one')).rows).toEqual([{ one: 1 }]);
  });

  it('rejects a statement whose columns have changed since it was prepared', async () => {
    await named('', 'create table shapes as select 1 as a');
    await named('shape', 'select * from shapes');
    await named('', `alter table shapes alter a type text using 'now a text'`);

    await expect(named('shape', 'select * from shapes')).rejects.toMatchObject({ code: '0A000' });
  });
});
