import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { getCACertificates, setDefaultCACertificates, type TLSSocket } from 'node:tls';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startDnsServer } from '../../../test/support/dns-server.js';
import { startForwardProxy, TLS_IDENTITY } from '../../../test/support/tls.js';
import { CONNECTION_LIMITS } from './connection-places.js';
import { Outbound, OUTBOUND_BOUNDS, type OutboundSettings } from './outbound.js';

const LOOPBACK = ['127.0.0.0/8'];
const POST = {
  headers: { 'content-type': 'application/json' },
  body: '{}',
  orgId: 'an organization',
} as const;

let dns: Awaited<ReturnType<typeof startDnsServer>>;
const cleanUps: (() => void)[] = [];
beforeAll(async () => {
  dns = await startDnsServer();
});
afterEach(() => {
  for (const cleanUp of cleanUps.splice(0)) cleanUp();
});
afterAll(() => dns.stop());

type Options = Partial<Omit<OutboundSettings, 'bounds'>> & { bounds?: Partial<typeof OUTBOUND_BOUNDS> };

const outboundWith = ({ allowedNetworks = [], proxy = null, bounds = {} }: Options = {}) =>
  new Outbound({ allowedNetworks, proxy, bounds: { ...OUTBOUND_BOUNDS, ...bounds } }, dns.createResolver);

/** Listens until the end of the test; returns the port. */
async function listen(server: Server, host = '127.0.0.1', port = 0) {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket.on('error', () => {})));
  await new Promise<void>((resolve) => server.listen(port, host, resolve));
  cleanUps.push(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return (server.address() as AddressInfo).port;
}

const serve = (listener: RequestListener, host?: string, port?: number) =>
  listen(createServer(listener), host, port);

/** A receiver without HTTP: `answer` gets the connection after the request has arrived. */
const serveRaw = (answer: (socket: Socket) => unknown) =>
  listen(createTcpServer((socket) => socket.once('data', () => answer(socket))));

const inTime = <Result>(request: Promise<Result>) =>
  Promise.race([request, pause(20_000, 'no outcome', { ref: false })]);

const interfaces = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
const hasIpv6 = interfaces.some(({ address }) => address === '::1');
const own = interfaces.filter(({ internal }) => !internal).map(({ address }) => address);

describe('an address that no request reaches', () => {
  const kinds: [kind: string, addresses: string[]][] = [
    ['loopback', ['127.0.0.1', '::1', '::ffff:7f00:1']],
    ['link-local', ['169.254.7.7', 'fe80::1']],
    ['metadata', ['169.254.169.254', '100.100.100.200', '168.63.129.16', 'fd00:ec2::254', 'fd00:ec2::23']],
    ['private', ['10.0.0.1', '172.16.0.1', '192.168.0.1', '100.64.0.1', 'fd12::1']],
    ['multicast', ['224.0.0.1', 'ff02::1']],
    ['unspecified', ['0.0.0.0', '::']],
    ['embedded', ['64:ff9b::a9fe:a9fe', '64:ff9b:1::a9fe:a9fe', '2002:a9fe:a9fe::1', '2001:0:1::1']],
    ["this server's own", own],
  ];
  const literal = (address: string) => (address.includes(':') ? `[${address}]` : address);

  it.each(kinds)('is refused when it is %s: in the URL, by name, and among others', async (_, addresses) => {
    const outbound = outboundWith();
    for (const address of addresses) {
      dns.know('one.test', [address]);
      dns.know('several.test', ['203.0.113.1', address]);
      for (const host of [literal(address), 'one.test', 'several.test'])
        await expect(outbound.send(`https://${host}/`, POST)).rejects.toMatchObject({
          code: 'address_refused',
        });
    }
  });

  it.each(kinds.filter(([kind]) => !['loopback', 'private'].includes(kind)))(
    'is refused when it is %s, also where every network is allowed',
    async (_, addresses) => {
      const outbound = outboundWith({ allowedNetworks: ['0.0.0.0/0', '::/0'] });
      for (const address of addresses)
        await expect(outbound.send(`http://${literal(address)}/`, POST)).rejects.toMatchObject({
          code: 'address_refused',
        });
    },
  );

  it.each([
    'http://idp.example.com/',
    'https://user:password@idp.example.com/',
    'ftp://idp.example.com/',
    '/',
  ])('is refused without a look-up: %s', async (address) => {
    const before = dns.asked.length;
    await expect(outboundWith().send(address, POST)).rejects.toMatchObject({ code: 'address_refused' });
    expect(dns.asked.length).toBe(before);
  });

  it('is refused without TLS outside of the allowed networks', async () => {
    dns.know('public.test', ['203.0.113.1']);
    const outbound = outboundWith({ allowedNetworks: LOOPBACK });
    for (const host of ['public.test', '203.0.113.1'])
      await expect(outbound.send(`http://${host}/`, POST)).rejects.toMatchObject({ code: 'address_refused' });
  });
});

