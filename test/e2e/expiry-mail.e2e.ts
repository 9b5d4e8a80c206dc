/** @takes-long */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '../support/audit-log.js';
import { type OrgWithAdmin, role } from '../support/fixtures.js';
import { updateOrg } from '../support/invitations.js';
import { MailServer, partOf, type Received } from '../support/mail-server.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const LINK = 'https://tenantry.example.com';
const EVERY_SECOND = { REMOVAL_INTERVAL_SECONDS: '1', LANGSMITH_URL: LINK };

/** `days`: until the expiry, and an hour, so that midnight changes nothing; `life`: its days altogether. */
type Seed = {
  kind?: 'pat' | 'service' | 'scim';
  owner?: string;
  description: string;
  days: number;
  life?: number;
};
type Credential = { id: string; shortKey: string };

let mail: MailServer;
let t: TestApp;
let replica: TestApp;
/** The mail server's reply to each recipient; the tests run concurrently. */
const refusals = new Map<string, MailServer['replyToRecipient']>();
beforeAll(async () => {
  mail = await MailServer.start();
  mail.replyToRecipient = (to) => refusals.get(to)?.(to);
  const environment = { ...mail.environment, ...EVERY_SECOND };
  t = await startTestApp(environment);
  replica = await startTestApp(environment, t.databaseUrl);
});
afterAll(async () => {
  await Promise.all([t.close(), replica.close()]);
  await mail.stop();
});

/** All at once, as a server that looks for them finds all or none. */
async function seed({ orgId }: OrgWithAdmin, seeds: readonly Seed[], app = t): Promise<Credential[]> {
  const rows = seeds.map(({ kind = 'pat', owner = null, life = 90, ...seedling }) => ({
    ...{ id: randomUUID(), kind, owner, life, short_key: `lsv2_${randomUUID().slice(0, 8)}` },
    ...seedling,
  }));
  await app.sql(SEED, [orgId, JSON.stringify(rows), role('WORKSPACE_ADMIN')]);
  return rows.map(({ id, short_key }) => ({ id, shortKey: short_key }));
}

const SEED = `
  with given as (
      select *, date_trunc('day', now(), 'UTC') + make_interval(days => days, hours => 12) as ends
      from jsonb_to_recordset($2::jsonb)
        as row (id uuid, kind text, owner uuid, description text, short_key text, days int, life int)),
    keys as (
      insert into api_keys (id, kind, org_id, user_id, workspace_role_id, is_org_wide, digest, short_key, description,
        created_at, expires_at)
      select id, kind, $1::uuid, owner, case kind when 'service' then $3::uuid end, kind = 'service', uuid_send(id),
        short_key, description, ends - make_interval(days => life), ends
      from given where kind <> 'scim')
  insert into scim_tokens (id, org_id, digest, short_token, description, created_at, expires_at)
  select id, $1::uuid, uuid_send(id), short_key, description, ends - make_interval(days => life), ends
  from given where kind = 'scim'`;

/** Both servers have looked for what is due and have sent it. */
async function mailsAreSent(): Promise<void> {
  await pause(2500);
  const waiting = `select from pgboss.job where name = 'expiry-mails' and state in ('created', 'active')`;
  await until(async () => (await t.sql(waiting)).length === 0, 30);
}

/** $1: organization */
const UNDONE = `
  select from pgboss.job j join expiry_mails m on m.id = j.id where j.state < 'completed' and m.org_id = $1`;

const noticesOf = ({ id }: Credential) =>
  t.sql<{ days: number }>(
    'select days_before as days from expiry_notices where credential_id = $1 order by days_before desc',
    [id],
  );

const moveExpiry = ({ id }: Credential, days: number) =>
  t.sql(
    `update api_keys set expires_at = date_trunc('day', now(), 'UTC') + make_interval(days => $2, hours => 12) where id = $1`,
    [id, days],
  );

const textOf = (received: Received | undefined) => partOf(received!, 'text/plain').replaceAll('\r\n', '\n');

