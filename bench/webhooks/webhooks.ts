import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Contender, repeated, runAlternating } from '../alternating-runs.ts';
import { withClient } from '../database.ts';
import { type BenchContext, install, type Installation } from '../installations.ts';
import { expecting, type JsonClient, jsonClient } from '../json-client.ts';
import { type ServerProcess, start, startTenantry } from '../processes.ts';
import { type Finding, grouped, perSecond, plainFinding } from '../report.ts';
import type { Received } from './receiver.ts';

const WEBHOOKS = '/api/v1/orgs/current/webhooks';
const SETTINGS = { OUTBOUND_ALLOWED_NETWORKS: '127.0.0.0/8' };
const ENDPOINTS = 3;
const MOST_SLOWER = 0.1;
const UNDELIVERED = Number(process.env['BENCH_UNDELIVERED'] ?? 100_000);
const REPLICAS = 3;
const MOST_MINUTES = 20;

type Bench = Installation & { api: JsonClient; receiver: ServerProcess; replicas: ServerProcess[] };

/** What webhooks cost the requests whose events they send, and how fast three servers send 100,000 events. */
export async function webhooks(context: BenchContext): Promise<Finding[]> {
  const installation = await install(context, 'webhooks', { settings: SETTINGS });
  const receiver = await start([fileURLToPath(new URL('receiver.ts', import.meta.url))], {});
  const api = jsonClient(installation.server.url, { 'x-api-key': installation.adminKey });
  const replicas = [installation.server];
  const bench = { ...installation, api, receiver, replicas };
  try {
    const invitations = await measureInvitations(bench);
    while (replicas.length < REPLICAS) {
      const replica = await startTenantry(installation.databaseUrl, SETTINGS);
      context.servers.push(replica);
      replicas.push(replica);
    }
    return [...invitations, ...(await measureDraining(bench))];
  } finally {
    await receiver.stop();
  }
}

/** In a run with webhooks, they are enabled; in one without, what was not sent waits. */
async function measureInvitations({ api, receiver, workspaceId }: Bench): Promise<Finding[]> {
  const ids: string[] = [];
  for (let index = 0; index < ENDPOINTS; index++)
    ids.push(
      await createWebhook(api, `${receiver.url.replace('127.0.0.1', `127.0.1.${index + 1}`)}/invited`),
    );
  const enable = (isEnabled: boolean) =>
    Promise.all(
      ids.map((id) => expecting(200, api('PATCH', `${WEBHOOKS}/${id}`, { is_enabled: isEnabled }))),
    );
  const invite = async () => {
    const body = { email: `${randomUUID()}@example.com`, workspace_ids: [workspaceId] };
    await expecting(200, api('POST', '/api/v1/orgs/current/members', body));
    return 1;
  };
  const during =
    (isEnabled: boolean, work: Contender): Contender =>
    async (seconds) => {
      await enable(isEnabled);
      const done = await work(seconds);
      await enable(false);
      return done;
    };

  const findings: Finding[] = [];
  for (const atOnce of [1, 16]) {
    const before = await received(receiver, '/invited');
    const runs = await runAlternating({
      without: during(false, repeated(atOnce, invite)),
      with: during(true, repeated(atOnce, invite)),
    });
    const { requests } = await received(receiver, '/invited');
    const ratio = runs.ratio('with', 'without');
    findings.push({
      what: `POST /api/v1/orgs/current/members, ${atOnce} at a time, with ${ENDPOINTS} webhooks (${grouped(requests - before.requests)} requests to them)`,
      ours: perSecond(runs.perSecond('with')),
      beside: `${perSecond(runs.perSecond('without'))} (none)`,
      ratio,
      target: `>= ${1 - MOST_SLOWER}`,
      met: ratio >= 1 - MOST_SLOWER,
    });
  }
  for (const id of ids) await expecting(204, api('DELETE', `${WEBHOOKS}/${id}`));
  return findings;
}

