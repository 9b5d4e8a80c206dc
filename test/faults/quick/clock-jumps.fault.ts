import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Api } from '../../support/api.js';
import { until } from '../../support/audit-log.js';
import { MailServer, partOf } from '../../support/mail-server.js';
import type { ServerProcess } from '../../support/server-process.js';
import { ADMIN } from '../../support/test-app.js';
import { FakeTime, hasFakeTime } from '../support/fake-time.js';
import { startServer } from '../support/fault-server.js';
import { printFigures } from '../support/load.js';
import { PostgresServer } from '../support/postgres-server.js';

const SESSION_SECONDS = 3600;
/** Of a key that is used once before it expires. */
const SOON_SECONDS = 5;
const REQUESTS_PER_MINUTE = 40;
const LIMITS = {
  BASIC_AUTH_SESSION_SECONDS: String(SESSION_SECONDS),
  AUDIT_RETENTION_DAYS: '1',
  AUDIT_SEAL_SECONDS: '1',
  REMOVAL_INTERVAL_SECONDS: '1',
  RATE_LIMIT_LOGINS_PER_EMAIL_PER_MINUTE: '3',
  RATE_LIMIT_REQUESTS_PER_MINUTE: String(REQUESTS_PER_MINUTE),
};
const JUMPS: [name: string, offset: string, health: RegExp][] = [
  ['a day ahead', '+1d', /^86(399|40\d) s ahead/],
  ['a day behind', '-1d', /^-86(399|40\d) s ahead/],
  ['back to the true time', '+0', /^as the database/],
];

let postgres: PostgresServer;
let clock: FakeTime;
let mail: MailServer;
let servers: ServerProcess[];
/** At the process whose clock jumps, and at a replica with the true time. */
let jumping: Api;
let replica: Api;
/** Made before the first jump. */
let token: string;
let keys: { expired: string; valid: string };

const describeIfFakeTime = hasFakeTime ? describe : describe.skip;

describeIfFakeTime('a server whose clock jumps while it runs', () => {
  beforeAll(async () => {
    postgres = await PostgresServer.start();
    clock = new FakeTime();
    mail = await MailServer.start();
    const environment = { ...LIMITS, ...mail.environment };
    const first = startServer(postgres.url, { ...environment, ...clock.environment });
    jumping = new Api(await first.ready());
    const second = startServer(postgres.url, environment);
    replica = new Api(await second.ready());
    servers = [first, second];
    token = await logIn(jumping);
    keys = { expired: await newKey(SOON_SECONDS), valid: await newKey(7200) };
    await seedOldRows();
    await until(async () => (await statusOf(jumping, { key: keys.expired })) === 401, 60);
  });

  afterAll(async () => {
    await Promise.all(servers.map((server) => server.stop()));
    await postgres.remove();
    await mail.stop();
    clock.remove();
  });

  it.each(JUMPS)(
    'keeps sessions valid and issues sessions that replicas accept, %s',
    async (name, offset, health) => {
      clock.jumpTo(offset);
      const { body } = await jumping.get('/api/v1/health');
      expect(body.clock).toMatch(health);

      expect(await statusOf(jumping, { token })).toBe(200);
      const fresh = await logIn(jumping);
      const [length] = await postgres.sql<{ seconds: number }>(`
      select extract(epoch from expires_at - now())::float8 as seconds from sessions order by id desc limit 1`);
      printFigures(`clock ${name}`, { health: body.clock, secondsOfNewSession: Math.round(length!.seconds) });
      expect(Math.abs(length!.seconds - SESSION_SECONDS)).toBeLessThan(10);
      expect(await statusOf(jumping, { token: fresh })).toBe(200);
      expect(await statusOf(replica, { token: fresh })).toBe(200);
    },
  );

  it.each(JUMPS)('keeps expired keys expired and valid keys valid, %s', async (_, offset) => {
    clock.jumpTo(offset);

    expect(await statusOf(jumping, { key: keys.expired })).toBe(401);
    expect(await statusOf(jumping, { key: keys.valid })).toBe(200);
    const late = await jumping.as({ token }).post('/api/v1/api-key/current', {
      description: 'expired when it is made',
      expires_at: new Date(Date.now() - 60_000).toISOString(),
    });
    expect(late.status).toBe(422);
    expect(await statusOf(replica, { key: await newKey(7200) })).toBe(200);
  });

  it.each(JUMPS)('refuses keys that expire or are deleted after it has used them, %s', async (_, offset) => {
    clock.jumpTo('+0');
    const [expiring, deleted] = [await newKey(SOON_SECONDS), await newKey(7200)];
    const expiredAt = performance.now() + SOON_SECONDS * 1000;
    for (const key of [expiring, deleted]) expect(await statusOf(jumping, { key })).toBe(200);
    clock.jumpTo(offset);
    await replica.as({ token }).delete(`/api/v1/api-key/current/${await idOf(deleted)}`);

    expect(await statusOf(jumping, { key: deleted })).toBe(401);
    await pause(Math.max(0, expiredAt - performance.now()));
    expect(await statusOf(jumping, { key: expiring })).toBe(401);
  });

  it('neither opens the limit on logins early nor keeps it closed for a day', async () => {
    clock.jumpTo('+0');
    const attempt = (index: number) =>
      jumping.post('/api/v1/login', { email: `stranger-${index}@example.com`, password: 'wrong' });
    for (const [index, [, offset]] of JUMPS.entries()) {
      clock.jumpTo('+0');
      for (let count = 0; count < 3; count++) expect((await attempt(index)).status).toBe(401);
      clock.jumpTo(offset);
      await expectClosed(await attempt(index));
      await postgres.sql(`update rate_windows set started_at = started_at - interval '61 seconds'`);
      expect((await attempt(index)).status).toBe(401);
    }
  });

  it('neither opens the limit on requests early nor closes it for a day', async () => {
    clock.jumpTo('+0');
    const caller = jumping.as({ key: await newKey(7200) });
    for (let count = 0; count < REQUESTS_PER_MINUTE; count++) await caller.get('/api/v1/orgs/current');
    for (const [, offset] of JUMPS) {
      clock.jumpTo(offset);
      await expectClosed(await caller.get('/api/v1/orgs/current'));
    }
  });

  it('sends one mail about what expires in a week, and none about what would by its clock, two years off', async () => {
    for (const [index, offset] of ['+730d', '-730d'].entries()) {
      clock.jumpTo(offset);
      await seedTokens({ [`week-${index}`]: 7, [`years-${index}`]: 737 });
      await mail.mailsTo(ADMIN.email, index + 1);
      await pause(3000); // each server looks for what is due every second

      expect(mail.to(ADMIN.email)).toHaveLength(index + 1);
      expect(partOf(mail.to(ADMIN.email)[index]!, 'text/plain').match(/week-\d|years-\d/g)).toEqual([
        `week-${index}`,
      ]);
    }
    clock.jumpTo('+0');
  });

  it('removes nothing by retention while its clock is a day ahead or behind', async () => {
    const before = await kept();
    for (const [, offset] of JUMPS) {
      clock.jumpTo(offset);
      await pause(3000); // sealing and removal run every second
    }
    const after = await kept();

    printFigures('kept through the jumps', after);
    expect(after).toEqual(before);
    await until(async () => (await unsealed()) === 0, 60); // the job has run
  });
});