describe('the mail before keys and tokens expire', () => {
  it.concurrent('tells the owner of a token and the admins of other keys, in one mail each', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const [owner, other] = [await t.fixtures.member(org, {}), await t.fixtures.member(org, {})];
    const [own, , key, scim] = await seed(org, [
      { owner: owner.userId, description: 'Nightly <export>', days: 7 },
      { owner: owner.userId, description: 'Reports', days: 14 },
      { kind: 'service', description: 'Deployment', days: 1 },
      { kind: 'scim', description: 'Directory', days: 13 },
      { owner: org.admin.userId, description: 'Of the admin', days: 3 },
      { owner: other.userId, description: 'Far away', days: 16 },
    ]);

    const [toOwner] = await mail.mailsTo(owner.email);
    const [toAdmin] = await mail.mailsTo(org.admin.email);
    await mailsAreSent();

    const settings = `${LINK}/console/organizations/${org.orgId}/settings`;
    expect(toOwner!.raw).toContain('Subject: Keys and tokens of Other expire soon');
    expect(textOf(toOwner)).toContain(`Your personal access token ${own!.shortKey} (Nightly <export>)\n`);
    expect(textOf(toOwner)).toMatch(/expires on \d+ \w+ 20\d\d at 12:00 \(UTC\)\n/);
    expect(textOf(toOwner)).toContain(`${settings}/tokens\n`);
    expect(partOf(toOwner!, 'text/html')).toContain('Nightly &#60;export&#62;');
    expect(textOf(toOwner).match(/access token/g)).toHaveLength(2);
    expect(textOf(toOwner)).not.toMatch(/Deployment|Directory|Of the admin|Far away/);
    expect(textOf(toAdmin)).toContain(`Service key ${key!.shortKey} (Deployment)`);
    expect(textOf(toAdmin)).toContain(`SCIM token ${scim!.shortKey} (Directory)`);
    expect(textOf(toAdmin)).toContain(`${settings}/service-keys\n`);
    expect(textOf(toAdmin)).toContain(`${settings}/provisioning\n`);
    expect(textOf(toAdmin)).toContain('(Of the admin)');
    expect(textOf(toAdmin)).not.toMatch(/Nightly|Reports|Far away/);
    expect([owner, org.admin, other].map(({ email }) => mail.to(email).length)).toEqual([1, 1, 0]);
  });

  it.concurrent('tells at most 20 admins, and none who is deactivated', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const admins = await Promise.all(
      Array.from({ length: 21 }, () => t.fixtures.member(org, { org: 'ORGANIZATION_ADMIN' })),
    );
    const all = [org.admin, ...admins].map(({ email }) => email);
    await t.sql('update org_memberships set is_disabled = true where id = $1', [admins[3]!.membershipId]);

    await seed(org, [{ kind: 'service', description: 'Deployment', days: 7 }]);
    await mail.mailsTo(org.admin.email);
    await mailsAreSent();

    expect(all.filter((email) => mail.to(email).length > 0)).toHaveLength(20);
    expect(mail.to(admins[3]!.email)).toEqual([]);
  });

  it.concurrent(
    'makes up for no days that were missed, and begins again when the expiry becomes later',
    async () => {
      const org = await t.fixtures.orgWithAdmin();
      const owner = await t.fixtures.member(org, {});
      const [token] = await seed(org, [{ owner: owner.userId, description: 'Export', days: 5 }]);
      await mail.mailsTo(owner.email);
      await mailsAreSent();
      expect(mail.to(owner.email)).toHaveLength(1);
      expect(await noticesOf(token!)).toEqual([{ days: 7 }]);

      await moveExpiry(token!, 1);
      await mail.mailsTo(owner.email, 2);
      await moveExpiry(token!, 14);
      await mail.mailsTo(owner.email, 3);
      await mailsAreSent();

      expect(await noticesOf(token!)).toEqual([{ days: 14 }, { days: 7 }, { days: 1 }]);
      expect(mail.to(owner.email)).toHaveLength(3);
    },
  );

  it.concurrent(
    'says nothing of what has ended, is refused anyway, or was made for so short a time',
    async () => {
      const org = await t.fixtures.orgWithAdmin();
      const [owner, disabled] = [await t.fixtures.member(org, {}), await t.fixtures.member(org, {})];
      await t.sql('update org_memberships set is_disabled = true where id = $1', [disabled.membershipId]);
      const closed = await t.fixtures.orgWithAdmin();
      await t.sql('update organizations set is_disabled = true where id = $1', [closed.orgId]);
      const silent = await seed(closed, [{ kind: 'service', description: 'Closed', days: 7 }]);
      const [announced, ...others] = await seed(org, [
        { kind: 'service', description: 'Announced', days: 7 },
        { owner: owner.userId, description: 'Expired', days: -1 },
        { owner: owner.userId, description: 'Made for a week', days: 7, life: 7 },
        { owner: owner.userId, description: 'Made for a day', days: 1, life: 1 },
        { owner: disabled.userId, description: 'Of a deactivated member', days: 7 },
      ]);
      silent.push(...others);

      await mail.mailsTo(org.admin.email);
      await mailsAreSent();

      expect(await noticesOf(announced!)).toEqual([{ days: 7 }]);
      expect((await Promise.all(silent.map((one) => noticesOf(one)))).flat()).toEqual([]);
      for (const { email } of [owner, disabled, closed.admin]) expect(mail.to(email)).toEqual([]);
      expect(mail.to(org.admin.email)).toHaveLength(1);
    },
  );

  it.concurrent(
    'leaves out what is revoked, deleted or no longer administered before the mail is sent',
    async () => {
      const org = await t.fixtures.orgWithAdmin();
      const owner = await t.fixtures.member(org, { org: 'ORGANIZATION_ADMIN' });
      const leaving = await t.fixtures.member(org, {});
      const held = new Set<string>();
      for (const { email } of [owner, leaving, org.admin])
        refusals.set(email, () => (held.add(email), { responseCode: 451, message: 'later' }));
      const [revoked, deleted] = await seed(org, [
        { owner: owner.userId, description: 'Revoked', days: 7 },
        { owner: owner.userId, description: 'Deleted', days: 7 },
        { owner: owner.userId, description: 'Remaining', days: 7 },
        { owner: leaving.userId, description: 'Of a former member', days: 7 },
        { kind: 'service', description: 'Deployment', days: 7 },
      ]);
      await until(() => held.size === 3, 30);

      const replies = [
        await owner.api.post(`/api/v1/orgs/current/personal-access-tokens/${revoked!.id}/revocation`),
        await owner.api.delete(`/api/v1/api-key/current/${deleted!.id}`),
      ];
      expect(replies.map(({ status }) => status)).toEqual([200, 200]);
      await t.sql('update org_memberships set role_id = $2 where id = $1', [
        owner.membershipId,
        role('ORGANIZATION_USER'),
      ]);
      await t.sql('update org_memberships set is_disabled = true where id = $1', [leaving.membershipId]);
      for (const { email } of [owner, leaving, org.admin]) refusals.delete(email);

      const [toOwner] = await mail.mailsTo(owner.email);
      expect(textOf(toOwner)).toContain('(Remaining)');
      expect(textOf(toOwner)).not.toMatch(/Revoked|Deleted|Deployment/);
      expect(textOf((await mail.mailsTo(org.admin.email))[0])).toContain('(Deployment)');
      await until(async () => (await t.sql(UNDONE, [org.orgId])).length === 0, 30);
      expect(mail.to(leaving.email)).toEqual([]);
    },
  );

  it.concurrent('sends one mail after an outage of the mail server in which several became due', async () => {
    const org = await t.fixtures.orgWithAdmin();
    let refused = 0;
    refusals.set(org.admin.email, () => (refused++, { responseCode: 451, message: 'later' }));
    const [key] = await seed(org, [{ kind: 'service', description: 'Deployment', days: 14 }]);
    for (const days of [7, 1]) {
      const before = refused;
      await until(() => refused > before, 30);
      await moveExpiry(key!, days);
    }
    await until(async () => (await noticesOf(key!)).length === 3, 30);

    refusals.delete(org.admin.email);

    await mail.mailsTo(org.admin.email);
    await until(async () => (await t.sql(UNDONE, [org.orgId])).length === 0, 30);
    expect(mail.to(org.admin.email)).toHaveLength(1);
  });

  it.concurrent('writes in the language of the organization', async () => {
    const org = await t.fixtures.orgWithAdmin();
    await updateOrg(org, { mail_language: 'de' });

    await seed(org, [{ kind: 'scim', description: 'Verzeichnis', days: 1 }]);

    const [received] = await mail.mailsTo(org.admin.email);
    expect(textOf(received)).toMatch(/läuft am \d+\. \w+ 20\d\d um 12:00 \(UTC\) ab/u);
    expect(textOf(received)).toMatch(/SCIM-Token lsv2_\w+ \(Verzeichnis\)/);
  });

  it.concurrent(
    'is sent once there is a mail server; without one, each expiry is an event, once',
    async () => {
      const quiet = await startTestApp(EVERY_SECOND);
      const second = await startTestApp(EVERY_SECOND, quiet.databaseUrl);
      const org = await quiet.fixtures.orgWithAdmin();
      const [token, key, scim] = await seed(
        org,
        [
          { owner: org.admin.userId, description: 'Mine', days: 7 },
          { kind: 'service', description: 'Waiting', days: 7 },
          { kind: 'scim', description: 'Directory', days: 1 },
        ],
        quiet,
      );
      await pause(2500);
      const events = async () =>
        (await org.admin.api.get('/api/v1/orgs/current/events?types=credential.expires_soon')).body.items.map(
          ({ subject, data }: { subject: { id: string }; data: object }) => ({ id: subject.id, ...data }),
        );
      const told = [
        { id: token!.id, credential_kind: 'personal_access_token', days: 7 },
        { id: key!.id, credential_kind: 'service_key', days: 7 },
        { id: scim!.id, credential_kind: 'scim_token', days: 1 },
      ];
      expect(await events()).toEqual(expect.arrayContaining(told));
      expect(await events()).toHaveLength(3);
      await second.close();
      await quiet.close();

      const connected = await startTestApp({ ...mail.environment, ...EVERY_SECOND }, quiet.databaseUrl);
      expect(textOf((await mail.mailsTo(org.admin.email))[0])).toContain('(Waiting)');
      await pause(1500);
      const api = org.admin.api.at(connected.url);
      const { body } = await api.get('/api/v1/orgs/current/events?types=credential.expires_soon');
      expect(body.items).toHaveLength(3);
      expect(mail.to(org.admin.email)).toHaveLength(1);
      await connected.close();
    },
  );
});
