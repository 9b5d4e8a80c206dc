import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, jest } from '@jest/globals';
import { connectWith } from './connection.js';
import { toFailure } from './failures.js';

const ORG = '/api/v1/orgs/current';

it('a server that accepts a request and does not answer is given up, and not asked again', async () => {
  let requests = 0;
  const server = createServer(() => void requests++).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const { api } = connectWith(`http://127.0.0.1:${port}`, 'key', 500);

  const error: unknown = await api.GET(ORG).catch((thrown: unknown) => thrown);

  expect(toFailure(error)).toMatchObject({
    exitCode: 4,
    message: 'The server cannot be reached: no response in 0.5 s',
  });
  expect(requests).toBeLessThan(2);
  server.closeAllConnections();
  server.close();
});

it('a server that has answered before is asked again', async () => {
  const answers = () => Promise.resolve(Response.json({}));
  const waits: typeof fetch = (_url, init) =>
    new Promise((_resolve, reject) => {
      init?.signal?.addEventListener('abort', () => reject(init.signal?.reason as Error));
    });
  const sent = jest.spyOn(globalThis, 'fetch').mockImplementation(answers);
  const { api } = connectWith('http://127.0.0.1', 'key', 1);
  await api.GET(ORG);

  sent.mockImplementationOnce(waits);
  const { response } = await api.GET(ORG);

  expect(response.status).toBe(200);
  expect(sent).toHaveBeenCalledTimes(3);
  sent.mockRestore();
});