/** Events whose first attempt failed and that are due. */
async function measureDraining({ api, receiver, replicas, databaseUrl, orgId }: Bench): Promise<Finding[]> {
  const id = await createWebhook(api, `${receiver.url}/drained`);
  await insertUndelivered(databaseUrl, orgId, id);
  const begun = performance.now();
  const memory: number[] = [];
  let counts: Received;
  do {
    await pause(1000);
    counts = await received(receiver, '/drained');
    const sizes = await Promise.all(replicas.map(async (each) => (await each.memory())?.now ?? 0));
    memory.push(Math.max(...sizes) / 1e6);
  } while (counts.events < UNDELIVERED && performance.now() - begun < MOST_MINUTES * 60_000);
  const seconds = (performance.now() - begun) / 1000;
  await pause(5000); // for repetitions, and for what is written after the last answers
  counts = await received(receiver, '/drained');
  const left = await undeliveredOf(databaseUrl, id);

  const third = Math.ceil(memory.length / 3);
  const [first, last] = [Math.max(...memory.slice(0, third)), Math.max(...memory.slice(-third))];
  const isComplete = counts.events >= UNDELIVERED && left === 0;
  return [
    plainFinding(
      `${grouped(UNDELIVERED)} undelivered events, ${REPLICAS} servers, ${Math.round(seconds)} s`,
      perSecond(counts.requests / seconds),
    ),
    plainFinding('events that did not arrive, or are still kept', `${UNDELIVERED - counts.events}, ${left}`, {
      ...{ target: '0, 0', met: isComplete },
    }),
    plainFinding('events that arrived with two contents', grouped(counts.contents - counts.events), {
      ...{ target: '0', met: counts.contents === counts.events },
    }),
    plainFinding('events that arrived more than once', grouped(counts.requests - counts.events)),
    plainFinding('highest memory of a server in the last third', `${Math.round(last)} MB`, {
      ...{ beside: `${Math.round(first)} MB (first third)`, ratio: last / first, target: '<= 1.1' },
      met: last / first <= 1.1,
    }),
  ];
}

async function createWebhook(api: JsonClient, url: string): Promise<string> {
  const { status, body } = await api('POST', WEBHOOKS, { url });
  if (status >= 300) throw new Error(`the webhook was not created: ${status} ${JSON.stringify(body)}`);
  return body.id;
}

const received = async ({ url }: ServerProcess, path: string): Promise<Received> =>
  (await fetch(url + path)).json() as Promise<Received>;

const insertUndelivered = (databaseUrl: string, orgId: string, webhookId: string): Promise<unknown> =>
  withClient(databaseUrl, async (client) => {
    await client.query('begin');
    await client.query(`update log_cursors set due_at = 'infinity', claim_id = null where id = $1`, [
      webhookId,
    ]);
    await client.query(ENTRIES, [orgId, UNDELIVERED]);
    await client.query(DELIVERIES, [orgId, webhookId]);
    await client.query('commit');
    await client.query('vacuum analyze audit_entries, webhook_deliveries');
  });

const ENTRIES = `
  insert into audit_entries (id, org_id, operation, succeeded, resource_ids, request_method, request_path)
  select gen_random_uuid(), $1, 'update_workspace', true, array[gen_random_uuid()], 'PATCH', '/benchmark'
  from generate_series(1, $2::int)`;
const DELIVERIES = `
  insert into webhook_deliveries (webhook_id, event_id, position, attempts, next_attempt_at)
  select $2, id || '-0', position, 1, now() from audit_entries
  where org_id = $1 and request_path = '/benchmark'`;

const undeliveredOf = (databaseUrl: string, webhookId: string): Promise<number> =>
  withClient(databaseUrl, async (client) => {
    const text = 'select count(*)::int as count from webhook_deliveries where webhook_id = $1';
    return (await client.query<{ count: number }>(text, [webhookId])).rows[0]!.count;
  });
