import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { OrgWithAdmin } from '../support/fixtures.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const ROLES = '/api/v1/orgs/current/roles';
/** Keep-alive, as clients use: with `Connection: close` a response sent before the end of the upload may get lost. */
const POOL = new Agent({ keepAlive: true });

let t: TestApp;
let org: OrgWithAdmin;
beforeAll(async () => {
  t = await startTestApp();
  org = await t.fixtures.defaultOrg();
});
afterAll(() => {
  POOL.destroy();
  return t.close();
});

describe('paths and their aliases', () => {
  const aliases: [alias: string, path: string][] = [
    ['/api/orgs/current', '/api/v1/orgs/current'],
    ['/api/v1/platform/orgs/current/info', '/v1/platform/orgs/current/info'],
    ['/api/platform/orgs/current/info', '/v1/platform/orgs/current/info'],
    ['/api/v1/auth/public', '/auth/public'],
    ['/api/auth/public', '/auth/public'],
    ['/api/orgs/current/members/active?limit=1', '/api/v1/orgs/current/members/active?limit=1'],
    ['/api/v1/orgs/current/', '/api/v1/orgs/current'],
    ['/api/v1/workspaces/?include_deleted=true', '/api/v1/workspaces?include_deleted=true'],
  ];
  it.each(aliases)('serves the alias %s like %s', async (alias, path) => {
    const [byAlias, byPath] = [await org.admin.api.get(alias), await org.admin.api.get(path)];

    expect(byAlias).toMatchObject({ status: 200, body: byPath.body });
    expect(await t.api.get(alias)).toMatchObject({ status: 401, body: (await t.api.get(path)).body });
  });

  it('accepts writing requests under an alias path', async () => {
    const reply = await org.admin.api.patch('/api/orgs/current/info', { display_name: 'Default' });

    expect(reply).toMatchObject({ status: 200, body: { id: org.orgId } });
  });

  it('responds on the paths that clients probe without a credential', async () => {
    for (const path of ['/api/v1', '/api/v1/', '/api/v1/health', '/api/v1/ok', '/api/ok', '/api/v1/info'])
      expect(await t.api.get(path)).toMatchObject({ status: 200, body: expect.any(Object) });
  });

  it('returns 404 in the error format of the path, with or without a credential', async () => {
    const words: [path: string, body: object][] = [
      ['/api/v1/nothing', { detail: 'Not Found' }],
      ['/api/v1/orgs/current/nothing/here', { detail: 'Not Found' }],
      ['/nothing', { detail: 'Not Found' }],
      ['/v1/platform/nothing', { error: 'Not Found' }],
      ['/auth/nothing', { error: 'Not Found' }],
      ['/api/v1/%zz', { detail: 'Not Found' }],
      ['/v1/platform/%zz', { error: 'Not Found' }],
    ];

    for (const api of [t.api, org.admin.api])
      for (const [path, body] of words) expect(await api.get(path)).toMatchObject({ status: 404, body });
  });

  it('returns 405 with an Allow header for an unsupported method of a known path', async () => {
    const put = await org.admin.api.send('PUT', '/api/v1/orgs/current/info', {});
    const post = await org.admin.api.post(`/api/v1/orgs/current/members/${randomUUID()}`, {});
    const platform = await org.admin.api.post('/v1/platform/orgs/current/info', {});
    const unread = await org.admin.api.get('/api/v1/login');

    expect(put).toMatchObject({ status: 405, body: { detail: 'Method Not Allowed' } });
    expect(allowed(put.headers)).toEqual(['GET', 'HEAD', 'PATCH']);
    expect(post.status).toBe(405);
    expect(allowed(post.headers)).toEqual(['DELETE', 'PATCH']);
    expect(platform).toMatchObject({ status: 405, body: { error: 'Method Not Allowed' } });
    expect(allowed(unread.headers)).toEqual(['POST']);
  });

  it('responds to HEAD like GET, without a body', async () => {
    const api = org.admin.api;
    const path = '/api/v1/orgs/current/members/active?limit=1';

    const [head, get] = [await api.send('HEAD', path, undefined), await api.get(path)];

    expect(head).toMatchObject({ status: 200, body: '' });
    expect(head.headers.get('x-pagination-total')).toBe(get.headers.get('x-pagination-total'));
    expect((await t.api.send('HEAD', path, undefined)).status).toBe(401);
  });
});

