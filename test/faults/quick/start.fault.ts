import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { until } from '../../support/audit-log.js';
import { FaultProxy } from '../support/fault-proxy.js';
import { startServer } from '../support/fault-server.js';
import { printFigures, send } from '../support/load.js';
import { PostgresServer } from '../support/postgres-server.js';

let postgres: PostgresServer;
beforeAll(async () => {
  postgres = await PostgresServer.start();
});
afterAll(() => postgres.remove());

const waitingLines = (output: string) => output.split('\n').filter((line) => line.startsWith('Waiting for'));

it('waits for a PostgreSQL that does not listen yet, and logs that once', async () => {
  await postgres.shutDown();
  const server = startServer(postgres.url);
  await until(() => server.stdout.includes('Waiting for the database'), 120);
  await pause(2500);
  const lines = waitingLines(server.messages);

  await postgres.launch();
  const begun = performance.now();
  const url = await server.ready();

  printFigures('start before PostgreSQL', {
    lines: lines.length,
    readyAfterMs: Math.round(performance.now() - begun),
  });
  expect(lines).toEqual([expect.stringMatching(/ECONNREFUSED/)]);
  await until(async () => (await send(`${url}/readyz`)).status === 200, 60);
  expect(await server.stop()).toBe(0);
});

it('waits for a PostgreSQL that accepts connections and does not respond', async () => {
  const proxy = await FaultProxy.to(postgres.port);
  proxy.silence();
  const server = startServer(postgres.urlAt(proxy.port), { DATABASE_CONNECT_SECONDS: '1' });
  await until(() => server.stdout.includes('Waiting for the database'), 120);
  await pause(3000);
  const lines = waitingLines(server.messages);

  proxy.speak();
  const url = await server.ready();

  printFigures('start with a silent PostgreSQL', { lines });
  expect(lines).toHaveLength(1);
  await until(async () => (await send(`${url}/readyz`)).status === 200, 60);
  expect(await server.stop()).toBe(0);
  proxy.close();
});

it('exits with 1 when the wait for PostgreSQL is over', async () => {
  const proxy = await FaultProxy.to(postgres.port);
  proxy.silence();
  const begun = performance.now();
  const server = startServer(postgres.urlAt(proxy.port), {
    DATABASE_CONNECT_SECONDS: '1',
    DATABASE_WAIT_SECONDS: '3',
  });

  expect(await server.ended()).toBe(1);

  printFigures('silent for longer than the wait', { endedAfterMs: Math.round(performance.now() - begun) });
  expect(server.stderr).toMatch(/^The server could not start: the database of DATABASE_URL cannot be used: /);
  proxy.close();
});

it('exits with 1 at once when the database password is wrong', async () => {
  const wrong = new URL(postgres.url);
  wrong.password = 'another';
  const server = startServer(wrong.href);

  expect(await server.ended()).toBe(1);

  expect(server.stdout).not.toContain('Waiting for');
  expect(server.stderr).toContain('password authentication failed');
});

it('exits with 1 when the database has the encoding SQL_ASCII', async () => {
  await postgres.sql(`create database bytes template template0 encoding 'SQL_ASCII' locale 'C'`);
  const server = startServer(postgres.urlAt(postgres.port, 'bytes'));

  expect(await server.ended()).toBe(1);

  expect(server.stderr).toContain('its encoding is SQL_ASCII; create it with encoding UTF8');
});
