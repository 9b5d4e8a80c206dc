import { randomUUIDv7 } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Api } from '../../support/api.js';
import { until } from '../../support/audit-log.js';
import { Fixtures, type OrgWithAdmin } from '../../support/fixtures.js';
import { ALLOWING_RECEIVERS, type Received, type Receiver, startReceiver } from '../../support/receiver.js';
import type { ServerProcess } from '../../support/server-process.js';
import { JWT_SECRET } from '../../support/test-app.js';
import { startServer } from '../support/fault-server.js';
import { PostgresServer } from '../support/postgres-server.js';
import { createWebhook } from '../support/webhooks.js';

const EVENTS = '/api/v1/orgs/current/events';
const LOST = 60;
const SECONDS = 60;
const environment = { ...ALLOWING_RECEIVERS, DATABASE_POOL_SIZE: '6' };

let postgres: PostgresServer;
let servers: ServerProcess[] = [];
let urls: string[];
let fixtures: Fixtures;
let org: OrgWithAdmin;
let webhook: Receiver;
let stream: Receiver;
beforeAll(async () => {
  postgres = await PostgresServer.start();
  await startServers();
  const sql = (text: string, values?: unknown[]) => postgres.sql<any>(text, values);
  fixtures = new Fixtures(new Api(urls[0]!), sql, JWT_SECRET);
});
afterAll(async () => {
  await stopServers();
  await postgres.remove();
});
beforeEach(async () => {
  org = await fixtures.orgWithAdmin();
  const admin = org.admin.api.at(urls[0]!);
  [webhook, stream] = [await startReceiver(), await startReceiver()];
  await createWebhook(admin, webhook.url, { types: ['role.created'] });
  await admin.post('/api/v1/orgs/current/log-streams', { url: stream.url });
});
afterEach(() => Promise.all([webhook.stop(), stream.stop()]));

async function startServers(): Promise<void> {
  servers = [startServer(postgres.url, environment), startServer(postgres.url, environment)];
  urls = await Promise.all(servers.map((server) => server.ready()));
}
const stopServers = () => Promise.all(servers.map((server) => server.stop()));

/** Entries of the organization with an event each. Returns the ids of these. */
async function happen(count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, () => randomUUIDv7());
  await postgres.sql(
    `insert into audit_entries (id, org_id, operation, succeeded, resource_ids)
     select id, $1, 'create_role', true, array[gen_random_uuid()] from unnest($2::uuid[]) id`,
    [org.orgId, ids],
  );
  return ids.map((id) => `${id}-0`);
}

/** At each server in turn. Throws on what is no page. */
async function* pagesAfter(cursor: string): AsyncGenerator<{ ids: string[]; cursor: string }> {
  const apis = urls.map((url) => org.admin.api.at(url));
  for (let page = 0, next = cursor; ; page++) {
    const { status, body } = await apis[page % apis.length]!.get(
      `${EVENTS}?after=${next}&types=role.created`,
    );
    if (status !== 200) throw new Error(`${status} ${JSON.stringify(body)}`);
    next = body.next_cursor;
    yield { ids: body.items.map(({ id }: { id: string }) => id), cursor: next };
  }
}

/** Until all of these were returned. */
async function follow(cursor: string, wanted: readonly string[]): Promise<{ ids: string[]; cursor: string }> {
  const ids: string[] = [];
  const end = performance.now() + SECONDS * 1000;
  for await (const page of pagesAfter(cursor)) {
    ids.push(...page.ids);
    if (wanted.every((id) => ids.includes(id)) || performance.now() > end)
      return { ids, cursor: page.cursor };
  }
  return { ids, cursor };
}

const ofWebhook = () => webhook.received.map(({ event }) => String(event.id));
const uidsOf = ({ body }: Received) =>
  body.split('\n').flatMap((line) => (line ? [`${JSON.parse(line).metadata.uid}-0`] : []));
