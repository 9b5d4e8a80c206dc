import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { until } from '../../support/audit-log.js';
import { relationsOf } from '../../support/backup.js';
import { emptyFolder } from '../../support/server-process.js';
import { AdminProcess, emptyDatabaseOn, fillWithEntries } from '../support/admin-process.js';
import { PostgresServer } from '../support/postgres-server.js';

const ENTRIES = 100_000; // copied in half a second at least

let postgres: PostgresServer;
let folder: ReturnType<typeof emptyFolder>;
let path: string;

beforeAll(async () => {
  postgres = await PostgresServer.start();
  folder = emptyFolder();
  path = join(folder.path, 'good.backup');
  await fillWithEntries(postgres, ENTRIES);
  expect(await new AdminProcess(postgres.url, ['backup', path]).ended()).toMatchObject({ code: 0 });
});
afterAll(async () => {
  await postgres.remove();
  folder.remove();
});

const COPYING = `select pid from pg_stat_activity where state = 'active' and query ~ '^copy .*audit_entries'`;

/** The backend that copies the largest table. */
async function copyingBackend(): Promise<number> {
  let found: { pid: number }[] = [];
  await until(async () => (found = await postgres.sql<{ pid: number }>(COPYING)).length > 0, 60);
  return found[0]!.pid;
}

const noneCopies = () => until(async () => (await postgres.sql(COPYING)).length === 0, 60);

it('leaves no file under its name when a backup is killed', async () => {
  const killed = join(folder.path, 'killed.backup');
  const backup = new AdminProcess(postgres.url, ['backup', killed]);
  await copyingBackend();

  backup.kill();

  expect(await backup.ended()).toMatchObject({ code: 'SIGKILL' });
  const left = readdirSync(folder.path).filter((name) => name.startsWith('killed'));
  expect(left).toEqual([expect.stringMatching(/\.part$/)]);
  rmSync(join(folder.path, left[0]!));
  await noneCopies();
});

it('leaves no file and prints one line when PostgreSQL ends the connection of a backup', async () => {
  const cut = join(folder.path, 'cut.backup');
  const backup = new AdminProcess(postgres.url, ['backup', cut]);
  const ended = backup.ended();

  await postgres.sql('select pg_terminate_backend($1)', [await copyingBackend()]);

  expect(await ended).toEqual({ code: 1, output: expect.stringMatching(/^The command failed: [^\n]+\n$/) });
  expect(readdirSync(folder.path)).toEqual(['good.backup']);
});

it('leaves an empty database when a restore is killed, and the next restore succeeds', async () => {
  const databaseUrl = await emptyDatabaseOn(postgres, 'killed');
  const restore = new AdminProcess(databaseUrl, ['restore', path]);
  await copyingBackend();

  restore.kill();

  expect(await restore.ended()).toMatchObject({ code: 'SIGKILL' });
  await noneCopies();
  await until(async () => (await relationsOf(databaseUrl)).length === 0, 30);
  expect(await new AdminProcess(databaseUrl, ['restore', path]).ended()).toMatchObject({ code: 0 });
});

it('leaves an empty database and prints one line when PostgreSQL ends the connection of a restore', async () => {
  const databaseUrl = await emptyDatabaseOn(postgres, 'cut');
  const restore = new AdminProcess(databaseUrl, ['restore', path]);
  const ended = restore.ended();

  await postgres.sql('select pg_terminate_backend($1)', [await copyingBackend()]);

  expect(await ended).toEqual({ code: 1, output: expect.stringMatching(/^The command failed: [^\n]+\n$/) });
  expect(await relationsOf(databaseUrl)).toEqual([]);
});

it('removes its file and prints one line when a backup is interrupted', async () => {
  const backup = new AdminProcess(postgres.url, ['backup', join(folder.path, 'interrupted.backup')]);
  const ended = backup.ended();
  await copyingBackend();

  backup.kill('SIGTERM');

  expect(await ended).toEqual({ code: 1, output: expect.stringMatching(/^The command failed: [^\n]+\n$/) });
  expect(readdirSync(folder.path)).toEqual(['good.backup']);
});
