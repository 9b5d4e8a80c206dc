/** @takes-long */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Client } from 'pg';
import { Api } from '../support/api.js';
import { pg } from '../support/postgres-client.js';
import { ALLOWING_RECEIVERS, type Receiver, startReceiver } from '../support/receiver.js';
import { ServerProcess } from '../support/server-process.js';
import { ADMIN, API_KEY_SALT, JWT_SECRET } from '../support/test-app.js';
import { cloneDatabase } from '../support/test-database.js';

let receiver: Receiver;
let databaseUrl: string;
let database: Client;
let server: ServerProcess;
beforeAll(async () => {
  receiver = await startReceiver();
  databaseUrl = await cloneDatabase();
  database = new pg.Client({ connectionString: databaseUrl });
  await database.connect();
});
afterAll(async () => {
  server.kill('SIGKILL');
  await database.end();
  await receiver.stop();
});

async function start(): Promise<Api> {
  server = new ServerProcess({
    ...ALLOWING_RECEIVERS,
    SHUTDOWN_DRAIN_SECONDS: '0',
    DATABASE_URL: databaseUrl,
    BASIC_AUTH_JWT_SECRET: JWT_SECRET,
    API_KEY_SALT,
    INITIAL_ORG_ADMIN_EMAIL: ADMIN.email,
    INITIAL_ORG_ADMIN_PASSWORD: ADMIN.password,
  });
  const api = new Api(await server.ready());
  const { body } = await api.post('/api/v1/login', { email: ADMIN.email, password: ADMIN.password });
  return api.as({ token: body.access_token });
}

async function crash(): Promise<void> {
  server.kill('SIGKILL');
  await server.ended();
}

/** Of all requests from this one on. */
const uidsFrom = (index: number) =>
  new Set(
    receiver.received
      .slice(index)
      .flatMap(({ body }) => body.trim().split('\n'))
      .map((line) => JSON.parse(line).metadata.uid as string),
  );

it('sends the same entries again after crashes while the receiver had not answered, and loses none', async () => {
  receiver.answer = () => undefined;
  const api = await start();
  await api.post('/api/v1/orgs/current/log-streams', { url: receiver.url });
  await receiver.waitFor((received) => received.length === 1);
  await crash();
  await start();
  await receiver.waitFor((received) => received.length === 2);
  await crash();
  receiver.answer = { status: 200 };
  await start();

  const { rows } = await database.query<{ id: string }>(
    `select id from audit_entries where org_id = (select org_id from log_streams)
       and position >= (select position from audit_entries where operation = 'create_log_stream')`,
  );
  await receiver.waitFor(() => rows.every(({ id }) => uidsFrom(2).has(id)));
  const firsts = receiver.received
    .slice(0, 3)
    .map(({ headers }) => String(headers['tenantry-batch']).split('-')[0]);
  expect(new Set(firsts).size).toBe(1);
  expect(rows.length).toBeGreaterThanOrEqual(3); // the log stream and two logins
});

it('does not wait for a slow receiver when the server stops', async () => {
  const count = receiver.received.length;
  receiver.answer = () => undefined;
  await database.query(
    `insert into audit_entries (id, org_id, operation, succeeded, resource_ids)
     select gen_random_uuid(), org_id, 'update_workspace', true, '{}' from log_streams`,
  );
  await receiver.waitFor((received) => received.length > count);
  const begun = performance.now();

  expect(await server.stop()).toBe(0);
  expect(performance.now() - begun).toBeLessThan(7000);
  expect(server.stderr).toBe('');
});
