/** @takes-long */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Client } from 'pg';
import { Api } from '../support/api.js';
import { until } from '../support/audit-log.js';
import { ORG_BATCH } from '../support/invitations.js';
import { MAIL_USER, MailServer } from '../support/mail-server.js';
import { pg } from '../support/postgres-client.js';
import { loggedDuring } from '../support/server-host.js';
import { emptyFolder, ServerProcess } from '../support/server-process.js';
import { ADMIN, API_KEY_SALT, JWT_SECRET, startTestApp, type TestApp } from '../support/test-app.js';
import { cloneDatabase } from '../support/test-database.js';

describe('a crash during changes', () => {
  const BATCH = 500;
  const ENVIRONMENT = {
    INITIAL_ORG_ADMIN_EMAIL: ADMIN.email,
    INITIAL_ORG_ADMIN_PASSWORD: ADMIN.password,
    RATE_LIMIT_INVITE_BATCHES_PER_MINUTE: '0',
    RATE_LIMIT_INVITED_ADDRESSES_PER_HOUR: '0',
  };

  let data: ReturnType<typeof emptyFolder>;
  let server: ServerProcess;
  let admin: Api;
  beforeAll(async () => {
    data = emptyFolder();
    admin = await start();
  });
  afterAll(async () => {
    expect(await server.stop()).toBe(0);
    data.remove();
  });

  async function start(): Promise<Api> {
    server = new ServerProcess({ ...ENVIRONMENT, DATA_DIR: data.path });
    const anonymous = new Api(await server.ready());
    const { body } = await anonymous.post('/api/v1/login', { email: ADMIN.email, password: ADMIN.password });
    return anonymous.as({ token: body.access_token });
  }

  /** Sends batches, two at a time, until the server is gone; returns those that it acknowledged. */
  async function inviteUntilGone(api: Api, acknowledged: Set<string>): Promise<void> {
    const send = async (stream: string) => {
      for (let n = 0; ; n++) {
        const name = `${stream}${n}x`;
        const rows = Array.from({ length: BATCH }, (_, row) => ({ email: `${name}${row}@example.com` }));
        const reply = await api.post('/api/v1/orgs/current/members/batch', rows).catch(() => null);
        if (!reply) return;
        expect([reply.status, reply.body.length]).toEqual([200, BATCH]);
        acknowledged.add(name);
      }
    };
    await Promise.all([send('a'), send('b')]);
  }

  /** How many users of each batch are pending. */
  async function pendingByBatch(api: Api): Promise<Map<string, number>> {
    const counts = new Map<string, number>();
    for (let offset = 0; ; offset += 500) {
      const { body } = await api.get(`/api/v1/orgs/current/members/pending?limit=500&offset=${offset}`);
      for (const { email } of body as { email: string }[]) {
        const name = /^[ab]\d+x/.exec(email)![0];
        counts.set(name, (counts.get(name) ?? 0) + 1);
      }
      if (body.length < 500) return counts;
    }
  }

  const postmaster = () =>
    Number(readFileSync(join(data.path, 'postgres/postmaster.pid'), 'utf8').split('\n')[0]);

  it.each([
    ['the server', true, () => server.kill('SIGKILL')],
    [
      'the server and its database',
      false,
      () => {
        server.kill('SIGKILL'); // first, or it answers a request without its database
        process.kill(postmaster(), 'SIGKILL');
      },
    ],
  ])(
    'stores each batch completely or not at all when %s is killed during batches',
    async (_what, keepsPostgres, kill) => {
      const runningBefore = postmaster();
      const before = await pendingByBatch(admin);
      const acknowledged = new Set<string>();

      const stream = inviteUntilGone(admin, acknowledged);
      await until(() => acknowledged.size >= 4, 90);
      kill();
      await stream;
      expect(await server.ended()).toBe('SIGKILL');
      admin = await start();
      const found = await pendingByBatch(admin);

      expect(postmaster() === runningBefore).toBe(keepsPostgres);
      expect([...found.values()].filter((count) => count !== BATCH)).toEqual([]);
      expect([...acknowledged].filter((name) => !found.has(name))).toEqual([]);
      expect([...before.keys()].filter((name) => !found.has(name))).toEqual([]);
    },
  );
});

