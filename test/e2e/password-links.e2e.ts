/** @takes-long */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '../support/audit-log.js';
import { type OrgWithAdmin, role } from '../support/fixtures.js';
import { invitation, letExpire, ORG_MEMBERS, updateOrg } from '../support/invitations.js';
import { MailServer, partOf } from '../support/mail-server.js';
import {
  CHOSEN,
  EXPIRED,
  LINK,
  letDaysPass,
  linkEntries,
  mailedToken,
  NOT_FOUND,
  originOf,
  setPassword,
  tokenIn,
  USED,
} from '../support/password-links.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const PUBLIC = 'https://tenantry.example.com';
const PROVED = { chosen_by: 'owner', vouching_org_id: null, address_proved: true };

let mail: MailServer;
let t: TestApp;
let org: OrgWithAdmin;
beforeAll(async () => {
  mail = await MailServer.start();
  t = await startTestApp({ ...mail.environment, LANGSMITH_URL: PUBLIC });
  org = await t.fixtures.defaultOrg();
});
afterAll(async () => {
  await t.close();
  await mail.stop();
});

const ask = (email: string, options = {}) => t.api.post(LINK, { email }, options);
const check = (token: string) => t.api.post(`${LINK}/check`, { token });

/** The mails of one address are sent one after the other, so this one comes after all that were asked for before. */
async function forgotten(email: string, count = 1): Promise<string> {
  expect(await ask(email)).toMatchObject({ status: 202, body: {} });
  return mailedToken(mail, email, count);
}

/** No mail is left that could still be sent. */
const allSent = () =>
  until(async () => (await t.sql(`select from mails where state = 'queued'`)).length === 0, 30);

const letLinkExpire = (email: string) =>
  t.sql(`update password_links set expires_at = now() where email = $1`, [email]);

