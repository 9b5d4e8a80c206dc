import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { typeParsers } from '../../src/database/type-parsers.js';
import { PreparedQuery } from '../../src/database/prepared-query.js';
import { emptyDatabase } from '../support/test-database.js';

let pool: pg.Pool;
beforeAll(async () => {
  pool = new pg.Pool({ connectionString: await emptyDatabase(), types: typeParsers, max: 1 });
});
afterAll(() => pool.end());

const run = (name: string, text: string, values: readonly unknown[] = []) =>
  new PreparedQuery({ name, text }, values).execute(pool);

/** The messages that PostgreSQL sent on the one connection, by the names of pg's parser. */
async function answersDuring(work: () => Promise<unknown>): Promise<string[]> {
  const client = await pool.connect();
  client.release();
  const seen: string[] = [];
  const listeners = ['parseComplete', 'bindComplete', 'rowDescription', 'dataRow'].map(
    (name) => [name, () => seen.push(name)] as const,
  );
  for (const [name, listener] of listeners) client.connection.on(name, listener);
  await work();
  for (const [name, listener] of listeners) client.connection.off(name, listener);
  return seen;
}

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
    const { rows: expected } = await pool.query(VALUES, values);

    for (const time of ['first', 'second', 'third'])
      expect({ time, rows: (await run('values', VALUES, values)).rows }).toEqual({ time, rows: expected });
  });

  it('parses and describes a statement once per connection', async () => {
    const text = 'select 1 as one';

    expect(await answersDuring(() => run('once', text))).toEqual([
      'parseComplete',
      'bindComplete',
      'rowDescription',
      'dataRow',
    ]);
    expect(await answersDuring(() => run('once', text))).toEqual(['bindComplete', 'dataRow']);
  });

  it('plans a statement without a name for each run', async () => {
    expect((await run('', 'select 1 as one')).rows).toEqual([{ one: 1 }]);
    expect((await run('', 'select 2 as two')).rows).toEqual([{ two: 2 }]);
  });

  it('returns the number of rows written or read, and null where there is none', async () => {
    await run('', 'create temporary table things (n int)');
    expect(await run('add', 'insert into things select generate_series(1, 12)')).toMatchObject({
      rowCount: 12,
    });
    expect(await run('find', 'select n from things where n > $1', [10])).toMatchObject({ rowCount: 2 });
    expect(await run('remove', 'delete from things where n > $1', [99])).toMatchObject({ rowCount: 0 });
    expect(await run('', 'begin')).toEqual({ rows: [], rowCount: null });
    expect(await run('', 'rollback')).toEqual({ rows: [], rowCount: null });
    expect(await run('', '')).toEqual({ rows: [], rowCount: null });
  });

  it("rejects with the error of PostgreSQL and the caller's stack, and keeps the connection usable", async () => {
    async function callingFunction() {
      await run('divide', 'select 1 / $1::int as ratio', [0]);
    }

    await expect(callingFunction()).rejects.toMatchObject({
      code: '22012',
      stack: expect.stringContaining('callingFunction'),
    });
    expect((await run('divide', 'select 1 / $1::int as ratio', [1])).rows).toEqual([{ ratio: 1 }]);
    await expect(run('wrong', 'select from where')).rejects.toMatchObject({ code: '42601' });
    expect((await run('wrong', 'select 3 as three')).rows).toEqual([{ three: 3 }]);
  });

  it('rejects a value that cannot be serialized and a name that stands for another statement', async () => {
    const circle: { self?: object } = {};
    circle.self = circle;
    expect(() => run('circle', 'select $1::jsonb as circle', [circle])).toThrow(/circular/);

    await run('taken', 'select 1 as one');
    await expect(run('taken', 'select 2 as two')).rejects.toThrow('taken names two statements');
    expect((await run('taken', 'select 1 as one')).rows).toEqual([{ one: 1 }]);
  });

  it('rejects a statement whose columns have changed since it was prepared', async () => {
    await run('', 'create table shapes as select 1 as a');
    await run('shape', 'select * from shapes');
    await run('', `alter table shapes alter a type text using 'now a text'`);

    await expect(run('shape', 'select * from shapes')).rejects.toMatchObject({ code: '0A000' });
  });

  it('rejects when the connection breaks, and the pool opens a new one', async () => {
    const { rows } = await run('me', 'select pg_backend_pid() as pid');
    const waiting = run('wait', 'select pg_sleep(60)');
    const ended = expect(waiting).rejects.toThrow();
    const other = new pg.Client({ connectionString: pool.options.connectionString! });
    await other.connect();
    await other.query('select pg_terminate_backend($1)', [rows[0]!['pid']]);
    await other.end();
    await ended;

    expect((await run('me', 'select pg_backend_pid() as pid')).rows[0]!['pid']).not.toBe(rows[0]!['pid']);
  });
});
