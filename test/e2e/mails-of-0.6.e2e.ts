import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '../../src/database/statements/new-id.js';
import { until } from '../support/audit-log.js';
import type { OrgWithAdmin } from '../support/fixtures.js';
import { invitation, ORG_MEMBERS } from '../support/invitations.js';
import { MailServer } from '../support/mail-server.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

/** Until 0.8.0: servers of 0.6.x queue mails in other tables, with jobs of pg-boss. */
let mail: MailServer;
let quiet: TestApp;
let org: OrgWithAdmin;
beforeAll(async () => {
  mail = await MailServer.start();
  quiet = await startTestApp();
  org = await quiet.fixtures.orgWithAdmin();
  await quiet.sql(`
    create schema pgboss;
    create type pgboss.job_state as enum ('created', 'retry', 'active', 'completed', 'cancelled', 'failed');
    create table pgboss.job (id uuid, name text, state pgboss.job_state)`);
});
afterAll(async () => {
  await quiet.close();
  await mail.stop();
});

/** As 0.6.x: a row, and the job that sends it. */
async function queue(
  name: string,
  insert: string,
  values: unknown[],
  { id = newId(), state = 'created' } = {},
): Promise<string> {
  await quiet.sql(insert, [id, ...values]);
  await quiet.sql('insert into pgboss.job values ($1, $2, $3)', [id, name, state]);
  return id;
}

const INVITATION = 'insert into invitation_mails (job_id, invitation_id) values ($1, $2)';
const EXPIRY =
  'insert into expiry_mails (id, org_id, user_id, credential_ids) values ($1, $2, $3, array[$4::uuid])';
const PASSWORD = 'insert into password_mails (id, email) values ($1, $2)';

/** With the mail server, until nothing is left to be sent or taken over. */
async function whileConnected(work: (connected: TestApp) => Promise<void>): Promise<void> {
  const environment = { ...mail.environment, LANGSMITH_URL: 'https://tenantry.example.com' };
  const connected = await startTestApp(environment, quiet.databaseUrl);
  await work(connected);
  await connected.close();
}

const isSettled = (id: string) => async () =>
  (await quiet.sql(`select from mails where id = $1 and state <> 'queued'`, [id])).length === 1;

/** An API key of a year that expires in a week. */
async function expiringKey({ orgId, admin }: OrgWithAdmin): Promise<string> {
  const id = randomUUID();
  await quiet.sql(
    `insert into api_keys (id, kind, org_id, user_id, digest, short_key, description, created_at, expires_at)
     values ($1, 'pat', $2, $3, uuid_send($1), 'lsv2', 'Weekly', now() - interval '1 year',
       date_trunc('day', now(), 'UTC') + interval '7 days 12 hours')`,
    [id, orgId, admin.userId],
  );
  return id;
}

