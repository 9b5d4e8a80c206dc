import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { basicAuth } from '../support/forged-credentials.js';
import { ADMIN, startTestApp, type TestApp } from '../support/test-app.js';

const LOGIN = '/api/v1/login';
const REFUSED = { status: 401, body: { detail: 'Invalid credentials' } };

let t: TestApp;
beforeAll(async () => {
  t = await startTestApp();
});
afterAll(() => t.close());

const logIn = (app: TestApp, email: string, password: string) =>
  app.api.post(LOGIN, undefined, { headers: basicAuth(email, password) });

describe('the login endpoint', () => {
  it('returns a session token for a login by HTTP Basic', async () => {
    const person = await t.fixtures.member(await t.fixtures.defaultOrg(), {});

    const reply = await logIn(t, person.email, person.password);

    expect(reply).toMatchObject({ status: 200, body: { access_token: expect.stringMatching(/^ey/) } });
    const asked = await t.api.as({ token: reply.body.access_token }).get('/api/v1/orgs?skip_create=true');
    expect(asked.status).toBe(200);
  });

  it('returns a session token for a login by JSON body, in any letter case of the address', async () => {
    const { password } = ADMIN;

    const reply = await t.api.post(LOGIN, { email: ` ${ADMIN.email.toUpperCase()} `, password });

    expect(reply).toMatchObject({ status: 200, body: { access_token: expect.any(String) } });
  });

  it('prefers the Basic header when both are sent', async () => {
    const reply = await t.api.post(LOGIN, ADMIN, { headers: basicAuth(ADMIN.email, 'Wrong-Horse-Battery') });

    expect(reply).toMatchObject(REFUSED);
  });

  it('accepts a password with colons and letters beyond ASCII', async () => {
    const person = await t.fixtures.member(await t.fixtures.defaultOrg(), { workspace: 'WORKSPACE_VIEWER' });
    const password = 'Grün:wie:der-Wald-ist-er';
    await person.api.patch('/api/v1/orgs/members/basic', { password });

    const reply = await logIn(t, person.email, password);

    expect(reply.status).toBe(200);
  });

  it('records successful and refused logins in the audit log', async () => {
    const person = await t.fixtures.member(await t.fixtures.defaultOrg(), {});
    await logIn(t, person.email, person.password);
    await logIn(t, person.email, 'Wrong-Horse-Battery');

    const rows = await t.sql(
      `select succeeded, response_status, org_id is not null as "inOrg" from audit_entries
       where operation = 'login' and user_id = $1 order by created_at`,
      [person.userId],
    );

    expect(rows).toEqual([
      { succeeded: true, response_status: 200, inOrg: true },
      { succeeded: false, response_status: 401, inOrg: true },
    ]);
  });
});

describe('refused logins', () => {
  const strange: [what: string, headers: Record<string, string>, body: unknown][] = [
    ['a wrong password', basicAuth(ADMIN.email, 'Wrong-Horse-Battery'), undefined],
    ['an unknown user', basicAuth('unknown@example.com', ADMIN.password), undefined],
    ['an empty password', basicAuth(ADMIN.email, ''), undefined],
    ['no credentials', {}, undefined],
    ['Basic that is no base64', { authorization: 'Basic ***' }, undefined],
    ['Basic without a colon', { authorization: `Basic ${btoa('admin')}` }, undefined],
    ['a list in place of the address', {}, { email: [ADMIN.email], password: ADMIN.password }],
    ['an object in place of the password', {}, { email: ADMIN.email, password: { $ne: '' } }],
    ['a null body', {}, null],
    ['NUL after the address', {}, { email: `${ADMIN.email}\0`, password: ADMIN.password }],
    ['NUL in the password', {}, { email: ADMIN.email, password: `${ADMIN.password}\0` }],
    ['a full-width @', {}, { email: ADMIN.email.replace('@', '\uff20'), password: ADMIN.password }],
    ['a body that is no object', {}, 'admin'],
  ];

  it.each(strange)('returns the same 401 response for a login with %s', async (_, headers, body) => {
    const reply = await t.api.post(LOGIN, body, { headers });

    expect(reply).toMatchObject(REFUSED);
  });

  it('hashes a password for an unknown user too, so that timing does not reveal accounts', async () => {
    const timeOf = async (email: string) => {
      const started = performance.now();
      await logIn(t, email, 'Wrong-Horse-Battery');
      return performance.now() - started;
    };
    const attempts = Array.from({ length: 9 }, (_, index) => index);
    const known: number[] = [];
    const unknown: number[] = [];
    for (const attempt of attempts) {
      known.push(await timeOf(ADMIN.email));
      unknown.push(await timeOf(`unknown-${attempt}@example.com`));
    }

    // Hashing takes some 20 ms, everything else a few: without it the ratio is far below one half.
    expect(Math.min(...unknown) / Math.min(...known)).toBeGreaterThan(0.5); // the least are not those of a busy machine
  });

  it('creates no session for a refused login', async () => {
    const before = await t.sql('select count(*) from sessions');

    await logIn(t, ADMIN.email, 'Wrong-Horse-Battery');

    expect(await t.sql('select count(*) from sessions')).toEqual(before);
  });
});

