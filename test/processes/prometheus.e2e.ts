/** @takes-long, waiting */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '../support/audit-log.js';
import { Browser } from '../support/browser.js';
import { freePort } from '../support/free-port.js';
import { TestIdentityProvider } from '../support/identity-provider.js';
import { MailServer } from '../support/mail-server.js';
import { ALERTS_FILE, ALERT_TESTS_FILE, alertRules, dashboardQueries } from '../support/observability.js';
import { hasPrometheus, Prometheus, promtool } from '../support/prometheus.js';
import { ADMIN, startTestApp, type TestApp } from '../support/test-app.js';

const inPrometheus = hasPrometheus ? describe : describe.skip;

inPrometheus('Prometheus', () => {
  let idp: TestIdentityProvider;
  let mail: MailServer;
  let t: TestApp;
  let prometheus: Prometheus;
  beforeAll(async () => {
    const appUrl = `http://127.0.0.1:${await freePort()}`;
    idp = await TestIdentityProvider.start({ appUrl });
    mail = await MailServer.start();
    const environment = { ...idp.environment, ...mail.environment, PORT: new URL(appUrl).port };
    t = await startTestApp({ ...environment, RATE_LIMIT_LOGINS_PER_MINUTE: '2' });
    prometheus = await Prometheus.start(t.url, ALERTS_FILE);
  });
  afterAll(async () => {
    await prometheus.stop();
    await t.close();
    await idp.stop();
    await mail.stop();
  });

  /** Traffic that every panel of the dashboard shows. */
  async function useEverything(): Promise<void> {
    idp.account({ sub: 'ada', email: ADMIN.email, email_verified: true, name: 'Ada', groups: [] });
    const browser = new Browser();
    await idp.logIn(browser, 'ada');
    const headers = { ...browser.cookieHeader(t.url), origin: t.url };
    const send = (method: string, path: string, body?: object) => t.api.send(method, path, body, { headers });
    await send('POST', '/api/v1/orgs/current/members', { email: 'scraped@example.com' });
    await mail.mailsTo('scraped@example.com');
    await t.api.as({ token: 'wrong' }).get('/scim/v2/Users');
    for (let n = 0; n < 3; n++) await new Browser().open(`${t.url}/api/v1/oauth/custom-oidc/login`);
  }

  it('accepts the metrics and the alert rules, whose own tests pass', async () => {
    const { body } = await t.api.get('/metrics');

    expect(body).toContain('tenantry_build_info');
    expect(promtool('check', 'rules', ALERTS_FILE)).toContain('SUCCESS');
    expect(promtool('test', 'rules', ALERT_TESTS_FILE)).toContain('SUCCESS');
  });

  it('finds series for every query of the dashboard, and evaluates every alert rule', async () => {
    await until(async () => (await prometheus.query('up == 1')).length === 1, 30);
    await until(async () => (await prometheus.query('tenantry_build_info')).length === 1, 30);
    await useEverything(); // counters that begin between two scrapes have no rate yet
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await useEverything().catch(() => undefined);

    const empty = async () => {
      const results = await Promise.all(
        dashboardQueries().map(async ({ title, expr }) => ({
          title,
          expr,
          found: await prometheus.query(expr),
        })),
      );
      return results.filter(({ found }) => found.length === 0).map(({ title, expr }) => ({ title, expr }));
    };
    await until(async () => (await empty()).length <= MAY_BE_EMPTY.length, 30);
    expect(
      (await empty()).map(({ title }) => title).filter((title) => !MAY_BE_EMPTY.includes(title)),
    ).toEqual([]);
    const rules = alertRules().match(/(?<=- alert: )\w+/g)!;
    expect(await prometheus.ruleHealth()).toEqual(Object.fromEntries(rules.map((name) => [name, 'ok'])));
    expect(
      (await prometheus.query('ALERTS{alertstate="firing"}')).map(({ metric }) => metric['alertname']),
    ).toEqual([]);
  });
});

/** Without a request that failed there is no series of failures. */
const MAY_BE_EMPTY = ['Share of server errors'];
