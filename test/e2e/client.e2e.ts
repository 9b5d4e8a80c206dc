import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  type Api,
  ApiError,
  collect,
  Conflict,
  createTenantry,
  dataOf,
  everyItem,
  everyRow,
  InvalidRequest,
  NotAuthenticated,
  NotFound,
  pageOf,
  PermissionMissing,
  RateLimited,
  streamRows,
  type TenantryOptions,
  Unavailable,
} from '@tenantry/client';
import { KEYED_OPERATIONS } from '../../packages/client/src/client.js';
import { until } from '../support/audit-log.js';
import type { OrgWithAdmin } from '../support/fixtures.js';
import { ROOT } from '../support/server-process.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const ORG = '/api/v1/orgs/current';
const ACTIVE = '/api/v1/orgs/current/members/active';
const GROUPS = '/v1/platform/orgs/current/user-groups';
const UNKNOWN_ID = '00000000-0000-4000-8000-000000000000';

let t: TestApp;
let org: OrgWithAdmin;
let apiKey: string;
let api: Api;
beforeAll(async () => {
  t = await startTestApp();
  org = await t.fixtures.orgWithAdmin();
  apiKey = (await org.admin.api.post('/api/v1/orgs/current/personal-access-tokens', {})).body.key;
  api = clientOf({});
});
afterAll(() => t.close());

const clientOf = (options: Partial<TenantryOptions>): Api =>
  createTenantry({ server: t.url, apiKey, ...options });

describe('the credentials of the client', () => {
  it('sends an API key, and the organization and workspace in which requests act', async () => {
    const { data } = await api.GET(ORG);
    const { workspaceId } = org;
    const elsewhere = clientOf({ organizationId: UNKNOWN_ID });
    const inWorkspace = clientOf({ workspaceId });

    expect(data?.id).toBe(org.orgId);
    expect((await elsewhere.GET(ORG)).response.headers.get('x-error-code')).toBe('context_forbidden');
    expect(await dataOf(inWorkspace.GET('/api/v1/workspaces/current/members'))).toMatchObject({
      tenant_id: workspaceId,
    });
  });

  it('asks a function for the access token of each request', async () => {
    const { email, password } = org.admin;
    const tokens = [await t.fixtures.login(email, password), 'ended'];
    const signedIn = clientOf({ apiKey: undefined, accessToken: () => Promise.resolve(tokens.shift()!) });

    expect(await dataOf(signedIn.GET(ORG))).toMatchObject({ id: org.orgId });
    await expect(dataOf(signedIn.GET(ORG))).rejects.toThrow(NotAuthenticated);
  });

  it('refuses two credentials, since only one of them would be used', () => {
    expect(() => clientOf({ accessToken: 'x' })).toThrow('either apiKey or accessToken');
  });

  it('does not follow a redirect, with which a key would leave for another server', async () => {
    const seen: IncomingMessage[] = [];
    const other = await listening((request, response) => {
      seen.push(request);
      response.end('{}');
    });
    const { port } = other.address() as AddressInfo;
    let asked = 0;
    const moved = await listening((_, response) => {
      asked++;
      response.writeHead(302, { location: `http://localhost:${port}/?token=secret` }).end();
    });

    const refused = clientOf({ server: addressOf(moved) }).GET(ORG);
    await expect(refused).rejects.toMatchObject({
      name: 'TypeError',
      cause: { message: `it answers with a redirect to http://localhost:${port}/, which is not followed` },
    });
    for (const server of [other, moved]) server.close();

    expect([asked, seen.length]).toEqual([1, 0]);
  });
});

