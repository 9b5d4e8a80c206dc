import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { verifyWebhook } from '@tenantry/client';
import { until } from '../../support/audit-log.js';
import type { OrgWithAdmin } from '../../support/fixtures.js';
import { ALLOWING_RECEIVERS, type Received, type Receiver, startReceiver } from '../../support/receiver.js';
import { listen, tlsServer } from '../../support/tls.js';
import { createWebhook, deliveriesOf, WEBHOOKS } from '../support/webhooks.js';
import { printFigures } from '../support/load.js';
import { PostgresServer } from '../support/postgres-server.js';
import { type ReplicaProcesses, startReplicaProcesses } from '../support/replica-processes.js';
import { Stalls } from '../support/stalls.js';

/** The longest time of a request, and from an event to a receiver that answers, on a busy machine. */
const REQUEST_MS = 15_000;
const SOON_MS = 8_000;
/** Tolerance for a busy machine. */
const GRACE_MS = 10_000;

let postgres: PostgresServer;
let replicas: ReplicaProcesses;
let org: OrgWithAdmin;
beforeAll(async () => {
  postgres = await PostgresServer.start();
  const environment = { ...ALLOWING_RECEIVERS, DATABASE_POOL_SIZE: '6' };
  replicas = await startReplicaProcesses(postgres, [{ environment }, { environment }, { environment }]);
});
afterAll(async () => {
  await replicas.close();
  await postgres.remove();
});
beforeEach(async () => {
  org = await replicas.fixtures.orgWithAdmin();
});

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

async function receiver(...options: Parameters<typeof startReceiver>): Promise<Receiver> {
  const started = await startReceiver(...options);
  cleanUps.push(started.stop);
  return started;
}

