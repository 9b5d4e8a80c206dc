import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Api } from '../../support/api.js';
import { until } from '../../support/audit-log.js';

export const WEBHOOKS = '/api/v1/orgs/current/webhooks';

/** The environment of a server that may send webhooks to this machine. */
export const TO_THIS_MACHINE = { OUTBOUND_ALLOWED_NETWORKS: '127.0.0.0/8' };

/** A request to a webhook. `id`: of the event. */
export type Sent = { id: string; headers: IncomingHttpHeaders; body: string; at: number };

/** Receives webhooks in this process. `answer`: by default with 204; what it does not end stays open until `stop`. */
export async function startRecordingReceiver(
  answer: (response: ServerResponse, sent: Sent) => unknown = (response) => response.writeHead(204).end(),
  host = '127.0.0.1',
) {
  const requests: Sent[] = [];
  const open = { now: 0, most: 0 };
  const receive = async (request: IncomingMessage, response: ServerResponse) => {
    open.most = Math.max(open.most, ++open.now);
    response.once('close', () => open.now--);
    const { headers } = request;
    const sent = { id: String(headers['webhook-id']), headers, body: await text(request), at: Date.now() };
    requests.push(sent);
    answer(response, sent);
  };
  const server = createServer((request, response) => void receive(request, response));
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const url = `http://${host}:${(server.address() as AddressInfo).port}/`;
  return {
    url,
    requests,
    /** How many requests were open at the same time. */
    open,
    /** Resolves with the requests once there are so many. */
    received: async (count: number, seconds = 10): Promise<Sent[]> => {
      await until(() => requests.length >= count, seconds);
      return requests;
    },
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export type RecordingReceiver = Awaited<ReturnType<typeof startRecordingReceiver>>;

type CreatedWebhook = { id: string; secret: string; publicKey: string };

export async function createWebhook(api: Api, url: string, wish: object = {}): Promise<CreatedWebhook> {
  const { status, body } = await api.post(WEBHOOKS, { url, ...wish });
  if (status >= 300) throw new Error(`the webhook was not created: ${status} ${JSON.stringify(body)}`);
  return { id: body.id, secret: body.secret, publicKey: body.public_key };
}

/** Newest first. */
export const deliveriesOf = async (api: Api, webhookId: string): Promise<any[]> =>
  (await api.get(`${WEBHOOKS}/${webhookId}/deliveries`)).body.items;
