import { setTimeout as pause } from 'node:timers/promises';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { verifyWebhook } from '@tenantry/client';
import type { Api } from '../../support/api.js';
import { until } from '../../support/audit-log.js';
import type { OrgWithAdmin } from '../../support/fixtures.js';
import { ALLOWING_RECEIVERS, type Received, type Receiver, startReceiver } from '../../support/receiver.js';
import { replicasAt, type Replicas } from '../../support/replicas.js';
import type { ServerProcess } from '../../support/server-process.js';
import { createWebhook } from '../support/webhooks.js';
import { startServer } from '../support/fault-server.js';
import { printFigures } from '../support/load.js';
import { PostgresServer } from '../support/postgres-server.js';

const KILLS = 50;
/** Each has one webhook. Some wait for the end of a claim while others go on. */
const ORGS = 9;
const ENTRIES_PER_KILL = 20;
/** Claims of a killed process end after 12 s, and others begin with what waited behind them. */
const AT_LAST_SECONDS = 300;

let postgres: PostgresServer;
let servers: ServerProcess[];
let replicas: Replicas;
const orgs: (OrgWithAdmin & { secret: string; publicKey: string })[] = [];
let receiver: Receiver;
/** The ids of events of which a request was answered with 204. */
const accepted = new Set<string>();
beforeAll(async () => {
  postgres = await PostgresServer.start();
  servers = [start(), start(), start()];
  const urls: string[] = [];
  for (const server of servers) urls.push(await server.ready());
  replicas = replicasAt(urls, postgres.url, async () => undefined);
  const refused = new Set<string>();
  receiver = await startReceiver((response, { event: { id } }) => {
    const fails = !accepted.has(id) && !refused.has(id) && Math.random() < 0.02;
    if (fails) refused.add(id);
    setTimeout(() => {
      if (!fails) accepted.add(id);
      response.writeHead(fails ? 500 : 204).end();
    }, 5);
  });
  while (orgs.length < ORGS) {
    const org = await replicas.fixtures.orgWithAdmin();
    const { secret, publicKey } = await createWebhook(org.admin.api, `${receiver.url}${org.orgId}`);
    orgs.push({ ...org, secret, publicKey });
  }
});
afterAll(async () => {
  await replicas.close();
  for (const server of servers) await server.stop();
  await receiver.stop();
  await postgres.remove();
});

const start = () => startServer(postgres.url, { ...ALLOWING_RECEIVERS, DATABASE_POOL_SIZE: '6' });

const insertEntries = (count: number) =>
  postgres.sql(
    `insert into audit_entries (id, org_id, operation, succeeded, resource_ids, request_method, request_path)
     select gen_random_uuid(), org_id, 'update_workspace', true, array[gen_random_uuid()], 'PATCH', '/x'
     from unnest($1::uuid[]) as org_id, generate_series(1, $2::int)`,
    [orgs.map(({ orgId }) => orgId), count],
  );

/** All events of the organization by id, as the events API returns them. */
async function eventsOf(api: Api): Promise<Map<string, object>> {
  const events = new Map<string, object>();
  for (let cursor = ''; ;) {
    const { body } = await api.get(`/api/v1/orgs/current/events?limit=1000${cursor}`);
    for (const event of body.items) events.set(event.id, event);
    if (body.items.length === 0) return events;
    cursor = `&after=${body.next_cursor}`;
  }
}

it(`loses no event and changes none when replicas are killed ${KILLS} times while they send`, async () => {
  for (let kill = 0; kill < KILLS; kill++) {
    const index = kill % servers.length;
    const server = servers[index] as ServerProcess;
    await server.ready();
    await insertEntries(ENTRIES_PER_KILL);
    await until(() => receiver.open.now > 0, 90);
    await pause(Math.random() * 100);
    server.kill('SIGKILL');
    await server.ended();
    servers[index] = start();
  }
  const url = (await servers[0]?.ready()) ?? '';
  const begunAt = performance.now();
  const expected = new Map<string, object>();
  for (const { orgId, admin } of orgs)
    for (const [id, event] of await eventsOf(admin.api.at(url)))
      expected.set(id, { ...event, organization_id: orgId });
  const missing = () => [...expected.keys()].filter((id) => !accepted.has(id));
  // The creation of a webhook is before its cursor or not.
  const isComplete = () =>
    missing().every((id) => JSON.stringify(expected.get(id)).includes('webhook.created'));
  await until(isComplete, AT_LAST_SECONDS);

  const contents = Map.groupBy(receiver.received, ({ event }) => event.id as string);
  printFigures('webhook kills', {
    events: expected.size,
    requests: receiver.received.length,
    repeated: receiver.received.length - contents.size,
    lastAfterS: Math.round((performance.now() - begunAt) / 1000),
  });
  expect(expected.size).toBeGreaterThanOrEqual(KILLS * ENTRIES_PER_KILL * ORGS);
  for (const [id, requests] of contents) {
    expect(new Set(requests.map(({ body }) => body)).size).toBe(1);
    expect(JSON.parse(requests[0]?.body ?? '')).toEqual(expected.get(id));
  }
  expect(new Set(await Promise.all(receiver.received.map(isAuthentic)))).toEqual(new Set([true]));
});

/** By the npm package, and by our client with either key, at the time when it came. */
async function isAuthentic({ headers, body, event, at }: Received): Promise<boolean> {
  const { secret = '', publicKey = '' } = orgs.find(({ orgId }) => body.includes(orgId)) ?? {};
  const byClient = await Promise.all(
    [secret, publicKey].map((keys) => verifyWebhook({ headers, body, keys, now: new Date(at) })),
  );
  const timestamp = new Date(Number(headers['webhook-timestamp']) * 1000);
  const byPackage = new Webhook(secret).sign(event.id, timestamp, body);
  return (
    byClient.every(({ id }) => id === event.id) && String(headers['webhook-signature']).includes(byPackage)
  );
}