/** A receiver without HTTP: `answer` gets the connection after the request has begun. */
async function rawReceiver(answer: (socket: Socket) => unknown): Promise<string> {
  const sockets = new Set<Socket>();
  const server: Server = createTcpServer((socket) => {
    sockets.add(socket.on('error', () => undefined));
    socket.once('data', () => answer(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanUps.push(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

/** An event. Returns the name of the role that it made. */
async function happen({ admin }: OrgWithAdmin = org): Promise<string> {
  const role = { display_name: replicas.fixtures.email('role'), description: '', permissions: ['runs:read'] };
  const { status, body } = await admin.api.post('/api/v1/orgs/current/roles', role);
  expect(status).toBe(200);
  return body.id;
}

/** How long it takes from the change of a role to the request, without stalls. */
async function delayMs(to: Receiver, of: OrgWithAdmin): Promise<number> {
  const stalls = new Stalls();
  const begunAt = Date.now();
  const roleId = await happen(of);
  const isOf = ({ body }: Received) => body.includes(roleId);
  await until(() => to.received.some(isOf), 60);
  stalls.stop();
  return to.received.find(isOf)!.at - begunAt - stalls.ms;
}

async function attemptsOf(webhookId: string, count = 1, seconds = 120): Promise<any[]> {
  let attempts: any[] = [];
  await until(async () => {
    attempts = await deliveriesOf(org.admin.api, webhookId);
    return attempts.length >= count;
  }, seconds);
  return attempts;
}

describe('a receiver', () => {
  it('that fails in any way is shown in time, and delays no other webhook of the organization', async () => {
    const tls = tlsServer();
    cleanUps.push(() => tls.close());
    const port = await listen(tls);
    const drip = (socket: Socket) => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      const timer = setInterval(() => socket.write('.'), 100);
      socket.once('close', () => clearInterval(timer));
    };
    const flood = async (socket: Socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 1000000000\r\n\r\n');
      for (let sent = 0; sent < 1e9 && !socket.destroyed; sent += 2 ** 16)
        if (!socket.write(Buffer.alloc(2 ** 16))) await pause(1);
    };
    const closed = await rawReceiver(() => undefined);
    const urls = {
      untrusted: `https://127.0.0.1:${port}/`,
      neverAnswers: closed,
      neverEnds: await rawReceiver(drip),
      sendsAGigabyte: await rawReceiver(flood),
      closes: await rawReceiver((socket) => socket.destroy()),
      refuses: 'http://127.0.0.1:9/',
      hasNoName: 'https://receiver.invalid/',
      redirects: (await receiver((response) => response.writeHead(302, { location: closed }).end())).url,
    };
    const ids: Record<string, string> = {};
    for (const [name, url] of Object.entries(urls))
      ids[name] = (await createWebhook(org.admin.api, url, { types: ['role.created'] })).id;
    const healthy = await receiver();
    await createWebhook(org.admin.api, healthy.url, { types: ['role.created'] });

    const healthyMs = await delayMs(healthy, org);
    const shown: Record<string, unknown> = {};
    for (const [name, id] of Object.entries(ids)) {
      const first = (await attemptsOf(id)).at(-1)!;
      shown[name] = [first.attempt, first.status, first.code, first.response];
      expect(first.duration_ms).toBeLessThan(REQUEST_MS + GRACE_MS);
    }

    printFigures('webhooks', { healthyMs });
    const nothing = [1, null, 'connection_failed', null];
    expect(shown).toEqual({
      untrusted: nothing,
      neverAnswers: nothing,
      neverEnds: nothing,
      sendsAGigabyte: [1, '2xx', null, null],
      closes: nothing,
      refuses: nothing,
      hasNoName: [1, null, 'address_refused', null],
      redirects: [1, '3xx', null, null],
    });
    expect(healthyMs).toBeLessThan(SOON_MS);
  });

  it('with 50 endpoints of three organizations has few requests at a time, and another one does not wait', async () => {
    const crowded = await receiver((response) => setTimeout(() => response.writeHead(204).end(), 300));
    const other = await receiver(undefined, '127.0.0.2');
    const orgs = [org, await replicas.fixtures.orgWithAdmin(), await replicas.fixtures.orgWithAdmin()];
    for (const each of orgs)
      for (let index = 0; index < 17; index++)
        await createWebhook(each.admin.api, `${crowded.url}${index}`, { types: ['role.created'] });
    const stranger = await replicas.fixtures.orgWithAdmin();
    await createWebhook(stranger.admin.api, other.url, { types: ['role.created'] });

    await Promise.all(orgs.map((each) => happen(each)));
    const otherMs = await delayMs(other, stranger);
    await crowded.waitFor(51, 60);

    printFigures('webhooks', { otherMs, mostAtOnce: crowded.open.most });
    expect(otherMs).toBeLessThan(SOON_MS);
    expect(crowded.open.most).toBeLessThanOrEqual(16 * replicas.urls.length);
    expect(crowded.received.every(({ body }) => body.includes('role.created'))).toBe(true);
  });

  it('that has not answered for long delays neither its organization nor others, for 500 events', async () => {
    const dead = await receiver(() => undefined);
    await createWebhook(org.admin.api, dead.url);
    const stranger = await replicas.fixtures.orgWithAdmin();
    const [near, far] = [await receiver(undefined, '127.0.0.2'), await receiver(undefined, '127.0.0.3')];
    await createWebhook(org.admin.api, near.url, { types: ['role.created'] });
    await createWebhook(stranger.admin.api, far.url, { types: ['role.created'] });
    await replicas.sql(
      `insert into audit_entries (id, org_id, operation, succeeded, resource_ids, request_method, request_path)
       select gen_random_uuid(), $1, 'update_workspace', true, array[gen_random_uuid()], 'PATCH', '/x'
       from generate_series(1, 500)`,
      [org.orgId],
    );
    await dead.waitFor(1, 30);

    const delays: number[] = [];
    for (let round = 0; round < 10; round++)
      delays.push(await delayMs(near, org), await delayMs(far, stranger));

    printFigures('webhooks', { withADeadOneMs: delays });
    expect(Math.max(...delays)).toBeLessThan(SOON_MS);
  });
});

describe('a webhook that changes while events are sent', () => {
  it.each([
    ['signs with both secrets during the overlap', 1, 4, [true, true]],
    ['signs with the new secret alone without an overlap', 0, 2, [false, true]],
  ])('%s, also what has failed before', async (_what, overlap, signatures, isAccepted) => {
    const failing = await receiver((response) => response.writeHead(500).end());
    const { id, ...old } = await createWebhook(org.admin.api, failing.url, { types: ['role.created'] });
    await happen();
    await failing.waitFor(1);
    const { body: rotated } = await org.admin.api.post(`${WEBHOOKS}/${id}/rotate-secret`, {
      overlap_hours: overlap,
    });
    const [first, second] = (await failing.waitFor(2, 30)) as [Received, Received];

    expect(second).toMatchObject({ event: { id: first.event.id }, body: first.body });
    const accepts = ({ headers, body }: Received, ...each: string[]) =>
      Promise.all(
        each.map((keys) =>
          verifyWebhook({ headers, body, keys }).then(
            (event) => event.id === first.event.id,
            () => false,
          ),
        ),
      );
    expect(await accepts(first, old.secret, old.publicKey)).toEqual([true, true]);
    expect(String(second.headers['webhook-signature']).split(' ')).toHaveLength(signatures);
    expect(await accepts(second, old.secret, rotated.secret)).toEqual(isAccepted);
    expect(await accepts(second, old.publicKey, rotated.public_key)).toEqual(isAccepted);
  });

  it('is deleted during a delivery at once, and sends nothing afterwards', async () => {
    const held: (() => void)[] = [];
    const slow = await receiver((response) => held.push(() => response.writeHead(500).end()));
    const { id } = await createWebhook(org.admin.api, slow.url, { types: ['role.created'] });
    await happen();
    await slow.waitFor(1);

    const begunAt = performance.now();
    expect((await org.admin.api.delete(`${WEBHOOKS}/${id}`)).status).toBe(204);
    expect(performance.now() - begunAt).toBeLessThan(SOON_MS);
    for (const answer of held) answer();
    await happen();
    await pause(8_000); // the second attempt would be after 5 s

    expect(slow.received).toHaveLength(1);
    expect((await org.admin.api.get(`${WEBHOOKS}/${id}/deliveries`)).status).toBe(404);
    for (const table of ['webhook_deliveries', 'webhook_attempts'])
      expect(await replicas.sql(`select from ${table} where webhook_id = $1`, [id])).toEqual([]);
    expect(await replicas.sql('select from log_cursors where id = $1', [id])).toEqual([]);
  });
});
