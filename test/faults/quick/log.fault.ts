import { type ChildProcess, spawn, type StdioOptions } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { until } from '../../support/audit-log.js';
import { COMPILED } from '../../support/server-process.js';
import { environmentOf } from '../support/fault-server.js';
import { printFigures, send } from '../support/load.js';
import { freePort } from '../../support/free-port.js';
import { PostgresServer } from '../support/postgres-server.js';

const START = fileURLToPath(new URL('../../../scripts/start.mjs', import.meta.url));

let postgres: PostgresServer;
let server: ChildProcess;
let url: string;
beforeAll(async () => {
  postgres = await PostgresServer.start();
});
afterEach(async () => {
  if (server.kill('SIGKILL')) await once(server, 'exit');
});
afterAll(() => postgres.remove());

async function start(stdio: StdioOptions): Promise<void> {
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  const env = { PATH: process.env['PATH'], ...COMPILED, ...environmentOf(postgres.url), PORT: String(port) };
  server = spawn(process.execPath, [START], { env, stdio });
  await until(async () => server.exitCode !== null || (await send(`${url}/livez`)).status === 200, 180);
  expect(server.exitCode).toBeNull();
}

/** Causes a log line per second for three seconds, each of which fails to be written. */
async function survivesAnOutage(name: string): Promise<void> {
  await postgres.shutDown();
  let failed = 0;
  for (const end = performance.now() + 3500; performance.now() < end; await pause(50)) {
    if ((await send(`${url}/readyz`)).status === 503) failed++;
  }
  await postgres.launch();
  await until(async () => server.exitCode !== null || (await send(`${url}/readyz`)).status === 200, 60);

  printFigures(name, { failuresToLog: failed, exitCode: server.exitCode });
  expect(failed).toBeGreaterThan(0);
  expect(server.exitCode).toBeNull();
}

it('continues to serve when the disk of its log is full', async () => {
  const full = openSync('/dev/full', 'w');
  await start(['ignore', full, full]);
  closeSync(full);

  await survivesAnOutage('full disk');
});

it('continues to serve when the reader of its log is gone', async () => {
  await start(['ignore', 'pipe', 'pipe']);
  server.stdout!.destroy();
  server.stderr!.destroy();

  await survivesAnOutage('reader gone');
});
