/** @takes-long */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Api } from '../support/api.js';
import { until } from '../support/audit-log.js';
import { Browser } from '../support/browser.js';
import { exchange } from '../support/exchange.js';
import { freePort } from '../support/free-port.js';
import { TestIdentityProvider } from '../support/identity-provider.js';
import { MailServer } from '../support/mail-server.js';
import { ALERT_TESTS_FILE, alertRules, ALERTS_FILE, dashboardQueries } from '../support/observability.js';
import { hasPrometheus, Prometheus, promtool } from '../support/prometheus.js';
import { ServerProcess } from '../support/server-process.js';
import { ADMIN, API_KEY_SALT, JWT_SECRET, startTestApp, type TestApp } from '../support/test-app.js';
import { cloneDatabase } from '../support/test-database.js';
import { type ReceivedSpan, TraceCollector } from '../support/trace-collector.js';

const SERVER = 2;
const CALLER_TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const TRACEPARENT = `00-${CALLER_TRACE}-00f067aa0ba902b7-01`;

let collector: TraceCollector;
beforeAll(async () => {
  collector = await TraceCollector.start();
});
afterAll(() => collector.stop());

/** What a server needs that uses its own database instead of the embedded one, and exports spans at once. */
const onDatabase = async (more: Record<string, string>) => ({
  DATABASE_URL: await cloneDatabase(),
  BASIC_AUTH_JWT_SECRET: JWT_SECRET,
  API_KEY_SALT,
  INITIAL_ORG_ADMIN_EMAIL: ADMIN.email,
  ...more,
});
const exporting = () => ({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_BSP_SCHEDULE_DELAY: '50' });

const idOf = ({ headers }: { headers: Headers }) => headers.get('x-request-id')!;
const has = (spans: readonly ReceivedSpan[], name: string | RegExp) =>
  spans.some((span) => (typeof name === 'string' ? span.name === name : name.test(span.name)));

/** All spans of a trace lead to its first one. */
function expectOneTree(spans: readonly ReceivedSpan[]): void {
  const ids = new Set(spans.map(({ spanId }) => spanId));
  const roots = spans.filter(({ parentSpanId }) => !parentSpanId);
  expect(roots.map(({ kind }) => kind)).toEqual([SERVER]);
  expect(spans.filter(({ parentSpanId }) => parentSpanId && !ids.has(parentSpanId))).toEqual([]);
}

