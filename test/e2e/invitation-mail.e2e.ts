/** @takes-long, waiting */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { until } from '../support/audit-log.js';
import { type OrgWithAdmin, role } from '../support/fixtures.js';
import {
  anotherWorkspace,
  invitation,
  letExpire,
  ORG_BATCH,
  ORG_MEMBERS,
  updateOrg,
} from '../support/invitations.js';
import { MAIL_USER, MailServer, partOf } from '../support/mail-server.js';
import { adminIn } from '../support/server-host.js';
import { API_KEY_SALT, JWT_SECRET, startTestApp, type TestApp } from '../support/test-app.js';
import { cloneDatabase } from '../support/test-database.js';

const LINK = 'https://tenantry.example.com';

let mail: MailServer;
let t: TestApp;
let replica: TestApp;
let org: OrgWithAdmin;
/** What the mail server says to one recipient or to a text for him; the tests run side by side. */
const recipients = new Map<string, MailServer['answerRecipient']>();
const texts = new Map<string, MailServer['answer']>();
beforeAll(async () => {
  mail = await MailServer.start();
  mail.answerRecipient = (to) => recipients.get(to)?.(to);
  mail.answer = (received) => texts.get(received.to)?.(received);
  const environment = { ...mail.environment, LANGSMITH_URL: LINK };
  t = await startTestApp(environment);
  replica = await startTestApp(environment, t.databaseUrl);
  org = await t.fixtures.defaultOrg();
});
afterAll(async () => {
  await Promise.all([t.close(), replica.close()]);
  await mail.stop();
});

/** Made at once; their ids in this order. */
async function invitations(emails: readonly string[]): Promise<string[]> {
  const { body } = await org.admin.api.post(
    ORG_BATCH,
    emails.map((email) => ({ email })),
  );
  return emails.map((email) => body.find((made: { email: string }) => made.email === email).id);
}

const resend = (id: string) => org.admin.api.post(`${ORG_MEMBERS}/${id}/pending/resend`);

/** What the queue says of the newest sending of an invitation. */
async function jobOf(invitationId: string): Promise<string | undefined> {
  const [job] = await t.sql<{ state: string }>(
    `select state::text from pgboss.job j join invitation_mails m on m.job_id = j.id where m.invitation_id = $1`,
    [invitationId],
  );
  return job?.state;
}

/** Holds a moment until it is let go; tells when somebody has come to it. */
function hold() {
  let letGo = () => {};
  let arrived = 0;
  const gate = new Promise<void>((resolve) => (letGo = resolve));
  const wait = () => (arrived++, gate);
  return { wait, letGo: () => letGo(), arrived: (count: number) => until(() => arrived >= count) };
}

// All at the same time, the longest first: they wait for the queue, which is looked at each second.
it.concurrent('what the mail server refuses for now is tried again, and arrives once', async () => {
  const email = t.fixtures.email();
  let attempts = 0;
  texts.set(email, () => (attempts++ === 0 ? { responseCode: 451, message: 'come back later' } : undefined));

  const id = await invitation(org, { email });

  await mail.mailsTo(email);
  await until(async () => (await jobOf(id)) === 'completed');
  expect(attempts).toBe(2);
  expect(mail.to(email)).toHaveLength(1);
});

