import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';

export type Received = {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** When it came, in ms. */
  readonly at: number;
  /** Of a request to a webhook. */
  readonly event: any;
};
type Answer = { status: number; headers?: Record<string, string>; body?: string };

/** A receiver of webhooks or log streams on this machine, which servers with `ALLOWING_RECEIVERS` may send to. */
export type Receiver = {
  readonly url: string;
  readonly received: Received[];
  /** How many requests were open at the same time. */
  readonly open: { readonly now: number; readonly most: number };
  /** To the requests that come next; what a function does not end stays open until `stop`. */
  answer: Answer | ((response: ServerResponse, request: Received) => unknown);
  /** Until so many have come, or what is awaited. */
  waitFor: (
    what: number | ((received: readonly Received[]) => boolean),
    seconds?: number,
  ) => Promise<readonly Received[]>;
  stop: () => Promise<void>;
};

export const ALLOWING_RECEIVERS = { OUTBOUND_ALLOWED_NETWORKS: '127.0.0.0/8' };

/** @param host all receivers at one address share its connections */
export async function startReceiver(
  answer: Receiver['answer'] = { status: 200 },
  host = '127.0.0.1',
): Promise<Receiver> {
  const received: Received[] = [];
  const open = { now: 0, most: 0 };
  const receive = async (request: IncomingMessage, response: ServerResponse) => {
    open.most = Math.max(open.most, ++open.now);
    response.once('close', () => open.now--);
    const { url: path = '', headers } = request;
    const body = await text(request);
    const event = 'webhook-id' in headers ? JSON.parse(body) : undefined;
    const one = { path, headers, body, at: Date.now(), event };
    received.push(one);
    const { answer: wanted } = receiver;
    if (typeof wanted === 'function') return wanted(response, one);
    response.writeHead(wanted.status, wanted.headers).end(wanted.body);
  };
  const server = createServer((request, response) => void receive(request, response));
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const receiver: Receiver = {
    url: `http://${host}:${(server.address() as AddressInfo).port}/in`,
    received,
    open,
    answer,
    waitFor: async (what, seconds = 20) => {
      const isThere = typeof what === 'number' ? () => received.length >= what : what;
      for (const end = performance.now() + seconds * 1000; !isThere(received); await pause(20))
        if (performance.now() > end) throw new Error(`received only: ${JSON.stringify(received, null, 2)}`);
      return received;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return receiver;
}
