import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { adminCommand } from '../support/admin-command.js';
import { pg } from '../support/postgres-client.js';
import { COMPILED, emptyFolder, ROOT } from '../support/server-process.js';
import { emptyDatabase } from '../support/test-database.js';

const LAST = `select name from migrations order by id desc limit 1`;

let folder: ReturnType<typeof emptyFolder>;
let url: string;
beforeAll(() => {
  folder = emptyFolder();
});
afterAll(() => folder.remove());
beforeEach(async () => {
  url = await emptyDatabase();
});

/** No secret is given: migrations need none of an external database. */
const run = (...args: string[]) => adminCommand({ DATABASE_URL: url, DATA_DIR: folder.path }, args);

async function sql<Row extends object>(text: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(text)).rows;
  } finally {
    await client.end();
  }
}

const BASELINE = 'Baseline1765192000001';

/** The baseline, the migrations after it, and then the files of views, functions and triggers. */
const applied = async () =>
  (
    await sql<{ name: string }>(
      `select '${BASELINE}' as name
       union all (select name from migrations where timestamp > ${BASELINE.slice(-13)} order by id)
       union all (select name from schema_files order by name)`,
    )
  ).map(({ name }) => name);

describe('npm run admin -- migrate', () => {
  it('creates the schema of an empty database once, and then finds nothing to do', async () => {
    const first = await run('migrate');
    const second = await run('migrate');

    expect(first).toMatchObject({ code: 0, errors: '' });
    expect(first.output.trim().split('\n')).toEqual([
      ...(await applied()).map((name) => `Applied ${name}`),
      'The schema is that of this version.',
    ]);
    expect(second).toEqual({ code: 0, errors: '', output: 'The schema is that of this version.\n' });
  });

  it('lists pending migrations with --dry-run, returns exit code 3 for some and 0 for none, and changes nothing', async () => {
    const before = await run('migrate', '--dry-run');
    const tables = await sql(`select from pg_tables where schemaname = 'public'`);
    await run('migrate');
    const after = await run('migrate', '--dry-run');

    expect(before.code).toBe(3);
    expect(before.output).toMatch(/^Baseline1765192000001 \(cannot be undone\)$/m);
    expect(before.output).toMatch(/^(\d+) migration\(s\) pending\.$/m);
    expect(tables).toEqual([]);
    expect(after).toEqual({ code: 0, errors: '', output: 'No migration is pending.\n' });
  });

  it('applies each migration once when two commands run at the same time', async () => {
    const results = await Promise.all([run('migrate'), run('migrate')]);

    expect(results.map(({ code }) => code)).toEqual([0, 0]);
    const lines = results.flatMap(({ output }) => output.match(/^Applied .*$/gm) ?? []);
    expect(lines.toSorted()).toEqual((await applied()).map((name) => `Applied ${name}`).toSorted());
  });

  it('takes a database that versions until 0.7.0 have migrated as it is, and refuses one that has only some of their migrations', async () => {
    await run('migrate');
    await sql(`delete from migrations where name = 'CreateWebhooks1765001000000'`);

    const refused = await run('migrate');
    await sql(
      `insert into migrations (timestamp, name) values (1765001000000, 'CreateWebhooks1765001000000')`,
    );
    const taken = await run('migrate', '--dry-run');

    expect([refused.code, refused.output + refused.errors]).toEqual([
      1,
      expect.stringContaining('lacks the migration CreateWebhooks1765001000000 of version 0.7.0'),
    ]);
    expect(refused.output + refused.errors).toContain('go by 0.7.0 first');
    expect(taken).toEqual({ code: 0, errors: '', output: 'No migration is pending.\n' });
  });

  it('works from the built files alone, as in an image', async () => {
    const env = { PATH: process.env['PATH'], ...COMPILED, DATABASE_URL: url, DATA_DIR: folder.path };

    const { stdout } = await promisify(execFile)(
      process.execPath,
      [join(ROOT, 'dist/src/admin.js'), 'migrate'],
      { cwd: folder.path, env },
    );

    expect(stdout).toMatch(/^The schema is that of this version\.$/m);
  });

  it('refuses a DATA_DIR in which no server was started when the database is embedded', async () => {
    const { code, errors } = await adminCommand({ DATA_DIR: join(folder.path, 'mistyped') }, ['migrate']);

    expect(code).toBe(1);
    expect(errors).toContain('mistyped/secrets.json does not exist');
  });
});

describe('npm run admin -- migrate:down', () => {
  it('undoes the last migration only, which a later migrate applies again', async () => {
    await run('migrate');
    const [{ name }] = (await sql(LAST)) as [{ name: string }];

    const named = await run('migrate:down', '--dry-run');
    const [still] = await sql(LAST);
    const undone = await run('migrate:down');
    const [previous] = await sql(LAST);
    const again = await run('migrate');

    expect(named).toEqual({ code: 0, errors: '', output: `Would undo ${name}\n` });
    expect(still).toEqual({ name });
    expect(undone).toMatchObject({ code: 0, output: expect.stringContaining(`Undid ${name}`) });
    expect(previous).not.toEqual({ name });
    expect(again.output.split('\n')).toEqual([
      `Applied ${name}`,
      ...(await sql<{ name: string }>('select name from schema_files order by name')).map(
        (file) => `Applied ${file.name}`,
      ),
      'The schema is that of this version.',
      '',
    ]);
  });

  it('refuses a migration that declares itself irreversible, and says why', async () => {
    await run('migrate');
    await sql(`delete from migrations where timestamp > ${BASELINE.slice(-13)}`);

    const { code, errors } = await run('migrate:down');

    expect(code).toBe(1);
    expect(errors).toContain(
      'AnnounceExpiriesByName1765192000001 cannot be undone: it created the whole schema',
    );
  });

  it('refuses a migration of a newer version', async () => {
    await run('migrate');
    await sql(`insert into migrations (timestamp, name) values (1999999999999, 'Later1999999999999')`);

    const { code, errors } = await run('migrate:down');

    expect(code).toBe(1);
    expect(errors).toContain('Later1999999999999 cannot be undone: a newer version has applied it');
  });

  it('refuses a database without migrations', async () => {
    expect(await run('migrate:down')).toMatchObject({ code: 1, output: 'No migration is applied.\n' });
  });
});