describe('a request', () => {
  it('goes to the address that was checked, when DNS gives another one right after', async () => {
    const reached: string[] = [];
    const port = await serve((_, response) => response.end(String(reached.push('allowed'))), '127.0.0.2');
    await serve((_, response) => response.end(String(reached.push('forbidden'))), '127.0.0.1', port);
    dns.know('rebinding.test', ['127.0.0.2'], ['127.0.0.1']);
    const outbound = outboundWith({ allowedNetworks: ['127.0.0.2'] });

    const before = dns.asked.length;
    expect(await outbound.send(`http://rebinding.test:${port}/`, POST)).toMatchObject({ status: 200 });
    expect(dns.asked.slice(before)).toEqual(['rebinding.test']);

    await expect(outbound.send(`http://rebinding.test:${port}/`, POST)).rejects.toMatchObject({
      code: 'address_refused',
    });
    expect(reached).toEqual(['allowed']);
  });

  it('tries the next checked address when the first one does not answer', async () => {
    const port = await serve((_, response) => response.end('here'), '127.0.0.2');
    dns.know('two.test', ['127.0.0.3', '127.0.0.2']);
    const { body } = await outboundWith({ allowedNetworks: LOOPBACK }).send(`http://two.test:${port}/`, POST);
    expect(body.toString()).toBe('here');
  });

  (hasIpv6 ? it : it.skip)('reaches an IPv6 address, in the URL and by name', async () => {
    const port = await serve((_, response) => response.end('here'), '::1');
    dns.know('six.test', ['::1']);
    const outbound = outboundWith({ allowedNetworks: ['::1'] });
    for (const host of ['[::1]', 'six.test'])
      expect(await outbound.send(`http://${host}:${port}/`, POST)).toMatchObject({ status: 200 });
  });

  it('ignores all but the first 20 addresses of a name', async () => {
    const port = await serve((_, response) => response.end('here'), '127.0.0.1');
    const allowed = Array.from({ length: 20 }, (_, index) => `127.0.0.${index + 1}`);
    dns.know('many.test', [...allowed, '10.0.0.1']);
    const outbound = outboundWith({ allowedNetworks: LOOPBACK });
    const response = outbound.send(`http://many.test:${port}/`, POST);
    await expect(response).resolves.toMatchObject({ status: 200 });
  });

  it('follows no redirect, keeps no cookie, and sends the Host of its URL', async () => {
    const received: unknown[] = [];
    const port = await serve(({ method, url, headers: { host, cookie } }, response) => {
      received.push({ method, url, host, cookie });
      response.writeHead(307, { location: '/elsewhere', 'set-cookie': 'a=b' }).end();
    });
    const outbound = outboundWith({ allowedNetworks: LOOPBACK });
    const url = `http://localhost:${port}/hook`;

    for (let round = 0; round < 2; round++)
      expect(await outbound.send(url, { ...POST, headers: { Host: 'evil.test' } })).toMatchObject({
        status: 307,
        headers: { location: '/elsewhere' },
        isFromPublicAddress: false,
      });
    const seen = { method: 'POST', url: '/hook', host: `localhost:${port}`, cookie: undefined };
    expect(received).toEqual([seen, seen]);
  });

  it('fails for a name that does not exist, and for a port that nothing listens on', async () => {
    const outbound = outboundWith({ allowedNetworks: LOOPBACK });
    await expect(outbound.send('https://unknown.test/', POST)).rejects.toMatchObject({
      code: 'name_not_resolved',
    });
    await expect(outbound.send('http://127.0.0.9:9/', POST)).rejects.toMatchObject({
      code: 'connection_failed',
    });
  });
});

