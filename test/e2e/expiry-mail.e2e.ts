/** @takes-long */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Api } from '../support/api.js';
import { until } from '../support/audit-log.js';
import { type Member, type OrgWithAdmin, role } from '../support/fixtures.js';
import { updateOrg } from '../support/invitations.js';
import { MailServer, partOf, type Received } from '../support/mail-server.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { EDITOR, GROUPS, groupWith } from '../support/user-groups.js';

const LINK = 'https://tenantry.example.com';
const OFTEN = { TEST_REMOVAL_EVERY_MS: '250', LANGSMITH_URL: LINK };

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
  const environment = { ...mail.environment, ...OFTEN };
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
  await pause(1200);
  const waiting = `
    select from mails where kind in ('expiry-mails', 'access-end-mails') and state = 'queued'
      and (attempts = 0 or due_at > now() + interval '30 seconds')`; // or being sent
  await until(async () => (await t.sql(waiting)).length === 0, 30);
}

/** $1: organization */
const UNDONE = `select from mails where state = 'queued' and org_id = $1`;

const noticesOf = ({ id }: Credential) =>
  t.sql<{ days: number }>(
    'select days_before as days from expiry_announcements where subject = $1 order by days_before desc',
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
      const quiet = await startTestApp(OFTEN);
      const second = await startTestApp(OFTEN, quiet.databaseUrl);
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
      await pause(1200);
      const events = async () =>
        (await org.admin.api.get('/api/v1/orgs/current/events?types=credential.expires_soon')).body.items.map(
          ({ subject, data }: { subject: { id: string }; data: object }) => ({ id: subject.id, ...data }),
        );
      const told = [
        { id: token!.id, credential_kind: 'personal_access_token', days: 7 },
        { id: key!.id, credential_kind: 'service_key', days: 7 },
        { id: scim!.id, credential_kind: 'scim_token', days: 1 },
      ];
      await until(async () => (await events()).length >= 3);
      expect(await events()).toEqual(expect.arrayContaining(told));
      expect(await events()).toHaveLength(3);
      await second.close();
      await quiet.close();

      const connected = await startTestApp({ ...mail.environment, ...OFTEN }, quiet.databaseUrl);
      expect(textOf((await mail.mailsTo(org.admin.email))[0])).toContain('(Waiting)');
      await pause(1200);
      const api = org.admin.api.at(connected.url);
      const { body } = await api.get('/api/v1/orgs/current/events?types=credential.expires_soon');
      expect(body.items).toHaveLength(3);
      expect(mail.to(org.admin.email)).toHaveLength(1);
      await connected.close();
    },
  );
});

/** At noon, as with keys. */
async function inDays(days: number): Promise<string> {
  const [row] = await t.sql<{ at: Date }>(
    `select date_trunc('day', now(), 'UTC') + make_interval(days => $1, hours => 12) as at`,
    [days],
  );
  return row!.at.toISOString();
}

/** A member for 90 days. */
async function memberSinceLong(org: OrgWithAdmin, roles: Parameters<TestApp['fixtures']['member']>[1] = {}) {
  const member = await t.fixtures.member(org, roles);
  for (const table of ['org_memberships', 'workspace_memberships'])
    await t.sql(`update ${table} set created_at = now() - interval '90 days' where user_id = $1`, [
      member.userId,
    ]);
  return member;
}

const setEnd = async (api: Api, { membershipId }: Member, days: number | null) => {
  const end = days === null ? null : await inDays(days);
  const path = `/api/v1/orgs/current/members/${membershipId}`;
  expect((await api.patch(path, { access_expires_at: end })).status).toBe(200);
};

/** As if so many days had passed that as many as given are left. */
async function daysPass({ membershipId }: Member, left: number): Promise<void> {
  await t.sql(
    `with moved as (update org_memberships set access_expires_at = $2 where id = $1)
     update expiry_announcements set expires_at = $2 where subject = $1::text`,
    [membershipId, await inDays(left)],
  );
}

const countsOf = (...people: Member[]) => people.map(({ email }) => mail.to(email).length);

