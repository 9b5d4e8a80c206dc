import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

type Received = { readonly headers: IncomingHttpHeaders; readonly body: string; readonly event: any }; // eslint-disable-line -- an event
type Answer = { readonly status: number; readonly headers?: Record<string, string>; readonly body?: string };

/** A receiver of webhooks on this machine. */
export class WebhookReceiver {
  readonly received: Received[] = [];
  /** How it answers; never, if it returns null. */
  answer: (received: Received) => Answer | null | Promise<Answer> = () => ({ status: 204 });

  private readonly server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (part) => (body += part));
    request.on(
      'end',
      () => void this.receive({ headers: request.headers, body, event: JSON.parse(body) }, response),
    );
  });

  /** @param host all receivers at one address share its connections */
  constructor(private readonly host = '127.0.0.1') {}

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, this.host, resolve));
    return this;
  }

  private async receive(received: Received, response: ServerResponse): Promise<void> {
    this.received.push(received);
    const answer = await this.answer(received);
    if (answer) response.writeHead(answer.status, answer.headers).end(answer.body);
  }

  get url(): string {
    return `http://${this.host}:${(this.server.address() as AddressInfo).port}/hook`;
  }

  get types(): string[] {
    return this.received.map(({ event }) => event.type);
  }

  /** Once there are so many. */
  async wait(count: number, ms = 8_000): Promise<readonly Received[]> {
    for (const end = performance.now() + ms; this.received.length < count; await pause(20))
      if (performance.now() > end) throw new Error(`${this.received.length} of ${count} requests came`);
    return this.received;
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}
