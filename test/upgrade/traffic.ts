import { setTimeout as pause } from 'node:timers/promises';
import { send } from '../faults/support/load.js';
import type { Rotation } from './rotation.js';

const UUID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

export type Request = {
  /** Under which it is counted, such as `login`. */
  kind: string;
  method?: string;
  path: string;
  headers?: Record<string, string>;
  body?: unknown;
  /** 200 if absent. */
  status?: number;
};

/** One round of requests of one kind of client, each to the next server of the rotation. */
export type Scenario = (call: Call) => Promise<void>;
export type Call = (request: Request) => Promise<Json>;
/** A parsed body, as far as the scenarios look into it. */
export type Json = any; // eslint-disable-line -- of two releases

class UnexpectedResponse extends Error {}

/** Clients that repeat their scenarios until they are stopped. */
export class Traffic {
  readonly requests: Record<string, number> = {};
  /** By description, with `…` for ids. */
  readonly errors: Record<string, number> = {};
  /** Named in the descriptions of errors. */
  phase = '';
  private isStopped = false;
  private readonly clients: Promise<void>[];

  constructor(
    private readonly rotation: Rotation,
    scenarios: readonly Scenario[],
    pauseMs: number,
  ) {
    this.clients = scenarios.map(async (scenario) => {
      while (!this.isStopped) {
        await scenario(this.call).catch(ignoreUnexpected);
        await pause(pauseMs);
      }
    });
  }

  get total(): number {
    return sumOf(this.requests);
  }

  get failed(): number {
    return sumOf(this.errors);
  }

  /** A scenario that has to succeed, with its result. */
  once<Result>(scenario: (call: Call) => Promise<Result>): Promise<Result> {
    return scenario(this.call);
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    await Promise.all(this.clients);
  }

  private readonly call: Call = async ({ kind, method = 'GET', path, headers = {}, body, status = 200 }) => {
    const response = await this.rotation.send((url) => send(`${url}${path}`, { method, headers, body }));
    this.requests[kind] = (this.requests[kind] ?? 0) + 1;
    if (response.status === status) return response.text === '' ? null : JSON.parse(response.text);
    const description = `${this.phase}: ${method} ${path} ${response.status} ${response.text}`.replace(
      UUID,
      '…',
    );
    this.errors[description] = (this.errors[description] ?? 0) + 1;
    throw new UnexpectedResponse(description);
  };
}

const sumOf = (counts: Record<string, number>) =>
  Object.values(counts).reduce((sum, count) => sum + count, 0);

/** It is counted; the round of its scenario cannot go on. */
function ignoreUnexpected(error: unknown): void {
  if (!(error instanceof UnexpectedResponse)) throw error;
}
