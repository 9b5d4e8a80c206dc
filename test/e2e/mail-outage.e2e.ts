/** @takes-long, waiting */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { until } from '../support/audit-log.js';
import type { OrgWithAdmin } from '../support/fixtures.js';
import { ORG_BATCH } from '../support/invitations.js';
import { MailServer } from '../support/mail-server.js';
import { loggedDuring } from '../support/server-host.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const PEOPLE = 5;

let mail: MailServer;
let t: TestApp;
let org: OrgWithAdmin;
beforeAll(async () => {
  mail = await MailServer.start();
  t = await startTestApp({ ...mail.environment, LOG_LEVEL: 'info' });
  org = await t.fixtures.defaultOrg();
});
afterAll(async () => {
  await t.close();
  await mail.stop();
});

async function inviteSome(): Promise<string[]> {
  const emails = Array.from({ length: PEOPLE }, () => t.fixtures.email());
  await org.admin.api.post(
    ORG_BATCH,
    emails.map((email) => ({ email })),
  );
  return emails;
}

/** How often all mails together were tried without success. */
async function retries(): Promise<number> {
  const [row] = await t.sql<{ total: string }>(
    'select coalesce(sum(retry_count), 0) as total from pgboss.job',
  );
  return Number(row!.total);
}

it('logs one warning for an outage of the mail server and one line when it is over, and then sends the mails', async () => {
  let emails: string[] = [];

  const log = await loggedDuring(async () => {
    const { port } = mail;
    await mail.stop();
    emails = await inviteSome();
    await until(async () => (await retries()) > PEOPLE, 30);
    mail = await MailServer.start(port);
    for (const email of emails) await mail.mailsTo(email);
  });

  expect(log.match(/The mail server fails: .*/g)).toEqual([expect.stringContaining('ECONNREFUSED')]);
  const [, attempts] = /The mail server works again, after (\d+) failed attempts in \d+ s/.exec(log) ?? [];
  expect(Number(attempts)).toBeGreaterThan(PEOPLE);
  expect(log.match(/The mail server works again/g)).toHaveLength(1);
  for (const email of emails) expect(log).not.toContain(email);
});

it('logs refusals of single mails by their code, and takes them for no outage', async () => {
  mail.answerRecipient = (to) =>
    to.startsWith('unknown') ? { responseCode: 550, message: `5.1.1 no such user ${to}` } : undefined;
  const [unknown, known] = ['unknown', 'known'].map((name) => t.fixtures.email(name)) as [string, string];

  const log = await loggedDuring(async () => {
    await org.admin.api.post(ORG_BATCH, [{ email: unknown }, { email: known }]);
    await mail.mailsTo(known);
    await until(async () => {
      const [{ count }] = (await t.sql<{ count: string }>(
        `select count(*) from pgboss.job where state in ('created', 'retry', 'active')`,
      )) as [{ count: string }];
      return count === '0';
    });
  });

  expect(log).toContain('The mail server refused a mail (550 5.1.1); it is not tried again');
  expect(log).not.toContain('The mail server fails');
  expect(log).not.toContain(unknown);
});
