import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Reply } from '../support/api.js';
import { basicAuth } from '../support/forged-credentials.js';
import type { Person } from '../support/fixtures.js';
import { SsoEnvironment } from '../support/sso-environment.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const LIST = '/api/v1/me/sessions';
const ME = '/api/v1/orgs?skip_create=true';
const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:141.0) Gecko/20100101 Firefox/141.0';
const NOT_FOUND = { status: 404, body: { detail: expect.stringContaining('no such session') } };

let t: TestApp;
beforeAll(async () => {
  t = await startTestApp();
});
afterAll(() => t.close());

const newMember = async () => {
  const org = await t.fixtures.defaultOrg();
  return { org, person: await t.fixtures.member(org, {}) };
};

const logIn = ({ email, password }: Person, headers: Record<string, string> = {}): Promise<Reply> =>
  t.api.post('/api/v1/login', undefined, {
    headers: { ...basicAuth(email, password), 'user-agent': FIREFOX, ...headers },
  });

const client = async (person: Person) => t.api.as({ token: (await logIn(person)).body.access_token });

const idsOf = ({ body }: Reply): string[] => body.map(({ id }: { id: string }) => id);

describe('the sessions of the signed-in user', () => {
  it('lists device, network and times of each, the current one first', async () => {
    const { person } = await newMember();
    const browser = await client(person);
    await client(person);

    const { status, body } = await browser.get(LIST);

    expect(status).toBe(200);
    expect(body).toHaveLength(3);
    expect(body[0]).toEqual({
      id: expect.any(String),
      method: 'password',
      created_at: expect.any(String),
      expires_at: expect.any(String),
      last_used_at: null,
      browser: 'Firefox',
      platform: 'Linux',
      user_agent: FIREFOX,
      client_host: expect.stringMatching(/^(127\.0\.0\.1|::1)$/),
      is_current: true,
      acr: null,
      amr: null,
      authenticated_at: null,
    });
    expect(body.map(({ is_current }: { is_current: boolean }) => is_current)).toEqual([true, false, false]);
  });

  it('lists neither expired sessions nor those of others', async () => {
    const { org, person } = await newMember();
    const browser = await client(person);
    await client(await t.fixtures.member(org, {}));
    const [own = ''] = idsOf(await browser.get(LIST));
    await t.sql(
      `update sessions set expires_at = now() - interval '1 second' where user_id = $1 and id <> $2`,
      [person.userId, own],
    );

    expect(idsOf(await browser.get(LIST))).toEqual([own]);
  });

  it('shows when a session was last used', async () => {
    const { person } = await newMember();
    const browser = await client(person);
    const replica = await startTestApp({}, t.databaseUrl);
    await browser.at(replica.url).get(ME);
    await replica.close(); // which writes what was used since the last minute

    const { body } = await browser.get(LIST);

    expect(body.map(({ last_used_at }: { last_used_at: string | null }) => last_used_at)).toEqual([
      expect.any(String),
      null,
    ]);
  });

  it('shortens a long user agent', async () => {
    const { person } = await newMember();
    const reply = await logIn(person, { 'user-agent': `Tool/1.0 ${'x'.repeat(2000)}` });

    const { body } = await t.api.as({ token: reply.body.access_token }).get(LIST);

    expect(body[0]).toMatchObject({ browser: 'Tool', platform: null });
    expect(body[0].user_agent).toHaveLength(500);
  });
});

describe('the sessions with single sign-on', () => {
  it('lists and ends them, and leaves out password sessions, which are not valid', async () => {
    const sso = await SsoEnvironment.start();
    try {
      const person = sso.person();
      const [browser, lost] = [await sso.signIn(person), await sso.signIn(person)];
      await sso.t.sql(
        `insert into sessions (id, user_id, expires_at)
         select gen_random_uuid(), id, now() + interval '1 day' from users where email = $1`,
        [person.email],
      );
      const { body } = await browser.get(LIST);
      expect(body).toMatchObject([
        { method: 'sso', is_current: true, client_host: expect.any(String) },
        { method: 'sso', is_current: false },
      ]);

      expect((await browser.send('DELETE', `${LIST}/${body[1].id}`)).status).toBe(204);

      expect((await lost.get(ME)).status).toBe(401);
      expect((await browser.get(ME)).status).toBe(200);
    } finally {
      await sso.stop();
    }
  });
});

describe('ending a session from the list', () => {
  it('ends that session at once and writes a logout', async () => {
    const { org, person } = await newMember();
    const [browser, lost] = [await client(person), await client(person)];
    const [lostId] = idsOf(await lost.get(LIST));

    expect((await browser.delete(`${LIST}/${lostId}`)).status).toBe(204);

    expect((await lost.get(ME)).status).toBe(401);
    expect((await browser.get(ME)).status).toBe(200);
    expect(await browser.delete(`${LIST}/${lostId}`)).toMatchObject(NOT_FOUND);
    const [entry] = await t.sql(
      `select org_id, details - 'request_id' as details from audit_entries
       where user_id = $1 and operation = 'login' and succeeded order by id desc limit 1`,
      [person.userId],
    );
    expect(entry).toEqual({
      org_id: org.orgId,
      details: { event: 'logout', ended_by: 'person', sessions: 1 },
    });
  });

  it('returns 404 for a session of another user and leaves it', async () => {
    const { org, person } = await newMember();
    const other = await client(await t.fixtures.member(org, {}));
    const [otherId] = idsOf(await other.get(LIST));

    expect(await person.api.delete(`${LIST}/${otherId}`)).toMatchObject(NOT_FOUND);
    expect(await org.admin.api.delete(`${LIST}/${otherId}`)).toMatchObject(NOT_FOUND);
    expect((await other.get(ME)).status).toBe(200);
  });

  it('ends all sessions of the user, the current one included, and no session of another user', async () => {
    const { org, person } = await newMember();
    const sessions = [await client(person), await client(person)];
    const other = await client(await t.fixtures.member(org, {}));

    const reply = await person.api.delete(LIST);

    expect(reply.status).toBe(204);
    expect(reply.headers.getSetCookie().join()).toMatch(/^tenantry_session=; Max-Age=0;/);
    for (const session of [...sessions, person.api]) expect((await session.get(ME)).status).toBe(401);
    expect((await other.get(ME)).status).toBe(200);
  });

  it('returns 403 without a trusted origin where the session is in the cookie', async () => {
    const { person } = await newMember();
    const login = await logIn(person, { 'x-session-cookie': 'true', origin: t.url });
    const value = login.headers.getSetCookie().join().split(';')[0] ?? '';

    for (const path of [LIST, `${LIST}/${idsOf(await person.api.get(LIST))[0]}`]) {
      const reply = await t.api.as({ cookie: { value, origin: 'https://evil.test' } }).delete(path);
      expect(reply.headers.get('x-error-code')).toBe('cross_site_request');
    }
    expect(await person.api.get(LIST)).toMatchObject({ status: 200, body: { length: 2 } });
  });

  it('returns 403 for a personal access token', async () => {
    const org = await t.fixtures.defaultOrg();
    const person = await t.fixtures.member(org, { workspace: 'WORKSPACE_USER' });
    const created = await person.api.post('/api/v1/api-key/current', { description: 'script' });
    expect(created.status).toBe(200);
    const script = t.api.as({ key: created.body.key });

    for (const reply of [
      await script.get(LIST),
      await script.delete(LIST),
      await script.delete(`${LIST}/${idsOf(await person.api.get(LIST))[0]}`),
    ])
      expect(reply.status).toBe(403);
    expect((await person.api.get(LIST)).status).toBe(200);
  });
});
