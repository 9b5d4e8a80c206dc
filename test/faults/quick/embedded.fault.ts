import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { adminCommand } from '../../support/admin-command.js';
import { until } from '../../support/audit-log.js';
import { emptyFolder, type ServerProcess } from '../../support/server-process.js';
import { killPostgres, postmasterIn } from '../support/embedded-cluster.js';
import { ENVIRONMENT, signInAsAdmin, startEmbeddedServer } from '../support/fault-server.js';
import { Load, printFigures, send } from '../support/load.js';
import { WorkspaceWrites } from '../support/workspace-writes.js';

const RUNS_AGAIN = /^PostgreSQL in .* runs again \(process \d+\)/gm;

let data: ReturnType<typeof emptyFolder>;
let server: ServerProcess;
let url: string;
let headers: Record<string, string>;
beforeAll(async () => {
  data = emptyFolder();
  server = startEmbeddedServer(data.path);
  url = await server.ready();
  headers = await signInAsAdmin(url);
});
afterAll(async () => {
  await server.stop();
  data.remove();
});

it('restarts the embedded PostgreSQL once when it is killed, and returns 503 in the meantime', async () => {
  const writes = new WorkspaceWrites(url);
  const write = () => writes.write(headers);
  const read = () => writes.read(headers);
  const load = new Load([write, read, read], 5);
  const killOnce = async () => {
    await pause(500);
    killPostgres(data.path);
    const killed = performance.now();
    await until(() => server.messages.match(RUNS_AGAIN) !== null, 120);
    await until(async () => (await send(`${url}/readyz`)).status === 200, 60);
    const recoveredAfterMs = Math.round(performance.now() - killed);
    await pause(500);
    return recoveredAfterMs;
  };

  const recoveredAfterMs = await killOnce().catch(async (error: unknown) => {
    await load.stop();
    throw error;
  });
  const seen = await load.stop();
  const { text } = await send(`${url}/api/v1/workspaces?limit=1000`, { headers });
  const stored = (JSON.parse(text) as { display_name: string }[]).map((each) => each.display_name);
  const lost = writes.findLost(stored);

  const figures = { seen, acknowledged: writes.acknowledged.length, lost: lost.length };
  printFigures('embedded PostgreSQL killed', { ...figures, recoveredAfterMs });
  expect(lost).toEqual([]);
  expect(Object.keys(seen).sort()).toEqual(['200', '503']);
  expect(server.messages.match(RUNS_AGAIN)).toHaveLength(1);
});

it('refuses a second server on a data folder in use, and names the folder and the process', async () => {
  const second = startEmbeddedServer(data.path);
  const killTimer = setTimeout(() => second.kill('SIGKILL'), 180_000);

  expect(await second.ended()).toBe(1);

  clearTimeout(killTimer);
  expect(second.stderr).toContain(data.path);
  expect(second.stderr).toContain(`in use by another server (process ${server.pid})`);
  await until(async () => (await send(`${url}/readyz`)).status === 200, 60);
});

it('runs an operator command beside the server', async () => {
  const before = postmasterIn(data.path);

  const { code, output } = await adminCommand({ ...ENVIRONMENT, DATA_DIR: data.path }, ['audit:verify']);

  expect(code).toBe(0);
  expect(output).not.toBe('');
  expect(postmasterIn(data.path)).toBe(before);
  await until(async () => (await send(`${url}/readyz`)).status === 200, 60);
});

it('starts at once after a server was killed, since nothing of it is left behind', async () => {
  const begun = performance.now();
  server.kill('SIGKILL');
  expect(await server.ended()).toBe('SIGKILL');

  server = startEmbeddedServer(data.path);
  url = await server.ready();

  printFigures('start after SIGKILL', { readyAfterMs: Math.round(performance.now() - begun) });
  await until(async () => (await send(`${url}/readyz`)).status === 200, 60);
});
