import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/database/embedded/postgres.js';
import { pg } from '../support/postgres-client.js';

let pattern: string;
let folder: string;
let running: EmbeddedPostgres[];
let bystander: ChildProcess | undefined;

beforeAll(async () => {
  folder = pattern = await passableFolder();
  running = [];
  await (await start()).stop();
});
afterAll(() => rm(pattern, { recursive: true, force: true }));

beforeEach(async () => {
  folder = await passableFolder();
  running = [];
});

afterEach(async () => {
  bystander?.kill();
  await Promise.all(running.map((server) => server.stop()));
  await rm(folder, { recursive: true, force: true });
});

/** The built module, as the server runs it; the test setup builds it. */
const BUILT = new URL('../../dist/src/database/embedded/postgres.js', import.meta.url).href;

async function passableFolder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'tenantry-embedded-'));
  await chmod(made, 0o755);
  return made;
}

/** A stopped cluster, as a later start finds it: copied with its owner, since initialising one takes seconds. */
const madeBefore = () => execFileSync('cp', ['-a', join(pattern, 'postgres'), cluster()]);

const cluster = () => join(folder, 'postgres');

const usual = () => ({ directory: cluster(), password: 'secret/ with:signs', durable: false });

async function start(wish: { password?: string; durable?: boolean } = {}) {
  const server = await startEmbeddedPostgres({ ...usual(), ...wish });
  running.push(server);
  return server;
}

async function ask(server: EmbeddedPostgres, question: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(question)).rows.flatMap((row) => Object.values(row));
  } finally {
    await client.end();
  }
}

const lockFile = () => join(cluster(), 'postmaster.pid');

test('keeps data across a stop and the next start', async () => {
  const first = await start();
  await ask(first, 'create table kept (word text)');
  await ask(first, "insert into kept values ('Ärger')");
  await first.stop();
  expect(await ask(await start(), 'select lower(word) from kept')).toEqual(['ärger']);
});

test('shares one server between two first starts at the same moment, and only the last stop ends it', async () => {
  const [one, two] = await Promise.all([start(), start()]);
  expect(one.url).toBe(two.url);
  await one.stop();
  expect(await ask(two, 'select 1 as answer')).toEqual([1]);
  await two.stop();
  await expect(ask(two, 'select 1 as answer')).rejects.toThrow('ECONNREFUSED');
});

test('asks the server once more when the deadline has passed meanwhile, as on a machine that slept', async () => {
  madeBefore();
  const first = await start();
  let hours = 0;
  const clock = jest.spyOn(performance, 'now').mockImplementation(() => ++hours * 3_600_000);
  try {
    await expect(start()).resolves.toMatchObject({ url: first.url });
  } finally {
    clock.mockRestore();
  }
});

test('reuses and stops a server that outlived its Node process', async () => {
  madeBefore();
  const program = `
    const { startEmbeddedPostgres } = await import(${JSON.stringify(BUILT)});
    console.log((await startEmbeddedPostgres(${JSON.stringify(usual())})).url);`;
  const node = spawn(process.execPath, ['--input-type=module', '--eval', program]);
  const [url] = (await once(node.stdout, 'data')) as [Buffer];
  node.kill('SIGKILL');
  await once(node, 'exit');
  const second = await start();
  expect(second.url).toBe(url.toString().trim());
  await second.stop();
  await expect(readFile(lockFile())).rejects.toThrow('ENOENT');
});

test('recovers committed data when it starts right after the database was killed', async () => {
  madeBefore();
  const durable = { durable: true };
  await ask(await start(durable), 'create table kept (n int)');
  process.kill(Number.parseInt(await readFile(lockFile(), 'utf8'), 10), 'SIGKILL');
  expect(await ask(await start(durable), 'select count(*)::int from kept')).toEqual([0]);
});

test('starts although a lock file names an unrelated process of the same user', async () => {
  madeBefore();
  const { uid, gid } = await stat(cluster());
  bystander = spawn('sleep', ['60'], { uid, gid });
  await once(bystander, 'spawn');
  await writeFile(
    lockFile(),
    [bystander.pid, cluster(), 1700000000, 5999, '', '127.0.0.1', ' 1 1', 'ready', ''].join('\n'),
  );
  expect(await ask(await start(), 'select 1 as answer')).toEqual([1]);
});

test('names a wrong password and leaves no server running', async () => {
  madeBefore();
  await expect(start({ password: 'another' })).rejects.toThrow(
    /its password is not the stored one.* DATABASE_URL/s,
  );
});

test('reports the reason that PostgreSQL gives for not starting', async () => {
  madeBefore();
  await writeFile(join(cluster(), 'postgresql.conf'), 'shared_buffers = nonsense');
  await expect(start()).rejects.toThrow('invalid value for parameter "shared_buffers": "nonsense"');
});

test('leaves a folder with other files unchanged', async () => {
  await writeFile(join(folder, 'letter.txt'), 'Dear');
  const attempt = startEmbeddedPostgres({ directory: folder, password: 'p', durable: false });
  await expect(attempt).rejects.toThrow('holds other files than a PostgreSQL cluster');
  expect(await readFile(join(folder, 'letter.txt'), 'utf8')).toBe('Dear');
});