const ofStream = () => stream.received.flatMap(uidsOf);
/** Also stored, so that nothing is sent again. */
const haveArrived = (ids: readonly string[]) =>
  until(async () => {
    const isThere = [ofWebhook(), ofStream()].every((seen) => ids.every((id) => seen.includes(id)));
    if (!isThere) return false;
    const behind = await postgres.sql(
      `select from log_cursors c where claim_id is not null or position < (
         select max(position) from audit_entries e where e.org_id = c.org_id and operation = 'create_role')`,
    );
    return behind.length === 0;
  }, SECONDS);

const isAnswered = (api: Api) => async () => {
  const { status } = await api.get('/api/v1/orgs/current/info').catch(() => ({ status: 0 }));
  return status === 200;
};
const allAnswer = async () => {
  for (const url of urls) await until(isAnswered(org.admin.api.at(url)), SECONDS);
};
const ask = (cursor: string, at = urls[0]!) =>
  org.admin.api.at(at).get(`${EVENTS}?after=${cursor}&types=role.created`);

const FAULTS = [
  ['a data folder was put back', () => postgres.copyData(), (copy: string) => postgres.useData(copy)],
  [
    'an asynchronous standby was promoted',
    async () => {
      const standby = await postgres.startStandby();
      await standby.shutDown(); // it receives nothing from now on
      return standby;
    },
    (standby: PostgresServer) => postgres.promote(standby),
  ],
] as unknown as [string, () => Promise<unknown>, (prepared: unknown) => Promise<void>][];

describe.each(FAULTS)('after %s', (_, prepare, goBack) => {
  /** Returns the cursor of a client that has read what is lost. */
  async function lose(): Promise<string> {
    await haveArrived(await happen(5));
    const cursor = (await ask('now')).body.next_cursor;
    const prepared = await prepare();
    await allAnswer();
    const lost = await happen(LOST);
    await haveArrived(lost);
    const read = await follow(cursor, lost);
    expect(read.ids).toEqual(lost);
    await goBack(prepared);
    return read.cursor;
  }

  it('servers that went on running send every event, and tell clients that their cursor is gone', async () => {
    const cursor = await lose();
    await allAnswer();
    const fresh = await happen(LOST);

    await haveArrived(fresh);
    for (const url of urls) {
      const gone = await ask(cursor, url);
      expect([gone.status, gone.headers.get('x-error-code')]).toEqual([422, 'cursor_gone']);
      const { ids } = await follow(gone.body.after, fresh);
      expect(ids).toEqual(expect.arrayContaining(fresh));
    }
  });

  it('servers that start when positions have passed the old ones tell a client that its cursor is gone', async () => {
    const cursor = await lose();
    await stopServers();
    const fresh = await happen(2 * LOST);
    await startServers();

    const gone = await ask(cursor);
    expect([gone.status, gone.headers.get('x-error-code')]).toEqual([422, 'cursor_gone']);
    expect((await follow(gone.body.after, fresh)).ids).toEqual(expect.arrayContaining(fresh));
    await haveArrived(fresh);
  });
});

it('returns no 422 and sends nothing twice after restarts and a switchover that lose nothing', async () => {
  const all = await happen(20);
  await haveArrived(all);
  let { next_cursor: cursor } = (await ask('now')).body;
  const standby = await postgres.startStandby();
  const switchOver = async () => {
    await postgres.untilFollowed();
    await postgres.promote(standby);
  };
  for (const fault of [() => postgres.restart(), () => postgres.restart('SIGQUIT'), switchOver]) {
    await fault();
    await allAnswer();
    const fresh = await happen(20);
    all.push(...fresh);
    await haveArrived(all);
    const read = await follow(cursor, fresh);
    expect(read.ids).toEqual(fresh);
    ({ cursor } = read);
  }

  expect(ofWebhook().toSorted()).toEqual(all.toSorted());
  const sent = new Set(all);
  expect(ofStream().filter((id) => sent.has(id))).toEqual(all);
});
