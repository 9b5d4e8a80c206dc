import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Member } from '../support/fixtures.js';
import { ADMIN, startTestApp, type TestApp } from '../support/test-app.js';

const [HOME, OFFICE] = ['203.0.113.7', '203.0.113.8'];
const WRONG = 'Wrong-Horse-Battery';

/** A server behind a proxy on this machine, which forwards the address of each login. */
async function withLimits(
  limits: Record<string, string>,
  test: (t: TestApp) => Promise<void>,
): Promise<void> {
  const t = await startTestApp({ ...limits, TRUSTED_PROXIES: '127.0.0.0/8' });
  try {
    await test(t);
  } finally {
    await t.close();
  }
}

const logIn = async (t: TestApp, from: string, email: string, password = WRONG): Promise<number> => {
  const headers = { 'x-forwarded-for': from };
  return (await t.api.post('/api/v1/login', { email, password }, { headers })).status;
};

/** The statuses of failed logins, one from each address, each for another unknown account. */
async function attempts(t: TestApp, addresses: readonly string[]): Promise<number[]> {
  const statuses: number[] = [];
  for (const address of addresses) statuses.push(await logIn(t, address, t.fixtures.email('unknown')));
  return statuses;
}

const strangers = (count: number) => Array.from({ length: count }, (_, index) => `198.51.100.${index + 1}`);

describe('the limits of login attempts per network', () => {
  it('counts IPv6 addresses of one /56 together, whichever /64 they are in', () =>
    withLimits({ RATE_LIMIT_LOGINS_PER_IPV6_56_PER_MINUTE: '3' }, async (t) => {
      const inOne56 = ['2001:db8:0:1::1', '2001:db8:0:2::1', '2001:db8:0:3::1', '2001:db8:0:ff::1'];

      expect(await attempts(t, inOne56)).toEqual([401, 401, 401, 429]);
      expect(await attempts(t, ['2001:db8:0:100::1'])).toEqual([401]);
    }));

  it('allows 60 attempts per minute from one /56 by default', () =>
    withLimits({ RATE_LIMIT_LOGINS_PER_MINUTE: '60' }, async (t) => {
      const addresses = Array.from({ length: 70 }, (_, index) => `2001:db8:0:${index.toString(16)}::1`);

      const statuses = await attempts(t, addresses);

      expect(statuses.filter((status) => status === 401)).toHaveLength(60);
      expect(statuses.filter((status) => status === 429)).toHaveLength(10);
    }));

  it('counts IPv6 addresses of one /48 together, whichever /56 they are in', () =>
    withLimits({ RATE_LIMIT_LOGINS_PER_IPV6_48_PER_MINUTE: '3' }, async (t) => {
      const inOne48 = ['2001:db8:1:100::1', '2001:db8:1:200::1', '2001:db8:1:300::1', '2001:db8:1:ff00::1'];

      expect(await attempts(t, inOne48)).toEqual([401, 401, 401, 429]);
      expect(await attempts(t, ['2001:db8:2::1'])).toEqual([401]);
    }));

  it('does not count attempts for a wider network that a narrower one has refused', () =>
    withLimits(
      { RATE_LIMIT_LOGINS_PER_MINUTE: '2', RATE_LIMIT_LOGINS_PER_IPV6_48_PER_MINUTE: '4' },
      async (t) => {
        const flood = Array.from({ length: 10 }, () => '2001:db8:1:100::1');
        const neighbours = ['2001:db8:1:200::1', '2001:db8:1:300::1', '2001:db8:1:400::1'];

        expect(await attempts(t, flood)).toEqual([401, 401, ...Array.from({ length: 8 }, () => 429)]);
        expect(await attempts(t, neighbours)).toEqual([401, 401, 429]);
      },
    ));

  it('counts only networks without a recent login together over the whole installation', () =>
    withLimits({ RATE_LIMIT_LOGINS_OF_NEW_NETWORKS_PER_MINUTE: '4' }, async (t) => {
      expect(await logIn(t, HOME, ADMIN.email, ADMIN.password)).toBe(200);

      expect(await attempts(t, strangers(4))).toEqual([401, 401, 401, 429]);
      expect(await logIn(t, OFFICE, ADMIN.email, ADMIN.password)).toBe(429);
      expect(await logIn(t, HOME, ADMIN.email, ADMIN.password)).toBe(200);
    }));

  it('treats a network as new 30 days after its last login, and deletes its record', () =>
    withLimits({ RATE_LIMIT_LOGINS_OF_NEW_NETWORKS_PER_MINUTE: '2' }, async (t) => {
      expect(await logIn(t, OFFICE, ADMIN.email, ADMIN.password)).toBe(200);
      await t.sql(`update login_networks set last_success_at = now() - interval '721 hours'`);
      expect(await logIn(t, HOME, ADMIN.email, ADMIN.password)).toBe(200);

      expect(await logIn(t, OFFICE, ADMIN.email, ADMIN.password)).toBe(429);

      const [left] = await t.sql(`select count(*)::int as rows,
        count(*) filter (where last_success_at > now() - interval '1 hour')::int as recent from login_networks`);
      expect(left).toEqual({ rows: 2, recent: 2 });
    }));

  it('writes an audit entry for the first attempt per minute that a network limit refuses', () =>
    withLimits({ RATE_LIMIT_LOGINS_PER_MINUTE: '2' }, async (t) => {
      for (let count = 0; count < 5; count++) await logIn(t, HOME, ADMIN.email);

      const rows = await t.sql(
        `select response_status as status, nullif(details - 'request_id', '{}') as details, user_id is not null as "ofUser" from audit_entries
         where operation = 'login' order by position`,
      );

      expect(rows).toEqual([
        { status: 401, details: null, ofUser: true },
        { status: 401, details: null, ofUser: true },
        { status: 429, details: { refused_by: 'too_many_requests' }, ofUser: true },
      ]);
    }));
});

