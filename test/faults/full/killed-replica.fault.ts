import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { printFigures } from '../support/load.js';
import { PostgresServer } from '../support/postgres-server.js';
import { type ReplicaProcesses, startReplicaProcesses } from '../support/replica-processes.js';
import { GRACE_MS, revoke, statusesOf, type Token, usedToken, WAIT_MS } from '../support/used-tokens.js';

/** After which no change waits for a replica that has ended without notice. */
const FORGOTTEN_MS = 25_000;

let postgres: PostgresServer;
let replicas: ReplicaProcesses;
beforeAll(async () => {
  postgres = await PostgresServer.start();
  replicas = await startReplicaProcesses(postgres);
});
afterAll(async () => {
  await replicas.close();
  await postgres.remove();
});

it('delays changes by 0.2 s each at most after a replica was killed, and no longer after 25 s', async () => {
  const [first = '', killed = '', third = ''] = replicas.urls;
  const org = await replicas.fixtures.orgWithAdmin();
  const newToken = () => usedToken(replicas, org, [first, killed, third]);
  const tokens: Token[] = [];
  while (tokens.length < 4) tokens.push(await newToken());
  const last = await newToken();
  const server = replicas.servers[replicas.urls.indexOf(killed)];
  server?.kill('SIGKILL');
  await server?.ended();
  const atFirstMs: number[] = [];
  for (const token of tokens) {
    atFirstMs.push(await revoke(token));
    expect(await statusesOf([first, third], token)).toEqual([401]);
  }
  await pause(FORGOTTEN_MS);
  expect(await statusesOf([first, third], last)).toEqual([200]);
  const laterMs = await revoke(last);

  printFigures('killed', { atFirstMs, laterMs });
  expect(await statusesOf([first, third], last)).toEqual([401]);
  expect(Math.max(...atFirstMs)).toBeLessThan(WAIT_MS + GRACE_MS);
  expect(laterMs).toBeLessThan(GRACE_MS);
});
