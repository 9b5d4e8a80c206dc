import { once } from 'node:events';
import { type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestApp, type TestApp } from '../support/test-app.js';

/** `wire`: the bytes that the socket has received, headers included. */
type Received = { status: number; headers: IncomingHttpHeaders; body: Buffer; wire: number };

let t: TestApp;
let script: string;
beforeAll(async () => {
  t = await startTestApp();
  const { body } = await get('/console/');
  script = `/console${/src="\.(\/assets\/[^"]+\.js)"/.exec(body.toString())![1]}`;
});
afterAll(() => t.close());

async function send(method: string, path: string, headers: Record<string, string>): Promise<Received> {
  const sent = request(`${t.url}${path}`, { agent: false, method, headers });
  sent.end();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  const body = await buffer(response);
  return { status: response.statusCode!, headers: response.headers, body, wire: sent.socket!.bytesRead };
}

const get = (path: string, headers: Record<string, string> = {}) => send('GET', path, headers);
const accepting = (encoding: string, more: Record<string, string> = {}) => ({
  'accept-encoding': encoding,
  ...more,
});

const decoded = ({ headers, body }: Received): string =>
  (headers['content-encoding'] === 'br'
    ? brotliDecompressSync(body)
    : headers['content-encoding'] === 'gzip'
      ? gunzipSync(body)
      : body
  ).toString();

const FILES = [
  { name: 'the script of the console', path: () => script, caching: 'public, max-age=31536000, immutable' },
  { name: 'the page /docs', path: () => '/docs', caching: 'no-cache' },
  { name: 'a script of /docs', path: () => '/docs/reference.js', caching: 'no-cache' },
  { name: 'the description', path: () => '/openapi.json', caching: 'no-cache' },
];

describe.each(FILES)('$name', ({ path, caching }) => {
  it.each(['br', 'gzip'])(
    'is sent with %s, smaller on the wire and with the same content',
    async (encoding) => {
      const plain = await get(path());
      const compressed = await get(path(), accepting(encoding));

      expect(compressed.headers['content-encoding']).toBe(encoding);
      expect(decoded(compressed)).toBe(decoded(plain));
      expect(compressed.body.length).toBeLessThan(plain.body.length * 0.6);
      expect(compressed.wire).toBeLessThan(compressed.body.length + 1500); // nothing but headers besides
      for (const { headers } of [plain, compressed]) {
        expect(headers).toMatchObject({ vary: 'Origin, Accept-Encoding', 'cache-control': caching });
        expect(headers['content-type']).toBe(plain.headers['content-type']);
        expect(headers['x-content-type-options']).toBe('nosniff');
      }
    },
  );

  it.each([
    '',
    'identity',
    'deflate, zstd',
    'br;q=0, gzip;q=0',
    '*;q=0',
    'br;q=wrong',
    'identity, gzip;q=0.5',
  ])('is sent uncompressed to a client that accepts %j', async (encodings) => {
    const { status, headers } = await get(path(), accepting(encodings));

    expect([status, headers['content-encoding']]).toEqual([200, undefined]);
  });

  it.each([
    ['gzip, deflate, br', 'br'],
    ['gzip;q=1.0, br;q=0.5', 'gzip'],
    ['br;q=0, *', 'gzip'],
    ['br ; q=0.001 , identity;q=0', 'br'],
    ['GZIP', 'gzip'],
    ['*', 'br'],
  ])('is sent to a client that accepts %j with %s', async (encodings, chosen) => {
    expect((await get(path(), accepting(encodings))).headers['content-encoding']).toBe(chosen);
  });

  it('has an ETag for each encoding, with which a client that knows it gets 304', async () => {
    const etags = new Map<string, string>();
    for (const encoding of ['br', 'gzip', 'identity']) {
      const { headers } = await get(path(), accepting(encoding));
      etags.set(encoding, headers.etag!);
      const known = [headers.etag!, `W/${headers.etag}`, `"other", ${headers.etag}`, '*'];
      for (const tag of known) {
        const {
          status,
          body,
          headers: sent,
        } = await get(path(), accepting(encoding, { 'if-none-match': tag }));

        expect([tag, status, body.length]).toEqual([tag, 304, 0]);
        expect(sent).toMatchObject({ etag: headers.etag, vary: 'Origin, Accept-Encoding' });
        expect(sent['cache-control']).toBe(caching);
      }
    }
    expect(new Set(etags.values()).size).toBe(3);
    const other = await get(path(), accepting('gzip', { 'if-none-match': etags.get('br')! }));
    expect(other.status).toBe(200);
  });

  it('responds to HEAD with the headers of GET', async () => {
    for (const encoding of ['br', 'gzip', 'identity']) {
      const { headers } = await get(path(), accepting(encoding));
      const head = await send('HEAD', path(), accepting(encoding));

      expect([head.status, head.body.length]).toEqual([200, 0]);
      for (const name of ['etag', 'content-length', 'content-encoding', 'content-type', 'vary'])
        expect([name, head.headers[name]]).toEqual([name, headers[name]]);
    }
  });
});

it('compresses neither responses of the API nor the page of the console, which has a nonce', async () => {
  const token = await t.fixtures.orgWithAdmin();
  const members = await token.admin.api.get('/api/v1/orgs/current/members', {
    headers: accepting('br, gzip'),
  });
  expect(members.status).toBe(200);
  expect(members.headers.get('content-encoding')).toBeNull();

  for (const path of ['/api/v1/info', '/console/', '/scim/v2/Users', '/api/v1/none'])
    expect((await get(path, accepting('br, gzip'))).headers['content-encoding']).toBeUndefined();
});

it('the reference loads from its own origin only, runs no inline script and refuses frames', async () => {
  const policy = (await fetch(`${t.url}/docs`)).headers.get('content-security-policy')!;

  expect(policy).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
  expect(policy).not.toMatch(/unsafe|https?:|\*/);
});
