import { setTimeout as pause } from 'node:timers/promises';
import type { AccessRule } from '../../src/common/access/access.guard.js';
import { exchange } from './exchange.js';

/** The process of the global setup that runs servers for this worker. */
function host(): string {
  const { TENANTRY_TEST_HOSTS: hosts, JEST_WORKER_ID: worker } = process.env;
  const url = hosts?.split(',')[Number(worker) - 1];
  if (!url) throw new Error('run the tests with `npm test`: the global setup starts their servers');
  return url;
}

async function ask<Result>(what: string, body: object): Promise<Result> {
  const { status, text } = await exchange(`${host()}/${what}`, {
    method: 'POST',
    body: JSON.stringify(body),
  });
  const response = JSON.parse(text) as Result & { message: string; stack: string };
  if (status !== 200) throw Object.assign(new Error(response.message), { stack: response.stack });
  return response;
}

/** Starts the built server; returns its URL. */
export const startServer = (
  databaseUrl: string,
  environment: Record<string, string | undefined>,
): Promise<{ url: string }> => ask('start', { databaseUrl, environment });

export const stopServer = (url: string): Promise<unknown> => ask('stop', { url });

/** Runs `npm run admin -- <args>` without a separate process; returns exit code and output. */
export const adminIn = (
  databaseUrl: string,
  environment: Record<string, string | undefined>,
  args: readonly string[],
  input = '',
): Promise<{ code: number; lines: string[] }> => ask('admin', { databaseUrl, environment, args, input });

/** How many times the server acquired a database connection, how many statements it sent, in how many round trips. */
export const countsOf = (url: string): Promise<{ queries: number; statements: number; roundTrips: number }> =>
  ask('counts', { url });

/** Lets this worker's servers on the database read what has changed; false if others may not have read it yet. */
export const applyAccessChanges = async (databaseUrl: string): Promise<boolean> =>
  (await ask<{ areApplied: boolean }>('access-changes', { databaseUrl })).areApplied;

/** A handler at one of its routes, with the metadata of its decorators. */
export type Endpoint = {
  name: string;
  /** `GET /path` */
  route: string;
  rule?: AccessRule;
  /** The classes of the guards of the handler alone. */
  guards: string[];
  /** The operation of its audit entries. */
  audited?: string;
};

export const endpointsOf = (url: string): Promise<Endpoint[]> => ask('endpoints', { url });

const outputFrom = (from: number) => ask<{ text: string; end: number }>('output', { from });

/** Everything that this worker's servers write to stdout and stderr while `work` runs, and then until `last` is in it. */
export async function loggedDuring(work: () => Promise<unknown>, last = ''): Promise<string> {
  const { end } = await outputFrom(Number.MAX_SAFE_INTEGER);
  await work();
  for (;;) {
    const { text } = await outputFrom(end);
    if (text.includes(last)) return text;
    await pause(5);
  }
}
