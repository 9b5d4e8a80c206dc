import { once } from 'node:events';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

type End = 'complete' | 'cut';

/** A client of a large list, which reads nothing by itself. */
export class ListClient {
  bytes = 0;
  private isHurried = false;
  /** The bytes after which it stops reading. */
  private budget = Infinity;
  private readonly ended: Promise<End>;

  private constructor(
    private readonly sent: ClientRequest,
    readonly response: IncomingMessage,
  ) {
    response.on('error', () => undefined);
    response.on('data', (chunk: Buffer) => {
      this.bytes += chunk.length;
      if (this.bytes >= this.budget) response.pause(); // at once: some megabytes can arrive in a millisecond
    });
    response.pause();
    this.ended = new Promise((resolve) => {
      response.on('close', () => resolve(response.complete ? 'complete' : 'cut'));
    });
  }

  /** Resolves with the beginning of the response. */
  static async open(url: string, headers: Record<string, string>): Promise<ListClient> {
    const sent = request(url, { agent: false, headers });
    sent.end();
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    sent.on('error', () => undefined);
    return new ListClient(sent, response);
  }

  readAll(): Promise<End> {
    this.isHurried = true;
    this.budget = Infinity;
    this.response.resume();
    return this.ended;
  }

  /** Until `readAll` is called. */
  async readSlowly(bytesPerSecond: number): Promise<End> {
    const begun = performance.now();
    while (!this.isHurried) {
      this.budget = ((performance.now() - begun) / 1000) * bytesPerSecond;
      if (this.bytes < this.budget) this.response.resume();
      await pause(5);
    }
    return this.ended;
  }

  disconnect(): void {
    this.sent.destroy();
  }
}