describe('with a collector', () => {
  it('sends one trace of a sign-in over HTTP, PostgreSQL and the provider, without secrets and addresses', async () => {
    const appUrl = `http://127.0.0.1:${await freePort()}`;
    const idp = await TestIdentityProvider.start({ appUrl });
    idp.account({ sub: 'ada', email: ADMIN.email, email_verified: true, name: 'Ada', groups: [] });
    const environment = await onDatabase({ ...idp.environment, ...exporting(), PORT: new URL(appUrl).port });
    const server = new ServerProcess(environment);
    try {
      await server.ready();
      const page = await idp.logIn(new Browser(), 'ada');
      expect(page.status).toBe(302);
      const id = idOf(page);
      await until(() => has(collector.traceOf(id), 'GET /api/v1/oauth/custom-oidc/callback'));

      const spans = collector.traceOf(id);
      expectOneTree(spans);
      expect(has(spans, 'POST token endpoint')).toBe(true);
      expect(has(spans, 'COMMIT')).toBe(true);
      expect(has(spans, /^audit_entries_insert$/)).toBe(true);
      const text = JSON.stringify(collector.spans);
      for (const secret of ['@example.com', 'code=', 'state=', '127.0.0.1', 'select ', API_KEY_SALT])
        expect(text).not.toContain(secret);
      expect(collector.resources[0]).toContainEqual({
        key: 'service.name',
        value: { stringValue: 'tenantry' },
      });
    } finally {
      await server.stop();
      await idp.stop();
    }
  });

  it('sends one trace of an invitation over HTTP, PostgreSQL and SMTP, linked to the trace of the caller', async () => {
    const mail = await MailServer.start();
    const login = { INITIAL_ORG_ADMIN_PASSWORD: ADMIN.password };
    const server = new ServerProcess(await onDatabase({ ...mail.environment, ...exporting(), ...login }));
    try {
      const url = await server.ready();
      const { body } = await new Api(url).post('/api/v1/login', ADMIN);
      const api = new Api(url).as({ token: body.access_token });
      const invited = await api.send(
        'POST',
        '/api/v1/orgs/current/members',
        { email: 'traced@example.com' },
        { headers: { traceparent: TRACEPARENT } },
      );
      expect(invited.status).toBe(200);
      await mail.mailsTo('traced@example.com');
      const id = idOf(invited);
      await until(() => has(collector.traceOf(id), 'job invitation-mails'));

      const spans = collector.traceOf(id);
      expectOneTree(spans);
      expect(has(spans, 'POST /api/v1/orgs/current/members')).toBe(true);
      expect(has(spans, 'SMTP')).toBe(true);
      expect(has(spans, /^invitation.*insert/)).toBe(true);
      const [root] = spans.filter(({ kind }) => kind === SERVER);
      expect(root!.links).toMatchObject([{ traceId: CALLER_TRACE }]);
      expect(JSON.stringify(collector.spans)).not.toContain('traced@');
    } finally {
      await server.stop();
      await mail.stop();
    }
  });

  it('sends the spans that are left when the server stops, and none of probes', async () => {
    const environment = { ...exporting(), OTEL_BSP_SCHEDULE_DELAY: '60000' };
    const server = new ServerProcess(await onDatabase(environment));
    const url = await server.ready();
    await exchange(`${url}/livez`, { method: 'GET' });
    const info = await exchange(`${url}/api/v1/info`, { method: 'GET' });
    expect(await server.stop()).toBe(0);

    expect(collector.traceOf(idOf(info)).map(({ name }) => name)).toEqual(['GET /api/v1/info']);
    expect(has(collector.spans, /livez/)).toBe(false);
  });

  it('serves while the collector does not respond, and logs that once a second', async () => {
    const environment = {
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9',
      OTEL_EXPORTER_OTLP_TIMEOUT: '100', // too short for another attempt
      OTEL_BSP_SCHEDULE_DELAY: '50',
    };
    const begun = performance.now();
    const server = new ServerProcess(await onDatabase(environment));
    try {
      const url = await server.ready();
      for (let n = 0; n < 20; n++)
        expect((await exchange(`${url}/api/v1/info`, { method: 'GET' })).status).toBe(200);
      await until(() => server.messages.includes('traces could not be exported'));
    } finally {
      await server.stop();
    }
    const lines = server.stdout.split('\n').filter((line) => line.includes('traces could not be exported'));
    expect(lines.length).toBeLessThan(2 + (performance.now() - begun) / 1000);
    expect(lines.join()).not.toContain('trace_id'); // they belong to no request
  });
});

/** Prints at exit how many modules of OpenTelemetry were loaded, besides the API, which prom-client imports. */
const REPORT = `data:text/javascript,${encodeURIComponent(`
  import { createRequire } from 'node:module';
  const { cache } = createRequire('${import.meta.url}');
  process.on('exit', () => {
    const loaded = Object.keys(cache).filter((file) => /@opentelemetry.(?!api.)/.test(file));
    process.stderr.write('modules of OpenTelemetry: ' + loaded.length + '\\n');
  });
`)}`;

it.each([
  ['none', {}, /^modules of OpenTelemetry: 0$/m],
  [
    'all, with a collector',
    { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' },
    /^modules of OpenTelemetry: [1-9]/m,
  ],
])('loads of the modules of OpenTelemetry: %s', async (_, environment, report) => {
  const server = new ServerProcess(await onDatabase({ ...environment, NODE_OPTIONS: `--import=${REPORT}` }));
  const url = await server.ready();
  await exchange(`${url}/api/v1/info`, { method: 'GET' });
  await server.stop();

  expect(server.stderr).toMatch(report);
});

describe('the alert rules and the dashboard', () => {
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
      const send = (method: string, path: string, body?: object) =>
        t.api.send(method, path, body, { headers });
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
});