describe('the limit of failed logins per e-mail address', () => {
  const LIMIT = { RATE_LIMIT_LOGINS_PER_EMAIL_PER_MINUTE: '3' };

  let t: TestApp;
  beforeAll(async () => {
    t = await startTestApp({ ...LIMIT, TRUSTED_PROXIES: '127.0.0.0/8' });
  });
  afterAll(() => t.close());

  const newMember = async (): Promise<Member> => t.fixtures.member(await t.fixtures.defaultOrg(), {});

  /** A member who logged in from `HOME`, and whose limit other callers have used up from elsewhere. */
  async function lockedOut(): Promise<Member> {
    const member = await newMember();
    expect(await logIn(t, HOME, member.email, member.password)).toBe(200);
    for (const stranger of strangers(3)) expect(await logIn(t, stranger, member.email)).toBe(401);
    expect(await logIn(t, '198.51.100.99', member.email, member.password)).toBe(429);
    return member;
  }

  it('does not lock users out of networks where they logged in recently', async () => {
    const member = await lockedOut();

    expect(await logIn(t, HOME, member.email, member.password)).toBe(200);
  });

  it('applies a separate limit to a network where the user logged in recently', async () => {
    const member = await lockedOut();
    const statuses = [];

    for (let count = 0; count < 4; count++) statuses.push(await logIn(t, HOME, member.email));

    expect(statuses).toEqual([401, 401, 401, 429]);
    expect(await logIn(t, HOME, member.email, member.password)).toBe(429);
  });

  it('makes no exception for a network where only other accounts logged in', async () => {
    expect(await logIn(t, OFFICE, ADMIN.email, ADMIN.password)).toBe(200);
    const member = await lockedOut();

    expect(await logIn(t, OFFICE, member.email, member.password)).toBe(429);
  });

  it('makes no exception once the last login there is more than 30 days ago', async () => {
    const member = await lockedOut();
    await t.sql(`update login_networks set last_success_at = now() - interval '721 hours'`);

    expect(await logIn(t, HOME, member.email, member.password)).toBe(429);
  });

  it('responds alike to an address without an account', async () => {
    const member = await newMember();
    const networks = ['198.51.100.1', ...strangers(5), '198.51.100.1'];
    const statuses = async (email: string) => {
      const seen = [];
      for (const network of networks) seen.push(await logIn(t, network, email));
      return seen;
    };

    const ofMember = await statuses(member.email);

    expect(ofMember).toEqual([401, 401, 401, 429, 429, 429, 429]);
    expect(await statuses(t.fixtures.email('unknown'))).toEqual(ofMember);
  });

  it('counts one network first, so that the attempts it refuses do not use up the limits of others', () =>
    withLimits({ ...LIMIT, RATE_LIMIT_LOGINS_PER_EMAIL_AND_NETWORK_PER_MINUTE: '2' }, async (strict) => {
      const member = await strict.fixtures.member(await strict.fixtures.defaultOrg(), {});
      const statuses = [];
      for (let count = 0; count < 6; count++)
        statuses.push(await logIn(strict, '198.51.100.1', member.email));

      expect(statuses).toEqual([401, 401, 429, 429, 429, 429]);
      expect(await logIn(strict, HOME, member.email, member.password)).toBe(200);
    }));

  it('does not count successful logins toward the limits', async () => {
    const member = await newMember();
    const statuses = [];

    for (let count = 0; count < 5; count++)
      statuses.push(await logIn(t, HOME, member.email, member.password));

    expect(statuses).toEqual([200, 200, 200, 200, 200]);
  });
});
