/** @takes-long */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import {
  accessibilityViolations,
  ConsoleBrowser,
  describeInChromium,
  DESKTOP,
  expectToFit,
  follow,
  PHONE,
} from '../support/console-browser.js';
import { until } from '../support/audit-log.js';
import { freePort } from '../support/free-port.js';
import { invitation, letExpire } from '../support/invitations.js';
import { MailServer, partOf } from '../support/mail-server.js';
import { CHOSEN, letDaysPass, mailedToken } from '../support/password-links.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const heading = (page: Page, name: string) => page.getByRole('heading', { name, exact: true });

describeInChromium('passwords in the console', () => {
  let mail: MailServer;
  let t: TestApp;
  let browser: ConsoleBrowser;
  beforeAll(async () => {
    mail = await MailServer.start();
    const port = await freePort();
    t = await startTestApp({
      ...mail.environment,
      PORT: String(port),
      LANGSMITH_URL: `http://127.0.0.1:${port}`,
    });
    browser = await ConsoleBrowser.launch(t.url);
  });
  afterAll(async () => {
    await browser.close();
    await t.close();
    await mail.stop();
  });

  async function mailedLink(email: string): Promise<string> {
    const [received] = await mail.mailsTo(email);
    return /http\S+set-password#token=\S+/.exec(partOf(received!, 'text/plain'))![0];
  }

  it('sends an invitation again', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const email = t.fixtures.email('grace');
    await invitation(org, { email });

    await browser.open(DESKTOP, async (page) => {
      await browser.signIn(page, org.admin);
      await follow(page, 'Members of the organization');
      await page.getByRole('tab', { name: 'Pending' }).click();
      await page.getByRole('button', { name: `Actions for ${email}` }).click();
      await page.getByRole('menuitem', { name: 'Send the invitation again' }).click();
      await page.getByText(`The invitation to ${email} was sent again.`).waitFor();
    });
  });

  it('shows whose mail was refused, with a filter, until the invitation is sent again', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const [refused, taken] = [t.fixtures.email('grace'), t.fixtures.email('ada')];
    mail.replyToRecipient = (to) =>
      to === refused ? { responseCode: 550, message: '5.1.1 unknown' } : undefined;
    for (const email of [refused, taken]) await invitation(org, { email });
    await until(async () => (await t.sql(`select from mails where state = 'refused'`)).length > 0);

    await browser.open(PHONE, async (page) => {
      await browser.signIn(page, org.admin);
      await page.getByRole('button', { name: 'Menu' }).click();
      await follow(page, 'Members of the organization');
      await page.getByRole('tab', { name: 'Pending' }).click();
      await page.getByText(/^Mail refused on .* \(550 5\.1\.1\)$/).waitFor();
      await page.getByText(taken).waitFor();
      await page.getByRole('button', { name: 'Filters' }).click();
      await page.getByLabel('Filter by state').selectOption({ label: 'Mail refused' });
      await page.getByText(taken).waitFor({ state: 'detached' });
      await page.getByText(refused).waitFor();
      await expectToFit(page);
      expect(await accessibilityViolations(page)).toEqual([]);

      mail.replyToRecipient = () => undefined;
      await page.getByRole('button', { name: `Actions for ${refused}` }).click();
      await page.getByRole('menuitem', { name: 'Send the invitation again' }).click();
      await page.getByText(refused, { exact: true }).waitFor({ state: 'detached' });
    });
    expect(await mail.mailsTo(refused)).toHaveLength(1);
  });

  it('sets a new password with the link of a mail, signs in, and leaves the token nowhere', async () => {
    const person = await t.fixtures.member(await t.fixtures.orgWithAdmin(), {
      workspace: 'WORKSPACE_VIEWER',
    });

    await browser.open(DESKTOP, async (page) => {
      await page.goto(`${t.url}/console/`);
      await page.getByLabel('E-mail').fill(person.email);
      await page.getByRole('link', { name: 'Forgot password?' }).click();
      await heading(page, 'Forgot your password?').waitFor();
      expect(await page.getByLabel('E-mail').inputValue()).toBe(person.email);
      expect(await accessibilityViolations(page)).toEqual([]);
      await page.keyboard.press('Enter');
      await page.getByText(`If ${person.email} has an account or an open invitation, a mail`).waitFor();
      expect(await accessibilityViolations(page)).toEqual([]);

      const link = await mailedLink(person.email);
      const [, token = ''] = link.split('token=');
      const requests: string[] = [];
      page.on('request', (request) =>
        requests.push(`${request.url()} ${request.headers()['referer'] ?? ''}`),
      );
      await page.goto(link);
      await heading(page, 'Set a new password').waitFor();
      expect(page.url()).toBe(`${t.url}/console/set-password`);
      expect(await page.getByLabel('E-mail').inputValue()).toBe(person.email);
      await page.getByLabel('New password').fill('short');
      expect(await page.getByRole('button', { name: 'Set the password and sign in' }).isDisabled()).toBe(
        true,
      );
      expect(await accessibilityViolations(page)).toEqual([]);
      await page.getByLabel('New password').fill(CHOSEN);
      await page.keyboard.press('Enter');
      await heading(page, 'Workspace members').waitFor();

      expect(requests.filter((request) => request.includes(token))).toEqual([]);
      const kept = await page.evaluate(
        'JSON.stringify({ ...localStorage, ...sessionStorage, ...history.state })',
      );
      expect(kept).not.toContain(token);
      await page.goBack();
      expect(page.url()).not.toContain(token);
    });
    await t.fixtures.login(person.email, CHOSEN);
  });

  it('joins with the link of an invitation, on a phone and in German', async () => {
    const org = await t.fixtures.defaultOrg();
    const email = t.fixtures.email('grace');
    await invitation(org, { email, workspace_ids: [org.workspaceId] });
    const link = await mailedLink(email);

    await browser.open(PHONE, async (page) => {
      await page.goto(link);
      await heading(page, 'Choose a password').waitFor();
      await page.getByLabel('Language').selectOption('de');
      await heading(page, 'Passwort wählen').waitFor();
      await page.getByText('Default lädt Sie ein.').waitFor();
      await expectToFit(page);
      expect(await accessibilityViolations(page)).toEqual([]);
      await page.getByLabel('Neues Passwort').fill(CHOSEN);
      await page.getByRole('button', { name: 'Beitreten' }).click();
      await page.getByRole('heading', { name: 'Workspace-Mitglieder' }).waitFor();
    });
    await t.fixtures.login(email, CHOSEN);
  });

  it('joins with the link of an invitation three days later, and with the one that is asked for again', async () => {
    const org = await t.fixtures.defaultOrg();
    const people = [t.fixtures.email('grace'), t.fixtures.email('ada')] as const;
    for (const email of people) {
      await invitation(org, { email, workspace_ids: [org.workspaceId] });
      await mailedLink(email);
      await letDaysPass(t, email, 3);
    }
    const join = async (page: Page) => {
      await heading(page, 'Choose a password').waitFor();
      await page.getByLabel('New password').fill(CHOSEN);
      await page.getByRole('button', { name: 'Join' }).click();
      await heading(page, 'Workspace members').waitFor();
    };

    await browser.open(DESKTOP, async (page) => {
      await page.goto(await mailedLink(people[0]));
      await join(page);
    });
    await browser.open(PHONE, async (page) => {
      await page.goto(`${t.url}/console/forgot-password`);
      await page.getByLabel('E-mail').fill(people[1]);
      await page.keyboard.press('Enter');
      await page.getByText(`If ${people[1]} has an account or an open invitation`).waitFor();
      await expectToFit(page);
      const token = await mailedToken(mail, people[1], 2);

      await page.goto(await mailedLink(people[1]));
      await page.getByText('a newer one has replaced it').waitFor();
      await page.goto(`${t.url}/console/set-password#token=${token}`);
      await join(page);
    });
  });

  it('offers no new link for an invitation that has expired', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const email = t.fixtures.email('grace');
    const id = await invitation(org, { email });
    const link = await mailedLink(email);
    await letExpire(t, id);

    await browser.open(PHONE, async (page) => {
      await page.goto(link);
      await page.getByText('The invitation has expired. Ask an admin').waitFor();
      expect(await page.getByRole('link', { name: 'Get a new link' }).count()).toBe(0);
      expect(await accessibilityViolations(page)).toEqual([]);
    });
  });

  it('says what is wrong with a link, and how to get another one', async () => {
    const person = await t.fixtures.member(await t.fixtures.orgWithAdmin(), {});
    await t.api.post('/api/v1/login/password-link', { email: person.email });
    const link = await mailedLink(person.email);

    await browser.open(PHONE, async (page) => {
      await t.sql('update password_links set expires_at = now() where email = $1', [person.email]);
      await page.goto(link);
      await page.getByText('The link has expired: it works for 24 hours.').waitFor();
      await expectToFit(page);
      expect(await accessibilityViolations(page)).toEqual([]);

      await t.sql(
        `update password_links set expires_at = now() + interval '1 day', used_at = now() where email = $1`,
        [person.email],
      );
      await page.reload();
      await page.getByText('This page needs a link from a mail').waitFor();
      await page.goto(link);
      await page.getByText('The link has been used already.').waitFor();

      await t.sql('update password_links set used_at = null where email = $1', [person.email]);
      await page.evaluate(`location.hash = '#token=unknown'`);
      await page.getByText('The link is not valid, or not valid any more').waitFor();
      await page.getByRole('link', { name: 'Get a new link' }).click();
      await heading(page, 'Forgot your password?').waitFor();
    });
  });

  it('keeps the form when the link was used elsewhere meanwhile', async () => {
    const person = await t.fixtures.member(await t.fixtures.orgWithAdmin(), {});
    await t.api.post('/api/v1/login/password-link', { email: person.email });
    const link = await mailedLink(person.email);

    await browser.open(DESKTOP, async (page) => {
      await page.goto(link);
      await page.getByLabel('New password').fill(CHOSEN);
      await t.sql('update password_links set used_at = now() where email = $1', [person.email]);
      await page.keyboard.press('Enter');
      await page.getByRole('alert').getByText('The link has been used already.').waitFor();
      expect(await accessibilityViolations(page)).toEqual([]);
    });
  });

  it('lists the own sessions, ends one, and signs out everywhere', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const { email, password } = org.admin;

    await browser.open(PHONE, async (page) => {
      await browser.signIn(page, org.admin);
      await page.getByRole('button', { name: 'Menu' }).click();
      await page.getByRole('link', { name: 'Your sessions' }).click();
      const rows = page.getByRole('table', { name: 'Your sessions' }).locator('tbody tr');
      await rows.filter({ hasText: 'Chrome on Linux' }).filter({ hasText: 'This device' }).waitFor();
      expect(await rows.count()).toBe(2);
      await expectToFit(page);
      expect(await accessibilityViolations(page)).toEqual([]);

      await rows.filter({ hasText: 'Unknown device' }).getByRole('button', { name: 'End' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'End' }).click();
      await page.getByText('The session of Unknown device has ended.').waitFor();
      expect(await rows.count()).toBe(1);
      expect((await org.admin.api.get('/api/v1/me/sessions')).status).toBe(401);

      const other = t.api.as({ token: await t.fixtures.login(email, password) });
      await page.getByRole('button', { name: 'Sign out everywhere' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Sign out everywhere' }).click();
      await heading(page, 'You are signed out').waitFor();
      expect((await other.get('/api/v1/me/sessions')).status).toBe(401);
      expect(await page.context().cookies()).toEqual([]);
    });
  });

  it('offers no link to hand over, since links are mailed', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const member = await t.fixtures.member(org, {});

    await browser.open(DESKTOP, async (page) => {
      await browser.signIn(page, org.admin);
      await follow(page, 'Members of the organization');
      await page.getByRole('button', { name: `Actions for ${member.email}` }).click();
      await page.getByRole('menuitem', { name: 'Why do they have access?' }).waitFor();
      expect(await page.getByRole('menuitem', { name: 'Create password link' }).count()).toBe(0);
    });
  });
});

