import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Reply } from '../support/api.js';
import type { Member, OrgWithAdmin } from '../support/fixtures.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const BATCH = '/api/v1/orgs/current/members/basic/batch';
const [HOME, ELSEWHERE] = ['203.0.113.7', '198.51.100.1'];

/** Hashing slower than sending a few dozen requests, and a queue that those requests fill. */
const SLOW_HASHES = { TEST_HASHING_PASSES: '500', TEST_WAITING_LOGINS: '4', TRUSTED_PROXIES: '127.0.0.0/8' };

let t: TestApp;
let org: OrgWithAdmin;
let member: Member;
beforeAll(async () => {
  t = await startTestApp(SLOW_HASHES);
  org = await t.fixtures.defaultOrg();
});
beforeEach(async () => {
  member = await t.fixtures.member(org, {});
});
afterAll(() => t.close());

const logIn = (from: string, email: string, password = 'Wrong-Horse-Battery'): Promise<Reply> =>
  t.api.post('/api/v1/login', { email, password }, { headers: { 'x-forwarded-for': from } });

const atOnce = <T>(times: number, work: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: times }, (_, index) => work(index)));

/** The number of responses by status. */
const counted = (statuses: readonly (number | null)[]) =>
  Object.fromEntries([...Map.groupBy(statuses, String)].map(([status, all]) => [status, all.length]));

describe('anonymous logins that fill their half of the hashing queue', () => {
  it('returns 429 with Retry-After and audits every refused login when anonymous logins fill the queue', async () => {
    const [before] = await t.sql<{ last: string }>('select max(position) as last from audit_entries');

    const replies = await atOnce(30, () => logIn(ELSEWHERE, t.fixtures.email('unknown')));

    const refused = replies.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(0);
    for (const { headers, body } of refused) {
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
      expect(body).toEqual({ detail: expect.stringMatching(/try again in \d+ seconds/) });
    }
    const rows = await t.sql<{ status: number }>(
      `select response_status as status from audit_entries
       where operation = 'login' and not succeeded and position > $1`,
      [before!.last],
    );
    expect(counted(rows.map(({ status }) => status))).toEqual(counted(replies.map(({ status }) => status)));
  });

  it('logs in users from networks with a recent login while anonymous logins fill the queue', async () => {
    expect((await logIn(HOME, member.email, member.password)).status).toBe(200);
    const end = new AbortController();
    const seen: number[] = [];
    const flood = atOnce(12, async () => {
      while (!end.signal.aborted) seen.push((await logIn(ELSEWHERE, t.fixtures.email('unknown'))).status);
    });
    while (!seen.includes(429)) await logIn(ELSEWHERE, t.fixtures.email('unknown'));

    const replies = [];
    for (let count = 0; count < 5; count++) replies.push(await logIn(HOME, member.email, member.password));
    end.abort();
    await flood;

    expect(replies.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
  });
});

describe('a batch that creates accounts', () => {
  const rows = (count: number) => Array.from({ length: count }, () => ({ email: t.fixtures.email('new') }));

  it('hashes the password of a later login before the rest of a batch', async () => {
    const order: string[] = [];
    const batch = org.admin.api.post(BATCH, rows(25)).then(({ status }) => order.push(`batch ${status}`));

    for (let count = 0; count < 3; count++)
      order.push(`login ${(await logIn(ELSEWHERE, t.fixtures.email('unknown'))).status}`);
    await batch;

    expect(order).toEqual(['login 401', 'login 401', 'login 401', 'batch 200']);
  });

  it('sets single passwords while a batch of accounts is hashed', async () => {
    const order: string[] = [];
    const batch = org.admin.api.post(BATCH, rows(25)).then(({ status }) => order.push(`batch ${status}`));

    for (const password of ['Another-Horse-Battery', 'Yet-Another-Horse-Battery']) {
      const { status } = await org.admin.api.patch(`/api/v1/orgs/current/members/${member.membershipId}`, {
        password,
      });
      order.push(`member ${status}`);
    }
    await batch;

    expect(order).toEqual(['member 200', 'member 200', 'batch 200']);
  });

  it('returns 429 with Retry-After and creates nothing when too many other batches are hashed', async () => {
    const bodies = Array.from({ length: 24 }, () => rows(2));

    const replies = await atOnce(bodies.length, (index) => org.admin.api.post(BATCH, bodies[index]));

    const refused = bodies.filter((_, index) => replies[index]!.status === 429);
    expect(counted(replies.map(({ status }) => status))).toEqual({
      200: 24 - refused.length,
      429: refused.length,
    });
    expect(refused.length).toBeGreaterThan(0);
    for (const { headers } of replies.filter(({ status }) => status === 429))
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    const emails = refused.flat().map(({ email }) => email);
    expect(await t.sql('select id from users where email = any($1)', [emails])).toEqual([]);
  });
});

it('returns 500 when a refused login cannot be audited', async () => {
  await t.sql(`
    create function refuse_logins() returns trigger language plpgsql as $$
    begin raise exception 'no more rows'; end $$;
    create trigger audit_entries_refuse_logins before insert on audit_entries
      for each row when (new.operation = 'login') execute function refuse_logins();`);
  try {
    await expect(logIn(ELSEWHERE, member.email)).rejects.toThrow(/returned 500/);
  } finally {
    await t.sql('drop function refuse_logins() cascade');
  }
});