describe('the login throttle', () => {
  it('counts failed logins per e-mail address and does not limit other users', async () => {
    const throttled = await startTestApp({ RATE_LIMIT_LOGINS_PER_EMAIL_PER_MINUTE: '3' });
    try {
      const replies = [];
      for (const email of ['Victim@example.com', 'victim@example.com', ' victim@EXAMPLE.com'])
        replies.push(await logIn(throttled, email, 'Wrong-Horse-Battery'));
      const fourth = await logIn(throttled, 'victim@example.com', 'Wrong-Horse-Battery');
      const admin = await logIn(throttled, ADMIN.email, ADMIN.password);

      expect(replies.map(({ status }) => status)).toEqual([401, 401, 401]);
      expect(fourth.status).toBe(429);
      expect(Number(fourth.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(Number(fourth.headers.get('retry-after'))).toBeLessThanOrEqual(60);
      expect(admin.status).toBe(200);
    } finally {
      await throttled.close();
    }
  });

  it('refuses the correct password too once the limit is reached', async () => {
    const throttled = await startTestApp({ RATE_LIMIT_LOGINS_PER_EMAIL_PER_MINUTE: '2' });
    try {
      await logIn(throttled, ADMIN.email, 'Wrong-Horse-Battery');
      await logIn(throttled, ADMIN.email, 'Wrong-Horse-Battery');

      const reply = await logIn(throttled, ADMIN.email, ADMIN.password);

      expect(reply).toMatchObject({
        status: 429,
        body: { detail: expect.stringMatching(/try again in \d+/) },
      });
      const rows = await throttled.sql<{ status: number }>(
        `select response_status as status from audit_entries where operation = 'login' order by position`,
      );
      expect(rows.map(({ status }) => status)).toEqual([401, 401, 429]);
    } finally {
      await throttled.close();
    }
  });

  it('counts logins per client address for all accounts, malformed credentials included', async () => {
    const throttled = await startTestApp({ RATE_LIMIT_LOGINS_PER_MINUTE: '3' });
    try {
      await logIn(throttled, 'a@example.com', 'x');
      await logIn(throttled, 'b@example.com', 'x');
      await throttled.api.post(LOGIN, { email: 1 });

      const reply = await logIn(throttled, ADMIN.email, ADMIN.password);

      expect(reply.status).toBe(429);
      expect(Number(reply.headers.get('retry-after'))).toBeGreaterThan(0);
    } finally {
      await throttled.close();
    }
  });

  it('does not exceed the limit when many logins arrive at once', async () => {
    const throttled = await startTestApp({ RATE_LIMIT_LOGINS_PER_EMAIL_PER_MINUTE: '4' });
    try {
      const replies = await Promise.all(
        Array.from({ length: 12 }, () => logIn(throttled, 'victim@example.com', 'x')),
      );

      expect(replies.filter(({ status }) => status === 401)).toHaveLength(4);
      expect(replies.filter(({ status }) => status === 429)).toHaveLength(8);
    } finally {
      await throttled.close();
    }
  });
});