describe('a forgotten password', () => {
  it('is replaced with a mailed link, which proves the address and ends all sessions', async () => {
    const person = await t.fixtures.member(org, {});
    const token = await forgotten(person.email);

    expect(await check(token)).toMatchObject({
      status: 200,
      body: { email: person.email, purpose: 'forgotten', organization_name: null },
    });
    expect(await setPassword(t.api, token)).toMatchObject({ status: 200, body: { email: person.email } });

    expect((await person.api.get('/api/v1/orgs?skip_create=true')).status).toBe(401);
    await t.fixtures.login(person.email, CHOSEN);
    await expect(t.fixtures.login(person.email, person.password)).rejects.toThrow('401');
    expect(await originOf(t, person.email)).toEqual(PROVED);
  });

  it('responds in the same way for addresses with and without an account, and only accounts get a mail', async () => {
    const person = await t.fixtures.member(org, {});
    const addresses = [t.fixtures.email('unknown'), 'no address', `${person.email.toUpperCase()} `];

    const replies = await Promise.all(addresses.map((email) => ask(email)));

    expect(replies.map(({ status, body }) => [status, body])).toEqual(addresses.map(() => [202, {}]));
    const [received] = await mail.mailsTo(person.email);
    await allSent();
    expect(mail.received.filter(({ to }) => addresses.includes(to))).toEqual([]);
    expect(partOf(received!, 'text/plain')).toContain(`a new password for ${person.email}`);
  });

  it('leaves the same row for addresses with and without an account', async () => {
    for (const email of [(await t.fixtures.member(org, {})).email, t.fixtures.email('unknown')]) {
      await ask(email);
      await allSent();
      const rows = await t.sql(`select kind, attempts, about, org_id, user_id from mails where email = $1`, [
        email,
      ]);
      expect(rows).toEqual([{ kind: 'password-mails', attempts: 1, about: [], org_id: null, user_id: null }]);
    }
  });

  it('gives at most one mail in five minutes to an account', async () => {
    const { email } = await t.fixtures.member(org, {});
    await forgotten(email);

    await ask(email);
    await allSent();
    expect(mail.to(email)).toHaveLength(1);

    await t.sql(`update password_links set created_at = now() - interval '5 minutes' where email = $1`, [
      email,
    ]);
    await forgotten(email, 2);
  });

  it('gives a new link that ends the older one', async () => {
    const { email } = await t.fixtures.member(org, {});
    const first = await forgotten(email);
    await t.sql(`update password_links set created_at = now() - interval '5 minutes' where email = $1`, [
      email,
    ]);

    const second = await forgotten(email, 2);

    expect(await setPassword(t.api, first)).toMatchObject(NOT_FOUND);
    expect((await setPassword(t.api, second)).status).toBe(200);
  });

  it('uses the public address of the installation, whatever host the request names', async () => {
    const { email } = await t.fixtures.member(org, {});

    await ask(email, { headers: { 'x-forwarded-host': 'evil.test', origin: 'https://evil.test' } });

    const [received] = await mail.mailsTo(email);
    expect(partOf(received!, 'text/plain')).toContain(`${PUBLIC}/console/set-password#token=`);
    expect(received!.raw).not.toContain('evil.test');
  });

  it('sends no link to a member who is disabled everywhere, and a link from before is not valid', async () => {
    const person = await t.fixtures.member(org, {});
    const token = await forgotten(person.email);
    await t.sql('update org_memberships set is_disabled = true where id = $1', [person.membershipId]);

    expect(await setPassword(t.api, token)).toMatchObject(NOT_FOUND);
    await t.sql('delete from password_links where email = $1', [person.email]);
    await ask(person.email);
    await allSent();

    expect(mail.to(person.email)).toHaveLength(1);
  });

  it('is mailed in the language of the organization', async () => {
    await updateOrg(org, { mail_language: 'de' });
    const { email } = await t.fixtures.member(org, {});
    await ask(email);

    const [received] = await mail.mailsTo(email);
    await updateOrg(org, { mail_language: null });

    expect(partOf(received!, 'text/plain')).toContain('ein neues Passwort angefordert');
  });

  it('returns 429 for too many requests about one address or from one network', async () => {
    const strict = await startTestApp(
      {
        ...mail.environment,
        LANGSMITH_URL: PUBLIC,
        RATE_LIMIT_LOGINS_PER_EMAIL_PER_MINUTE: '2',
        RATE_LIMIT_LOGINS_PER_MINUTE: '5',
      },
      t.databaseUrl,
    );
    const statusOf = async (email: string) => (await strict.api.post(LINK, { email })).status;
    const [one, unknown] = [t.fixtures.email(), t.fixtures.email('unknown')];

    expect([await statusOf(one), await statusOf(one), await statusOf(one)]).toEqual([202, 202, 429]);
    expect([await statusOf(unknown), await statusOf(unknown), await statusOf(unknown)]).toEqual([
      202, 202, 429,
    ]);
    expect((await strict.api.post(`${LINK}/check`, { token: 'x' })).status).toBe(429);
    expect((await setPassword(strict.api, 'x')).status).toBe(429);
    await strict.close();
  });
});

