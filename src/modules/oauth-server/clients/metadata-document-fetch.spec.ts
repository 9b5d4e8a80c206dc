import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { OUTBOUND_BOUNDS } from '../../../common/outbound/outbound.js';
import type { Config } from '../../../config/config.js';
import { MetadataDocumentFetch } from './metadata-document-fetch.js';

const documents = (allowedNetworks: string[], fetchesClientDocuments = true) => {
  const outbound = { allowedNetworks, proxy: null, bounds: OUTBOUND_BOUNDS };
  return new MetadataDocumentFetch({
    outbound,
    authorizationServer: { fetchesClientDocuments },
  } as unknown as Config);
};
const ALLOWED = ['127.0.0.0/8'];

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});
/** Its address. */
async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/client.json`;
}

describe('the request of a client id metadata document', () => {
  it('is a GET for JSON without a body, and gives body and headers of the response', async () => {
    const requests: IncomingMessage[] = [];
    const address = await serve((request, response) => {
      requests.push(request);
      response.setHeader('content-type', 'application/json').setHeader('cache-control', 'max-age=60');
      response.setHeader('set-cookie', ['a=1', 'b=2']).end('{"client_id":"x"}');
    });

    const response = await documents(ALLOWED).fetch(new URL(address));

    expect([response.status, await response.json()]).toEqual([200, { client_id: 'x' }]);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(response.headers.get('cache-control')).toBe('max-age=60');
    expect(
      requests.map(({ method, headers }) => [method, headers.accept, headers['content-length']]),
    ).toEqual([['GET', 'application/json', undefined]]);
  });

  it('may be answered with 5 KB, and not with more', async () => {
    const address = await serve((request, response) =>
      response.end('x'.repeat(Number(request.url?.split('?')[1]))),
    );
    const { fetch } = documents(ALLOWED);

    expect(await (await fetch(`${address}?5120`)).text()).toHaveLength(5120);
    for (const length of [5121, 1_000_000])
      await expect(fetch(`${address}?${length}`)).rejects.toThrow('more than 5120 bytes');
  });

  it('follows no redirect, and reads no other response than 200', async () => {
    const paths: (string | undefined)[] = [];
    const address = await serve((request, response) => {
      paths.push(request.url);
      response.writeHead(Number(request.url?.split('?')[1]), { location: '/other' }).end('a body');
    });
    const { fetch } = documents(ALLOWED);

    for (const status of [302, 204, 304, 404, 500]) {
      const response = await fetch(`${address}?${status}`);
      expect([response.status, await response.text()]).toEqual([status, '']);
    }
    expect(paths).not.toContain('/other');
  });

  it('is not sent to an address that organizations may not have requested either', async () => {
    const address = await serve((_, response) => response.end('{}'));

    for (const refused of [address, 'https://127.0.0.1/a', 'https://169.254.169.254/a', 'https://10.0.0.1/a'])
      await expect(documents([]).fetch(refused)).rejects.toMatchObject({ code: 'address_refused' });
  });

  it('ends when no response comes', async () => {
    const address = await serve(() => undefined);

    await expect(documents(ALLOWED).fetch(address)).rejects.toMatchObject({ code: 'timed_out' });
  });
});

it('documents are announced unless the operator says that there is no way out', () => {
  expect([documents([]).isAnnounced, documents([], false).isAnnounced]).toEqual([true, false]);
});
