/**
 * Receives webhooks and keeps each event once, in a file of SQLite:
 * `node examples/receive-webhooks/receive.ts --port 8080 --file events.db`, with the secrets or public keys of the
 * webhook in WEBHOOK_KEYS, separated by spaces. Prints each event that is new.
 */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DatabaseSync } from 'node:sqlite';
import { parseArgs } from 'node:util';
import { verifyWebhook, WebhookNotAuthentic } from '@tenantry/client';

/** `text`: for the sender, who may show it beside the failed attempt. */
type Answer = { status: number; text?: string };

const MOST_BYTES = 1_000_000;

const { port, file } = parseArgs({
  options: { port: { type: 'string' }, file: { type: 'string' } },
}).values;
const keys = (process.env['WEBHOOK_KEYS'] ?? '').split(/\s+/).filter(Boolean);
if (!port || !file || keys.length === 0)
  throw new Error('give --port, --file and, in the environment, WEBHOOK_KEYS');

const database = new DatabaseSync(file, { timeout: 5000 }); // waits for others who read the file
database.exec('create table if not exists events (id text primary key, body text not null) strict');
const insert = database.prepare('insert into events (id, body) values (?, ?) on conflict do nothing');

const server = createServer((request, response) => {
  void answer(request).then(({ status, text }) =>
    response.writeHead(status, { 'content-type': 'text/plain', connection: 'close' }).end(text),
  );
});
server.listen(Number(port), '127.0.0.1', () => {
  console.log(`receiving on http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});

async function answer(request: IncomingMessage): Promise<Answer> {
  if (request.method !== 'POST') return { status: 405, text: 'send webhooks with POST' };
  try {
    const body = await read(request);
    if (body === null) return { status: 413, text: `at most ${MOST_BYTES} bytes` };
    const { id } = await verifyWebhook({ headers: request.headers, body, keys });
    store(id, String(body));
    return { status: 204 };
  } catch (error) {
    if (error instanceof WebhookNotAuthentic) return { status: 401, text: error.message };
    console.error(error);
    return { status: 500, text: 'not stored: send it again' };
  }
}

/**
 * An event may be sent more than once, and by two servers at once: the primary key keeps one. It is on the disk before the
 * answer, since whatever is answered with 2xx is not sent again. What an event causes belongs into the same transaction.
 */
function store(id: string, body: string): void {
  const { changes } = insert.run(id, body);
  if (changes > 0) console.log(id, body);
}

/** Null if it is too long. */
async function read(request: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MOST_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
