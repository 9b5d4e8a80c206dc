import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '../../support/audit-log.js';
import type { OrgWithAdmin } from '../../support/fixtures.js';
import { MailServer } from '../../support/mail-server.js';
import { ALLOWING_RECEIVERS, type Receiver, startReceiver } from '../../support/receiver.js';
import { FakeTime, hasFakeTime } from '../support/fake-time.js';
import { printFigures } from '../support/load.js';
import { PostgresServer } from '../support/postgres-server.js';
import { type ReplicaProcesses, startReplicaProcesses } from '../support/replica-processes.js';
import { createWebhook, deliveriesOf } from '../support/webhooks.js';

/** On a busy machine. An hour would be the time of the jump. */
const AT_LAST_SECONDS = 60;

let clock: FakeTime;
let postgres: PostgresServer;
let mail: MailServer;
let replicas: ReplicaProcesses;
let org: OrgWithAdmin;
/** Of a webhook, of a webhook that fails until the clock has jumped, and of a log stream. */
let receivers: { readonly healthy: Receiver; readonly failing: Receiver; readonly stream: Receiver };

const describeIfFakeTime = hasFakeTime ? describe : describe.skip;

describeIfFakeTime('while the clock of the database jumps', () => {
  beforeAll(async () => {
    clock = new FakeTime();
    postgres = await PostgresServer.start({ environment: clock.environment });
    mail = await MailServer.start();
    const environment = { ...ALLOWING_RECEIVERS, ...mail.environment, DATABASE_POOL_SIZE: '6' };
    replicas = await startReplicaProcesses(postgres, [{ environment }, { environment }]);
    org = await replicas.fixtures.orgWithAdmin();
    receivers = {
      healthy: await startReceiver(),
      failing: await startReceiver(),
      stream: await startReceiver(),
    };
    await createWebhook(org.admin.api, receivers.healthy.url, { types: ['role.created'] });
    await org.admin.api.post('/api/v1/orgs/current/log-streams', { url: receivers.stream.url });
  });

  afterAll(async () => {
    await replicas.close();
    await Promise.all(Object.values(receivers).map((receiver) => receiver.stop()));
    await mail.stop();
    await postgres.remove();
    clock.remove();
  });

  it.each([
    ['an hour behind', '-1h'],
    ['an hour ahead', '+1h'],
    ['back to the true time', '+0'],
  ])('webhooks, log streams, events that are repeated and mails go on, %s', async (name, offset) => {
    receivers.failing.answer = { status: 500 };
    const { id } = await createWebhook(org.admin.api, receivers.failing.url, { types: ['role.created'] });
    const { port } = mail;
    await mail.stop();
    const email = replicas.fixtures.email();
    await org.admin.api.post('/api/v1/orgs/current/members/batch', [{ email }]);
    const before = await happen();
    await arrive(receivers.healthy, before);
    await until(async () => (await deliveriesOf(org.admin.api, id)).length === 1, AT_LAST_SECONDS);

    clock.jumpTo(offset);
    const jumpedAt = performance.now();
    receivers.failing.answer = { status: 200 };
    const failed = receivers.failing.received.length;
    mail = await MailServer.start(port);
    const after = await happen();
    const seconds = async (what: Promise<unknown>) => {
      await what;
      return Math.round((performance.now() - jumpedAt) / 100) / 10;
    };
    const figures = {
      webhook: await seconds(arrive(receivers.healthy, after)),
      stream: await seconds(arrive(receivers.stream, after)),
      repeated: await seconds(arrive(receivers.failing, before, failed)),
      mail: await seconds(mail.mailsTo(email)),
    };
    printFigures(`database clock ${name}`, figures);
    await org.admin.api.delete(`/api/v1/orgs/current/webhooks/${id}`);
    expect(mail.to(email)).toHaveLength(1);
  });
});

/** An event. Returns the id of the role that it made. */
async function happen(): Promise<string> {
  const fields = {
    display_name: replicas.fixtures.email('role'),
    description: '',
    permissions: ['runs:read'],
  };
  const { status, body } = await org.admin.api.post('/api/v1/orgs/current/roles', fields);
  expect(status).toBe(200);
  return body.id;
}

const arrive = ({ waitFor }: Receiver, roleId: string, from = 0) =>
  waitFor((received) => received.slice(from).some(({ body }) => body.includes(roleId)), AT_LAST_SECONDS);
