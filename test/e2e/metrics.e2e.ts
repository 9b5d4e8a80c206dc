import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { onOwnConnection } from '../support/audit-log.js';
import { Browser } from '../support/browser.js';
import { TestIdentityProvider } from '../support/identity-provider.js';
import { MailServer } from '../support/mail-server.js';
import { freePort } from '../support/free-port.js';
import { ADMIN, startTestApp, type TestApp } from '../support/test-app.js';

let t: TestApp;
beforeAll(async () => {
  t = await startTestApp();
});
afterAll(() => t.close());

/** The values of all series of a metric by their labels: `{method="GET"}`, or an empty text. */
async function seriesOf(name: string, app: TestApp = t): Promise<Record<string, number>> {
  const { body } = await app.api.get('/metrics');
  const lines = [...(body as string).matchAll(new RegExp(`^${name}(\\{.*\\})? (\\S+)$`, 'gm'))];
  return Object.fromEntries(lines.map(([, labels = '', value]) => [labels, Number(value)]));
}

const table = readFileSync(new URL('../../docs/metrics.md', import.meta.url), 'utf8');

it('serves exactly the metrics that docs/metrics.md lists, with the same types', async () => {
  const { body } = await t.api.get('/metrics');

  const served = [...(body as string).matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(
    ([, name, type]) => `${name} ${type}`,
  );
  const listed = [...table.matchAll(/^\| `([a-z_]+)` \| (\w+) \|/gm)].map(
    ([, name, type]) => `${name} ${type}`,
  );
  const ofProcess = /^(?:process|nodejs)_/;
  expect(served.filter((metric) => !ofProcess.test(metric)).sort()).toEqual(
    listed.filter((metric) => !ofProcess.test(metric)).sort(),
  );
  expect(served).toEqual(expect.arrayContaining(listed));
});

it('counts and times requests by method, route and status, and not by path', async () => {
  const { admin, workspaceId } = await t.fixtures.orgWithAdmin();
  await admin.api.get(`/api/v1/workspaces/${workspaceId}`);
  await t.api.get('/nowhere/at/all');

  const { body } = await t.api.get('/metrics');

  const route = 'method="GET",route="/api/v1/workspaces/:workspace_id"';
  expect(body).toContain(`http_requests_total{${route},status="200"} 1\n`);
  expect(body).toContain(`http_request_duration_seconds_count{${route},status_class="2xx"} 1\n`);
  expect(body).toContain('route="unknown",status="404"');
  expect(body).not.toContain(workspaceId);
  expect(body).not.toContain('nowhere');
});

it('counts logins by outcome', async () => {
  const before = await seriesOf('tenantry_logins_total');
  await t.api.post('/api/v1/login', ADMIN);
  await t.api.post('/api/v1/login', { ...ADMIN, password: 'wrong' });

  const after = await seriesOf('tenantry_logins_total');

  const added = (outcome: string) => {
    const series = `{method="password",outcome="${outcome}"}`;
    return after[series]! - (before[series] ?? 0);
  };
  expect([added('success'), added('refused')]).toEqual([1, 1]);
});

it('counts refusals of rate limits, and logins that they refuse', async () => {
  const limited = await startTestApp({ RATE_LIMIT_LOGINS_PER_MINUTE: '1' });
  try {
    for (let n = 0; n < 3; n++) await limited.api.post('/api/v1/login', ADMIN);

    expect(await seriesOf('tenantry_rate_limit_refusals_total', limited)).toEqual({
      '{limit="login from"}': 2,
    });
    expect(await seriesOf('tenantry_logins_total', limited)).toEqual({
      '{method="password",outcome="success"}': 1,
      '{method="password",outcome="limited"}': 2,
    });
  } finally {
    await limited.close();
  }
});

it('counts SCIM requests by resource and outcome', async () => {
  const { admin } = await t.fixtures.orgWithAdmin();
  const { body } = await admin.api.post('/v1/platform/orgs/current/scim/tokens', { description: 'metrics' });
  const scim = t.api.as({ token: body.scim_token ?? body.token });
  await scim.get('/scim/v2/Users');
  await t.api.as({ token: 'wrong' }).get('/scim/v2/Groups');

  expect(await seriesOf('tenantry_scim_requests_total')).toEqual({
    '{resource="Users",method="GET",outcome="success"}': 1,
    '{resource="Groups",method="GET",outcome="refused"}': 1,
  });
});

it('shows entries of the audit log that are not sealed, and zero once they are', async () => {
  const sealing = await startTestApp({ AUDIT_SEAL_SECONDS: '3600' });
  try {
    const { admin } = await sealing.fixtures.orgWithAdmin();
    await admin.api.post('/api/v1/workspaces', { display_name: 'Unsealed' });

    const unsealed = (await seriesOf('tenantry_audit_unsealed_entries', sealing))[''];
    const age = (await seriesOf('tenantry_audit_unsealed_age_seconds', sealing))[''];
    expect(unsealed).toBeGreaterThan(0);
    expect(age).toBeGreaterThan(0);
    expect(age).toBeLessThan(60);
  } finally {
    await sealing.close();
  }
});

it('shows how long an open transaction has held back events, and zero once it has ended', async () => {
  const age = async () => (await seriesOf('tenantry_events_horizon_age_seconds'))[''];
  const { admin, orgId } = await t.fixtures.orgWithAdmin();
  await onOwnConnection(t, async (writer) => {
    await writer.query('begin');
    await writer.query(
      `insert into audit_entries (id, org_id, operation, succeeded, resource_ids)
       values (gen_random_uuid(), $1, 'create_role', true, '{}')`,
      [orgId],
    );
    await admin.api.post('/api/v1/workspaces', { display_name: 'Held back' });
    await age();
    await pause(300);

    expect(await age()).toBeGreaterThan(0.3);
    await writer.query('commit');
    expect(await age()).toBe(0);
  });
});

it('responds within two seconds while the database does not respond, with NaN for what is read from it', async () => {
  const cut = await startTestApp();
  const database = new URL(cut.databaseUrl).pathname.slice(1);
  try {
    await t.sql(`alter database ${database} with allow_connections false`);
    await t.sql('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [database]);
    const took: number[] = [];
    while (took.length < 3) {
      const begun = performance.now();
      expect((await seriesOf('tenantry_audit_unsealed_entries', cut))['']).toBeNaN();
      took.push(performance.now() - begun);
    }

    expect(Math.min(...took)).toBeLessThan(2000); // the machine may be busy
  } finally {
    await t.sql(`alter database ${database} with allow_connections true`);
    await cut.close();
  }
});

it('shows the connections of the pool and its limits', async () => {
  const connections = await seriesOf('tenantry_database_connections');

  expect(Object.keys(connections)).toEqual(['{state="in_use"}', '{state="idle"}']);
  expect((await seriesOf('tenantry_database_connections_limit'))['']).toBe(20);
  expect((await seriesOf('tenantry_transactions_limit'))['']).toBe(14);
  expect(await seriesOf('tenantry_database_connections_waiting')).toEqual({ '': 0 });
});

describe('with a mail server', () => {
  it('counts mails by outcome and shows that no job waits', async () => {
    const mail = await MailServer.start();
    const app = await startTestApp(mail.environment);
    try {
      const { admin } = await app.fixtures.orgWithAdmin();
      await admin.api.post('/api/v1/orgs/current/members', { email: 'mailed@example.com' });
      await mail.mailsTo('mailed@example.com');

      expect(await seriesOf('tenantry_mails_total', app)).toEqual({ '{outcome="taken"}': 1 });
      expect(await seriesOf('tenantry_jobs_waiting', app)).toEqual({ '': 0 });
    } finally {
      await app.close();
      await mail.stop();
    }
  });
});

describe('with single sign-on', () => {
  it('counts sign-ins and times the requests to the provider by purpose', async () => {
    const appUrl = `http://127.0.0.1:${await freePort()}`;
    const idp = await TestIdentityProvider.start({ appUrl });
    idp.account({ sub: 'ada', email: ADMIN.email, email_verified: true, name: 'Ada', groups: [] });
    const app = await startTestApp({ ...idp.environment, PORT: new URL(appUrl).port });
    try {
      await idp.logIn(new Browser(), 'ada');
      await new Browser().open(`${app.url}/api/v1/oauth/custom-oidc/callback?state=wrong`);

      expect(await seriesOf('tenantry_logins_total', app)).toEqual({
        '{method="sso",outcome="success"}': 1,
        '{method="sso",outcome="refused"}': 1,
      });
      const requests = await seriesOf('tenantry_identity_provider_request_duration_seconds_count', app);
      expect(Object.keys(requests)).toEqual(
        expect.arrayContaining([
          '{purpose="discovery",outcome="success"}',
          '{purpose="token endpoint",outcome="success"}',
        ]),
      );
      expect(await seriesOf('tenantry_identity_provider_reachable', app)).toEqual({ '': 1 });
    } finally {
      await app.close();
      await idp.stop();
    }
  });
});
