/**
 * Receives webhooks at all addresses of this machine and answers with 204. GET returns what it has received so far; a path
 * has counts of its own.
 */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** `contents`: how many different bodies the requests for these events had. */
export type Received = { requests: number; events: number; contents: number };

type Recorded = { requests: number; bodies: Map<string, Set<string>> };

const byPath = new Map<string, Recorded>();

const server = createServer((request, response) => {
  if (request.method === 'GET') response.end(JSON.stringify(countsOf(request.url ?? '')));
  else void receive(request).then(() => response.writeHead(204).end());
});
server.listen(0, '0.0.0.0', () => {
  console.log(`listens on http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});

async function receive(request: IncomingMessage): Promise<void> {
  const digest = createHash('sha1')
    .update(await buffer(request))
    .digest('base64');
  const received = receivedAt(request.url ?? '');
  const id = String(request.headers['webhook-id']);
  const digests = received.bodies.get(id) ?? new Set();
  received.bodies.set(id, digests.add(digest));
  received.requests++;
}

function receivedAt(path: string): Recorded {
  const received = byPath.get(path) ?? { requests: 0, bodies: new Map() };
  byPath.set(path, received);
  return received;
}

function countsOf(path: string): Received {
  const { requests, bodies } = receivedAt(path);
  const contents = [...bodies.values()].reduce((sum, digests) => sum + digests.size, 0);
  return { requests, events: bodies.size, contents };
}