describe('a crash during a request with an Idempotency-Key', () => {
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
      RATE_LIMIT_INVITED_ADDRESSES_PER_HOUR: '0',
    });

  /** `response` is set for the requests whose client received the response. */
  type Sent = { key: string; path: string; body: unknown; response?: unknown };

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
      request.response = reply.body;
    }
  }

  it('performs each keyed request exactly once when the server is killed and the request is sent again', async () => {
    const databaseUrl = await cloneDatabase();
    first = start(databaseUrl);
    const api = new Api(await first.ready());
    const { body } = await api.post('/api/v1/login', { email: ADMIN.email, password: ADMIN.password });
    const token: string = body.access_token;
    const sent: Sent[] = [];
    const known = () => sent.filter(({ response }) => response !== undefined);

    const streams = Promise.all([
      ...['a', 'b'].map((name) => sendUntilGone(api.as({ token }), (n) => batch(`batch-${name}${n}`), sent)),
      ...['c', 'd'].map((name) => sendUntilGone(api.as({ token }), (n) => newKey(`key-${name}${n}`), sent)),
    ]);
    await until(() => known().length >= 30, 90);
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
      expect(replies.get(request)!.body).toEqual(request.response);
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
});

describe('a crash between a mail and its record', () => {
  let mail: MailServer;
  let database: Client;
  let first: ServerProcess;
  let second: TestApp | undefined;
  beforeAll(async () => {
    mail = await MailServer.start();
  });
  afterAll(async () => {
    first.kill('SIGKILL');
    await second?.close();
    await database.end();
    await mail.stop();
  });

  async function start(databaseUrl: string): Promise<Api> {
    first = new ServerProcess({
      DATABASE_URL: databaseUrl,
      BASIC_AUTH_JWT_SECRET: JWT_SECRET,
      API_KEY_SALT,
      INITIAL_ORG_ADMIN_EMAIL: ADMIN.email,
      INITIAL_ORG_ADMIN_PASSWORD: ADMIN.password,
      ...mail.environment,
    });
    const api = new Api(await first.ready());
    const { body } = await api.post('/api/v1/login', { email: ADMIN.email, password: ADMIN.password });
    return api.as({ token: body.access_token });
  }

  /** Ends the claims of mails that are being sent, so that another process takes them over. */
  const expireClaims = () => database.query(`update mails set due_at = now() where state = 'queued'`);

  it('sends after a crash each mail that was not handed over, and none that was', async () => {
    const databaseUrl = await cloneDatabase();
    database = new pg.Client({ connectionString: databaseUrl });
    await database.connect();
    const api = await start(databaseUrl);
    const [unread, unanswered, waiting] = [
      'unread@example.com',
      'unanswered@example.com',
      'waiting@example.com',
    ] as const;
    const never = new Promise<void>(() => {});
    const reached = new Set<string>();
    mail.replyToRecipient = (to) => (to === unread ? (reached.add(to), never) : undefined);
    mail.reply = ({ to }) => (to === unanswered ? (reached.add(to), never) : undefined);

    await api.post(ORG_BATCH, [{ email: unread }, { email: unanswered }]);
    await until(() => reached.size === 2);
    await api.post(ORG_BATCH, [{ email: waiting }]); // no further job starts while these two run
    first.kill('SIGKILL');
    await first.ended();
    mail.replyToRecipient = () => undefined;
    mail.reply = () => undefined;
    await expireClaims();
    const logged = await loggedDuring(async () => {
      second = await startTestApp(mail.environment, databaseUrl);
      await Promise.all([mail.mailsTo(unread), mail.mailsTo(waiting)]);
      const open = `select from mails where state = 'queued'`;
      await until(async () => (await database.query(open)).rowCount === 0);
    });

    expect(mail.received.map(({ to }) => to).sort()).toEqual([unread, waiting]);
    expect(first.stdout + first.stderr + logged).not.toContain(MAIL_USER.password);
  });
});
