/** @takes-long */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Client } from 'pg';
import { Api } from '../support/api.js';
import { until } from '../support/audit-log.js';
import { exchange } from '../support/exchange.js';
import { freePort } from '../support/free-port.js';
import { MailServer } from '../support/mail-server.js';
import { CHOSEN, LINK, mailedToken, setPassword } from '../support/password-links.js';
import { pg } from '../support/postgres-client.js';
import { ServerProcess } from '../support/server-process.js';
import { ADMIN, API_KEY_SALT, JWT_SECRET } from '../support/test-app.js';
import { cloneDatabase } from '../support/test-database.js';
import { TraceCollector } from '../support/trace-collector.js';

let mail: MailServer;
let collector: TraceCollector;
let database: Client;
let environment: Record<string, string>;
const servers: ServerProcess[] = [];
beforeAll(async () => {
  mail = await MailServer.start();
  collector = await TraceCollector.start();
  const databaseUrl = await cloneDatabase();
  const port = String(await freePort());
  database = new pg.Client({ connectionString: databaseUrl });
  await database.connect();
  environment = {
    ...mail.environment,
    DATABASE_URL: databaseUrl,
    BASIC_AUTH_JWT_SECRET: JWT_SECRET,
    API_KEY_SALT,
    INITIAL_ORG_ADMIN_EMAIL: ADMIN.email,
    INITIAL_ORG_ADMIN_PASSWORD: ADMIN.password,
    PORT: port,
    LANGSMITH_URL: `http://127.0.0.1:${port}`,
    LOG_LEVEL: 'debug',
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_BSP_SCHEDULE_DELAY: '50',
    RATE_LIMIT_LOGINS_OF_NEW_NETWORKS_PER_MINUTE: '0',
  };
});
afterAll(async () => {
  for (const server of servers) server.kill('SIGKILL');
  await database.end();
  await collector.stop();
  await mail.stop();
});

async function start(): Promise<{ server: ServerProcess; api: Api }> {
  const server = new ServerProcess(environment);
  servers.push(server);
  return { server, api: new Api(await server.ready()) };
}

const ask = async (api: Api) => expect((await api.post(LINK, { email: ADMIN.email })).status).toBe(202);

/** The text of every row of every table. */
async function storedText(): Promise<string> {
  const { rows: tables } = await database.query<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables
     where schemaname not in ('pg_catalog', 'information_schema')`,
  );
  const texts: string[] = [];
  for (const { name } of tables) {
    const { rows } = await database.query(`select string_agg(t::text, ' ') as text from ${name} t`);
    texts.push(rows[0].text ?? '');
  }
  return texts.join(' ');
}

it('sends after a crash the link of a mail that was not handed over, and shows no link anywhere else', async () => {
  const first = await start();
  let isReached = false;
  mail.replyToRecipient = () => ((isReached = true), new Promise<void>(() => {}));
  await ask(first.api);
  await until(() => isReached);
  first.server.kill('SIGKILL');
  await first.server.ended();
  mail.replyToRecipient = () => undefined;
  let attempts = 0;
  mail.reply = () => (attempts++ === 0 ? { responseCode: 451, message: 'come back later' } : undefined);
  await database.query(`update mails set due_at = now() where state = 'queued'`);

  const { server, api } = await start();
  const token = await mailedToken(mail, ADMIN.email);

  expect(attempts).toBe(2);
  const replies = [
    await api.post(`${LINK}/check`, { token }),
    await setPassword(api, token, 'short'),
    await api.post('/api/v1/login/password', { token, password: 1 }),
    await setPassword(api, token),
    await setPassword(api, token),
    await api.get(`/console/set-password?token=none`),
  ];
  expect(replies.map(({ status }) => status).slice(0, 5)).toEqual([200, 422, 422, 200, 410]);
  const { body: login } = await api.post('/api/v1/login', { email: ADMIN.email, password: CHOSEN });
  const admin = api.as({ token: login.access_token });
  const lists = [
    await admin.get('/api/v1/orgs/current/members/active'),
    await admin.get('/api/v1/me/sessions'),
    await exchange(`${api.url}/metrics`, { method: 'GET' }),
  ];
  await until(() => collector.spans.some(({ name }) => name === 'POST /api/v1/login/password'));
  await server.stop();

  const shown = {
    log: first.server.stdout + first.server.stderr + server.stdout + server.stderr,
    traces: JSON.stringify(collector.spans),
    database: await storedText(),
    responses: JSON.stringify([replies, lists]),
  };
  const forms = [token, Buffer.from(token).toString('hex'), Buffer.from(token, 'base64url').toString('hex')];
  for (const [where, text] of Object.entries(shown))
    expect({ where, isEmpty: text === '', found: forms.filter((form) => text.includes(form)) }).toEqual({
      where,
      isEmpty: false,
      found: [],
    });
});
