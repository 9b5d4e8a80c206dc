import type { Connection } from './area.ts';
import { describe, differences, type Expected } from './differences.ts';

export type Exchange = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Appended to the base as it is. */
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
};

export type Expectation = { readonly status: number; readonly body?: Expected };
export type Result = {
  readonly name: string;
  readonly expected: string;
  readonly got: string;
  readonly passed: boolean;
};

type Body = Record<string, unknown>;
type Answer = { readonly status: number; readonly body: Body };

const TIMEOUT_MS = 30_000;

/** Sends requests and compares the answers. A failed comparison does not end the sequence. */
export class Client {
  readonly results: Result[] = [];
  private readonly connection: Connection;
  private readonly created: string[] = [];

  constructor(connection: Connection) {
    this.connection = connection;
  }

  /** The body of the answer; empty if there is none, or if it is no object. */
  async check(name: string, exchange: Exchange, { status, body }: Expectation): Promise<Body> {
    const expected = `${status}${body === undefined ? '' : ` ${describe(body)}`}`;
    try {
      const answer = await this.send(exchange);
      const wrong = body === undefined ? [] : differences(body, answer.body);
      const got = [String(answer.status), ...wrong].join(' ');
      this.results.push({ name, expected, got, passed: answer.status === status && wrong.length === 0 });
      return answer.body;
    } catch (error) {
      this.results.push({ name, expected, got: reasonOf(error), passed: false });
      return {};
    }
  }

  /** Creates what later requests need, and removes it after the sequence. @throws Error if it is not created */
  async create(path: string, body: unknown): Promise<{ readonly id: string } & Body> {
    const answer = await this.send({ method: 'POST', path, body });
    const { id } = answer.body;
    if (typeof id !== 'string')
      throw new Error(`POST ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    this.removeAfterwards(path, id);
    return { ...answer.body, id };
  }

  removeAfterwards(path: string, id: unknown): void {
    if (typeof id === 'string') this.created.unshift(`${path}/${id}`);
  }

  /** What is gone already is no failure. */
  async removeCreated(): Promise<void> {
    for (const path of this.created) await this.send({ method: 'DELETE', path }).catch(() => null);
  }

  private async send({ method, path, body, headers }: Exchange): Promise<Answer> {
    const response = await fetch(`${this.connection.base}${path}`, {
      method,
      headers: { ...this.connection.headers, ...headers },
      body: body === undefined ? null : JSON.stringify(body),
      signal: AbortSignal.timeout(TIMEOUT_MS),
      redirect: 'manual',
    });
    const read = jsonOf(await response.text());
    return { status: response.status, body: typeof read === 'object' && read !== null ? (read as Body) : {} };
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const reasonOf = (error: unknown): string => {
  const { message, cause } = error as Error;
  return cause instanceof Error ? `${message}: ${cause.message}` : message;
};
