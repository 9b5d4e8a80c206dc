import { setTimeout as pause } from 'node:timers/promises';
import { Agent, request } from 'node:http';

/** The result of one request: the status and its headers, or `cut` if the connection was refused or closed. */
export type Outcome = { status: number | 'cut'; ms: number; headers: Record<string, unknown>; text: string };

/** Closes idle connections before the server does, after 72 s: a request that is sent just then would be cut. */
const agent = new Agent({ keepAlive: true, maxSockets: 2000, timeout: 30_000 });

/** Sends one request; never rejects. After `timeoutMs` it counts as `cut`. */
export function send(
  url: string,
  { method = 'GET', headers = {}, body, timeoutMs = 120_000 }: Sent = {},
): Promise<Outcome> {
  const text = body === undefined ? undefined : JSON.stringify(body);
  const begun = performance.now();
  const type =
    text === undefined
      ? {}
      : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) };
  return new Promise((resolve) => {
    const cut = () => resolve({ status: 'cut', ms: performance.now() - begun, headers: {}, text: '' });
    const sent = request(url, { agent, method, headers: { ...type, ...headers } }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', cut);
      response.on('end', () =>
        resolve({
          status: response.statusCode!,
          ms: performance.now() - begun,
          headers: response.headers,
          text: Buffer.concat(chunks).toString(),
        }),
      );
    });
    sent.on('error', cut);
    sent.setTimeout(timeoutMs, () => sent.destroy(new Error('no response')));
    sent.end(text);
  });
}

type Sent = { method?: string; headers?: Record<string, string>; body?: unknown; timeoutMs?: number };

/** Callers that repeat their requests until they are stopped, with the statuses they received. */
export class Load {
  readonly seen = new Map<number | 'cut', number>();
  slowestMs = 0;
  private isStopped = false;
  private readonly callers: Promise<void>[];

  constructor(requests: readonly (() => Promise<Outcome>)[], pauseMs = 0) {
    this.callers = requests.map(async (next) => {
      while (!this.isStopped) {
        const { status, ms } = await next();
        this.seen.set(status, (this.seen.get(status) ?? 0) + 1);
        this.slowestMs = Math.max(this.slowestMs, ms);
        await pause(status === 'cut' ? 50 : pauseMs);
      }
    });
  }

  get total(): number {
    return [...this.seen.values()].reduce((sum, count) => sum + count, 0);
  }

  async stop(): Promise<Record<string, number>> {
    this.isStopped = true;
    await Promise.all(this.callers);
    return Object.fromEntries([...this.seen].map(([status, count]) => [String(status), count]));
  }
}

/** Writes one line of the report of a test. */
export function printFigures(name: string, figures: Record<string, unknown>): void {
  process.stderr.write(`    ${name}: ${JSON.stringify(figures)}\n`);
}
