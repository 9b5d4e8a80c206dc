import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { adminIn } from '../support/server-host.js';
import { auditPage } from '../support/audit-log.js';
import { type OrgWithAdmin, role } from '../support/fixtures.js';
import { loggedDuring } from '../support/server-host.js';
import { SsoEnvironment } from '../support/sso-environment.js';
import { ADMIN, API_KEY_SALT, JWT_SECRET, startTestApp, type TestApp } from '../support/test-app.js';

/** No process listens on port 9: the provider is down. */
const SSO = {
  LANGSMITH_URL: 'http://localhost:1984',
  OAUTH_CLIENT_ID: 'tenantry',
  OAUTH_CLIENT_SECRET: 'hush',
  OAUTH_ISSUER_URL: 'http://localhost:9',
};

const NO_SSO = Object.fromEntries(Object.keys(SSO).map((name) => [name, '']));

let before: TestApp;
let t: TestApp;
let org: OrgWithAdmin;
let key: string;
beforeAll(async () => {
  before = await startTestApp();
  org = await before.fixtures.defaultOrg();
  const made = await org.admin.api.post('/api/v1/orgs/current/personal-access-tokens', {});
  key = made.body.key;
  t = await startTestApp(SSO, before.databaseUrl);
});
afterAll(async () => {
  await t.close();
  await before.close();
});

const SETTINGS = {
  ...SSO,
  BASIC_AUTH_JWT_SECRET: JWT_SECRET,
  API_KEY_SALT,
  INITIAL_ORG_ADMIN_EMAIL: ADMIN.email,
};

const breakGlass = (args: string[], environment: Record<string, string> = {}, input = '') =>
  adminIn(t.databaseUrl, { ...SETTINGS, ...environment }, ['break-glass', ...args], input);

const breakGlassWith = (password: string) => breakGlass(['--password-stdin'], {}, password);

async function open(...args: string[]): Promise<string> {
  const { code, lines } = await breakGlass(args);
  const [, password] = /^Password, shown only now: (\S+)$/m.exec(lines.join('\n')) ?? [];
  if (code !== 0 || !password) throw new Error(`${code}: ${lines.join(' ')}`);
  return password;
}

const logIn = (email: string, password: string) =>
  t.api.post('/api/v1/login', undefined, {
    headers: { authorization: `Basic ${Buffer.from(`${email}:${password}`).toString('base64')}` },
  });

const INFO = '/api/v1/orgs/current/info';

describe('without break-glass access', () => {
  it('refuses passwords and password sessions, and accepts API keys', async () => {
    const refused = await logIn(ADMIN.email, ADMIN.password);
    expect(refused).toMatchObject({
      status: 403,
      body: { detail: expect.stringMatching(/custom-oidc\/login/) },
    });
    expect((await org.admin.api.at(t.url).get(INFO)).status).toBe(401);
    expect((await t.api.as({ key }).get(INFO)).status).toBe(200);
  });
});

describe('with break-glass access', () => {
  let password: string;
  beforeAll(async () => {
    password = await open('--hours', '2');
  });

  it('lets the user log in with the new password until the access ends, and logs it', async () => {
    const log = await loggedDuring(async () => {
      const { status, body } = await logIn(` ${ADMIN.email.toUpperCase()} `, password);
      expect(status).toBe(200);
      const api = t.api.as({ token: body.access_token, orgId: org.orgId });
      expect((await api.get(INFO)).status).toBe(200);
    });
    expect(log).toMatch(/Break-glass.*USED from .*by user/);
    expect(log).not.toContain(password);
    const [session] = await t.sql<{ method: string; seconds: number }>(
      `select method, extract(epoch from expires_at - now())::int as seconds from sessions where method <> 'password'`,
    );
    expect(session!.method).toBe('break-glass');
    expect(session!.seconds).toBeGreaterThan(7_000);
    expect(session!.seconds).toBeLessThanOrEqual(7_200);
  });

  it('returns 401 to other users, and to the user with another password', async () => {
    const other = await before.fixtures.member(org, { org: 'ORGANIZATION_ADMIN' });
    for (const [email, wrong] of [
      [ADMIN.email, ADMIN.password],
      [ADMIN.email, ''],
      [other.email, other.password],
      [other.email, password],
      ['unknown@example.com', password],
    ] as const)
      expect((await logIn(email, wrong)).status).toBe(401);
  });

  it('records the opening and the logins in the audit log without the password', async () => {
    const { items } = await auditPage(
      t.api.as({ key }),
      'limit=100&operations=login&operations=update_basic_auth_user',
    );
    const details = items.map((item: any) => item.unmapped.original_audit_log.enrichments.details);
    expect(details).toContainEqual({ method: 'break-glass' });
    expect(details).toContainEqual({ method: 'break-glass', account_id: org.admin.userId });
    expect(details).toContainEqual({
      break_glass: 'opened',
      until: expect.stringMatching(/^\d{4}-/),
      restores_admin: false,
    });
    expect(JSON.stringify(items)).not.toContain(password);
  });

  it('is accepted from everywhere, whatever the IP allowlist of the organization', async () => {
    const { body } = await logIn(ADMIN.email, password);
    const api = t.api.as({ token: body.access_token });
    const networks = ['192.0.2.0/24'];

    expect((await api.patch(INFO, { ip_allowlist: networks })).body).toMatchObject({
      ip_allowlist: networks,
    });
    expect((await api.get(INFO)).status).toBe(200);
    expect((await api.patch(INFO, { ip_allowlist: [] })).status).toBe(200);
  });

  it('passes what the organization requires of a sign-in, which it may drop and not set', async () => {
    await t.sql(`update organizations set required_acr = '{gold}', max_authentication_age = 300`);
    const { body } = await logIn(ADMIN.email, password);
    const api = t.api.as({ token: body.access_token });

    expect((await api.get(INFO)).body).toMatchObject({ required_acr: ['gold'], max_authentication_age: 300 });
    const [login] = await t.sql<{ details: object }>(
      `select details - 'request_id' as details from audit_entries where operation = 'login' order by id desc limit 1`,
    );
    expect(login!.details).toMatchObject({ method: 'break-glass' });
    const less = await api.patch(INFO, { max_authentication_age: null });
    expect([less.status, less.headers.get('x-error-code')]).toEqual([409, 'own_sign_in_insufficient']);
    const dropped = await api.patch(INFO, { required_acr: [], max_authentication_age: null });
    expect(dropped.body).toMatchObject({ required_acr: [], max_authentication_age: null });
  });

  it('replaces the old password and ends its sessions when a new one is set', async () => {
    const { body } = await logIn(ADMIN.email, password);
    const given = 'Given-By-The-Operator';
    let again: Awaited<ReturnType<typeof breakGlass>> | undefined;
    const log = await loggedDuring(async () => (again = await breakGlassWith(`${given}\n`)));
    expect(again!.code).toBe(0);
    expect(`${again!.lines.join()} ${log}`).not.toContain(given);
    expect((await t.api.as({ token: body.access_token }).get(INFO)).status).toBe(401);
    expect((await logIn(ADMIN.email, password)).status).toBe(401);
    expect((await logIn(ADMIN.email, given)).status).toBe(200);
  });

  it('logs at the start that break-glass access is open', async () => {
    const log = await loggedDuring(async () => {
      const replica = await startTestApp(SSO, t.databaseUrl);
      await replica.close();
    });
    expect(log).toMatch(/Break-glass.*OPEN: user/);
  });

  it('refuses the password once the break-glass access has expired', async () => {
    expect((await logIn(ADMIN.email, 'Given-By-The-Operator')).status).toBe(200);
    await t.sql(`update break_glass_passwords set expires_at = now() - interval '1 second'`);
    expect((await logIn(ADMIN.email, 'Given-By-The-Operator')).status).toBe(403);
  });
});