describe('a password link', () => {
  it('works once, also when it is used by many at the same time', async () => {
    const { email } = await t.fixtures.member(org, {});
    const token = await forgotten(email);
    const passwords = Array.from({ length: 8 }, (_, n) => `${CHOSEN}-${n}`);

    const replies = await Promise.all(passwords.map((password) => setPassword(t.api, token, password)));

    const used = replies.findIndex(({ status }) => status === 200);
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(replies.filter(({ status }) => status === 410)).toHaveLength(7);
    await t.fixtures.login(email, passwords[used]!);
    expect(await setPassword(t.api, token)).toMatchObject(USED);
    expect(await check(token)).toMatchObject(USED);
  });

  it('expires after 24 hours by the clock of the database', async () => {
    const { email, userId } = await t.fixtures.member(org, {});
    const token = await forgotten(email);
    const [row] = await t.sql(
      `select extract(epoch from expires_at - created_at)::int as seconds from password_links where user_id = $1`,
      [userId],
    );

    expect(row).toEqual({ seconds: 86_400 });
    await letLinkExpire(email);
    expect(await check(token)).toMatchObject(EXPIRED);
    expect(await setPassword(t.api, token)).toMatchObject(EXPIRED);
  });

  it('stays valid when the chosen password breaks the rule', async () => {
    const { email } = await t.fixtures.member(org, {});
    const token = await forgotten(email);

    expect(await setPassword(t.api, token, 'short')).toMatchObject({
      status: 422,
      body: { detail: expect.arrayContaining([expect.objectContaining({ loc: ['body', 'password'] })]) },
    });
    expect((await setPassword(t.api, token)).status).toBe(200);
  });

  it.each([
    ['an empty token', ''],
    ['one character', 'x'],
    ['the length of a token', 'A'.repeat(43)],
    ['SQL', "' or 1=1 --"],
    ['10,000 characters', 'A'.repeat(10_000)],
  ])('is not guessed: %s', async (_, token) => {
    expect(await check(token)).toMatchObject(NOT_FOUND);
    expect(await setPassword(t.api, token)).toMatchObject(NOT_FOUND);
  });

  it('ends when the password is changed otherwise or the address changes', async () => {
    const [changed, reset, moved] = [
      await t.fixtures.member(org, { workspace: 'WORKSPACE_USER' }),
      await t.fixtures.member(org, {}),
      await t.fixtures.member(org, {}),
    ];
    const tokens = [];
    for (const { email } of [changed, reset, moved]) tokens.push(await forgotten(email));

    const own = await changed.api.patch('/api/v1/orgs/members/basic', { password: 'Another-Horse-Battery' });
    const byAdmin = await org.admin.api.patch(`${ORG_MEMBERS}/${reset.membershipId}`, {
      password: 'Another-Horse-Battery',
    });
    await t.sql(`update users set email = $2 where id = $1`, [moved.userId, t.fixtures.email('moved')]);

    expect([own.status, byAdmin.status]).toEqual([200, 200]);
    for (const token of tokens) expect(await setPassword(t.api, token)).toMatchObject(NOT_FOUND);
  });

  it('is stored as a digest, and the audit log says that it was issued and used', async () => {
    const { email, userId } = await t.fixtures.member(org, {});
    const token = await forgotten(email);
    await setPassword(t.api, token);

    const details = { purpose: 'forgotten', delivery: 'mail' };
    expect(await linkEntries(t, userId)).toEqual([
      { org_id: org.orgId, user_id: null, details: { password_link: 'issued', ...details } },
      { org_id: org.orgId, user_id: userId, details: { password_link: 'used', ...details } },
    ]);
    const tables = ['password_links', 'audit_entries', 'mails'];
    for (const table of tables) {
      const [{ text }] = (await t.sql(
        `select coalesce(string_agg(r::text, ''), '') as text from ${table} r`,
      )) as [{ text: string }];
      expect(text).not.toContain(token);
    }
  });
});

