import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { until } from '../../support/audit-log.js';
import type { ServerProcess } from '../../support/server-process.js';
import { callersOf, startServer, type Caller } from '../support/fault-server.js';
import { Load, printFigures, send } from '../support/load.js';
import { PostgresServer } from '../support/postgres-server.js';

let postgres: PostgresServer;
let server: ServerProcess;
let url: string;
let caller: Caller;
beforeAll(async () => {
  postgres = await PostgresServer.start();
  server = startServer(postgres.url);
  url = await server.ready();
  [caller] = (await callersOf(1, url, postgres)) as [Caller];
});
afterAll(async () => {
  await server.stop();
  await postgres.remove();
});

it('returns 503 with Retry-After in the error format of each part of the API while PostgreSQL is down', async () => {
  const { headers } = caller;
  const { text } = await send(`${url}/v1/platform/orgs/current/scim/tokens`, {
    method: 'POST',
    headers,
    body: { description: 'for the test' },
  });
  const scim = { authorization: `Bearer ${(JSON.parse(text) as { token: string }).token}` };
  const detail = 'The database does not answer at the moment; try again.';
  await postgres.shutDown();

  const api = await send(`${url}/api/v1/orgs/current/roles`, { headers });
  const platform = await send(`${url}/v1/platform/orgs/current/info`, { headers });
  const users = await send(`${url}/scim/v2/Users`, { headers: scim });
  const write = await send(`${url}/api/v1/workspaces`, {
    method: 'POST',
    headers,
    body: { display_name: 'Not' },
  });
  const login = await send(`${url}/api/v1/login`, {
    method: 'POST',
    body: { email: 'a@example.com', password: 'x' },
  });

  for (const response of [api, platform, users, write, login]) {
    expect(response.status).toBe(503);
    expect(response.headers).toMatchObject({ 'retry-after': '1' });
    expect(response.headers).not.toHaveProperty('x-should-retry');
  }
  expect(JSON.parse(api.text)).toEqual({ detail });
  expect(JSON.parse(platform.text)).toEqual({ error: detail });
  expect(JSON.parse(users.text)).toMatchObject({
    schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
    status: '503',
    detail,
  });
  expect(JSON.parse(write.text)).toEqual({ detail });
  await postgres.launch();
  const after = await send(`${url}/api/v1/orgs/current/roles`, { headers });
  expect(after.status).toBe(200);
});

it('logs an outage once per second and kind with a count, without stack traces', async () => {
  const before = { stdout: server.stdout.length, stderr: server.stderr.length };
  const newLines = () =>
    (server.stdout.slice(before.stdout) + server.stderr.slice(before.stderr)).split('\n').filter(Boolean);
  const outagesIn = (lines: readonly string[]) => lines.filter((line) => line.includes('unavailable ('));
  const failuresIn = (lines: readonly string[]) =>
    outagesIn(lines).reduce((sum, line) => sum + Number(/: (\d+) failures/.exec(line)?.[1]), 0);
  const load = new Load(
    Array.from(
      { length: 10 },
      () => () => send(`${url}/api/v1/orgs/current/roles`, { headers: caller.headers }),
    ),
    5,
  );
  await pause(300);
  const begun = performance.now();
  await postgres.shutDown('SIGQUIT');
  await pause(3000);
  await postgres.launch();
  await pause(1500);
  const seen = await load.stop();
  await until(() => failuresIn(newLines()) >= (seen['503'] ?? 0), 30);

  const seconds = (performance.now() - begun) / 1000;
  const lines = newLines();
  const outages = outagesIn(lines);
  const others = lines.filter((line) => !line.includes('"msg":"request completed"'));
  printFigures('log of an outage', { seen, lines: others.length, outages: outages.length });
  expect(Object.keys(seen).sort()).toEqual(['200', '503']);
  expect(outages.length).toBeGreaterThan(1);
  expect(outages.length).toBeLessThan(5 * seconds);
  expect(lines.join('\n')).not.toMatch(/\n? +at /);
});