async function logIn(api: Api): Promise<string> {
  const { status, body } = await api.post('/api/v1/login', ADMIN);
  expect(status).toBe(200);
  return body.access_token;
}

const statusOf = async (api: Api, identity: { token: string } | { key: string }): Promise<number> =>
  (await api.as(identity).get('/api/v1/orgs/current')).status;

async function newKey(seconds: number): Promise<string> {
  const { status, body } = await jumping.as({ token }).post('/api/v1/api-key/current', {
    description: 'of the clock',
    expires_at: new Date(Date.now() + seconds * 1000).toISOString(),
  });
  expect(status).toBe(200);
  return body.key;
}

async function idOf(key: string): Promise<string> {
  const { body } = await replica.as({ token }).get('/api/v1/api-key/current');
  const shortKey = `${key.slice(0, 12)}...${key.slice(-4)}`;
  return body.find(({ short_key }: { short_key: string }) => short_key === shortKey).id;
}

async function expectClosed({ status, headers }: { status: number; headers: Headers }): Promise<void> {
  const seconds = Number(headers.get('retry-after'));

  expect(status).toBe(429);
  expect(seconds).toBeGreaterThan(0);
  expect(seconds).toBeLessThanOrEqual(60);
}

/** Audit entries, and an expired invitation and key, that would be too old for a clock that is a day ahead. */
async function seedOldRows(): Promise<void> {
  await postgres.sql(`
    insert into audit_entries (id, operation, succeeded, resource_ids, created_at)
    select gen_random_uuid(), 'login', true, '{}', now() - interval '12 hours' from generate_series(1, 50)`);
  const almost = `now() - interval '179 days 12 hours'`;
  await postgres.sql(`
    insert into invitations (id, org_id, email, org_role_id, from_workspace, expires_at)
    select gen_random_uuid(), org_id, 'late@example.com', role_id, false, ${almost} from org_memberships limit 1`);
  await postgres.sql(`
    insert into api_keys (id, kind, org_id, user_id, digest, short_key, description, expires_at)
    select gen_random_uuid(), 'pat', org_id, user_id, 'late', 'short', '', ${almost} from org_memberships limit 1`);
}

/** Tokens of the admin, by the days until they expire. */
async function seedTokens(days: Readonly<Record<string, number>>): Promise<void> {
  await postgres.sql(
    `
    insert into api_keys (id, kind, org_id, user_id, digest, short_key, description, created_at, expires_at)
    select gen_random_uuid(), 'pat', m.org_id, m.user_id, uuid_send(gen_random_uuid()), 'short', name,
      now() - interval '90 days', date_trunc('day', now(), 'UTC') + make_interval(days => days::int, hours => 12)
    from jsonb_each_text($1::jsonb) as given (name, days),
      (select * from org_memberships limit 1) m`,
    [JSON.stringify(days)],
  );
}

async function unsealed(): Promise<number> {
  const rows = await postgres.sql(
    'select from audit_entries where position > (select coalesce(max(through), 0) from audit_seals)',
  );
  return rows.length;
}

/** The number of rows that a clock ahead would take for old. */
async function kept(): Promise<Record<string, number>> {
  const [row] = await postgres.sql<Record<string, number>>(`
    select
      (select count(*)::int from audit_entries where created_at < now() - interval '11 hours') as old_entries,
      (select count(*)::int from invitations) as invitations,
      (select count(*)::int from sessions) as sessions,
      (select count(*)::int from api_keys) as api_keys`);
  return row!;
}