describe('errors of the client', () => {
  it('are of the class of their code, with what the response says', async () => {
    const viewer = await t.fixtures.member(org, { org: 'ORGANIZATION_VIEWER' });
    const asViewer = clientOf({ apiKey: undefined, accessToken: await tokenOf(viewer) });
    const body = { display_name: 'By a viewer' };

    const refused = dataOf(asViewer.POST('/api/v1/workspaces', { body }));

    await expect(refused).rejects.toThrow(PermissionMissing);
    await expect(refused).rejects.toMatchObject({
      name: 'PermissionMissing',
      status: 403,
      code: 'permission_missing',
      message: expect.stringContaining('permission'),
      requestId: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
  });

  it('are of the class of their status if the code has none', async () => {
    const params = { path: { user_group_id: UNKNOWN_ID } };
    const missing = dataOf(api.GET(`${GROUPS}/{user_group_id}`, { params }));

    await expect(missing).rejects.toThrow(NotFound);
    await expect(dataOf(clientOf({ apiKey: 'x' }).GET(ORG))).rejects.toThrow(NotAuthenticated);
  });

  it('name each part of a request that is wrong', async () => {
    const body = [{ email: 'grace@example.com' }, { email: 'no address' }];

    const refused = dataOf(api.POST('/api/v1/orgs/current/members/batch', { body }));

    await expect(refused).rejects.toThrow(InvalidRequest);
    await expect(refused).rejects.toMatchObject({ problems: [{ loc: ['body', 1, 'email'] }] });
    await expect(refused).rejects.toThrow(/^1\.email: /);
  });
});

describe('retries of the client', () => {
  type Silence = 'no answer' | 'answer is lost' | 'no end';
  /** What the relay does with the next requests, before it passes them on. */
  let faults: ({ status: number; headers?: Record<string, string> } | Silence)[] = [];
  let received: IncomingMessage[];
  let relay: Server;
  let relayed: Api;
  beforeAll(async () => {
    relay = await listening((request, response) => void handle(request, response));
    relayed = clientOf({ server: addressOf(relay) });
  });
  afterAll(() => void relay.close());
  beforeEach(() => {
    received = [];
  });

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    received.push(request);
    const fault = faults.shift();
    if (fault === 'no answer') return void request.socket.destroy();
    if (fault === 'no end') return;
    if (typeof fault === 'object')
      return void response.writeHead(fault.status, fault.headers).end('{"detail":"not now"}');
    const { method, url, headers } = request;
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const passedOn = { ...(headers as Record<string, string>) };
    for (const name of ['host', 'connection', 'content-length', 'transfer-encoding']) delete passedOn[name];
    const body = chunks.length > 0 ? Buffer.concat(chunks) : null;
    const answer = await fetch(`${t.url}${url}`, { method: method!, headers: passedOn, body });
    const text = await answer.text();
    if (fault === 'answer is lost') return void request.socket.destroy();
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(text);
  }

  const at = (status: number, headers: Record<string, string> = {}) => ({ status, headers });
  const AT_ONCE = { 'retry-after': '0' };

  it('repeat a GET until there is an answer', async () => {
    faults = [at(503, AT_ONCE), 'no answer', at(429, AT_ONCE)];

    expect(await dataOf(relayed.GET(ORG))).toMatchObject({ id: org.orgId });
    expect(received).toHaveLength(4);
  });

  it('end after three with the last error', async () => {
    faults = [503, 502, 504, 503, 503].map((status) => at(status, AT_ONCE));

    await expect(dataOf(relayed.GET(ORG))).rejects.toThrow(Unavailable);
    expect(received).toHaveLength(4);
  });

  it('wait as long as the server asks for', async () => {
    faults = [at(429, { 'retry-after': '1' })];
    const begin = Date.now();

    await dataOf(relayed.GET(ORG));

    expect(Date.now() - begin).toBeGreaterThanOrEqual(990);
  });

  it.each([
    ['seconds', () => '70'],
    ['a date', () => new Date(Date.now() + 70_000).toUTCString()],
  ])('leave it to the caller when the server asks for more than a minute, in %s', async (_, retryAfter) => {
    faults = [at(429, { 'retry-after': retryAfter() })];
    const begin = performance.now();

    const error: unknown = await dataOf(relayed.GET(ORG)).catch((refused: unknown) => refused);

    expect(error).toBeInstanceOf(RateLimited);
    const { retryAfterSeconds } = error as RateLimited;
    expect(retryAfterSeconds).toBeLessThanOrEqual(70);
    expect(retryAfterSeconds).toBeGreaterThanOrEqual(68 - (performance.now() - begin) / 1000);
  });

  it.each(['1.5', '-5', 'soon', 'Sun, 06 Nov 1994 08:49:37 GMT'])(
    'wait as without Retry-After if it is %p',
    async (retryAfter) => {
      faults = [at(503, { 'retry-after': retryAfter })];
      const begin = Date.now();

      await dataOf(relayed.GET(ORG));

      expect(Date.now() - begin).toBeGreaterThanOrEqual(240);
    },
  );

  it('do not happen where the server says that they would not help', async () => {
    faults = [at(503, { 'x-should-retry': 'false' })];
    await expect(dataOf(relayed.GET(ORG))).rejects.toThrow(Unavailable);
    faults = [at(409)];
    await expect(dataOf(relayed.GET(ORG))).rejects.toThrow(Conflict);
    faults = [at(418)];
    await expect(dataOf(relayed.GET(ORG))).rejects.toThrow(ApiError);

    expect(received).toHaveLength(3);
  });

  it('do not repeat a POST or PATCH that the server could carry out twice', async () => {
    faults = [at(503, AT_ONCE)];
    await expect(dataOf(relayed.POST(GROUPS, { body: { name: 'Once' } }))).rejects.toThrow(Unavailable);
    faults = ['no answer'];
    await expect(relayed.PATCH(`${ORG}/info`, { body: {} })).rejects.toThrow();
    faults = ['no answer'];
    const headers = { 'Idempotency-Key': 'this operation takes none' };
    await expect(relayed.POST(GROUPS, { body: { name: 'Once' }, headers })).rejects.toThrow();

    expect(received).toHaveLength(3);
    expect(received[0]!.headers).not.toHaveProperty('idempotency-key');
  });

  it('repeat an invitation whose answer is lost, with the same Idempotency-Key', async () => {
    faults = ['answer is lost'];
    const body = { email: t.fixtures.email() };

    const invited = await dataOf(relayed.POST('/api/v1/orgs/current/members', { body }));

    const keys = received.map(({ headers }) => headers['idempotency-key']);
    expect(keys).toEqual([expect.stringMatching(/^[0-9a-f-]{36}$/), keys[0]]);
    const query = { emails: [body.email] };
    const { rows } = await pageOf(api.GET('/api/v1/orgs/current/members/pending', { params: { query } }));
    expect(rows.map(({ id }) => id)).toEqual([invited.id]);
  });

  it('end when the caller aborts the request', async () => {
    faults = [at(503, { 'retry-after': '30' })];
    const stop = new AbortController();
    const abort = until(() => received.length === 1).then(() => pause(100));
    void abort.then(() => stop.abort(new Error('enough')));

    await expect(relayed.GET(ORG, { signal: stop.signal })).rejects.toThrow('enough');
    expect(received).toHaveLength(1);
  });

  it('end when the caller aborts a request that has waited for so long that memory was collected', async () => {
    faults = ['no end'];
    setFlagsFromString('--expose-gc');
    const collectGarbage = runInNewContext('gc') as () => void;
    const stop = new AbortController();

    const answer = relayed.GET(ORG, { signal: stop.signal });
    const refused = expect(answer).rejects.toThrow('enough');
    await until(() => received.length === 1);
    for (let n = 0; n < 5; n++) {
      await pause(1);
      collectGarbage();
    }
    stop.abort(new Error('enough'));

    await refused;
    expect(received).toHaveLength(1);
  });

  it('use an Idempotency-Key for exactly the operations that take one', () => {
    const { paths } = JSON.parse(readFileSync(join(ROOT, 'openapi/served.json'), 'utf8')) as {
      paths: Record<string, object>;
    };
    const keyed = Object.keys(paths).filter((path) =>
      JSON.stringify(paths[path]).includes('"Idempotency-Key"'),
    );
    expect(new Set(keyed)).toEqual(KEYED_OPERATIONS);
  });
});

describe('lists of the client', () => {
  it('are read page by page, by cursor or by offset', async () => {
    const crowded = await t.fixtures.orgWithAdmin();
    const inIt = clientOf({ apiKey: undefined, accessToken: await tokenOf(crowded.admin) });
    const names = ['a', 'b', 'c', 'd', 'e'];
    for (const name of names) await dataOf(inIt.POST(GROUPS, { body: { name } }));
    for (let count = 0; count < 4; count++) await t.fixtures.member(crowded, {});

    const groups = await collect(
      everyItem((cursor) => inIt.GET(GROUPS, { params: { query: { cursor, page_size: 2 } } })),
    );
    const byPage = await collect(
      everyRow((part) => inIt.GET(ACTIVE, { params: { query: { ...part, sort_by_desc: false } } }), 2),
    );
    const { rows, total } = await pageOf(inIt.GET(ACTIVE, { params: { query: { limit: 3 } } }));

    expect(new Set(groups.map(({ name }) => name))).toEqual(new Set(names));
    expect(new Set(byPage.map(({ id }) => id)).size).toBe(5);
    expect([rows.length, total]).toEqual([3, 5]);
  });

  it('are read row by row where they have no pages', async () => {
    const whole = await dataOf(api.GET('/api/v1/orgs/current/roles'));

    expect(await collect(streamRows(api, '/api/v1/orgs/current/roles'))).toEqual(whole);
    await expect(
      collect(streamRows(clientOf({ apiKey: 'x' }), '/api/v1/orgs/current/roles')),
    ).rejects.toThrow(NotAuthenticated);
  });

  const ROWS = [{ id: 'a', name: 'Zoë "\\" {[' }, { id: 'b', tags: [[], {}, { x: ']}' }] }, {}];

  /** A server that sends this text one byte at a time. */
  const sending = (text: string) => {
    const bytes = new TextEncoder().encode(text);
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
        controller.close();
      },
    });
    return clientOf({ fetch: () => Promise.resolve(new Response(body)) });
  };

  it.each([JSON.stringify(ROWS), JSON.stringify(ROWS, null, 2), '[]'])(
    'are the same wherever their text is cut: %j',
    async (text) => {
      const rows = await collect(streamRows(sending(text), '/api/v1/orgs/current/roles'));
      expect(rows).toEqual(JSON.parse(text));
    },
  );

  it('are never taken for complete when the connection ends before they do', async () => {
    const cut = JSON.stringify(ROWS).slice(0, -1);
    await expect(collect(streamRows(sending(cut), '/api/v1/orgs/current/roles'))).rejects.toThrow(
      'ended before the list did',
    );
  });
});

const tokenOf = ({ email, password }: { email: string; password: string }) =>
  t.fixtures.login(email, password);

async function listening(handler: (request: IncomingMessage, response: ServerResponse) => void) {
  const server = createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

const addressOf = (server: Server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
