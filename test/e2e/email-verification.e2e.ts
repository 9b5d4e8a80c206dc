import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { auditOf } from '../support/audit.js';
import { exchange } from '../support/exchange.js';
import { startTestApp } from '../support/test-app.js';
import { loggedDuring } from '../support/server-host.js';
import { MailServer, partOf } from '../support/mail-server.js';
import { ssoSettings } from '../support/sso-settings.js';
import { type SignedIn, SsoEnvironment } from '../support/sso-environment.js';

let mail: MailServer;
let w: SsoEnvironment;
let provider: string;
beforeAll(async () => {
  mail = await MailServer.start();
  w = await SsoEnvironment.start(mail.environment);
  provider = (await ssoSettings(w.org)).provider_id;
});
afterAll(async () => {
  await w.stop();
  await mail.stop();
});

const SEND = '/api/v1/sso/email-verification/send';
const STATUS = '/api/v1/sso/email-verification/status';
const CONFIRM = '/api/v1/sso/email-verification/confirm';

/** A user whose address the provider does not assert as verified. */
async function unproved() {
  const person = w.person({ email_verified: false });
  return { person, login: await w.signIn(person), body: { email: person.email, saml_provider_id: provider } };
}
/** Not through `Api`, which throws on 5xx. */
async function inVain({ headers }: SignedIn, body: object): Promise<number> {
  const sent = { method: 'POST', headers: { ...headers, 'content-type': 'application/json' } };
  return (await exchange(`${w.t.url}${SEND}`, { ...sent, body: JSON.stringify(body) })).status;
}

const confirmedAt = async (body: object) => (await w.t.api.post(STATUS, body)).body.email_confirmed_at;

async function tokenFor(email: string, count = 1): Promise<string> {
  const mails = await mail.mailsTo(email, count);
  const [, token] =
    /\/console\/confirm-email#token=([\w-]{43})/.exec(partOf(mails.at(-1)!, 'text/plain')) ?? [];
  return token!;
}

describe('verification of an address that the provider does not assert', () => {
  it('verifies the address by a link that works once', async () => {
    const { person, login, body } = await unproved();
    expect(await confirmedAt(body)).toBeNull();

    const log = await loggedDuring(async () => {
      expect(await login.send('POST', SEND, { ...body, email: person.email.toUpperCase() })).toMatchObject({
        status: 202,
        body: {},
      });
    });
    const token = await tokenFor(person.email);
    expect(log).not.toContain(token);
    expect(await confirmedAt(body)).toBeNull();
    const once = await Promise.all(Array.from({ length: 5 }, () => w.t.api.post(CONFIRM, { token })));
    expect(once.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 404, 404, 404, 404]);
    expect(await confirmedAt(body)).toEqual(expect.stringMatching(/^\d{4}-/));

    const rows = await auditOf(w.t, w.org.orgId, ['send_sso_email_confirmation', 'confirm_sso_user_email']);
    expect(rows).toMatchObject([{ succeeded: true }, { succeeded: true }]);
    expect(JSON.stringify(await w.t.sql('select * from audit_entries'))).not.toContain(token);
  });

  it('is confirmed by another front end at the published path, if the console is off', async () => {
    const other = await startTestApp(
      { ...w.environment, ...mail.environment, PORT: '0', CONSOLE_ENABLED: 'false' },
      w.t.databaseUrl,
    );
    const { person, login, body } = await unproved();
    const { headers } = login;
    const sent = { method: 'POST', headers: { ...headers, 'content-type': 'application/json' } };
    expect((await exchange(`${other.url}${SEND}`, { ...sent, body: JSON.stringify(body) })).status).toBe(202);

    const [received] = await mail.mailsTo(person.email);
    expect(partOf(received!, 'text/plain')).toMatch(/[^e]\/sso\/email-verification\?token=[\w-]{43}\s/);
    await other.close();
  });

  it('admits a user with a verified address and an invitation at the next login', async () => {
    const { person, login, body } = await unproved();
    await login.send('POST', SEND, body);
    await w.t.api.post(CONFIRM, { token: await tokenFor(person.email) });
    await w.t.sql('delete from org_memberships m using users u where u.id = m.user_id and u.email = $1', [
      person.email,
    ]);
    await w.org.admin.api.post('/api/v1/orgs/current/members', { email: person.email });
    expect((await w.signIn(person)).page.status).toBe(302);
    expect((await w.workspaceRolesOf(person.email))[0]).toMatchObject({ source: 'invitation' });
  });
});

