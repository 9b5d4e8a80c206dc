/** @takes-long */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Reply } from '../support/api.js';
import { until } from '../support/audit-log.js';
import { type OrgWithAdmin, role } from '../support/fixtures.js';
import { freePort } from '../support/free-port.js';
import {
  anotherWorkspace,
  invitation,
  letExpire,
  letWorkspaceAdminsInvite,
  ORG_BATCH,
  ORG_MEMBERS,
  updateOrg,
  WORKSPACE_BATCH,
} from '../support/invitations.js';
import { MAIL_USER, MailServer, partOf } from '../support/mail-server.js';
import { adminIn, loggedDuring } from '../support/server-host.js';
import { API_KEY_SALT, JWT_SECRET, startTestApp, type TestApp } from '../support/test-app.js';
import { cloneDatabase } from '../support/test-database.js';

describe('the mail of an invitation', () => {
  const LINK = 'https://tenantry.example.com';

  let mail: MailServer;
  let t: TestApp;
  let replica: TestApp;
  let org: OrgWithAdmin;
  /** The mail server's reply to each recipient and to each mail; the tests run concurrently. */
  const recipients = new Map<string, MailServer['replyToRecipient']>();
  const texts = new Map<string, MailServer['reply']>();
  beforeAll(async () => {
    mail = await MailServer.start();
    mail.replyToRecipient = (to) => recipients.get(to)?.(to);
    mail.reply = (received) => texts.get(received.to)?.(received);
    const environment = { ...mail.environment, LANGSMITH_URL: LINK };
    t = await startTestApp(environment);
    replica = await startTestApp(environment, t.databaseUrl);
    org = await t.fixtures.defaultOrg();
  });
  afterAll(async () => {
    await Promise.all([t.close(), replica.close()]);
    await mail.stop();
  });

  /** Created in one batch; their ids in this order. */
  async function invitations(emails: readonly string[]): Promise<string[]> {
    const { body } = await org.admin.api.post(
      ORG_BATCH,
      emails.map((email) => ({ email })),
    );
    return emails.map((email) => body.find((made: { email: string }) => made.email === email).id);
  }

  const resend = (id: string) => org.admin.api.post(`${ORG_MEMBERS}/${id}/pending/resend`);

  /** What became of the latest mail of an invitation. */
  async function stateOf(invitationId: string): Promise<string | undefined> {
    const [row] = await t.sql<{ state: string }>('select state from mails where invitation_id = $1', [
      invitationId,
    ]);
    return row?.state;
  }

  /** A gate that holds its callers until `letGo`; `arrived` resolves once so many callers wait at it. */
  function hold() {
    let letGo = () => {};
    let arrived = 0;
    const gate = new Promise<void>((resolve) => (letGo = resolve));
    const wait = () => (arrived++, gate);
    return { wait, letGo: () => letGo(), arrived: (count: number) => until(() => arrived >= count) };
  }

  // All at the same time, the longest first: they wait for the queue, which is polled each second.
  it.concurrent('retries a mail that the mail server refuses temporarily, and delivers it once', async () => {
    const email = t.fixtures.email();
    let attempts = 0;
    texts.set(email, () =>
      attempts++ === 0 ? { responseCode: 451, message: 'come back later' } : undefined,
    );

    const id = await invitation(org, { email });

    await mail.mailsTo(email);
    await until(async () => (await stateOf(id)) === 'sent');
    expect(attempts).toBe(2);
    expect(mail.to(email)).toHaveLength(1);
  });

  it.concurrent(
    'sends one mail for each new user of a batch, however often two replicas receive it',
    async () => {
      const emails = Array.from({ length: 60 }, () => t.fixtures.email());
      const waiting = t.fixtures.email('waiting');
      const rows = [waiting, ...emails].map((email) => ({ email }));
      await invitation(org, { email: waiting });
      await mail.mailsTo(waiting);

      const replies = await Promise.all(
        [t, replica, t].map(({ url }) => org.admin.api.at(url).post(ORG_BATCH, rows)),
      );
      const undone = `
        select from mails m join invitations i on i.id = m.invitation_id
        where m.state = 'queued' and i.email = any($1)`;
      await until(async () => (await t.sql(undone, [[waiting, ...emails]])).length === 0, 30);
      await Promise.all(emails.map((email) => mail.mailsTo(email))); // a mail is sent after its state is stored

      expect(replies.map(({ status }) => status)).toEqual([200, 200, 200]);
      expect([waiting, ...emails].filter((email) => mail.to(email).length !== 1)).toEqual([]);
    },
  );

  it.concurrent(
    'sends another mail for a resend and for an invitation that is renewed after it expired',
    async () => {
      const emails = [t.fixtures.email('resent'), t.fixtures.email('renewed')] as const;
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

  it.concurrent(
    'does not retry a mail that was refused permanently until an invitation is resent',
    async () => {
      const email = t.fixtures.email();
      let attempts = 0;
      recipients.set(email, () => (attempts++, { responseCode: 550, message: '5.1.1 no such mailbox' }));
      const listed = async () =>
        (await org.admin.api.get(`${ORG_MEMBERS}/pending?emails=${encodeURIComponent(email)}`)).body[0];

      const id = await invitation(org, { email });
      await until(async () => (await stateOf(id)) !== 'queued');
      expect(attempts).toBe(1);
      expect(await listed()).toMatchObject({
        mail: 'refused',
        mail_refusal_code: '550 5.1.1',
        mail_refused_at: expect.stringMatching(/^\d{4}-.*Z$/),
      });
      recipients.delete(email);
      expect((await resend(id)).body).toMatchObject({ mail: 'queued', mail_refused_at: null });

      expect(await mail.mailsTo(email)).toHaveLength(1);
      expect(await listed()).toMatchObject({
        mail: 'queued',
        mail_refused_at: null,
        mail_refusal_code: null,
      });
    },
  );

  it.concurrent(
    'sends no mail for an invitation that was accepted, revoked or expired before delivery',
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

      await until(async () => (await Promise.all(ids.map(stateOf))).every((state) => state === 'abandoned'));
      expect(emails.flatMap((email) => mail.to(email))).toEqual([]);
    },
  );

  it.concurrent(
    'names inviter, organization and expiry in text and HTML, with a link and without the password of an account',
    async () => {
      const workspaceId = await anotherWorkspace(org);
      const { email } = await t.fixtures.userWithoutOrg();
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
      expect(text).toContain(
        `admin@example.com invites you to join Default on Tenantry, with the workspace ${workspace}.`,
      );
      expect(text).toMatch(/You can accept until \d+ \w+ 20\d\d at/);
      expect(text).toContain(LINK);
      expect(partOf(received!, 'text/html')).toContain(`<a href="${LINK}"`);
      expect(received!.raw).not.toContain('Chosen-For-Grace');
    },
  );

  it.concurrent(
    'says that the mail of each new invitation is queued, also when the response is repeated',
    async () => {
      const own = await t.fixtures.orgWithAdmin();
      await letWorkspaceAdminsInvite(own);
      const lead = await t.fixtures.member(own, { workspace: 'WORKSPACE_ADMIN' });
      const emails = [t.fixtures.email(), t.fixtures.email(), lead.email];
      const rows = emails.map((email) => ({ email }));
      const batch = () =>
        own.admin.api.post(ORG_BATCH, rows, { headers: { 'idempotency-key': `mails of ${emails[0]}` } });
      const mails = ({ body }: Reply) => [body].flat().map((row: { mail: string }) => row.mail);

      const [first, repeated] = [await batch(), await batch()];
      const fromWorkspace = await lead.api.post(WORKSPACE_BATCH, [{ email: t.fixtures.email() }]);
      const { id } = fromWorkspace.body[0];
      const resends = [
        await own.admin.api.post(`${ORG_MEMBERS}/${id}/pending/resend`),
        await lead.api.post(`/api/v1/workspaces/current/members/${id}/pending/resend`),
      ];

      expect(mails(first)).toEqual(['queued', 'queued', 'not_needed']);
      expect(repeated.body).toEqual(first.body);
      expect([fromWorkspace, ...resends].map(mails)).toEqual([['queued'], ['queued'], ['queued']]);
      expect(mails(await own.admin.api.post(ORG_MEMBERS, { email: t.fixtures.email() }))).toEqual(['queued']);
      expect((await own.admin.api.get(`${ORG_MEMBERS}/pending`)).body).toMatchObject([
        { mail: 'queued', link_made_at: null },
        { mail: 'queued' },
        { mail: 'queued' },
        { mail: 'queued' },
      ]);
      expect(await mail.mailsTo(emails[0]!)).toHaveLength(1);
    },
  );

  it.concurrent('lists whose mail was refused, to Organization Admins only', async () => {
    const own = await t.fixtures.orgWithAdmin();
    const operator = await t.fixtures.member(own, {
      org: 'ORGANIZATION_OPERATOR',
      workspace: 'WORKSPACE_VIEWER',
    });
    const [refused, taken] = [t.fixtures.email(), t.fixtures.email()];
    recipients.set(refused, () => ({ responseCode: 553, message: 'no' }));
    const ids = [await invitation(own, { email: refused }), await invitation(own, { email: taken })];
    await until(async () => (await stateOf(ids[0]!)) !== 'queued' && (await stateOf(ids[1]!)) !== 'queued');

    const { body, status } = await own.admin.api.get(`${ORG_MEMBERS}/pending?mail_refused=true`);
    const enriched = await own.admin.api.get('/v1/platform/orgs/current/members?is_pending=true');
    const others = await operator.api.get(`${ORG_MEMBERS}/pending`);
    const filtered = await operator.api.get(`${ORG_MEMBERS}/pending?mail_refused=true`);

    expect(status).toBe(200);
    expect(body).toMatchObject([{ email: refused, mail: 'refused', mail_refusal_code: '553' }]);
    expect(enriched.body.find((row: { email: string }) => row.email === refused)).toMatchObject({
      mail: 'refused',
      mail_refusal_code: '553',
      mail_refused_at: body[0].mail_refused_at,
    });
    expect(others.body).toHaveLength(2);
    for (const row of others.body)
      expect(row).toMatchObject({ mail: null, mail_refused_at: null, mail_refusal_code: null });
    expect(filtered.status).toBe(403);
    expect(filtered.headers.get('x-error-code')).toBe('only_admins_see_who_waits');
  });

  it.concurrent('queues no mails without a mail server, and invitations work', async () => {
    const quiet = await startTestApp();
    const alone = await quiet.fixtures.defaultOrg();
    await updateOrg(alone, { invites_enabled: true });

    const id = await invitation(alone, { email: quiet.fixtures.email(), role_id: role('ORGANIZATION_USER') });
    const reply = await alone.admin.api.post(`${ORG_MEMBERS}/${id}/pending/resend`);

    expect(reply.status).toBe(200);
    expect(await quiet.sql('select from mails')).toEqual([]);
    await quiet.close();
  });

  it.concurrent('sends no mails in an operator’s command', async () => {
    const databaseUrl = await cloneDatabase();
    const quiet = await startTestApp({}, databaseUrl);
    await quiet.sql(
      `insert into mails (id, kind, email) values (gen_random_uuid(), 'password-mails', 'a@b.test')`,
    );

    const environment = { ...mail.environment, BASIC_AUTH_JWT_SECRET: JWT_SECRET, API_KEY_SALT };
    expect((await adminIn(databaseUrl, environment, ['help'])).code).toBe(0);

    expect(await quiet.sql('select state, attempts from mails')).toEqual([{ state: 'queued', attempts: 0 }]);
    await quiet.close();
  });

  // Tests that look at all mails run after those that create some.
  it('sends no mail for any row of a refused batch', async () => {
    const [email, next] = [t.fixtures.email(), t.fixtures.email()];
    const unknown = '00000000-0000-4000-8000-000000000000';
    const mails = 'select count(*)::int as n from mails';
    const before = await t.sql<{ n: number }>(mails);

    const reply = await org.admin.api.post(ORG_BATCH, [{ email }, { email: next, role_id: unknown }]);

    expect(reply.status).toBe(404);
    expect(await t.sql(mails)).toEqual(before);
  });

  it('stores the password of the mail server nowhere', async () => {
    const [{ data }] = (await t.sql(`select jsonb_agg(m)::text as data from mails m`)) as [{ data: string }];

    expect(data).not.toContain(MAIL_USER.password);
  });
});

describe('while the mail server is down', () => {
  const PEOPLE = 5;

  let mail: MailServer;
  let t: TestApp;
  let org: OrgWithAdmin;
  beforeAll(async () => {
    mail = await MailServer.start(await freePort()); // which nothing takes while it is down
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
      'select coalesce(sum(attempts - 1) filter (where attempts > 0), 0) as total from mails',
    );
    return Number(row!.total);
  }

  const noMailIsLeft = () =>
    until(async () => {
      return (await t.sql(`select from mails where state = 'queued'`)).length === 0;
    });

  it('logs one warning for an outage of the mail server and one line when it is over, and then sends the mails', async () => {
    let emails: string[] = [];

    const log = await loggedDuring(async () => {
      const { port } = mail;
      await mail.stop();
      emails = await inviteSome();
      await until(async () => (await retries()) > PEOPLE, 30);
      mail = await MailServer.start(port);
      for (const email of emails) await mail.mailsTo(email);
      await noMailIsLeft();
    });

    expect(log.match(/The mail server fails: .*/g)).toEqual([expect.stringContaining('ECONNREFUSED')]);
    const [, attempts] = /The mail server works again, after (\d+) failed attempts in \d+ s/.exec(log) ?? [];
    expect(Number(attempts)).toBeGreaterThan(PEOPLE);
    expect(log.match(/The mail server works again/g)).toHaveLength(1);
    for (const email of emails) expect(log).not.toContain(email);
  });

  it('sends mails although the clock was set back since they were due', async () => {
    const { port } = mail;
    await mail.stop();
    const emails = await inviteSome();
    await until(async () => (await retries()) > 0, 30);
    await t.sql(`update mails set due_at = due_at + interval '1 hour' where state = 'queued'`);
    mail = await MailServer.start(port);
    const arrived = Promise.all(emails.map((email) => mail.mailsTo(email))).then(() => true);
    expect(await arrived.catch(() => false)).toBe(true);
    await noMailIsLeft();
  });

  it('logs refusals of single mails by their code, and takes them for no outage', async () => {
    mail.replyToRecipient = (to) =>
      to.startsWith('unknown') ? { responseCode: 550, message: `5.1.1 no such user ${to}` } : undefined;
    const [unknown, known] = ['unknown', 'known'].map((name) => t.fixtures.email(name)) as [string, string];

    const log = await loggedDuring(async () => {
      await org.admin.api.post(ORG_BATCH, [{ email: unknown }, { email: known }]);
      await mail.mailsTo(known);
      await noMailIsLeft();
    });

    expect(log).toContain('The mail server refused a mail (550 5.1.1); it is not tried again');
    expect(log).not.toContain('The mail server fails');
    expect(log).not.toContain(unknown);
  });
});
