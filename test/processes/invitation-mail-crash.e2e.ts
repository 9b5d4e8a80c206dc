/** @takes-long, waiting */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Client } from 'pg';
import { Api } from '../support/api.js';
import { until } from '../support/audit-log.js';
import { ORG_BATCH } from '../support/invitations.js';
import { MAIL_USER, MailServer } from '../support/mail-server.js';
import { pg } from '../support/postgres-client.js';
import { loggedDuring } from '../support/server-host.js';
import { ServerProcess } from '../support/server-process.js';
import { ADMIN, API_KEY_SALT, JWT_SECRET, startTestApp, type TestApp } from '../support/test-app.js';
import { cloneDatabase } from '../support/test-database.js';

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

/** Moves the heartbeats of running jobs into the past, so that another process takes them over. */
const expireHeartbeats = () =>
  database.query(
    `update pgboss.job set heartbeat_on = now() - interval '1 hour' where state = 'active';
     update pgboss.queue set monitor_on = null, monitor_claim_on = null`,
  );

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
  mail.answerRecipient = (to) => (to === unread ? (reached.add(to), never) : undefined);
  mail.answer = ({ to }) => (to === unanswered ? (reached.add(to), never) : undefined);

  await api.post(ORG_BATCH, [{ email: unread }, { email: unanswered }]);
  await until(() => reached.size === 2);
  await api.post(ORG_BATCH, [{ email: waiting }]); // no further job starts while these two run
  first.kill('SIGKILL');
  await first.ended();
  mail.answerRecipient = () => undefined;
  mail.answer = () => undefined;
  await expireHeartbeats();
  const logged = await loggedDuring(async () => {
    second = await startTestApp(mail.environment, databaseUrl);
    await Promise.all([mail.mailsTo(unread), mail.mailsTo(waiting)]);
    const open = `select from pgboss.job where name = 'invitation-mails' and state <> 'completed'`;
    await until(async () => (await database.query(open)).rowCount === 0);
  });

  expect(mail.received.map(({ to }) => to).sort()).toEqual([unread, waiting]);
  expect(first.stdout + first.stderr + logged).not.toContain(MAIL_USER.password);
});
