import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { listen } from './tls.js';

type Received = { readonly path: string; readonly headers: IncomingHttpHeaders; readonly body: string };
type Answer = { status: number; headers?: Record<string, string>; body?: string };

/** A receiver of webhooks or log streams on this machine, which servers with `ALLOWING_RECEIVERS` may send to. */
export type Receiver = {
  readonly url: string;
  readonly received: Received[];
  /** To the requests that come next; a function may also leave the response open. */
  answer: Answer | ((response: ServerResponse, request: Received) => void);
  waitFor: (isThere: (received: readonly Received[]) => boolean) => Promise<void>;
  stop: () => Promise<void>;
};

export const ALLOWING_RECEIVERS = { OUTBOUND_ALLOWED_NETWORKS: '127.0.0.0/8' };
const WAIT_MS = 20_000;

export async function startReceiver(): Promise<Receiver> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const one = { path: request.url!, headers: request.headers, body: Buffer.concat(chunks).toString() };
      received.push(one);
      const { answer } = receiver;
      if (typeof answer === 'function') return answer(response, one);
      response.writeHead(answer.status, answer.headers).end(answer.body);
    });
  });
  const port = await listen(server);
  const receiver: Receiver = {
    url: `http://127.0.0.1:${port}/in`,
    received,
    answer: { status: 200 },
    waitFor: async (isThere) => {
      const end = performance.now() + WAIT_MS;
      while (!isThere(received)) {
        if (performance.now() > end) throw new Error(`received only: ${JSON.stringify(received, null, 2)}`);
        await pause(20);
      }
    },
    stop: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  return receiver;
}