describe('an invitation mail', () => {
  it('carries a link that makes the account, proves the address and accepts the invitation', async () => {
    const email = t.fixtures.email('grace');
    const id = await invitation(org, {
      email,
      role_id: role('ORGANIZATION_ADMIN'),
      full_name: 'Grace Hopper',
    });
    const token = await mailedToken(mail, email);

    expect(await check(token)).toMatchObject({
      status: 200,
      body: { email, purpose: 'invitation', organization_name: 'Default' },
    });
    expect((await setPassword(t.api, token)).status).toBe(200);

    const api = t.api.as({ token: await t.fixtures.login(email, CHOSEN) });
    expect((await api.get('/api/v1/orgs/current')).body).toMatchObject({ id: org.orgId });
    expect(await originOf(t, email)).toEqual(PROVED);
    const [user] = await t.sql<{ id: string; full_name: string }>(
      'select id, full_name from users where email = $1',
      [email],
    );
    expect(user?.full_name).toBe('Grace Hopper');
    expect(user?.id).not.toBe(id);
    expect((await linkEntries(t, id)).map(({ details }) => details['password_link'])).toEqual(['issued']);
    expect((await linkEntries(t, user!.id)).map(({ details }) => details['password_link'])).toEqual(['used']);
    const [claim] = await t.sql(
      `select user_id from audit_entries where operation = 'claim_pending_organization_invite' and resource_ids @> array[$1::uuid]`,
      [id],
    );
    expect(claim).toEqual({ user_id: user!.id });
  });

  it('carries a new link when it is sent again, and the older one is not valid', async () => {
    const email = t.fixtures.email();
    const id = await invitation(org, { email });
    const first = await mailedToken(mail, email);

    expect((await org.admin.api.post(`${ORG_MEMBERS}/${id}/pending/resend`)).status).toBe(200);
    expect(await setPassword(t.api, first)).toMatchObject(NOT_FOUND);

    expect((await setPassword(t.api, await mailedToken(mail, email, 2))).status).toBe(200);
  });

  it('carries a link that lasts as long as the invitation, however long that is', async () => {
    const [email, unlimited] = [t.fixtures.email(), t.fixtures.email()];
    const id = await invitation(org, { email });
    await invitation(org, { email: unlimited });
    await t.sql('update invitations set expires_at = null where email = $1', [unlimited]);
    const [token, lasting] = [await mailedToken(mail, email), await mailedToken(mail, unlimited)];
    const text = partOf(mail.to(email)[0]!, 'text/plain');
    await letDaysPass(t, email, 29);
    await letDaysPass(t, unlimited, 400);

    const [{ expires_at: end }] = (await t.sql('select expires_at from invitations where id = $1', [id])) as [
      { expires_at: Date },
    ];
    expect(await check(token)).toMatchObject({ status: 200, body: { expires_at: end.toISOString() } });
    expect((await setPassword(t.api, token)).status).toBe(200);
    expect((await check(lasting)).status).toBe(200);
    expect((await setPassword(t.api, lasting)).status).toBe(200);
    expect(text).toMatch(/The link works once[.]\s+You can accept until/);
    expect(text).not.toContain('hours');
  });

  it('carries a link that lasts longer when the invitation is renewed, and ends with it', async () => {
    const email = t.fixtures.email();
    await invitation(org, { email });
    const token = await mailedToken(mail, email);
    await letDaysPass(t, email, 29);
    expect((await org.admin.api.post(`${ORG_MEMBERS}/batch`, [{ email }])).status).toBe(200);

    await letDaysPass(t, email, 29);
    expect((await check(token)).status).toBe(200);
    await letDaysPass(t, email, 2);

    expect(await check(token)).toMatchObject({ status: 410 });
    expect((await setPassword(t.api, token)).headers.get('x-error-code')).toBe('invitation_expired');
  });

  it('carries a link that sets no password of an account that is in use by then', async () => {
    const other = await t.fixtures.orgWithAdmin();
    const people = { joined: t.fixtures.email('joined'), added: t.fixtures.email('added') };
    for (const invited of Object.values(people)) {
      await invitation(org, { email: invited });
      await mailedToken(mail, invited);
    }
    await invitation(other, { email: people.joined });
    const [older, newer] = (await mail.mailsTo(people.joined, 2)).map((one) => tokenIn(one)!) as [
      string,
      string,
    ];
    expect((await setPassword(t.api, newer, 'First-Horse-Battery')).status).toBe(200);
    await other.admin.api.post(`${ORG_MEMBERS}/basic/batch`, [{ email: people.added }]);

    for (const token of [older, tokenIn(mail.to(people.added)[0]!)!])
      for (const act of [check, (one: string) => setPassword(t.api, one)]) {
        const reply = await act(token);
        expect(reply.status).toBe(409);
        expect(reply.headers.get('x-error-code')).toBe('invited_account_has_password');
      }

    const api = t.api.as({ token: await t.fixtures.login(people.joined, 'First-Horse-Battery') });
    expect((await api.post(`/api/v1/orgs/pending/${org.orgId}/claim`)).status).toBe(200);
  });

  it('is sent again with a new link when the invited person asks for a password', async () => {
    const email = t.fixtures.email();
    const id = await invitation(org, { email, workspace_ids: [org.workspaceId] });
    const first = await mailedToken(mail, email);
    await letDaysPass(t, email, 3);

    expect(await ask(email)).toMatchObject({ status: 202, body: {} });
    const second = await mailedToken(mail, email, 2);
    await ask(email);
    await allSent();

    expect(mail.to(email)).toHaveLength(2);
    expect(partOf(mail.to(email)[1]!, 'text/plain')).toContain('invites you to join Default');
    expect(await setPassword(t.api, first)).toMatchObject(NOT_FOUND);
    expect((await setPassword(t.api, second)).status).toBe(200);
    expect((await linkEntries(t, id)).map(({ details }) => details['password_link'])).toEqual([
      'issued',
      'issued',
    ]);
  });

  it('is not sent again for an invitation that cannot be accepted, or to an address without one', async () => {
    const [revoked, expired, closed] = [t.fixtures.email(), t.fixtures.email(), t.fixtures.email()];
    const other = await t.fixtures.orgWithAdmin();
    const ids = [await invitation(org, { email: revoked }), await invitation(org, { email: expired })];
    await invitation(other, { email: closed });
    for (const email of [revoked, expired, closed]) {
      await mailedToken(mail, email);
      await letDaysPass(t, email, 3);
    }
    await org.admin.api.delete(`${ORG_MEMBERS}/${ids[0]}/pending`);
    await letExpire(t, ids[1]!);
    await updateOrg(other, { invites_enabled: false });

    for (const email of [revoked, expired, closed, t.fixtures.email('unknown')])
      expect(await ask(email)).toMatchObject({ status: 202, body: {} });
    await allSent();

    expect([revoked, expired, closed].map((email) => mail.to(email).length)).toEqual([1, 1, 1]);
  });

  it('carries a link that is not valid once the invitation is revoked, expired or switched off', async () => {
    const emails = [t.fixtures.email(), t.fixtures.email(), t.fixtures.email()];
    const ids: string[] = [];
    for (const email of emails) ids.push(await invitation(org, { email }));
    const tokens = await Promise.all(emails.map((email) => mailedToken(mail, email)));
    await org.admin.api.delete(`${ORG_MEMBERS}/${ids[0]}/pending`);
    await letExpire(t, ids[1]!);

    for (const act of [check, (token: string) => setPassword(t.api, token)]) {
      expect((await act(tokens[0]!)).status).toBe(404);
      expect((await act(tokens[1]!)).status).toBe(410);
    }
    await updateOrg(org, { invites_enabled: false });
    expect((await setPassword(t.api, tokens[2]!)).status).toBe(403);
    await updateOrg(org, { invites_enabled: true });
    expect(await t.sql('select from users where email = any($1)', [emails])).toEqual([]);
  });

  it('replaces the password that an admin chose for the invitation, and ends its sessions', async () => {
    const email = t.fixtures.email();
    await invitation(org, { email, password: 'Chosen-By-The-Admin' });
    const known = t.api.as({ token: await t.fixtures.login(email, 'Chosen-By-The-Admin') });

    expect((await setPassword(t.api, await mailedToken(mail, email))).status).toBe(200);

    expect((await known.get('/api/v1/orgs?skip_create=true')).status).toBe(401);
    expect(await originOf(t, email)).toEqual(PROVED);
  });

  it('carries no password link for a person who has a password', async () => {
    const { email } = await t.fixtures.userWithoutOrg();
    await invitation(org, { email });

    const [received] = await mail.mailsTo(email);

    expect(tokenIn(received!)).toBeNull();
    expect(partOf(received!, 'text/plain')).toMatch(/to accept\.\s+https:\/\/tenantry\.example\.com\s/);
  });
});

