import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { text as readText } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { auditPage } from '../support/audit-log.js';
import { Browser } from '../support/browser.js';
import { freePort } from '../support/free-port.js';
import { HostileProvider } from '../support/hostile-provider.js';
import { LOGIN } from '../support/identity-provider.js';
import { loggedDuring } from '../support/server-host.js';
import { ADMIN, startTestApp, type TestApp } from '../support/test-app.js';

type Line = Record<string, unknown>;

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const TRACEPARENT = `00-${TRACE}-00f067aa0ba902b7-01`;
const ID = /^[0-9a-f]{32}$/;

let t: TestApp;
beforeAll(async () => {
  t = await startTestApp({ LOG_LEVEL: 'info' });
  await pause(1000); // in which servers of the test file before may repeat a warning
});
afterAll(() => t.close());

/**
 * The lines of the log while `work` runs. Those of requests are written some milliseconds after their response, so a
 * request with a trace id of its own follows, whose line is the last.
 */
async function linesDuring(work: () => Promise<unknown>): Promise<Line[]> {
  await loggedWith(() => Promise.resolve());
  return await loggedWith(work);
}

async function loggedWith(work: () => Promise<unknown>): Promise<Line[]> {
  const last = randomUUID().replaceAll('-', '');
  const headers = { traceparent: `00-${last}-00f067aa0ba902b7-01` };
  const text = await loggedDuring(async () => {
    await work();
    await t.api.send('GET', '/api/v1/info', undefined, { headers });
  }, last);
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.includes(last))
    .map((line) => JSON.parse(line) as Line);
}

const requestsAmong = (lines: readonly Line[]) => lines.filter(({ msg }) => msg === 'request completed');

it('logs one line per request with route, status, duration, caller and organization', async () => {
  const { admin, orgId, workspaceId } = await t.fixtures.orgWithAdmin();

  const lines = await linesDuring(() => admin.api.get(`/api/v1/workspaces/${workspaceId}?secret=1`));

  expect(lines).toEqual([
    {
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      trace_id: expect.stringMatching(ID),
      method: 'GET',
      route: '/api/v1/workspaces/:workspace_id',
      status: 200,
      duration_ms: expect.any(Number),
      caller: 'session',
      organization_id: orgId,
      msg: 'request completed',
    },
  ]);
});

it.each([
  ['personal-access-token', 'lsv2_pt_'],
  ['service-key', 'lsv2_sk_'],
])('names the kind of the credential: %s', async (kind, prefix) => {
  const { admin, orgId } = await t.fixtures.defaultOrg();
  const path =
    kind === 'service-key'
      ? '/api/v1/orgs/current/service-keys'
      : '/api/v1/orgs/current/personal-access-tokens';
  const { body } = await admin.api.post(path, { description: 'log' });
  expect(body.key).toContain(prefix);

  const lines = await linesDuring(() => t.api.as({ key: body.key }).get('/api/v1/orgs/current/info'));

  expect(requestsAmong(lines)).toMatchObject([{ caller: kind, organization_id: orgId }]);
});

it('never logs a path, a query, an address, a credential or a body', async () => {
  const { admin } = await t.fixtures.orgWithAdmin();
  const email = `${randomUUID()}@example.com`;
  const secret = `secret-${randomUUID()}`;

  const lines = await linesDuring(async () => {
    await t.api.get(`/nowhere/${secret}?token=${secret}`);
    await t.api.get(`/%zz/${secret}`);
    await t.api.get(`/api/v1/workspaces/${'x'.repeat(1500)}${secret}`);
    await t.api.post('/api/v1/login', { email, password: secret });
    await admin.api.get(`/api/v1/orgs/current/members/active?emails=${encodeURIComponent(email)}`);
    await admin.api.post('/api/v1/orgs/current/members', { email, full_name: secret });
    await t.api.as({ key: secret }).get('/api/v1/orgs/current');
  });

  expect(requestsAmong(lines)).toHaveLength(7);
  expect(JSON.stringify(lines)).not.toContain(secret);
  expect(JSON.stringify(lines)).not.toContain('@example.com');
});

it('logs probes at debug only', async () => {
  const lines = await linesDuring(async () => {
    await t.api.get('/livez');
    await t.api.get('/api/v1/ok');
    await t.api.get('/metrics');
  });

  expect(lines).toEqual([]);
});