describe('the body of a request', () => {
  it('accepts an empty body of a DELETE with a JSON content type', async () => {
    const { body: made } = await org.admin.api.post(ROLES, {
      display_name: 'To be deleted',
      description: '',
      permissions: ['runs:read'],
    });

    const reply = await org.admin.api.delete(`${ROLES}/${made.id}`, {
      headers: { 'content-type': 'application/json' },
    });

    expect(reply).toMatchObject({ status: 200, body: { id: made.id } });
  });

  it('returns a missing-field error for a missing body', async () => {
    const reply = await org.admin.api.post(ROLES, undefined, {
      headers: { 'content-type': 'application/json' },
    });

    expect(reply).toMatchObject({ status: 422, body: { detail: [{ loc: ['body'], type: 'missing' }] } });
  });

  const malformed = ['{', '{"a":1', "{'a':1}", '{"a":1,}', 'undefined', '\0', '[1', '['.repeat(100_000)];
  it.each(malformed)('returns json_invalid for a malformed body: %.10s', async (raw) => {
    const reply = await org.admin.api.post(ROLES, undefined, { raw });

    expect(reply).toMatchObject({ status: 422, body: { detail: [{ loc: ['body'], type: 'json_invalid' }] } });
  });

  it('creates no API key for malformed JSON where the body is optional', async () => {
    for (const path of ['/api/v1/api-key', '/api/v1/api-key/current'])
      expect(await org.admin.api.post(path, undefined, { raw: '{' })).toMatchObject({
        status: 422,
        body: { detail: [{ type: 'json_invalid' }] },
      });
  });

  it('checks credential and permission before it parses the body', async () => {
    const viewer = await t.fixtures.member(org, {
      org: 'ORGANIZATION_VIEWER',
      workspace: 'WORKSPACE_VIEWER',
    });

    expect((await t.api.post(ROLES, undefined, { raw: '{' })).status).toBe(401);
    expect((await viewer.api.post(ROLES, undefined, { raw: '{' })).status).toBe(403);
  });

  it('does not pollute prototypes by a __proto__ key in a body', async () => {
    const raw =
      '{"__proto__":{"isAdmin":true},"display_name":"Proto","description":"","permissions":["runs:read"]}';

    const reply = await org.admin.api.post(ROLES, undefined, { raw });

    expect(reply.status).toBe(200);
    expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined();
  });

  const foreign: [type: string, raw: string][] = [
    ['application/x-www-form-urlencoded', 'display_name=Form&description='],
    ['text/plain', '{}'],
    ['multipart/form-data; boundary=x', '--x--'],
    ['application/xml', '<a/>'],
    ['application/jsonp', '{}'],
    ['nonsense', '{}'],
    ['', '{}'],
  ];
  it.each(foreign)('returns 415 to permitted callers for another media type: "%s"', async (type, raw) => {
    const viewer = await t.fixtures.member(org, {
      org: 'ORGANIZATION_VIEWER',
      workspace: 'WORKSPACE_VIEWER',
    });
    const sent = { raw, headers: { 'content-type': type } };

    expect(await org.admin.api.post(ROLES, undefined, sent)).toMatchObject({
      status: 415,
      body: { detail: expect.stringContaining('`Content-Type: application/json`') },
    });
    expect((await org.admin.api.patch('/api/v1/orgs/current/info', undefined, sent)).status).toBe(415);
    expect((await viewer.api.post(ROLES, undefined, sent)).status).toBe(403);
    expect((await t.api.post(ROLES, undefined, sent)).status).toBe(401);
  });

  it('returns 415 with Accept-Encoding for a body in a content coding', async () => {
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
    const raw = JSON.stringify({ display_name: 'Plain', description: '', permissions: ['runs:read'] });

    const refused = await org.admin.api.post(ROLES, undefined, { raw, headers });
    const media = await org.admin.api.post(ROLES, undefined, {
      raw,
      headers: { 'content-type': 'text/plain' },
    });
    const plain = { ...headers, 'content-encoding': 'identity' };

    expect(refused).toMatchObject({
      status: 415,
      body: { detail: expect.stringContaining('Content-Encoding') },
    });
    expect(refused.headers.get('accept-encoding')).toBe('identity');
    expect(media.headers.get('accept-encoding')).toBeNull();
    expect((await org.admin.api.post(ROLES, undefined, { raw, headers: plain })).status).toBe(200);
  });

  it('accepts an empty body with any media type', async () => {
    for (const type of ['application/x-www-form-urlencoded', 'text/plain', 'nonsense']) {
      const headers = { 'content-type': type };
      expect((await org.admin.api.get(ROLES, { headers })).status).toBe(200);
      expect((await org.admin.api.delete(`${ROLES}/${randomUUID()}`, { headers })).status).toBe(404);
      expect((await org.admin.api.post('/api/v1/api-key', undefined, { raw: '', headers })).status).toBe(200);
    }
  });

  it('returns 413 for a body of 5 MB, with a declared length or chunked', async () => {
    const responses = [await sendBytes(5_000_000, 'announced'), await sendBytes(5_000_000, 'chunked')];

    expect(responses).toEqual([413, 413]);
    expect((await t.api.get('/api/v1/ok')).status).toBe(200);
  });
});