describe('members with accounts', () => {
  it('get a link to choose a password, and are proved then', async () => {
    const email = t.fixtures.email();
    const added = await org.admin.api.post(`${ORG_MEMBERS}/basic/batch`, [{ email, full_name: 'Ada' }]);
    expect(added.status).toBe(200);

    const token = await mailedToken(mail, email);
    expect((await check(token)).body).toMatchObject({ purpose: 'account', organization_name: 'Default' });
    expect((await setPassword(t.api, token)).status).toBe(200);

    await t.fixtures.login(email, CHOSEN);
    await expect(t.fixtures.login(email, added.body[0].password)).rejects.toThrow('401');
    expect(await originOf(t, email)).toEqual(PROVED);
    expect(partOf(mail.to(email)[0]!, 'text/plain')).toContain('member of Default on Tenantry');
  });
});

it('returns 409 for a link to hand over, since links are mailed', async () => {
  const { membershipId } = await t.fixtures.member(org, {});
  const id = await invitation(org, { email: t.fixtures.email() });

  for (const path of [`${membershipId}/password-link`, `${id}/pending/password-link`]) {
    const reply = await org.admin.api.post(`${ORG_MEMBERS}/${path}`);
    expect(reply.status).toBe(409);
    expect(reply.headers.get('x-error-code')).toBe('password_links_are_mailed');
  }
});