it('a look-up without an answer ends in time', async () => {
  dns.know('silent.test');
  const begunAt = performance.now();
  const outbound = outboundWith({ bounds: { totalMs: 300 } });
  await expect(outbound.send('https://silent.test/', POST)).rejects.toMatchObject({
    code: 'name_not_resolved',
  });
  expect(performance.now() - begunAt).toBeLessThan(8_000); // the resolver itself would wait ten seconds
});

describe('TLS', () => {
  const trusted = getCACertificates('default');
  beforeEach(() => setDefaultCACertificates([...trusted, TLS_IDENTITY.cert.toString()]));
  afterEach(() => setDefaultCACertificates(trusted));

  const serveTls = (listener: RequestListener) => listen(createTlsServer(TLS_IDENTITY, listener));
  const outbound = () => outboundWith({ allowedNetworks: LOOPBACK });

  it('names the host of the URL in SNI and Host', async () => {
    dns.know('tenantry.test', ['127.0.0.1']);
    const port = await serveTls(({ socket, headers: { host } }, response) => {
      response.end(`${(socket as TLSSocket & { servername: string }).servername} ${host}`);
    });
    const { status, body } = await outbound().send(`https://tenantry.test:${port}/`, POST);
    expect([status, body.toString()]).toEqual([200, `tenantry.test tenantry.test:${port}`]);
  });

  it('fails for the certificate of another name, an untrusted one, and without TLS', async () => {
    dns.know('other.test', ['127.0.0.1']);
    const port = await serveTls((_, response) => response.end());
    const plain = await serveRaw((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n'));
    const silent = await serveRaw((socket) => socket.destroy());

    const fails = { code: 'tls_failed' };
    await expect(outbound().send(`https://other.test:${port}/`, POST)).rejects.toMatchObject(fails);
    await expect(outbound().send(`https://127.0.0.1:${plain}/`, POST)).rejects.toMatchObject(fails);
    await expect(outbound().send(`https://127.0.0.1:${silent}/`, POST)).rejects.toMatchObject(fails);
    setDefaultCACertificates(trusted);
    await expect(outbound().send(`https://127.0.0.1:${port}/`, POST)).rejects.toMatchObject(fails);
  });

  it('leads through the proxy, which then resolves the name; addresses in the URL are still checked', async () => {
    const proxy = await startForwardProxy();
    cleanUps.push(() => void proxy.stop());
    const port = await serveTls((_, response) => response.end('by proxy'));
    const proxied = outboundWith({ proxy: proxy.url });

    const before = dns.asked.length;
    const { body } = await proxied.send(`https://tenantry.test:${port}/`, POST);
    expect(body.toString()).toBe('by proxy');
    expect(proxy.asked).toMatchObject([{ target: `tenantry.test:${port}` }]);
    expect(dns.asked.length).toBe(before);

    await expect(proxied.send('https://127.0.0.1/', POST)).rejects.toMatchObject({ code: 'address_refused' });
    expect(proxy.asked).toHaveLength(1);
  });
});

describe('a receiver', () => {
  const SHORT = { allowedNetworks: LOOPBACK, bounds: { totalMs: 500 } };

  it.each<[does: string, answer: (socket: Socket) => void]>([
    ['never answers', () => {}],
    ['sends its headers one by one', (socket) => drip(socket, 'HTTP/1.1 200 OK\r\n', 'x-more: 1\r\n')],
    ['never ends its body', (socket) => drip(socket, 'HTTP/1.1 200 OK\r\n\r\n', '.')],
    ['announces a response for ever', (socket) => drip(socket, '', 'HTTP/1.1 103 Early Hints\r\n\r\n')],
  ])('that %s fails in time', async (_, answer) => {
    const port = await serveRaw(answer);
    const begunAt = performance.now();
    const request = outboundWith(SHORT).send(`http://127.0.0.1:${port}/`, POST);
    await expect(inTime(request)).rejects.toMatchObject({ code: 'timed_out' });
    expect(performance.now() - begunAt).toBeGreaterThan(450);
  });

  it('that sends a gigabyte is read to 64 kB, and its connection ends', async () => {
    let written = 0;
    const port = await serveRaw(async (socket) => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      while (written < 2 ** 30 && !socket.destroyed) {
        written += 2 ** 16;
        if (!socket.write(Buffer.alloc(2 ** 16))) await pause(1);
      }
    });
    const outbound = outboundWith({ allowedNetworks: LOOPBACK });
    const response = outbound.send(`http://127.0.0.1:${port}/`, POST);
    await expect(response).resolves.toHaveProperty('body.byteLength', 65_536);
    await pause(100);
    expect(written).toBeLessThan(2 ** 26);
  });

  it.each<[does: string, answer: string]>([
    ['sends more than 16 kB of headers', `HTTP/1.1 200 OK\r\nx: ${'a'.repeat(17_000)}\r\n\r\n`],
    ['switches protocols', 'HTTP/1.1 101 Switching\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'],
    ['speaks something else', '220 mail.example.com ESMTP\r\n'],
    ['closes the connection', ''],
  ])('that %s has an invalid response', async (_, answer) => {
    const port = await serveRaw((socket) => socket.end(answer));
    const outbound = outboundWith({ allowedNetworks: LOOPBACK });
    await expect(outbound.send(`http://127.0.0.1:${port}/`, POST)).rejects.toMatchObject({
      code: 'invalid_response',
    });
  });

  function drip(socket: Socket, first: string, more: string) {
    socket.write(first);
    const timer = setInterval(() => socket.write(more), 20);
    socket.once('close', () => clearInterval(timer));
  }
});

describe('the connections', () => {
  /** Answers after a while, and knows how many it had at most at a time. */
  async function countingReceiver(host: string, answerMs = 20) {
    const counts = { open: 0, most: 0 };
    const port = await serve((_, response) => {
      counts.most = Math.max(counts.most, ++counts.open);
      setTimeout(() => {
        counts.open--;
        response.end();
      }, answerMs);
    }, host);
    return { port, counts };
  }

  const sendAll = (outbound: Outbound, urls: readonly string[], orgId: string = POST.orgId) =>
    Promise.all(urls.map((url) => outbound.send(url, { ...POST, orgId })));

  it.each([
    ['four', 'that answers soon', 20, 4],
    ['as many as five answers a second need', 'that answers slowly', 1_050, 6],
  ])('are %s to one host of an organization %s', async (_many, _what, answerMs, most) => {
    const { port, counts } = await countingReceiver('127.0.0.1', answerMs);
    const outbound = outboundWith({
      allowedNetworks: LOOPBACK,
      bounds: { connections: { ...CONNECTION_LIMITS, perSlowHost: 6 } },
    });
    const url = `http://127.0.0.1:${port}/`;

    await outbound.send(url, POST);
    await sendAll(outbound, Array(10).fill(url));
    expect(counts.most).toBe(most);
    expect(outbound.connectionsTo(url, POST.orgId)).toBe(most);
    expect(outbound.connectionsTo(url, 'another')).toBe(1);
  });

  it('are one to a host that has timed out, until it answers', async () => {
    let isHanging = false;
    const counts = { open: 0, most: 0 };
    const port = await serve((_request, response) => {
      counts.most = Math.max(counts.most, ++counts.open);
      response.once('close', () => counts.open--);
      if (!isHanging) setTimeout(() => response.end(), 20);
    });
    const outbound = outboundWith({ allowedNetworks: LOOPBACK, bounds: { totalMs: 500 } });
    const url = `http://127.0.0.1:${port}/`;
    await outbound.send(url, POST);
    await sendAll(outbound, Array(8).fill(url));
    expect(counts.most).toBe(4);

    isHanging = true;
    await expect(outbound.send(url, POST)).rejects.toMatchObject({ code: 'timed_out' });
    counts.most = 0;
    await Promise.allSettled([url, url, url].map((each) => outbound.send(each, POST)));
    expect(counts.most).toBe(1);

    isHanging = false;
    await outbound.send(url, POST);
    await sendAll(outbound, Array(8).fill(url));
    expect(counts.most).toBe(4);
  });

  it('are left to each organization at one host, however long those of another one take', async () => {
    const open: ServerResponse[] = [];
    const port = await serve((request, response) => {
      if (request.url === '/endless') open.push(response);
      else response.end();
    });
    const outbound = outboundWith({ allowedNetworks: LOOPBACK });
    const url = `http://127.0.0.1:${port}/`;
    await outbound.send(url, POST);
    const endless = Array.from({ length: 30 }, () => outbound.send(`${url}endless`, POST));
    const outcomes = Promise.allSettled(endless);

    expect(await outbound.send(url, { ...POST, orgId: 'another' })).toMatchObject({ status: 200 });
    expect(open).toHaveLength(4);
    for (let index = 0; index < 30; index++) {
      while (!open[index]) await pause(5);
      open[index]?.end();
    }
    await outcomes;
  });

  it('are at most 16 to one address, for 50 endpoints with names of their own', async () => {
    const { port, counts } = await countingReceiver('127.0.0.1');
    const names = Array.from({ length: 50 }, (_, index) => `endpoint-${index}.test`);
    for (const name of names) dns.know(name, ['127.0.0.1']);
    const outbound = outboundWith({ allowedNetworks: LOOPBACK });

    const responses = await Promise.all(names.map((name) => outbound.send(`http://${name}:${port}/`, POST)));
    expect(responses.map(({ status }) => status)).toEqual(names.map(() => 200));
    expect(counts.most).toBe(16);
  });

  it('are at most 50 in the process', async () => {
    const { port, counts } = await countingReceiver('0.0.0.0');
    const hosts = Array.from({ length: 200 }, (_, index) => `127.0.1.${1 + (index % 20)}`);
    const outbound = outboundWith({ allowedNetworks: LOOPBACK });

    const send = (host: string, index: number) =>
      outbound.send(`http://${host}:${port}/`, { ...POST, orgId: `org ${index % 5}` });
    await Promise.all(hosts.map(send));
    expect(counts.most).toBeGreaterThan(25);
    expect(counts.most).toBeLessThanOrEqual(50);
  });

  it('are at most 20 of one organization, so that it never has all of them', async () => {
    const slow = await serve(() => {}, '0.0.0.0');
    const { port } = await countingReceiver('127.0.0.1');
    const outbound = outboundWith({ allowedNetworks: LOOPBACK, bounds: { totalMs: 2_500 } });

    const greedy = { ...POST, orgId: 'greedy' };
    const hosts = Array.from({ length: 60 }, (_, index) => `127.0.4.${1 + index}`);
    const requests = hosts.map((host) => inTime(outbound.send(`http://${host}:${slow}/`, greedy)));
    const outcomes = Promise.allSettled(requests);
    const modest = outbound.send(`http://127.0.0.1:${port}/`, { ...POST, orgId: 'modest' });
    await expect(modest).resolves.toMatchObject({ status: 200 }); // while none of the greedy one has ended
    await outcomes;
  });

  it('go to the organization with the fewest, when another one takes all to an address', async () => {
    const port = await serve((_request, response) => void setTimeout(() => response.end(), 50));
    const outbound = outboundWith({ allowedNetworks: LOOPBACK });
    const order: string[] = [];
    const send = async (orgId: string, index: number) => {
      await outbound.send(`http://endpoint-${index % 20}.test:${port}/`, { ...POST, orgId });
      order.push(orgId);
    };
    for (let index = 0; index < 20; index++) dns.know(`endpoint-${index}.test`, ['127.0.0.1']);

    const many = Array.from({ length: 120 }, (_each, index) => send('greedy', index));
    await Promise.all([...many, send('modest', 0), send('modest', 1)]);
    expect(order.lastIndexOf('modest')).toBeLessThan(90);
  });

  it('are waited for as long as a request may take, and a slow address delays no other', async () => {
    const slow = await serveRaw(() => {});
    const { port } = await countingReceiver('127.0.0.2');
    const outbound = outboundWith({ allowedNetworks: LOOPBACK, bounds: { totalMs: 500 } });

    const requests = Array.from({ length: 9 }, () =>
      inTime(outbound.send(`http://127.0.0.1:${slow}/`, POST)),
    );
    const outcomes = Promise.allSettled(requests);
    expect(await outbound.send(`http://127.0.0.2:${port}/`, POST)).toMatchObject({ status: 200 });
    const codes = (await outcomes).map((outcome) => (outcome as PromiseRejectedResult).reason?.code);
    // One connection to a host that has not answered: which request gets it depends on the order in which they begin to wait.
    expect(new Set(codes)).toEqual(new Set(['timed_out', 'busy']));
  });
});
