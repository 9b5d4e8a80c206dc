/** @takes-long */
import { afterAll, expect, it } from '@jest/globals';
import { Api } from '../support/api.js';
import { until } from '../support/audit-log.js';
import { ServerProcess } from '../support/server-process.js';
import { ADMIN, API_KEY_SALT, JWT_SECRET, startTestApp, type TestApp } from '../support/test-app.js';
import { cloneDatabase } from '../support/test-database.js';

const BATCH = 50;

let first: ServerProcess;
let second: TestApp | undefined;
afterAll(async () => {
  first.kill('SIGKILL');
  await second?.close();
});

const start = (databaseUrl: string) =>
  new ServerProcess({
    DATABASE_URL: databaseUrl,
    BASIC_AUTH_JWT_SECRET: JWT_SECRET,
    API_KEY_SALT,
    INITIAL_ORG_ADMIN_EMAIL: ADMIN.email,
    INITIAL_ORG_ADMIN_PASSWORD: ADMIN.password,
    RATE_LIMIT_INVITE_BATCHES_PER_MINUTE: '0',
  });

/** `answer` is set for the requests whose client received the response. */
type Sent = { key: string; path: string; body: unknown; answer?: unknown };

const send = (api: Api, { key, path, body }: Sent) =>
  api.post(path, body, { headers: { 'idempotency-key': key } });

const batch = (key: string) => ({
  key,
  path: '/api/v1/orgs/current/members/batch',
  body: Array.from({ length: BATCH }, (_, row) => ({ email: `${key}-${row}@example.com` })),
});

const newKey = (key: string) => ({
  key,
  path: '/api/v1/orgs/current/service-keys',
  body: { description: key },
});

/** Sends one request after another until the server is killed during one. */
async function sendUntilGone(api: Api, next: (n: number) => Sent, sent: Sent[]): Promise<void> {
  for (let n = 0; ; n++) {
    const request = next(n);
    sent.push(request);
    const reply = await send(api, request).catch(() => null);
    if (!reply) return;
    expect(reply.status).toBe(200);
    request.answer = reply.body;
  }
}

it('performs each keyed request exactly once when the server is killed and the request is sent again', async () => {
  const databaseUrl = await cloneDatabase();
  first = start(databaseUrl);
  const api = new Api(await first.ready());
  const { body } = await api.post('/api/v1/login', { email: ADMIN.email, password: ADMIN.password });
  const token: string = body.access_token;
  const sent: Sent[] = [];
  const known = () => sent.filter(({ answer }) => answer !== undefined);

  const streams = Promise.all([
    ...['a', 'b'].map((name) => sendUntilGone(api.as({ token }), (n) => batch(`batch-${name}${n}`), sent)),
    ...['c', 'd'].map((name) => sendUntilGone(api.as({ token }), (n) => newKey(`key-${name}${n}`), sent)),
  ]);
  await until(() => known().length >= 30, 30);
  first.kill('SIGKILL');
  await streams;
  const unknown = sent.length - known().length;
  second = await startTestApp({}, databaseUrl);
  const replies = new Map<Sent, Awaited<ReturnType<typeof send>>>();
  const next = second.api.as({ token });
  for (const request of sent) replies.set(request, await send(next, request));

  expect(unknown).toBe(4);
  expect([...replies.values()].filter(({ status }) => status !== 200)).toEqual([]);
  for (const request of known()) {
    expect(replies.get(request)!.body).toEqual(request.answer);
    expect(replies.get(request)!.headers.get('idempotency-replayed')).toBe('true');
  }
  const counts = await second.sql(
    `select (select count(*)::int from invitations) as invitations, (select count(*)::int from api_keys) as keys,
       (select count(*)::int from audit_entries
         where operation in ('invite_users_to_org_batch', 'create_service_key')) as changes`,
  );
  const batches = sent.filter(({ key }) => key.startsWith('batch')).length;
  expect(counts).toEqual([
    { invitations: batches * BATCH, keys: sent.length - batches, changes: sent.length },
  ]);
});