it.concurrent(
  'a batch at two replicas is one mail for each new person, however often it is sent',
  async () => {
    const emails = Array.from({ length: 60 }, () => t.fixtures.email());
    const waiting = t.fixtures.email('waiting');
    const rows = [waiting, ...emails].map((email) => ({ email }));
    await invitation(org, { email: waiting });
    await mail.mailsTo(waiting);

    const replies = await Promise.all(
      [t, replica, t].map(({ url }) => org.admin.api.at(url).post(ORG_BATCH, rows)),
    );
    const undone = `select from pgboss.job j where state < 'completed' and exists (
      select from invitation_mails m join invitations i on i.id = m.invitation_id
      where m.job_id = j.id and i.email = any($1))`;
    await until(async () => (await t.sql(undone, [[waiting, ...emails]])).length === 0, 30);

    expect(replies.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect([waiting, ...emails].filter((email) => mail.to(email).length !== 1)).toEqual([]);
  },
);

it.concurrent(
  'a resend is a mail of its own, and so is an invitation made anew after it ran out',
  async () => {
    const emails = [t.fixtures.email('resent'), t.fixtures.email('anew')] as const;
    const [resent, old] = await invitations(emails);
    await Promise.all(emails.map((email) => mail.mailsTo(email)));

    expect((await resend(resent!)).status).toBe(200);
    await letExpire(t, old!);
    await invitations([emails[1]]);

    const mails = await Promise.all(emails.map((email) => mail.mailsTo(email, 2)));
    const ids = mails.flat().map(({ raw }) => /^Message-ID: (.+)$/im.exec(raw)![1]);
    expect(new Set(ids).size).toBe(4);
  },
);

it.concurrent('what it refuses for good is not tried again, until somebody asks for it', async () => {
  const email = t.fixtures.email();
  let attempts = 0;
  recipients.set(email, () => (attempts++, { responseCode: 550, message: 'no such mailbox' }));

  const id = await invitation(org, { email });
  await until(async () => (await jobOf(id)) === 'failed');
  expect(attempts).toBe(1);
  recipients.delete(email);
  await resend(id);

  expect(await mail.mailsTo(email)).toHaveLength(1);
});

it.concurrent(
  'who has accepted, been revoked or run out when the server is ready for the mail, gets none',
  async () => {
    const accepting = await t.fixtures.userWithoutOrg();
    const emails = [accepting.email, t.fixtures.email(), t.fixtures.email()];
    const held = hold();
    for (const email of emails) recipients.set(email, held.wait);
    const ids = await invitations(emails);
    await held.arrived(3);

    expect((await accepting.api.post(`/api/v1/orgs/pending/${org.orgId}/claim`)).status).toBe(200);
    expect((await org.admin.api.delete(`${ORG_MEMBERS}/${ids[1]}/pending`)).status).toBe(200);
    await letExpire(t, ids[2]!);
    held.letGo();

    await until(async () => (await Promise.all(ids.map(jobOf))).every((state) => state === 'completed'));
    expect(emails.flatMap((email) => mail.to(email))).toEqual([]);
  },
);

it.concurrent(
  'whoever is invited hears by whom, to what and until when, in text and HTML, with a link and no secret',
  async () => {
    const workspaceId = await anotherWorkspace(org);
    const email = t.fixtures.email();
    const [{ display_name: workspace }] = (await org.admin.api.get('/api/v1/workspaces')).body.filter(
      ({ id }: { id: string }) => id === workspaceId,
    );

    await invitation(org, { email, workspace_ids: [workspaceId], password: 'Chosen-For-Grace' });

    const [received] = await mail.mailsTo(email);
    const text = partOf(received!, 'text/plain');
    expect(received!.from).toBe('mail@tenantry.test');
    expect(received!.raw).toMatch(
      /^From: Tenantry <mail@tenantry\.test>\r\nTo: \S+\r\nSubject: admin@example\.com/m,
    );
    expect(text).toContain(`admin@example.com invites you to join Default, with the workspace ${workspace}.`);
    expect(text).toMatch(/You can accept until \d+ \w+ 20\d\d at/);
    expect(text).toContain(LINK);
    expect(partOf(received!, 'text/html')).toContain(`<a href="${LINK}"`);
    expect(received!.raw).not.toContain('Chosen-For-Grace');
  },
);

it.concurrent('without a mail server there is no queue, and invitations work', async () => {
  const quiet = await startTestApp();
  const alone = await quiet.fixtures.defaultOrg();
  await updateOrg(alone, { invites_enabled: true });

  const id = await invitation(alone, { email: quiet.fixtures.email(), role_id: role('ORGANIZATION_USER') });
  const reply = await alone.admin.api.post(`${ORG_MEMBERS}/${id}/pending/resend`);

  expect(reply.status).toBe(200);
  expect(
    await quiet.sql(
      `select to_regnamespace('pgboss') as schema, (select count(*)::int from invitation_mails)`,
    ),
  ).toEqual([{ schema: null, count: 0 }]);
  await quiet.close();
});

it.concurrent('an operator’s command serves no queue, whatever waits in it', async () => {
  const databaseUrl = await cloneDatabase();

  const environment = { ...mail.environment, BASIC_AUTH_JWT_SECRET: JWT_SECRET, API_KEY_SALT };
  expect((await adminIn(databaseUrl, environment, ['help'])).code).toBe(0);

  const quiet = await startTestApp({}, databaseUrl);
  expect(await quiet.sql(`select to_regnamespace('pgboss') as schema`)).toEqual([{ schema: null }]);
  await quiet.close();
});

// Those that look at all jobs there are come after those that make some.
it('a batch that is refused mails nobody, not even those who might have come', async () => {
  const [email, next] = [t.fixtures.email(), t.fixtures.email()];
  const unknown = '00000000-0000-4000-8000-000000000000';
  const jobs = 'select count(*)::int as n from pgboss.job';
  const before = await t.sql<{ n: number }>(jobs);

  const reply = await org.admin.api.post(ORG_BATCH, [{ email }, { email: next, role_id: unknown }]);

  expect(reply.status).toBe(404);
  expect(await t.sql(jobs)).toEqual(before);
});

it('the password of the mail server is stored nowhere', async () => {
  const [{ data }] = (await t.sql(`select jsonb_agg(j)::text as data from pgboss.job j`)) as [
    { data: string },
  ];

  expect(data).not.toContain(MAIL_USER.password);
});