describe('requests that are not valid HTTP', () => {
  const garbage: [what: string, text: string, status: number][] = [
    ['a malformed request line', 'GET /a b HTTP/1.1\r\n\r\n', 400],
    ['other bytes', '\0\u0001\u0002\r\n\r\n', 400],
    ['headers of 20 kB', `GET /api/v1/ok HTTP/1.1\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
  ];
  it.each(garbage)('returns a JSON error for %s', async (_, text, status) => {
    const response = await sendText(text);

    const [head, body] = response.split('\r\n\r\n');
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} [^]*\r\nContent-Type: application/json`));
    expect(JSON.parse(body!)).toEqual({ detail: expect.any(String) });
  });
});

describe('headers of a response', () => {
  it('allows pages of any origin to read responses, but without cookies', async () => {
    const reply = await t.api.get('/api/v1/info', { headers: { origin: 'https://app.example' } });

    expect(reply.headers.get('access-control-allow-origin')).toBe('*');
    expect(reply.headers.get('access-control-allow-credentials')).toBeNull();
    expect(reply.headers.get('access-control-expose-headers')).toMatch(/X-Pagination-Total.*Retry-After/);
  });

  it('allows every method and the credential headers in a preflight response', async () => {
    const reply = await t.api.send('OPTIONS', '/api/v1/orgs/current/info', undefined, {
      headers: {
        origin: 'https://app.example',
        'access-control-request-method': 'PATCH',
        'access-control-request-headers': 'x-api-key,x-tenant-id,x-organization-id,content-type',
      },
    });

    expect(reply.status).toBe(204);
    expect(reply.headers.get('access-control-allow-methods')).toMatch(/PATCH.*DELETE/);
    expect(reply.headers.get('access-control-allow-headers')).toMatch(/x-api-key.*x-tenant-id/);
  });

  it('returns 204 without a body for an OPTIONS request that is no preflight', async () => {
    for (const path of ['/api/v1/orgs/current/info', '/nothing'])
      expect(await t.api.send('OPTIONS', path, undefined)).toMatchObject({ status: 204, body: '' });
  });

  it('allows only the origins that CORS_ALLOWED_ORIGINS lists, if it lists any', async () => {
    const strict = await startTestApp({ CORS_ALLOWED_ORIGINS: 'https://app.example' });
    try {
      const allowOf = async (origin: string) =>
        (await strict.api.get('/api/v1/info', { headers: { origin } })).headers.get(
          'access-control-allow-origin',
        );

      expect(await allowOf('https://app.example')).toBe('https://app.example');
      for (const origin of ['https://app.example.evil.test', 'http://app.example', 'null'])
        expect(await allowOf(origin)).not.toBe(origin);
    } finally {
      await strict.close();
    }
  });

  it('sends Cache-Control: no-store and X-Content-Type-Options: nosniff', async () => {
    for (const path of [
      '/api/v1/orgs/current',
      '/api/v1/nothing',
      '/api/v1/%zz',
      '/v1/platform/orgs/current/info',
    ]) {
      const { headers } = await org.admin.api.get(path);
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('x-powered-by')).toBeNull();
      expect(headers.get('strict-transport-security')).toBeNull(); // LANGSMITH_URL has no https
    }
  });

  it('sends X-Should-Retry: false with a permanent conflict', async () => {
    const invite = () => org.admin.api.post('/api/v1/orgs/current/members', { email: org.admin.email });

    const reply = await invite();

    expect(reply.status).toBe(409);
    expect(reply.headers.get('x-should-retry')).toBe('false');
  });
});

const allowed = (headers: Headers) => (headers.get('allow') ?? '').split(', ').sort();

/** All that the server sends until it closes the connection. */
async function sendText(text: string): Promise<string> {
  const { hostname, port } = new URL(t.url);
  const socket = connect(Number(port), hostname);
  socket.write(text);
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  await once(socket, 'close');
  return Buffer.concat(chunks).toString();
}

/**
 * With node:http: fetch declares no length for a stream, and reports no response that comes before the body is sent.
 */
function sendBytes(size: number, length: 'announced' | 'chunked'): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const headers = {
      'content-type': 'application/json',
      ...(length === 'announced' ? { 'content-length': size } : { 'transfer-encoding': 'chunked' }),
    };
    const sent = request(`${t.url}/api/v1/login`, { method: 'POST', headers, agent: POOL }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    sent.on('error', reject); // errors after the response are expected
    sent.end(Buffer.alloc(size, ' '));
  });
}
