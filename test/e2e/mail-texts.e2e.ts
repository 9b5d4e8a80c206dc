import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { OrgWithAdmin } from '../support/fixtures.js';
import { invitation, updateOrg } from '../support/invitations.js';
import { MailServer, partOf, type Received } from '../support/mail-server.js';
import { emptyFolder, ROOT } from '../support/server-process.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const INFO = '/api/v1/orgs/current/info';

let mail: MailServer;
let folder: ReturnType<typeof emptyFolder>;
beforeAll(async () => {
  mail = await MailServer.start();
  folder = emptyFolder();
  cpSync(join(ROOT, 'mail-templates'), folder.path, { recursive: true });
});
afterAll(async () => {
  await mail.stop();
  folder.remove();
});

async function invite(t: TestApp, org: OrgWithAdmin, row: object = {}): Promise<Received> {
  const email = t.fixtures.email();
  await invitation(org, { email, ...row });
  const [received] = await mail.mailsTo(email);
  return received!;
}

/** Decodes the encoded words of RFC 2047. */
const subjectOf = ({ raw }: Received): string =>
  /^Subject: (.*(?:\r\n .*)*)/m
    .exec(raw)![1]!
    .replace(/\?=\r\n =\?/g, '?==?')
    .replace(/=\?UTF-8\?Q\?(.*?)\?=/gi, (_, text: string) =>
      decodeURIComponent(text.replaceAll('_', ' ').replaceAll('=', '%')),
    );

describe('with the shipped templates', () => {
  let t: TestApp;
  let org: OrgWithAdmin;
  beforeAll(async () => {
    t = await startTestApp({
      ...mail.environment,
      LANGSMITH_URL: 'https://tenantry.example.com',
      MAIL_PRODUCT_NAME: 'Acme & Söhne',
      MAIL_LOGO_URL: 'https://cdn.example.com/logo.png',
      MAIL_ACCENT_COLOR: '#ffdd00',
    });
    org = await t.fixtures.defaultOrg();
  });
  afterAll(() => t.close());

  it('sends mails in the language that the organization has chosen, else in that of the installation', async () => {
    await updateOrg(org, { mail_language: 'de' });
    const german = await invite(t, org);
    const { body: info } = await org.admin.api.get(INFO);
    await updateOrg(org, { mail_language: null });
    const english = await invite(t, org);

    expect(info.mail_language).toBe('de');
    expect(subjectOf(german)).toBe('admin@example.com lädt Sie ein zu Default');
    expect(partOf(german, 'text/plain')).toContain('lädt Sie ein, Default auf Acme & Söhne beizutreten');
    expect(partOf(german, 'text/html')).toContain('<html lang="de">');
    expect(subjectOf(english)).toBe('admin@example.com invites you to Default');
    expect(partOf(english, 'text/html')).toContain('<html lang="en">');
  });

  it('shows the address of the inviter beside the name, and leaves out of names what looks like a site', async () => {
    const own = await t.fixtures.orgWithAdmin();
    const person = await t.fixtures.member(own, { org: 'ORGANIZATION_ADMIN', workspace: 'WORKSPACE_ADMIN' });
    const named = (table: string, column: string, id: string, name: string) =>
      t.sql(`update ${table} set ${column} = $2 where id = $1`, [id, name]); // older names may hold anything
    await named('organizations', 'display_name', own.orgId, 'Win a prize: https://prize.test/now');
    await named('workspaces', 'display_name', own.workspaceId, 'see WWW.Prize.example and Dr. Who');
    const invitedBy = async (inviter: string) => {
      await named('users', 'full_name', person.userId, inviter);
      const email = t.fixtures.email();
      const row = { email, full_name: 'Open prize．test', workspace_ids: [own.workspaceId] };
      await invitation({ ...own, admin: person }, row);
      const [received] = await mail.mailsTo(email);
      return received!;
    };

    const mails = [await invitedBy('Ada Lovelace'), await invitedBy('prize.test/ada')];

    expect(mails.map(subjectOf)).toEqual([
      `Ada Lovelace (${person.email}) invites you to Win a prize: …`,
      `${person.email} invites you to Win a prize: …`,
    ]);
    for (const received of mails) {
      const text = partOf(received, 'text/plain');
      expect(text).toContain('with the workspace see … and Dr. Who.');
      expect(text).toContain('Hello Open …,');
      expect(`${subjectOf(received)}${text}${partOf(received, 'text/html')}`).not.toMatch(/prize[.．]/i);
    }
  });

  it('says in an invitation until when access lasts, if it ends', async () => {
    const year = new Date().getUTCFullYear() + 1;
    const row = { access_expires_at: `${year}-03-05T17:30:00Z`, workspace_ids: [org.workspaceId] };

    const english = await invite(t, org, row);
    const permanent = await invite(t, org);
    await updateOrg(org, { mail_language: 'de' });
    const german = await invite(t, org, row);
    await updateOrg(org, { mail_language: null });

    const text = `Your access ends on 5 March ${year} at 17:30 (UTC).`;
    expect(partOf(english, 'text/plain')).toContain(text);
    expect(partOf(english, 'text/plain')).not.toContain('Your access to the workspace');
    expect(partOf(english, 'text/html').replaceAll(/<\/?strong>/g, '')).toContain(text);
    expect(partOf(german, 'text/plain')).toContain(`Ihr Zugriff endet am 5. März ${year} um 17:30 (UTC).`);
    expect(partOf(permanent, 'text/plain')).not.toContain('Your access');
  });

  it('shows name, logo and color of the installation, escaped in HTML only', async () => {
    const received = await invite(t, org);

    expect(partOf(received, 'text/plain')).toContain('to join Default on Acme & Söhne');
    const html = partOf(received, 'text/html');
    expect(html).toContain('<img src="https://cdn.example.com/logo.png" alt="Acme &#38; Söhne"');
    expect(html).toContain('background:#ffdd00');
  });

  it('returns 422 for a language without templates, and changes nothing', async () => {
    const { status, body } = await org.admin.api.patch(INFO, { mail_language: 'tlh' });

    expect(status).toBe(422);
    expect(body.detail).toEqual([expect.objectContaining({ loc: ['body', 'mail_language'] })]);
    expect((await org.admin.api.get(INFO)).body.mail_language).toBeNull();
  });
});

describe('with templates of the operator', () => {
  it('sends their texts, in further languages too', async () => {
    cpSync(join(folder.path, 'en'), join(folder.path, 'fr'), { recursive: true });
    writeFileSync(
      join(folder.path, 'fr/invitation.txt'),
      'Subject: Rejoignez {{organization}}\n\nBonjour, {{product}} vous attend.\n',
    );
    const t = await startTestApp({ ...mail.environment, MAIL_TEMPLATES_DIR: folder.path });
    const org = await t.fixtures.defaultOrg();
    await updateOrg(org, { mail_language: 'fr' });

    const received = await invite(t, org);

    await t.close();
    expect(subjectOf(received)).toBe('Rejoignez Default');
    expect(partOf(received, 'text/plain')).toContain('Bonjour, Tenantry vous attend.');
  });
});