describe('mails that a server of 0.6.x has queued', () => {
  it('are sent once, if its job has not ended and it has not claimed them', async () => {
    const people = ['waits', 'done', 'claimed', 'refused'].map((name) => quiet.fixtures.email(name));
    const [waits, done, claimed, refused] = await Promise.all(
      people.map((email) => invitation(org, { email })),
    );
    const member = await quiet.fixtures.member(org, {});
    const ids = [
      await queue('invitation-mails', INVITATION, [waits]),
      await queue('password-mails', PASSWORD, [member.email], { state: 'retry' }),
    ];
    await queue('invitation-mails', INVITATION, [done], { state: 'completed' });
    const sent = await queue('invitation-mails', INVITATION, [claimed], { state: 'active' });
    await quiet.sql('update invitation_mails set handed_over_at = now() where job_id = $1', [sent]);
    const failed = await queue('invitation-mails', INVITATION, [refused], { state: 'failed' });
    await quiet.sql(
      `update invitation_mails set refused_at = now(), refusal_code = '550' where job_id = $1`,
      [failed],
    );

    await whileConnected(async ({ url }) => {
      for (const id of ids) await until(isSettled(id), 30);
      const { body } = await org.admin.api.at(url).get(`${ORG_MEMBERS}/pending`);
      const mails = body.map((row: Record<string, unknown>) => [
        row['email'],
        row['mail'],
        row['mail_refusal_code'],
      ]);
      expect(mails).toEqual(
        expect.arrayContaining([
          [people[0], 'queued', null],
          [people[1], 'queued', null],
          [people[2], 'queued', null],
          [people[3], 'refused', '550'],
        ]),
      );
    });

    expect([...people, member.email].map((email) => mail.to(email).length)).toEqual([1, 0, 0, 0, 1]);
    const [{ claims }] = (await quiet.sql(
      'select count(*)::int as claims from invitation_mails where handed_over_at is null and job_id = $1',
      [ids[0]],
    )) as [{ claims: number }];
    expect(claims).toBe(0); // so that 0.6.x does not send it, either
  });

  it('are replaced by a resend of this release, and replace an older sending of it', async () => {
    const emails = [quiet.fixtures.email('newer'), quiet.fixtures.email('older')];
    const [newer, older] = await Promise.all(emails.map((email) => invitation(org, { email })));
    const before = newId();
    const send = (invitationId: unknown, state: string, id = newId()) =>
      quiet.sql(
        `insert into mails (id, kind, invitation_id, state, settled_at)
         values ($1, 'invitation-mails', $2, $3, case when $3 = 'sent' then now() end)`,
        [id, invitationId, state],
      );
    await send(newer, 'sent');
    await send(older, 'sent');

    await queue('invitation-mails', INVITATION, [older], { id: before });
    const id = await queue('invitation-mails', INVITATION, [newer]);
    await whileConnected(() => until(isSettled(id), 30));

    expect(emails.map((email) => mail.to(email).length)).toEqual([1, 0]);
  });

  it('are about expiries that both releases tell once', async () => {
    const [queued, told] = [await quiet.fixtures.orgWithAdmin(), await quiet.fixtures.orgWithAdmin()];
    const keys = [await expiringKey(queued), await expiringKey(told)];
    await quiet.sql(
      `insert into expiry_notices (credential_id, days_before, expires_at)
       select id, 7, expires_at from api_keys where id = any($1)`,
      [keys],
    );
    const id = await queue('expiry-mails', EXPIRY, [queued.orgId, queued.admin.userId, keys[0]]);
    const untold = await quiet.fixtures.orgWithAdmin();
    const key = await expiringKey(untold);

    const environment = { ...mail.environment, TEST_REMOVAL_EVERY_MS: '250' };
    const connected = await startTestApp(environment, quiet.databaseUrl);
    await until(isSettled(id), 30);
    await mail.mailsTo(untold.admin.email);
    await connected.close();

    expect([queued, told, untold].map(({ admin }) => mail.to(admin.email).length)).toEqual([1, 0, 1]);
    expect(
      await quiet.sql('select days_before as days, is_mailed from expiry_notices where credential_id = $1', [
        key,
      ]),
    ).toEqual([{ days: 7, is_mailed: true }]);
  });

  it('are about memberships in user groups by an id that is made from two', async () => {
    const [person, setter] = [await quiet.fixtures.member(org, {}), org.admin];
    const [{ id: groupId }] = (await quiet.sql(
      `insert into user_groups (id, org_id, name) values (gen_random_uuid(), $1, 'Analysts') returning id`,
      [org.orgId],
    )) as [{ id: string }];
    const [{ id }] = (await quiet.sql(
      `insert into user_group_members (user_group_id, org_id, user_id, source, access_expires_at, access_expires_set_by_user_id)
       values ($1, $2, $3, 'manual', now() + interval '3 days', $4)
       returning md5(user_group_id::text || user_id::text)::uuid as id`,
      [groupId, org.orgId, person.userId, setter.userId],
    )) as [{ id: string }];

    const mailId = await queue('access-end-mails', EXPIRY, [org.orgId, person.userId, id]);
    await whileConnected(() => until(isSettled(mailId), 30));

    const [received] = await mail.mailsTo(person.email);
    expect(received!.raw).toContain('Analysts');
  });
});