describe('the verification link', () => {
  it('refuses a verification link that is expired or was replaced by a newer one', async () => {
    const { person, login, body } = await unproved();
    await login.send('POST', SEND, body);
    const older = await tokenFor(person.email);
    await login.send('POST', SEND, body);
    const newer = await tokenFor(person.email, 2);
    expect((await w.t.api.post(CONFIRM, { token: older })).status).toBe(404);
    await w.t.sql(`update email_confirmations set expires_at = now() - interval '1 second'`);
    expect((await w.t.api.post(CONFIRM, { token: newer })).status).toBe(410);
    expect(await confirmedAt(body)).toBeNull();
  });

  it('returns 404 for a link to a former address of the account, and verifies nothing', async () => {
    const { person, login, body } = await unproved();
    await login.send('POST', SEND, body);
    const token = await tokenFor(person.email);
    const current = w.t.fixtures.email();
    await w.t.sql('update users set email = $2 where email = $1', [person.email, current]);

    expect((await w.t.api.post(CONFIRM, { token })).status).toBe(404);

    expect(await confirmedAt({ ...body, email: current })).toBeNull();
  });

  it.each(['', 'nonsense', '\0', 'A'.repeat(43)])('refuses %j as a verification token', async (token) => {
    expect([404, 422]).toContain((await w.t.api.post(CONFIRM, { token })).status);
  });

  it('sends a link only to the caller’s own address, for a provider of the caller', async () => {
    const { login, body } = await unproved();
    const before = mail.received.length;
    const others = await login.send('POST', SEND, { ...body, email: w.org.admin.email });
    const unknown = await login.send('POST', SEND, { ...body, saml_provider_id: randomUUID() });
    const malformed = await login.send('POST', SEND, { ...body, saml_provider_id: 'nonsense' });
    const stranger = await w.t.api.post(SEND, body);
    const byKey = await w.org.admin.api.post(SEND, body);
    expect([others, unknown, malformed, stranger, byKey].map(({ status }) => status)).toEqual([
      403, 404, 422, 401, 403,
    ]);
    expect(mail.received).toHaveLength(before);
    expect(await confirmedAt({ ...body, saml_provider_id: randomUUID() })).toBeNull();
    expect(await confirmedAt({ ...body, email: 'unknown@example.com' })).toBeNull();
  });

  it('keeps the earlier link valid when the mail server refuses a newer one', async () => {
    const { login, body } = await unproved();
    await login.send('POST', SEND, body);
    const token = await tokenFor(body.email);
    mail.replyToRecipient = () => ({ responseCode: 550, message: 'no' });
    const refused = await inVain(login, body);
    mail.replyToRecipient = () => undefined;

    expect(refused).toBe(502);
    const rows = await auditOf(w.t, w.org.orgId, ['send_sso_email_confirmation']);
    expect(rows.slice(-2).map(({ succeeded }) => succeeded)).toEqual([true, false]);
    expect((await w.t.api.post(CONFIRM, { token })).status).toBe(200);
  });

  it('stores no link and returns 502 when the mail server refuses the mail', async () => {
    const { login, body } = await unproved();
    mail.reply = () => ({ responseCode: 554, message: 'no' });
    const status = await inVain(login, body);
    mail.reply = () => undefined;
    expect(status).toBe(502);
    expect(await w.t.sql('select 1 from email_confirmations where email = $1', [body.email])).toEqual([]);
  });
});
