import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { OrgWithAdmin } from '../support/fixtures.js';
import { type Scim, scimOf } from '../support/scim.js';
import { ROOT } from '../support/server-process.js';
import { SsoEnvironment } from '../support/sso-environment.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

let t: TestApp;
let org: OrgWithAdmin;
let scim: Scim;
beforeAll(async () => {
  t = await startTestApp();
  org = await t.fixtures.orgWithAdmin();
  scim = await scimOf(org.admin.api);
});
afterAll(() => t.close());

type Outcome = { readonly code: number; readonly output: string; readonly errors: string };

/** `npm run conformance -- <args>`. */
const conformance = (...args: string[]): Promise<Outcome> =>
  new Promise((resolve) => {
    execFile(process.execPath, [join(ROOT, 'scripts/conformance/run.ts'), ...args], (error, output, errors) =>
      resolve({ code: error ? Number(error.code) : 0, output, errors }),
    );
  });

it('responds to all requests of the SCIM area as expected, and keeps nothing of what they created', async () => {
  const { code, output } = await conformance('scim', '--url', `${t.url}/`, '--scim-token', scim.token);

  expect(output).not.toContain('MISS');
  expect(output).toMatch(/^[1-9]\d+ checks, 0 missed$/m);
  expect(code).toBe(0);
  for (const table of ['scim_users', 'scim_groups'])
    expect(await t.sql(`select from ${table} where org_id = $1`, [org.orgId])).toEqual([]);
});

it('responds to all requests of the api area as expected, and keeps nothing of what they created', async () => {
  const own = await t.fixtures.orgWithAdmin();
  const { body: pat } = await own.admin.api.post('/api/v1/orgs/current/personal-access-tokens', {});
  const { code, output } = await conformance('api', '--url', t.url, '--api-key', pat.key);

  expect(output).not.toContain('MISS');
  expect(output).toMatch(/^[1-9]\d+ checks, 0 missed, \d+ skipped$/m);
  expect(code).toBe(0);
  const left = await t.sql(
    `select id from api_keys where org_id = $1 and kind = 'service'
     union all select id from roles where org_id = $1
     union all select id from service_accounts where org_id = $1
     union all select id from invitations where org_id = $1 and status = 'pending'`,
    [own.orgId],
  );
  expect(left).toEqual([]);
});

it('responds to all requests of the oidc area as expected with single sign-on', async () => {
  const sso = await SsoEnvironment.start();
  const { code, output } = await conformance('oidc', '--url', sso.t.url);
  const given = await conformance('oidc', '--url', sso.t.url, '--issuer', 'https://other.example');
  await sso.stop();

  expect(output).not.toContain('MISS');
  expect(output).toContain('skip  oidc: without single sign-on');
  expect(output).toMatch(/^[1-9]\d checks, 0 missed, 1 skipped$/m);
  expect(code).toBe(0);
  expect(given.code).toBe(1);
  expect(given.output).toMatch(/^MISS oidc: third-party initiated login: begins by a link of the issuer$/m);
});

it('counts what needs single sign-on as skipped, not as passed, in basic-auth mode', async () => {
  const { code, output } = await conformance('oidc', '--url', t.url);

  expect(output).toMatch(/skip {2}oidc: login redirect: the sequence +skipped: basic auth$/m);
  expect(output).toMatch(/^8 checks, 0 missed, 7 skipped$/m);
  expect(code).toBe(0);
});

it('exits with 1 and prints the responses that are not as expected', async () => {
  const { code, output } = await conformance('scim', '--url', t.url, '--scim-token', 'unknown');

  expect(code).toBe(1);
  expect(output).toContain('MISS  scim: Okta: reads a page of users');
  expect(output).toMatch(/MISS scim: Okta: reads a page of users\n {2}expected 200 .*\n {2}got {6}401 /);
  expect(output).toMatch(/\d+ checks, [1-9]\d* missed$/m);
});

it('exits with 1 when no server responds', async () => {
  const { code, output } = await conformance('--url', 'http://127.0.0.1:9', '--scim-token', 'unknown');

  expect(code).toBe(1);
  expect(output).toContain('fetch failed');
});

it.each([
  { args: [], reason: '--url has to be the URL of a server' },
  { args: ['scim', '--url', 'http://localhost'], reason: 'scim needs --scim-token' },
  { args: ['api', '--url', 'http://localhost'], reason: 'api needs --api-key' },
  { args: ['unknown', '--url', 'http://localhost'], reason: 'there is no area unknown' },
  { args: ['--unknown'], reason: "Unknown option '--unknown'" },
])('exits with 2 for the arguments $args', async ({ args, reason }) => {
  const { code, errors } = await conformance(...args);

  expect(code).toBe(2);
  expect(errors).toContain(reason);
});
