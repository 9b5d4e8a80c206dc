import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { OrgWithAdmin } from '../../support/fixtures.js';
import { FaultProxy } from '../support/fault-proxy.js';
import { printFigures, send } from '../support/load.js';
import { PostgresServer } from '../support/postgres-server.js';
import { type ReplicaProcesses, startReplicaProcesses } from '../support/replica-processes.js';
import {
  askWith,
  GRACE_MS,
  LEASE_MS,
  revoke,
  statusesOf,
  type Token,
  usedToken,
  WAIT_MS,
} from '../support/used-tokens.js';

let postgres: PostgresServer;
/** Between the last replica and PostgreSQL. */
let proxy: FaultProxy;
let replicas: ReplicaProcesses;
let org: OrgWithAdmin;
/** The replica that is stopped, and the one behind the proxy. */
let stopped: string;
let cutOff: string;
beforeAll(async () => {
  postgres = await PostgresServer.start();
  proxy = await FaultProxy.to(postgres.port);
  const environment = { DATABASE_CONNECT_SECONDS: '1', DATABASE_STATEMENT_SECONDS: '1' };
  const databaseUrl = postgres.urlAt(proxy.port);
  replicas = await startReplicaProcesses(postgres, [{}, {}, { databaseUrl, environment }]);
  [, stopped = '', cutOff = ''] = replicas.urls;
  org = await replicas.fixtures.orgWithAdmin();
});
afterAll(async () => {
  await replicas.close();
  proxy.close();
  await postgres.remove();
});

const newToken = () => usedToken(replicas, org, replicas.urls);

const untilReady = async (url: string) => {
  while ((await send(`${url}/readyz`)).status !== 200) await pause(20);
};

describe('a replica that is stopped by SIGSTOP while a token is revoked at another one', () => {
  it.each([0, 40, 80, 120, 200, 1000])(
    'delays the response by 0.2 s at most, and its first responses, %i ms later, are refusals',
    async (frozenMs) => {
      const token = await newToken();
      const server = replicas.servers[replicas.urls.indexOf(stopped)];
      server?.kill('SIGSTOP');
      const revokedAfterMs = await revoke(token);
      const firstResponses = statusesOf([stopped], token, 5);
      await pause(frozenMs);
      server?.kill('SIGCONT');

      printFigures(`stopped until ${frozenMs} ms later`, { revokedAfterMs, seen: await firstResponses });
      expect(await firstResponses).toEqual([401]);
      expect(await statusesOf(replicas.urls, token)).toEqual([401]);
      expect(revokedAfterMs).toBeLessThan(WAIT_MS + GRACE_MS);
    },
  );
});

/** Sends a request each 20 ms for a second; the statuses of those that were sent later than a lease lasts. */
async function seenAfterLease(url: string, token: Token) {
  const begun = performance.now();
  const late: ReturnType<typeof askWith>[] = [];
  while (performance.now() - begun < 1000) {
    const response = askWith(url, token);
    if (performance.now() - begun > LEASE_MS + 5) late.push(response);
    await pause(20);
  }
  return [...new Set((await Promise.all(late)).map(({ status }) => status))];
}

describe('a replica that is cut off from PostgreSQL', () => {
  it('returns 503 when its lease has ended, and refuses a token that was revoked meanwhile', async () => {
    const [revoked, valid] = [await newToken(), await newToken()];
    proxy.silence();
    const seenOfValid = seenAfterLease(cutOff, valid);
    const revokedAfterMs = await revoke(revoked);
    const seenOfRevoked = await statusesOf([cutOff], revoked);
    printFigures('cut off', { revokedAfterMs, seenOfRevoked, seenOfValid: await seenOfValid });
    proxy.speak();
    await untilReady(cutOff);

    expect(await seenOfValid).toEqual([503]);
    expect(seenOfRevoked).toEqual([503]);
    expect(await statusesOf(replicas.urls, revoked)).toEqual([401]);
    expect(await statusesOf(replicas.urls, valid)).toEqual([200]);
    expect(revokedAfterMs).toBeLessThan(WAIT_MS + GRACE_MS);
  });

  it('refuses a token that is revoked while its connections are replaced', async () => {
    const token = await newToken();
    proxy.speak(); // cuts all connections
    await revoke(token);

    expect(await statusesOf(replicas.urls, token, 5)).not.toContain(200);
    await untilReady(cutOff);
    expect(await statusesOf(replicas.urls, token)).toEqual([401]);
  });
});

describe('a fault of PostgreSQL', () => {
  it('while it hangs, no replica responds from memory for longer than its lease', async () => {
    const token = await newToken();
    postgres.freeze('SIGSTOP');
    const seen = await seenAfterLease(cutOff, token);
    postgres.freeze('SIGCONT');
    await Promise.all(replicas.urls.map(untilReady));

    printFigures('hung PostgreSQL', { seen });
    expect(seen).toEqual([503]);
    expect(await statusesOf(replicas.urls, token)).toEqual([200]);
  });

  it.each(['SIGINT', 'SIGQUIT'] as const)(
    'after a restart by %s, replicas refuse a token that was deleted by SQL at once',
    async (signal) => {
      const token = await newToken();
      await postgres.restart(signal);
      await postgres.sql('delete from api_keys where id = $1', [token.id]);
      await pause(LEASE_MS);
      const seen = await statusesOf(replicas.urls, token);
      await Promise.all(replicas.urls.map(untilReady));

      printFigures(`restart by ${signal}`, { seen });
      expect(seen).not.toContain(200);
      expect(await statusesOf(replicas.urls, token)).toEqual([401]);
    },
  );
});
