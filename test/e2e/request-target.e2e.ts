import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestApp, type TestApp } from '../support/test-app.js';

let t: TestApp;
let host: string;
beforeAll(async () => {
  t = await startTestApp();
  host = new URL(t.url).host;
});
afterAll(() => t.close());

/** Sends a request over a socket: HTTP clients send one `Host` header and no absolute form. */
async function responseTo(target: string, headers: readonly string[], version = '1.1') {
  const { hostname, port } = new URL(t.url);
  const socket = connect(Number(port), hostname);
  socket.write([`GET ${target} HTTP/${version}`, ...headers, 'Connection: close', '', ''].join('\r\n'));
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  await once(socket, 'close');
  const [head = '', body = ''] = Buffer.concat(chunks).toString().split('\r\n\r\n');
  return { status: Number(head.split(' ', 2)[1]), head, body: JSON.parse(body) as unknown };
}

describe('a request that does not name one host', () => {
  const ambiguous = (): [string, string[]][] => [
    ['/api/v1/ok', [`Host: ${host}`, `Host: ${host}`]],
    ['/api/v1/ok', [`Host: ${host}`, 'hOST: evil.test']],
    ['/api/v1/ok', ['Host: evil.test/path']],
    ['/api/v1/ok', [`Host: ${host}@evil.test`]],
    ['/api/v1/ok', ['Host: a.test b.test']],
    ['http://evil.test/api/v1/ok', [`Host: ${host}`]],
    [`http://${host}/api/v1/ok`, ['Host: evil.test']],
    [`http://${host}.evil.test/api/v1/ok`, [`Host: ${host}`]],
    [`http://user@${host}/api/v1/ok`, [`Host: ${host}`]],
    [`ftp://${host}/api/v1/ok`, [`Host: ${host}`]],
    ['http://evil.test', [`Host: ${host}`]],
    ['http://evil.test?x=/api/v1/ok', [`Host: ${host}`]],
    ['/api/v1/unknown', [`Host: ${host}`, `Host: ${host}`]],
  ];

  it('returns 400 before anything else is looked at', async () => {
    for (const [target, headers] of ambiguous())
      expect([target, headers, await responseTo(target, headers)]).toMatchObject([
        target,
        headers,
        { status: 400, body: { detail: expect.stringContaining('one host') } },
      ]);
  });

  it('returns 400 in the error shape of the SCIM and platform routes', async () => {
    const twice = [`Host: ${host}`, 'Host: evil.test'];

    const scim = await responseTo('/scim/v2/Users', twice);
    const platform = await responseTo('/v1/platform/orgs/current/info', twice);
    const absolute = await responseTo('http://evil.test/v1/platform/orgs/current/info', [`Host: ${host}`]);

    expect(scim).toMatchObject({
      status: 400,
      body: { schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'], status: '400' },
    });
    for (const response of [platform, absolute])
      expect(response).toMatchObject({ status: 400, body: { error: expect.stringContaining('one host') } });
  });
});

describe('a request that names one host', () => {
  it('a request is served when its target has the absolute form with the host of its Host header', async () => {
    for (const [target, header] of [
      [`http://${host}/api/v1/ok`, `Host: ${host}`],
      [`HTTP://${host}/api/ok`, `Host: ${host}`],
      ['http://Example.test:80/api/v1/ok', 'Host: example.test'],
      ['http://example.test/api/v1/ok?x=1', 'Host: EXAMPLE.test:80'],
      ['http://[::1]:8080/api/v1/ok', 'Host: [::1]:8080'],
    ] as const)
      expect([target, (await responseTo(target, [header])).status]).toEqual([target, 200]);
  });

  it('a request is served for any valid Host header, and for none in HTTP/1.0', async () => {
    for (const value of ['my_app', 'my-app:1984', 'xn--bcher-kva.example.', '[2001:db8::1]:80', ''])
      expect([value, (await responseTo('/api/v1/ok', [`Host: ${value}`])).status]).toEqual([value, 200]);
    expect((await responseTo('/api/v1/ok', [], '1.0')).status).toBe(200);
  });

  it('returns the error in the format of its path when the target has the absolute form', async () => {
    const response = await responseTo(`http://${host}/api/v1/platform/orgs/current/info`, [`Host: ${host}`]);

    expect(response).toMatchObject({ status: 401, body: { error: expect.any(String) } });
  });
});