describeInChromium('passwords in the console without a mail server', () => {
  let t: TestApp;
  let browser: ConsoleBrowser;
  beforeAll(async () => {
    t = await startTestApp();
    browser = await ConsoleBrowser.launch(t.url);
  });
  afterAll(async () => {
    await browser.close();
    await t.close();
  });

  it('says on the sign-in page that an admin has the link', async () => {
    await browser.open(PHONE, async (page) => {
      await page.goto(`${t.url}/console/`);
      await page.getByRole('link', { name: 'Forgot password?' }).click();
      await page.getByText('An admin of your organization can create a link for you').waitFor();
      await expectToFit(page);
      expect(await accessibilityViolations(page)).toEqual([]);
      await page.getByRole('link', { name: 'Back to the sign-in page' }).click();
      await heading(page, 'Sign in').waitFor();
    });
  });

  it('creates the link of a member, shows it once, and the member signs in with it', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const member = await t.fixtures.member(org, { workspace: 'WORKSPACE_VIEWER' });
    const { body: token } = await member.api.post('/api/v1/orgs/current/personal-access-tokens', {});
    const tokenStatus = async () => (await t.api.as({ key: token.key }).get('/api/v1/auth/public')).status;
    let link = '';

    await browser.open(DESKTOP, async (page) => {
      await browser.signIn(page, org.admin);
      await follow(page, 'Members of the organization');
      await page.getByRole('button', { name: `Actions for ${member.email}` }).click();
      await page.getByRole('menuitem', { name: 'Create password link' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByText('It works once, for 24 hours').waitFor();
      await page.getByRole('menu').waitFor({ state: 'detached' });
      expect(await accessibilityViolations(page)).toEqual([]);
      await dialog.getByRole('button', { name: 'Create the link' }).click();
      link = (await dialog.locator('pre').textContent()) ?? '';
      expect(link).toMatch(`${t.url}/console/set-password#token=`);
      expect(await accessibilityViolations(page)).toEqual([]);
      await dialog.getByRole('button', { name: 'Done' }).click();
      await dialog.waitFor({ state: 'detached' });
      expect(await page.content()).not.toContain(link.split('token=')[1]);
    });
    await browser.open(PHONE, async (page) => {
      await page.goto(link);
      await page.getByText('Choose a password to sign in with.').waitFor();
      await page.getByText('service keys and SCIM tokens that you created, stay valid.').waitFor();
      await page.getByLabel('Revoke my personal access tokens').check();
      await page.getByText('Service keys and SCIM tokens that you created stay valid.').waitFor();
      await expectToFit(page);
      expect(await accessibilityViolations(page)).toEqual([]);
      expect(await tokenStatus()).toBe(200);
      await page.getByLabel('New password').fill(CHOSEN);
      await page.keyboard.press('Enter');
      await heading(page, 'Workspace members').waitFor();
    });
    expect(await tokenStatus()).toBe(401);
  });

  it('creates the link of an invitation, with which the invited person joins', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const email = t.fixtures.email('grace');
    await invitation(org, { email, workspace_ids: [org.workspaceId] });

    await browser.open(DESKTOP, async (page) => {
      await browser.signIn(page, org.admin);
      await follow(page, 'Members of the organization');
      await page.getByRole('tab', { name: 'Pending' }).click();
      await page.getByRole('button', { name: `Actions for ${email}` }).click();
      await page.getByRole('menuitem', { name: 'Renew the invitation' }).click();
      await page.getByText(`The invitation of ${email} was renewed. Nothing was mailed`).waitFor();
      await page.getByRole('button', { name: `Actions for ${email}` }).click();
      await page.getByRole('menuitem', { name: 'Create password link' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('button', { name: 'Create the link' }).click();
      const link = (await dialog.locator('pre').textContent()) ?? '';
      await page.goto(link);
      await page.getByText('Other invites you. Choose a password to join.').waitFor();
      await page.getByLabel('New password').fill(CHOSEN);
      await page.getByRole('button', { name: 'Join' }).click();
      await heading(page, 'Workspace members').waitFor();
      await page.getByRole('button', { name: `Signed in as ${email}` }).waitFor();
    });
  });

  it('creates the links of all who wait for one, and shows them once', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const emails = [t.fixtures.email('grace'), t.fixtures.email('radia')].sort();
    for (const email of emails) await invitation(org, { email });
    await invitation(org, { email: (await t.fixtures.userWithoutOrg()).email });

    await browser.open(PHONE, async (page) => {
      await browser.signIn(page, org.admin);
      await page.getByRole('button', { name: 'Menu' }).click();
      await follow(page, 'Members of the organization');
      await page.getByRole('tab', { name: 'Pending' }).click();
      await page.getByRole('button', { name: 'Filters' }).click();
      await page.getByLabel('Filter by state').selectOption({ label: 'Waiting for a link' });
      await page.getByRole('checkbox', { name: 'Select all on this page' }).check();
      await page.getByRole('button', { name: 'Create password links' }).click();
      const dialog = page.getByRole('dialog');
      expect(await accessibilityViolations(page)).toEqual([]);
      await dialog.getByRole('button', { name: 'Create the links' }).click();
      const shown = dialog.getByRole('region', { name: 'Links' });
      await shown.waitFor();
      expect(await accessibilityViolations(page)).toEqual([]);
      await expectToFit(page);
      const lines = ((await shown.textContent()) ?? '').split('\n').sort();
      expect(lines).toEqual(emails.map((email) => expect.stringMatching(`^${email}\thttp.*#token=`)));
      await dialog.getByRole('button', { name: 'Close' }).last().click();
      await page.getByText('No one matches these filters.').waitFor();
      await dialog.waitFor({ state: 'detached' });
      expect(await page.content()).not.toContain('#token=');
    });
  });

  it('makes the links of all people of a list for whom nothing was mailed', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const emails = [t.fixtures.email('grace'), t.fixtures.email('radia')].sort();

    await browser.open(PHONE, async (page) => {
      await browser.signIn(page, org.admin);
      await page.getByRole('button', { name: 'Add members' }).click();
      await page.getByRole('textbox', { name: 'People' }).fill(emails.join('\n'));
      await page.getByRole('button', { name: 'Preview' }).click();
      await page.getByRole('button', { name: 'Add 2 people' }).click();
      await page.getByRole('button', { name: 'Make links for all 2' }).click();
      await page.getByRole('button', { name: 'Create the links' }).click();
      const shown = page.getByRole('region', { name: 'Links' });
      await shown.waitFor();
      expect(await accessibilityViolations(page)).toEqual([]);
      await expectToFit(page);
      const lines = ((await shown.textContent()) ?? '').split('\n').sort();
      expect(lines).toEqual(emails.map((email) => expect.stringMatching(`^${email}\thttp.*#token=`)));
      await page.getByRole('dialog').last().getByRole('button', { name: 'Close' }).last().click();
      await page.getByRole('button', { name: 'Done' }).waitFor();
      expect(await page.getByRole('button', { name: 'Make' }).count()).toBe(0);
    });
  });

  it('offers an operator no link, since only admins choose passwords', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const operator = await t.fixtures.member(org, {
      org: 'ORGANIZATION_OPERATOR',
      workspace: 'WORKSPACE_ADMIN',
    });
    const email = t.fixtures.email();
    await invitation(org, { email });

    await browser.open(DESKTOP, async (page) => {
      await browser.signIn(page, operator);
      await follow(page, 'Members of the organization');
      await page.getByRole('tab', { name: 'Pending' }).click();
      await page.getByRole('button', { name: `Actions for ${email}` }).click();
      await page.getByRole('menuitem', { name: 'Renew the invitation' }).waitFor();
      expect(await page.getByRole('menuitem', { name: 'Create password link' }).count()).toBe(0);
    });
  });

  it('tells an operator that only admins choose passwords', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const operator = await t.fixtures.member(org, {
      org: 'ORGANIZATION_OPERATOR',
      workspace: 'WORKSPACE_ADMIN',
    });
    const member = await t.fixtures.member(org, {});

    await browser.open(DESKTOP, async (page) => {
      await browser.signIn(page, operator);
      await follow(page, 'Members of the organization');
      await page.getByRole('button', { name: `Actions for ${member.email}` }).click();
      await page.getByRole('menuitem', { name: 'Create password link' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('button', { name: 'Create the link' }).click();
      await dialog.getByRole('alert').getByText('Only an admin of the organization').waitFor();
    });
  });
});
