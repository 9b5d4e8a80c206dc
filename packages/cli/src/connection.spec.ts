import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { expect, it } from '@jest/globals';
import { fetchInTime } from './connection.js';
import { toFailure } from './failures.js';

it('a server that accepts a request and does not answer is given up', async () => {
  const server = createServer((socket) => socket.resume()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;

  const error: unknown = await fetchInTime(new Request(`http://127.0.0.1:${port}`), 100).catch(
    (thrown: unknown) => thrown,
  );

  expect(toFailure(error)).toMatchObject({
    exitCode: 4,
    message: 'The server cannot be reached: no response in 0.1 s',
  });
  server.close();
});
