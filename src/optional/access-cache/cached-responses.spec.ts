import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { HttpAdapterHost } from '@nestjs/core';
import { fastify, type FastifyInstance } from 'fastify';
import type { Principal } from '../../common/access/principal.js';
import type { AccessLease } from './access-lease.js';
import { CachedResponses } from './cached-responses.js';
import { ChangeHistory } from './change-history.js';

const ANN = {
  credential: { kind: 'session', id: 'ann' },
  orgId: 'acme',
  workspaceId: null,
  usesReplacedSecret: () => false,
  rightsEndAt: () => null,
  needs: [],
  isOrgExplicit: false,
  request: { clientHost: '192.0.2.1' },
};

let lease: { history: ChangeHistory; isHeldNow: boolean; latestDatabaseSeconds: number };
let server: FastifyInstance;
let caller: object;
let loads: number;
let beforeLoad: () => Promise<void>;
beforeEach(() => {
  [caller, loads, beforeLoad] = [ANN, 0, () => Promise.resolve()];
  lease = { history: new ChangeHistory(), isHeldNow: true, latestDatabaseSeconds: 100 };
  server = fastify();
  const adapter = { httpAdapter: { getInstance: () => server } } as unknown as HttpAdapterHost;
  const isHeld = () => lease.isHeldNow;
  const responses = new CachedResponses(adapter, Object.assign(lease, { isHeld }) as unknown as AccessLease);
  responses.onModuleInit();
  server.get('/list', async (request, reply) => {
    Object.assign(request, { principal: caller as Principal, reply });
    return responses.get(request, async () => {
      const load = ++loads;
      await beforeLoad();
      return { load };
    });
  });
});
afterEach(() => server.close());

const get = async (url = '/list') => {
  const { statusCode, headers, body } = await server.inject(url);
  expect([statusCode, headers['content-type']]).toEqual([200, 'application/json; charset=utf-8']);
  return JSON.parse(body).load as number;
};

describe('CachedResponses', () => {
  it('repeats the response to a caller until anything changes', async () => {
    expect([await get(), await get()]).toEqual([1, 1]);

    lease.history.add(['somebody else']);

    expect([await get(), await get()]).toEqual([2, 2]);
  });

  it.each([
    ['credential', { credential: { kind: 'session', id: 'ben' } }],
    ['organization', { orgId: 'globex' }],
    ['workspace', { workspaceId: 'one' }],
    ['address of the request', { request: { clientHost: '192.0.2.2' } }],
    ['way to choose the organization', { isOrgExplicit: true }],
  ])('does not repeat the response to a request with another %s', async (_, other) => {
    await get();
    caller = { ...ANN, ...other };
    expect(await get()).toBe(2);
    caller = ANN;
    expect(await get()).toBe(1);
  });

  it('does not cache a response whose request began before a change', async () => {
    beforeLoad = async () => {
      beforeLoad = () => Promise.resolve();
      lease.history.add(['ann']);
      caller = { ...ANN, orgId: 'globex' };
      expect(await get()).toBe(2); // a request that began after the change ends first
      caller = ANN;
    };
    expect(await get()).toBe(1);

    expect([await get(), await get()]).toEqual([3, 3]);
  });

  it('loads each response to a request with parameters', async () => {
    expect([await get('/list?deleted=true'), await get('/list?deleted=true')]).toEqual([1, 2]);
  });

  it('loads each response without a lease', async () => {
    await get();
    lease.isHeldNow = false;
    expect([await get(), await get()]).toEqual([2, 3]);
  });

  it('loads again after a minute', async () => {
    await get();
    lease.latestDatabaseSeconds += 59;
    expect(await get()).toBe(1);
    lease.latestDatabaseSeconds += 1;
    expect(await get()).toBe(2);
  });
});
