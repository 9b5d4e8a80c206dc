import type { Connection } from './area.ts';
import { describe, differences, type Expected } from './differences.ts';

export type Exchange = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Appended to the base as it is. */
  readonly path: string;
  readonly body?: unknown;
  /** Sent as a form of a browser, in place of `body`. */
  readonly form?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
};

export type Expectation = {
  readonly status: number | readonly number[];
  readonly body?: Expected;
  readonly headers?: { readonly [name: string]: Expected };
  readonly text?: Expected;
};
export type Result = {
  readonly name: string;
  readonly expected: string;
  readonly got: string;
  readonly outcome: 'passed' | 'missed' | 'skipped';
};

type Body = Record<string, unknown>;
export type Reply = {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The JSON object or list of the response, else an empty object. */
  readonly body: Body;
};

export const skipped = (name: string, reason: string): Result => ({
  name,
  expected: '',
  got: `skipped: ${reason}`,
  outcome: 'skipped',
});

const TIMEOUT_MS = 30_000;

/** Sends requests and compares the responses. A failed comparison does not end the sequence. */
export class Client {
  readonly results: Result[] = [];
  /** Those of the command line. */
  readonly options: Readonly<Record<string, string>>;
  private readonly connection: Connection;
  private readonly created: string[] = [];

  constructor(connection: Connection, options: Readonly<Record<string, string>>) {
    this.connection = connection;
    this.options = options;
  }

  /** The body of the response; empty if there is none, or if it is no JSON. */
  async check(name: string, exchange: Exchange, expectation: Expectation): Promise<Body> {
    return (await this.checkResponse(name, exchange, expectation))?.body ?? {};
  }

  /** Null if there is no response. */
  async checkResponse(name: string, exchange: Exchange, expectation: Expectation): Promise<Reply | null> {
    const { status, ...parts } = expectation;
    const expected = [String(status), ...Object.values(parts).map(describe)].join(' ');
    try {
      const reply = await this.send(exchange);
      const wrong = [
        ...('body' in parts ? differences(parts.body, reply.body) : []),
        ...('text' in parts ? differences(parts.text, reply.text) : []),
        ...differences(parts.headers ?? {}, Object.fromEntries(reply.headers)),
      ];
      const passed = [status].flat().includes(reply.status) && wrong.length === 0;
      this.add(name, expected, [String(reply.status), ...wrong].join(' '), passed);
      return reply;
    } catch (error) {
      this.add(name, expected, reasonOf(error), false);
      return null;
    }
  }

  /** Compares a value that several responses, or a part of one, decide. */
  compare(name: string, expected: Expected, actual: unknown): void {
    const wrong = differences(expected, actual);
    this.add(name, describe(expected), wrong.join(' ') || 'as expected', wrong.length === 0);
  }

  skip(name: string, reason: string): void {
    this.results.push(skipped(name, reason));
  }

  private add(name: string, expected: string, got: string, passed: boolean): void {
    this.results.push({ name, expected, got, outcome: passed ? 'passed' : 'missed' });
  }

  /** Creates what later requests need, and removes it after the sequence. @throws Error if it is not created */
  async create(path: string, body: unknown): Promise<{ readonly id: string } & Body> {
    const reply = await this.send({ method: 'POST', path, body });
    const { id } = reply.body;
    if (typeof id !== 'string')
      throw new Error(`POST ${path}: ${reply.status} ${JSON.stringify(reply.body)}`);
    this.removeAfterwards(path, id);
    return { ...reply.body, id };
  }

  removeAfterwards(path: string, id: unknown): void {
    if (typeof id === 'string') this.created.unshift(`${path}/${id}`);
  }

  /** What is gone already is no failure. */
  async removeCreated(): Promise<void> {
    for (const path of this.created) await this.send({ method: 'DELETE', path }).catch(() => null);
  }

  /** Without a comparison. */
  async send({ method, path, body, form, headers }: Exchange): Promise<Reply> {
    const content = form
      ? String(new URLSearchParams(form))
      : body === undefined
        ? null
        : JSON.stringify(body);
    const type = form
      ? { 'content-type': 'application/x-www-form-urlencoded' }
      : content === null
        ? {}
        : { 'content-type': 'application/json' };
    const response = await fetch(`${this.connection.base}${path}`, {
      method,
      headers: { ...type, ...this.connection.headers, ...headers },
      body: content,
      signal: AbortSignal.timeout(TIMEOUT_MS),
      redirect: 'manual',
    });
    const text = await response.text();
    const read = jsonOf(text);
    const isObject = typeof read === 'object' && read !== null;
    return { status: response.status, headers: response.headers, text, body: isObject ? (read as Body) : {} };
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

export const reasonOf = (error: unknown): string => {
  const { message, cause } = error as Error;
  return cause instanceof Error ? `${message}: ${cause.message}` : message;
};
