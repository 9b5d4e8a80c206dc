import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { auditPage } from '../support/audit-log.js';
import type { OrgWithAdmin, Person } from '../support/fixtures.js';
import { adminIn } from '../support/server-host.js';
import { ADMIN, API_KEY_SALT, JWT_SECRET, startTestApp, type TestApp } from '../support/test-app.js';

const SETTINGS = { BASIC_AUTH_JWT_SECRET: JWT_SECRET, API_KEY_SALT, INITIAL_ORG_ADMIN_EMAIL: ADMIN.email };
const SSO = {
  LANGSMITH_URL: 'http://localhost:1984',
  OAUTH_CLIENT_ID: 'tenantry',
  OAUTH_CLIENT_SECRET: 'hush',
  OAUTH_ISSUER_URL: 'http://localhost:9',
};
const INFO = '/api/v1/orgs/current/info';

let t: TestApp;
let org: OrgWithAdmin;
let person: Person;
beforeAll(async () => {
  t = await startTestApp();
  org = await t.fixtures.defaultOrg();
  person = await t.fixtures.member(org, { org: 'ORGANIZATION_ADMIN' });
});
afterAll(() => t.close());

const reset = (args: string[], environment: Record<string, string> = {}) =>
  adminIn(t.databaseUrl, { ...SETTINGS, ...environment }, ['passwords:reset', ...args]);

it('refuses to bind a provider login while single sign-on is not configured', async () => {
  const login = ['--email', person.email, '--issuer', 'https://idp.example.com', '--subject', 'ada'];

  const { code, lines } = await adminIn(t.databaseUrl, SETTINGS, ['logins:rebind', ...login]);

  expect({ code, lines }).toEqual({ code: 1, lines: [expect.stringContaining('Single sign-on')] });
  expect(await t.sql(`select from login_methods where subject = 'ada'`)).toEqual([]);
});

const logIn = async (password: string) =>
  (await t.api.post('/api/v1/login', { email: person.email, password })).status;

it('sets a new password that is shown once and never stored, and ends the sessions of the old one', async () => {
  const { code, lines } = await reset(['--email', person.email.toUpperCase()]);

  expect({ code, lines }).toEqual({
    code: 0,
    lines: [
      expect.stringContaining(person.email),
      expect.stringMatching(/^Password, shown only now: \S{24}$/),
    ],
  });
  expect((await person.api.get(INFO)).status).toBe(401);
  expect(await logIn(person.password)).toBe(401);
  const [, password] = lines[1]!.split(': ');
  expect(await logIn(password!)).toBe(200);
  const { items } = await auditPage(org.admin.api, 'operations=update_basic_auth_user');
  expect(items).toHaveLength(1);
  expect(items[0]).toMatchObject({
    unmapped: { original_audit_log: { enrichments: { details: { reset: 'password' } } } },
  });
  expect(JSON.stringify(items)).not.toContain(password);
});

it.each([
  [
    'no account has the address',
    ['--email', 'unknown@example.com'],
    {},
    /no account with the e-mail address unknown@example.com/,
  ],
  ['no address is given', [], {}, /--email ADDRESS/],
  ['users sign in with single sign-on', ['--email', ADMIN.email], SSO, /Passwords are not used here/],
])('refuses to reset the password when %s', async (_where, args, environment, reason) => {
  expect(await reset(args, environment)).toEqual({ code: 1, lines: [expect.stringMatching(reason)] });
  expect((await org.admin.api.get(INFO)).status).toBe(200);
});