describe('the id of a request', () => {
  it('is a new one for each request, and the trace that the caller names is beside it', async () => {
    const headers = { traceparent: TRACEPARENT };
    const ids: (string | null)[] = [];

    const lines = await linesDuring(async () => {
      for (let n = 0; n < 2; n++) {
        const reply = await t.api.send('GET', '/api/v1/info', undefined, { headers });
        ids.push(reply.headers.get('x-request-id'));
      }
    });

    expect(ids).toEqual([expect.stringMatching(ID), expect.stringMatching(ID)]);
    expect(new Set([...ids, TRACE]).size).toBe(3);
    expect(requestsAmong(lines).map(({ trace_id: id }) => id)).toEqual(ids);
    expect(lines.map(({ caller_trace_id: id }) => id)).toEqual([TRACE, TRACE]);
  });

  it.each(['nonsense', `ff-${TRACE}-00f067aa0ba902b7-01`, `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`])(
    'ignores the invalid traceparent %s',
    async (traceparent) => {
      const lines = await linesDuring(() =>
        t.api.send('GET', '/api/v1/info', undefined, { headers: { traceparent } }),
      );

      expect(lines).toHaveLength(1);
      expect(lines[0]).not.toHaveProperty('caller_trace_id');
    },
  );

  it.each([
    ['GET', '/api/v1/orgs/current', 401],
    ['GET', '/nowhere', 404],
    ['GET', '/%zz', 404],
    ['POST', '/api/v1/login', 401],
  ])('is in the refusal of %s %s', async (method, path, status) => {
    let reply: Awaited<ReturnType<TestApp['api']['send']>> | undefined;
    const lines = await linesDuring(async () => (reply = await t.api.send(method, path, undefined)));

    expect(reply!.status).toBe(status);
    expect(lines).toMatchObject([
      {
        trace_id: reply!.headers.get('x-request-id'),
        status,
        error_code: reply!.headers.get('x-error-code'),
      },
    ]);
  });

  it('is in the response to bytes that are no HTTP request, and in its line without these bytes', async () => {
    let response = '';
    const lines = await linesDuring(async () => {
      const socket = connect(Number(new URL(t.url).port), '127.0.0.1');
      await once(socket, 'connect');
      socket.end('nothing of HTTP\r\n\r\n');
      response = await readText(socket);
    });

    const [, id] = /\r\nx-request-id: (\w+)\r\n/.exec(response) ?? [];
    expect(id).toMatch(ID);
    expect(requestsAmong(lines)).toMatchObject([
      { trace_id: id, route: 'unknown', status: 400, error_code: 'malformed_request' },
    ]);
    expect(JSON.stringify(lines)).not.toContain('nothing of HTTP');
  });

  it('is in the entries of the audit log, of changes and of refusals', async () => {
    const { admin } = await t.fixtures.orgWithAdmin();

    const made = await admin.api.post('/api/v1/workspaces', { display_name: 'Traced' });
    const refused = await admin.api.post('/api/v1/workspaces', {});

    expect([made.status, refused.status]).toEqual([200, 422]);
    const { items } = await auditPage(
      admin.api,
      'limit=10&operations=create_workspace&operations=create_tenant',
    );
    const ids = items.map((item: any) => item.unmapped.original_audit_log.enrichments.request_id);
    expect(ids).toEqual(
      expect.arrayContaining([made, refused].map(({ headers }) => headers.get('x-request-id'))),
    );
  });

  it('is in other lines that are logged during the request', async () => {
    const broken = await startTestApp();
    try {
      const token = await broken.fixtures.login(ADMIN.email, ADMIN.password);
      await broken.sql('alter table audit_entries rename to lost_entries');
      let id: string | null = null;

      const lines = await linesDuring(async () => {
        const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
        const body = '{"display_name":"Lost"}';
        const reply = await fetch(`${broken.url}/api/v1/workspaces`, { method: 'POST', headers, body });
        expect(reply.status).toBe(500);
        id = reply.headers.get('x-request-id');
      });

      expect(lines.filter(({ level }) => level === 'error')).not.toEqual([]);
      for (const line of lines) expect(line).toMatchObject({ trace_id: id });
    } finally {
      await broken.close();
    }
  });
});

it('sends the id of the request as the trace of requests to the identity provider', async () => {
  const provider = await HostileProvider.start();
  const app = await startTestApp(provider.environment(`http://127.0.0.1:${await freePort()}`));
  try {
    const browser = new Browser();
    const { location } = await browser.open(`${app.url}${LOGIN}`);
    const person = { sub: 'traced', email: ADMIN.email, email_verified: true };
    const page = await browser.open(provider.accept(location!, { claims: person, userInfo: person }));

    expect(page.status).toBe(302);
    const id = page.headers.get('x-request-id');
    expect(provider.traceparents.at(-1)).toMatch(new RegExp(`^00-${id}-[0-9a-f]{16}-00$`));
  } finally {
    await app.close();
    await provider.stop();
  }
});