describe('the mail before a membership ends', () => {
  it.concurrent('tells the person and who set the end, once each 7 days and 1 day before', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const [person, permanent, recent] = [
      await memberSinceLong(org),
      await memberSinceLong(org),
      await t.fixtures.member(org, {}),
    ];
    const otherAdmin = await t.fixtures.member(org, { org: 'ORGANIZATION_ADMIN' });

    await setEnd(org.admin.api, person, 7);
    await setEnd(otherAdmin.api, recent, 7);
    const [toPerson] = await mail.mailsTo(person.email);
    const [toSetter] = await mail.mailsTo(org.admin.email);
    await mailsAreSent();

    expect(countsOf(person, org.admin)).toEqual([1, 1]);
    expect(toPerson!.raw).toContain('Subject: Access in Other ends soon');
    expect(textOf(toPerson)).toMatch(
      /You: Organization User in the organization\nuntil \d+ \w+ 20\d\d at 12:00 \(UTC\)\n/,
    );
    expect(textOf(toSetter)).toContain(`${person.email}: Organization User in the organization\n`);
    const page = `${LINK}/console/organizations/${org.orgId}/settings/members/${person.membershipId}\n`;
    for (const received of [toPerson, toSetter]) expect(textOf(received)).toContain(page);

    await daysPass(person, 5);
    await mailsAreSent();
    expect(countsOf(person, org.admin)).toEqual([1, 1]);
    await daysPass(person, 1);
    await mail.mailsTo(person.email, 2);
    await mailsAreSent();
    expect(countsOf(person, org.admin)).toEqual([2, 2]);
    expect(countsOf(permanent, recent, otherAdmin)).toEqual([0, 0, 0]);
  });

  it.concurrent('tells it again when the end is moved, and not to who set the former one', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const person = await memberSinceLong(org);
    const [former, leaving] = [
      await t.fixtures.member(org, { org: 'ORGANIZATION_ADMIN' }),
      await t.fixtures.member(org, { org: 'ORGANIZATION_ADMIN' }),
    ];
    await setEnd(former.api, person, 6);
    await mail.mailsTo(person.email);
    await mail.mailsTo(former.email);

    await setEnd(leaving.api, person, 60);
    await t.sql('update org_memberships set is_disabled = true where id = $1', [leaving.membershipId]);
    await t.sql('update org_memberships set access_expires_at = $2 where id = $1', [
      person.membershipId,
      await inDays(5),
    ]);
    await mail.mailsTo(person.email, 2);
    await setEnd(org.admin.api, person, 4);
    await mail.mailsTo(person.email, 3);
    await mail.mailsTo(org.admin.email);
    await mailsAreSent();

    expect(countsOf(person, former, leaving, org.admin)).toEqual([3, 1, 0, 1]);
  });

  it.concurrent('leaves out what was moved away or set by another before the mail is sent', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const former = await t.fixtures.member(org, { org: 'ORGANIZATION_ADMIN' });
    const [person, other] = [await memberSinceLong(org), await memberSinceLong(org)];
    const held = new Set<string>();
    for (const { email } of [person, other, former])
      refusals.set(email, () => (held.add(email), { responseCode: 451, message: 'later' }));
    await setEnd(former.api, person, 7);
    await setEnd(former.api, other, 7);
    await until(() => held.size === 3, 30);

    await setEnd(org.admin.api, person, 60);
    await setEnd(org.admin.api, other, 6);
    for (const { email } of [person, other, former]) refusals.delete(email);

    await mail.mailsTo(other.email);
    await until(async () => (await t.sql(UNDONE, [org.orgId])).length === 0, 30);
    expect(countsOf(person, other, former, org.admin)).toEqual([0, 1, 0, 1]);
  });

  it.concurrent('tells of user groups: who set the end, and the person whose membership ends', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const [person, permanent] = [await memberSinceLong(org), await memberSinceLong(org)];
    const setter = await t.fixtures.member(org, { org: 'ORGANIZATION_ADMIN' });
    const [ended, left] = [await groupWith(org, EDITOR), await groupWith(org, EDITOR, permanent)];
    const end = await inDays(7);

    const replies = [
      await setter.api.post(`${GROUPS}/${ended}/members`, {
        identity_ids: [person.membershipId],
        access_expires_at: end,
      }),
      await setter.api.patch(`${GROUPS}/${left}/workspaces/${org.workspaceId}`, {
        role_id: EDITOR,
        access_expires_at: end,
      }),
    ];
    await t.sql(
      `with members as (update user_group_members set created_at = now() - interval '90 days' where org_id = $1)
       update user_groups set created_at = now() - interval '90 days' where org_id = $1`,
      [org.orgId],
    );
    const [toPerson] = await mail.mailsTo(person.email);
    const [toSetter] = await mail.mailsTo(setter.email);
    await mailsAreSent();

    expect(replies.map(({ status }) => status)).toEqual([207, 200]);
    expect(countsOf(person, setter, permanent, org.admin)).toEqual([1, 1, 0, 0]);
    expect(textOf(toPerson)).toMatch(
      /You: member of the user group Group \w+\nuntil \d+ \w+ 20\d\d at 12:00 \(UTC\)\n/,
    );
    expect(textOf(toPerson)).not.toContain('Editor');
    expect(textOf(toSetter)).toMatch(
      new RegExp(`${person.email}: member of the user group Group \\w+\\nuntil`),
    );
    expect(textOf(toSetter)).toMatch(/User group Group \w+: Editor in the workspace Workspace 1\nuntil/);
    for (const [received, groupId] of [
      [toPerson, ended],
      [toSetter, ended],
      [toSetter, left],
    ] as const)
      expect(textOf(received)).toContain(
        `${LINK}/console/organizations/${org.orgId}/settings/user-groups/${groupId}\n`,
      );
  });

  it.concurrent(
    'names the role that follows in a workspace, in the language of the organization',
    async () => {
      const org = await t.fixtures.orgWithAdmin();
      await updateOrg(org, { mail_language: 'de' });
      const person = await memberSinceLong(org, { workspace: 'WORKSPACE_ADMIN' });
      const { body } = await org.admin.api.get('/api/v1/workspaces/current/members/active');
      const { id } = body.find(({ user_id }: { user_id: string }) => user_id === person.userId);

      const { status } = await org.admin.api.patch(`/api/v1/workspaces/current/members/${id}`, {
        role_id: role('WORKSPACE_ADMIN'),
        access_expires_at: await inDays(1),
        reverts_to_role_id: role('WORKSPACE_VIEWER'),
      });

      expect(status).toBe(200);
      const [received] = await mail.mailsTo(person.email);
      const [toSetter] = await mail.mailsTo(org.admin.email);
      expect(textOf(received)).toMatch(
        /Sie: Admin im Workspace Workspace 1\nbis \d+\. \w+ 20\d\d um 12:00 \(UTC\), dann Viewer/u,
      );
      expect(textOf(toSetter)).toContain(
        `${LINK}/console/organizations/${org.orgId}/workspaces/${org.workspaceId}/members\n`,
      );
      expect(toSetter!.raw).not.toMatch(/password|token=/i);
    },
  );
});
