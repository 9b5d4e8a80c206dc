import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { withClient } from '../database.ts';
import type { BenchContext, Installation } from '../installations.ts';
import { type Reply, expecting, type JsonClient, jsonClient } from '../json-client.ts';
import { NO_LOGIN_LIMITS, startTenantry } from '../processes.ts';
import { type Finding, grouped, milliseconds } from '../report.ts';
import { newSession } from '../sessions.ts';

const PATH = '/api/v1/orgs/current/info';
const BATCH_PATH = '/api/v1/orgs/current/members/basic/batch';
const BATCH_ROWS = 500;
const LOGINS_AT_ONCE = 100;
const READ_EVERY_MS = 10;
const WARM_UP_MS = 3_000;
const IDLE_MS = 5_000;
const LOGINS_MS = 8_000;
const RUNS = 3;
const TARGET = 3; // times the p99 of the idle server

type Outcomes = { hashed: number; refused: number };

/**
 * How long an authenticated read with a session takes while passwords are hashed: for a batch of new accounts, and for
 * logins of unknown addresses from one network without a recent login.
 */
export async function readsWhileHashing({ servers, small }: BenchContext): Promise<Finding[]> {
  const server = await startTenantry(small.databaseUrl, NO_LOGIN_LIMITS);
  servers.push(server);
  const credential = { authorization: `Bearer ${await adminSession(small)}` };
  const [reader, admin] = [jsonClient(server.url, credential), jsonClient(server.url, credential)];
  const others = jsonClient(server.url);
  const read = () => reader('GET', PATH);
  const outcomes: Outcomes = { hashed: 0, refused: 0 };
  const latencies = { idle: [] as number[], batch: [] as number[], logins: [] as number[] };
  await readWhile(read, logInAtOnce(others, { hashed: 0, refused: 0 }, WARM_UP_MS));
  for (let run = 0; run < RUNS; run++) {
    latencies.idle.push(...(await readWhile(read, pause(IDLE_MS))));
    latencies.batch.push(...(await readWhile(read, addMembers(admin))));
    latencies.logins.push(...(await readWhile(read, logInAtOnce(others, outcomes, LOGINS_MS))));
  }
  return report(latencies, outcomes);
}

function report(
  latencies: Record<'idle' | 'batch' | 'logins', readonly number[]>,
  { hashed, refused }: Outcomes,
): Finding[] {
  const idle = p99(latencies.idle);
  const finding = (when: string, value: number): Finding => ({
    what: `  p99 ${when}`,
    ours: milliseconds(value),
    beside: `${milliseconds(idle)} (idle)`,
    ratio: value / idle,
    target: `<= ${TARGET}`,
    met: value / idle <= TARGET,
  });
  const counts = `${grouped(hashed)} hashed, ${grouped(refused)} refused`;
  return [
    {
      ...finding('', idle),
      what: `GET ${PATH} with a session, p99 of the idle server`,
      ...{ beside: '', ratio: null, target: '', met: null },
    },
    finding(`during a basic batch of ${BATCH_ROWS} rows`, p99(latencies.batch)),
    finding(`during ${LOGINS_AT_ONCE} anonymous logins at once (${counts})`, p99(latencies.logins)),
  ];
}

const p99 = (latencies: readonly number[]): number =>
  latencies.toSorted((a, b) => a - b)[Math.ceil(latencies.length * 0.99) - 1]!;

/**
 * The latencies of reads, in milliseconds, until `load` ends. Reads start at a fixed rate whether or not earlier ones
 * have a response, so that a stall counts for every read that it delays.
 */
async function readWhile(read: () => Promise<Reply>, load: Promise<unknown>): Promise<number[]> {
  const end = new AbortController();
  const ended = load.finally(() => end.abort());
  const latencies: Promise<number>[] = [];
  while (!end.signal.aborted) {
    latencies.push(timed(read));
    await pause(READ_EVERY_MS);
  }
  await ended;
  return Promise.all(latencies);
}

async function timed(read: () => Promise<Reply>): Promise<number> {
  const start = performance.now();
  const { status } = await read();
  if (status !== 200) throw new Error(`GET ${PATH} returned ${status}`);
  return performance.now() - start;
}

async function addMembers(client: JsonClient): Promise<void> {
  const body = Array.from({ length: BATCH_ROWS }, () => ({ email: `${randomUUID()}@example.com` }));
  await expecting(200, client('POST', BATCH_PATH, body));
}

/** Each client sends its next login after the response to the last one; after a 429 it waits for Retry-After. */
async function logInAtOnce(client: JsonClient, outcomes: Outcomes, durationMs: number): Promise<void> {
  const end = performance.now() + durationMs;
  const attempt = async () => {
    while (performance.now() < end) {
      const body = { email: `${randomUUID()}@example.com`, password: 'Wrong-Horse-Battery' };
      const { status, headers } = await client('POST', '/api/v1/login', body);
      if (status !== 401 && status !== 429) throw new Error(`POST /api/v1/login returned ${status}`);
      outcomes[status === 401 ? 'hashed' : 'refused']++;
      await pause(Number(headers['retry-after'] ?? 0) * 1000);
    }
  };
  await Promise.all(Array.from({ length: LOGINS_AT_ONCE }, attempt));
}

/** The token of a new session of an organization admin. */
const adminSession = ({ databaseUrl, orgId }: Installation): Promise<string> =>
  withClient(databaseUrl, async (client) => {
    const { rows } = await client.query<{ userId: string }>(ADMIN, [orgId]);
    return newSession(client, rows[0]!.userId);
  });

const ADMIN = `
  select m.user_id as "userId" from org_memberships m join roles r on r.id = m.role_id
  where m.org_id = $1 and r.name = 'ORGANIZATION_ADMIN' limit 1`;