describe('the break-glass command', () => {
  it('restores the admin role of the user, and ends the access with --end', async () => {
    const other = await before.fixtures.member(org, { org: 'ORGANIZATION_ADMIN' });
    const path = `/api/v1/orgs/current/members/${org.admin.membershipId}`;
    expect((await other.api.delete(path)).status).toBe(200);

    const { body } = await logIn(ADMIN.email, await open('--restore-admin'));
    const api = t.api.as({ token: body.access_token, orgId: org.orgId });
    expect((await api.delete(`/api/v1/orgs/current/members/${other.membershipId}`)).status).toBe(200);

    expect(await breakGlass(['--end'])).toEqual({ code: 0, lines: [expect.stringMatching(/^CLOSED/)] });
    expect((await api.get(INFO)).status).toBe(401);
  });

  it('restores the admin with a source that provider groups do not change at the next sign-in', async () => {
    const { userId } = org.admin;
    const membership = (change: string) =>
      t.sql(`update org_memberships set ${change} where user_id = $1 returning role_id, source`, [userId]);
    await membership(`source = 'sso_group'`);

    await open('--restore-admin');

    expect(await membership('role_id = role_id')).toEqual([
      { role_id: role('ORGANIZATION_ADMIN'), source: 'bootstrap' },
    ]);
    await breakGlass(['--end']);
  });

  it('names the operator, and no user, as the provenance of an admin who was no longer a member', async () => {
    const other = await before.fixtures.member(org, { org: 'ORGANIZATION_ADMIN' });
    await t.sql('delete from org_memberships where user_id = $1', [org.admin.userId]);

    await open('--restore-admin');
    await breakGlass(['--end']);

    const [restored] = await t.sql<{ id: string; created_via: string }>(
      'select id, created_via from org_memberships where user_id = $1',
      [org.admin.userId],
    );
    expect(restored!.created_via).toBe('operator');
    const { body } = await other.api.get(`/api/v1/orgs/current/members/${restored!.id}/access`);
    const [entry] = await t.sql<{ id: string }>(
      `select id from audit_entries where details ->> 'restores_admin' = 'true' order by position desc limit 1`,
    );
    expect(body.membership).toMatchObject({ source: 'bootstrap', by: null, audit_log_id: entry!.id });
  });

  it('refuses a weak password and opens no access', async () => {
    const refusal = await breakGlassWith('weak');
    expect(refusal).toEqual({ code: 1, lines: [expect.stringMatching(/at least 12 characters/)] });
    expect((await logIn(ADMIN.email, 'weak')).status).toBe(403);
  });

  it('refuses to open break-glass access in an installation without single sign-on', async () => {
    const refusal = await breakGlass([], NO_SSO);
    expect(refusal).toEqual({ code: 1, lines: [expect.stringMatching(/no single sign-on/)] });
  });
});

it('does not count networks with a sign-in at the provider as new networks at a break-glass login', async () => {
  const world = await SsoEnvironment.start({
    RATE_LIMIT_LOGINS_OF_NEW_NETWORKS_PER_MINUTE: '1',
    TRUSTED_PROXIES: '127.0.0.0/8',
  });
  try {
    const { code } = await adminIn(world.t.databaseUrl, world.environment, ['break-glass']);
    expect(code).toBe(0);
    await world.signIn(world.person());
    const statuses = [];
    for (const network of ['198.51.100.1', '198.51.100.2', '127.0.0.1'])
      statuses.push(
        await world.t.api
          .post('/api/v1/login', ADMIN, { headers: { 'x-forwarded-for': network } })
          .then(({ status }) => status),
      );

    expect(statuses).toEqual([401, 429, 401]);
  } finally {
    await world.stop();
  }
});
