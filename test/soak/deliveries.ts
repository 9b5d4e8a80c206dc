import { WEBHOOKS } from '../faults/support/webhooks.js';
import type { PostgresServer } from '../faults/support/postgres-server.js';
import { type Received, startReceiver } from '../support/receiver.js';
import type { Clients } from './clients.js';
import type { Random } from './random.js';
import type { Tenant } from './scenarios.js';

type Event = { readonly id: string; readonly type: string };

/** Never sent to a webhook. */
const UNSENT = ['request.refused', 'audit_log.read'];

/** What has arrived from the webhooks and log streams of some organizations. A few requests are refused once. */
export class Deliveries {
  private readonly followed: Tenant[] = [];

  private constructor(
    private readonly webhooks: Receiver,
    private readonly logStreams: Receiver,
  ) {}

  static async start(random: Random): Promise<Deliveries> {
    const idsIn = (body: string) => body.split('\n').flatMap((line) => (line === '' ? [] : uidOf(line)));
    const webhooks = await receive(random, ({ event }) => [event.id]);
    return new Deliveries(webhooks, await receive(random, ({ body }) => idsIn(body)));
  }

  async follow(tenant: Tenant, { call }: Clients): Promise<void> {
    const headers = tenant.installation.admin;
    const create = (path: string, url: string, body: object = {}) =>
      call({ kind: 'setup', method: 'POST', path, headers, body: { url, ...body }, status: 201 });
    await create(WEBHOOKS, this.webhooks.url);
    await create('/api/v1/orgs/current/log-streams', this.logStreams.url, { description: 'Soak' });
    this.followed.push(tenant);
  }

  /** What has to have arrived: each returns the ids that have not. */
  async expect(clients: Clients, postgres: PostgresServer) {
    const events = (await Promise.all(this.followed.map((each) => eventsOf(each, clients)))).flat();
    const entries = await entriesOf(this.followed, postgres);
    return {
      count: events.length + entries.length,
      missing: () => [
        ...events.filter((id) => !this.webhooks.accepted.has(id)).map((id) => `event ${id}`),
        ...entries.filter((id) => !this.logStreams.accepted.has(id)).map((id) => `entry ${id}`),
      ],
    };
  }

  async stop(): Promise<void> {
    await this.webhooks.stop();
    await this.logStreams.stop();
  }
}

const uidOf = (line: string) => (JSON.parse(line) as { metadata: { uid: string } }).metadata.uid;

type Receiver = Awaited<ReturnType<typeof receive>>;

/** `accepted`: the ids in requests that were answered with 204. */
async function receive(random: Random, idsIn: (sent: Received) => string[]) {
  const [accepted, refused] = [new Set<string>(), new Set<string>()];
  const { url, stop } = await startReceiver((response, sent) => {
    const ids = idsIn(sent);
    const isRefused = random() < 0.02 && ids.every((id) => !refused.has(id)); // the next attempt is after 5 s
    for (const id of ids) (isRefused ? refused : accepted).add(id);
    response.writeHead(isRefused ? 500 : 204).end();
  });
  return { url, stop, accepted };
}

/** Since the webhook was created, as the API lists them. */
async function eventsOf({ installation }: Tenant, { call }: Clients): Promise<string[]> {
  const events: Event[] = [];
  for (let after = ''; ;) {
    const path = `/api/v1/orgs/current/events?limit=1000${after}`;
    const { items, next_cursor: next } = await call({ kind: 'read', path, headers: installation.admin });
    events.push(...(items as Event[]));
    if (items.length === 0) break;
    after = `&after=${next}`;
  }
  const created = events.findIndex(({ type }) => type === 'webhook.created');
  return events.slice(created + 1).flatMap(({ id, type }) => (UNSENT.includes(type) ? [] : id));
}

/** Entries of the audit log since the log stream was created. */
async function entriesOf(tenants: readonly Tenant[], postgres: PostgresServer): Promise<string[]> {
  const rows = await postgres.sql<{ id: string }>(
    `select a.id from audit_entries a
     where a.org_id = any($1) and a.position > (select c.position from audit_entries c
       where c.org_id = a.org_id and c.operation = 'create_log_stream' order by c.position limit 1)`,
    [tenants.map(({ orgId }) => orgId)],
  );
  return rows.map(({ id }) => id);
}
