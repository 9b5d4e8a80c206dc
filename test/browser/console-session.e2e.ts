import { expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { accessibilityViolations, describeConsole, DESKTOP, follow } from '../support/console-browser.js';
import type { Person } from '../support/fixtures.js';

describeConsole('the session of the console', (c) => {
  it('asks to sign in again when the session ends while a form is open', async () => {
    const org = await c.t.fixtures.orgWithAdmin();

    await c.browser.open(DESKTOP, async (page) => {
      await c.browser.signIn(page, org.admin);
      await page.goto(`${c.t.url}/console/organizations/${org.orgId}/settings/organization`);
      await page.getByRole('switch', { name: 'Invitations' }).waitFor();
      await c.t.sql('delete from sessions where user_id = $1', [org.admin.userId]);
      await page.getByRole('switch', { name: 'Invitations' }).click();
      await page.getByText('Your session has ended. Sign in again to continue.').waitFor();
      await c.browser.enterPassword(page, org.admin);
      await page.getByRole('heading', { name: 'Settings' }).waitFor();
    });
  });

  it.each([
    { page: 'Keys and tokens', known: 'has not loaded yet' },
    { page: 'Your sessions', known: 'has loaded before' },
  ])(
    'returns after signing in again to a page that was refused with 401 and $known',
    async ({ page: title, known }) => {
      const org = await c.t.fixtures.orgWithAdmin();

      await c.browser.open(DESKTOP, async (page) => {
        await c.browser.signIn(page, org.admin);
        if (known === 'has loaded before') await follow(page, title);
        await follow(page, 'Roles');
        await c.t.sql('delete from sessions where user_id = $1', [org.admin.userId]);
        await page.getByRole('link', { name: title }).click();
        await page.getByText('Your session has ended. Sign in again to continue.').waitFor();
        await c.browser.enterPassword(page, org.admin);
        await page.getByRole('heading', { name: title, exact: true }).waitFor();
        await page.getByRole('button', { name: `Signed in as ${org.admin.email}` }).waitFor();
        expect(await page.getByRole('alert').count()).toBe(0);
      });
    },
  );

  it.each(['//evil.test', '/\t/evil.test', '/\\evil.test', '/../../evil', 'https://evil.test/'])(
    'opens the start page after a sign-in that was to lead to %j',
    async (next) => {
      const org = await c.t.fixtures.orgWithAdmin();

      await c.browser.open(DESKTOP, async (page) => {
        await page.goto(`${c.t.url}/console/sign-in?next=${encodeURIComponent(next)}`);
        await c.browser.enterPassword(page, org.admin);
        await page.getByRole('heading', { name: 'Overview' }).waitFor();
        expect(page.url()).toMatch(`${c.t.url}/console/organizations/${org.orgId}/`);
      });
    },
  );

  const signedInAs = (page: Page, { email }: Person) =>
    page.getByRole('button', { name: `Signed in as ${email}` });

  async function signInElsewhere(page: Page, person: Person): Promise<Page> {
    const tab = await page.context().newPage();
    await tab.goto(`${c.t.url}/console/sign-in`);
    await c.browser.enterPassword(tab, person);
    await signedInAs(tab, person).waitFor();
    return tab;
  }

  const TOKENS = '/api/v1/orgs/current/personal-access-tokens';

  it('follows in every tab who signs in and out', async () => {
    const { admin: first, orgId } = await c.t.fixtures.orgWithAdmin();
    const { admin: second } = await c.t.fixtures.orgWithAdmin();

    await c.browser.open(DESKTOP, async (page) => {
      await c.browser.signIn(page, first);
      await follow(page, 'Members of the organization');
      const tab = await signInElsewhere(page, second);
      await signedInAs(page, second).waitFor();
      await page.getByRole('heading', { name: 'Overview' }).waitFor();
      expect(await page.content()).not.toContain(first.email);
      expect(page.url()).not.toContain(orgId);

      await signedInAs(tab, second).click();
      await tab.getByRole('button', { name: 'Sign out' }).click();
      await page.getByText('Your session has ended. Sign in again to continue.').waitFor();
      await page.getByLabel('E-mail').waitFor();
      await tab.getByRole('link', { name: 'Sign in again' }).click();
      await c.browser.enterPassword(tab, first);
      await signedInAs(tab, first).waitFor();
      await signedInAs(page, first).waitFor(); // although it was a page of the other organization
      for (const shown of [page, tab]) expect(await shown.content()).not.toContain(second.email);
    });
  });

  it('keeps what is typed on the sign-in page when a user signs in in another tab', async () => {
    const { admin: first } = await c.t.fixtures.orgWithAdmin();
    const { admin: second } = await c.t.fixtures.orgWithAdmin();

    await c.browser.open(DESKTOP, async (page) => {
      await page.goto(`${c.t.url}/console/`);
      await page.getByLabel('E-mail').fill(first.email);
      await signInElsewhere(page, second);
      await page.getByLabel('Password', { exact: true }).fill(first.password);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await signedInAs(page, first).waitFor();
      expect(await page.content()).not.toContain(second.email);
    });
  });

  it('keeps what was typed when the session ends, and goes on after a sign-in in a window', async () => {
    const org = await c.t.fixtures.orgWithAdmin();

    await c.browser.open(DESKTOP, async (page) => {
      await c.browser.signIn(page, org.admin);
      await follow(page, 'Members of the organization');
      await page.getByRole('button', { name: 'Invite people' }).click();
      await page.getByRole('textbox', { name: 'People' }).fill('ada@kept.example');
      await c.t.sql('delete from sessions where user_id = $1', [org.admin.userId]);
      await page.getByRole('button', { name: 'Preview' }).click();
      const ended = page.getByRole('dialog', { name: 'Your session has ended' });
      await ended.getByText('What you entered is kept while this page stays open.').waitFor();
      expect(await accessibilityViolations(page)).toEqual([]);
      const opened = page.waitForEvent('popup');
      await ended.getByRole('button', { name: 'Sign in again' }).click();
      const tab = await opened;
      const closed = tab.waitForEvent('close');
      await c.browser.enterPassword(tab, org.admin);
      await closed;
      await ended.waitFor({ state: 'detached' });
      await page.getByRole('button', { name: 'Preview' }).click();
      await page.getByRole('button', { name: 'Invite 1 person' }).click();
      await page.getByRole('button', { name: 'Done' }).waitFor();
    });
  });

  it('drops what was typed when another user comes back', async () => {
    const { admin: first } = await c.t.fixtures.orgWithAdmin();
    const { admin: second } = await c.t.fixtures.orgWithAdmin();

    await c.browser.open(DESKTOP, async (page) => {
      await c.browser.signIn(page, first);
      await page.getByRole('button', { name: 'Add members' }).click();
      await page.getByRole('textbox', { name: 'People' }).fill('ada@dropped.example');
      await c.t.sql('delete from sessions where user_id = $1', [first.userId]);
      await page.getByRole('button', { name: 'Preview' }).click();
      const opened = page.waitForEvent('popup');
      await page.getByRole('button', { name: 'Sign in again' }).click();
      await c.browser.enterPassword(await opened, second);
      await signedInAs(page, second).waitFor();
      await page.getByRole('heading', { name: 'Overview' }).waitFor();
      expect(await page.content()).not.toContain('ada@dropped.example');
      expect(await page.content()).not.toContain(first.email);
    });
  });

  it('asks before changed input is left, by Escape, a link, the back button or the browser', async () => {
    const org = await c.t.fixtures.orgWithAdmin();

    await c.browser.open(DESKTOP, async (page) => {
      const question = page.getByRole('dialog', { name: 'Discard what you entered?' });
      const answer = (name: string) => question.getByRole('button', { name }).click();
      await c.browser.signIn(page, org.admin);
      await page.getByRole('link', { name: 'Access tokens' }).click();
      await page.getByRole('button', { name: 'Create a token' }).click();
      await page.keyboard.press('Escape'); // nothing was entered
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      await page.getByRole('button', { name: 'Create a token' }).click();
      await page.getByLabel('Description').fill('CI');
      await page.keyboard.press('Escape');
      await question.waitFor();
      expect(await accessibilityViolations(page)).toEqual([]);
      await page.keyboard.press('Escape'); // keeps it
      await question.waitFor({ state: 'detached' });
      expect(await page.getByLabel('Description').inputValue()).toBe('CI');
      await page.keyboard.press('Escape');
      await answer('Discard');
      await page.getByRole('dialog').waitFor({ state: 'detached' });

      await follow(page, 'Roles');
      await page.getByRole('link', { name: 'Create a role' }).click();
      await page.getByLabel('Name').fill('Annotator');
      await page.getByRole('checkbox').first().check();
      await page.getByRole('link', { name: 'Your sessions' }).click();
      await answer('Keep editing');
      await page.goBack();
      await answer('Keep editing');
      expect(await page.getByLabel('Name').inputValue()).toBe('Annotator');
      const asked = page.waitForEvent('dialog');
      void page.reload().catch(() => undefined);
      const dialog = await asked;
      expect(dialog.type()).toBe('beforeunload');
      await dialog.dismiss();
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByRole('status').getByText('Annotator').waitFor();
      await page.getByRole('heading', { name: 'Roles', exact: true }).waitFor();
      expect(await question.count()).toBe(0);
    });
  });

  it('skips to the content of the same page, and gives each page its title', async () => {
    const org = await c.t.fixtures.orgWithAdmin();

    await c.browser.open(DESKTOP, async (page) => {
      await page.goto(`${c.t.url}/console/`);
      await page.getByRole('heading', { name: 'Sign in' }).waitFor();
      expect(await page.title()).toBe('Sign in · Tenantry');
      await c.browser.signIn(page, org.admin);
      expect(await page.title()).toBe('Workspace members · Tenantry');
      await page.getByRole('navigation').getByRole('link', { name: 'Single sign-on' }).click();
      await page.getByRole('heading', { name: 'Single sign-on', exact: true }).waitFor();
      expect(await page.title()).toBe('Single sign-on · Tenantry');
      await follow(page, 'Roles');
      expect(await page.title()).toBe('Roles · Tenantry');
      const before = page.url();
      await page.getByRole('link', { name: 'Skip to the content' }).focus();
      await page.keyboard.press('Enter');
      await page.locator('#content:focus').waitFor();
      await page.getByRole('heading', { name: 'Roles', exact: true }).waitFor();
      expect(page.url()).toBe(before);
    });
  });

  it('shows a page that could not load as soon as the server answers again, and keeps the menu', async () => {
    const org = await c.t.fixtures.orgWithAdmin();

    await c.browser.open(DESKTOP, async (page) => {
      const menu = page.getByRole('navigation', { name: 'Menu' });
      await c.browser.signIn(page, org.admin);
      await follow(page, 'Roles');
      await page.route('**/*', (route) => route.fulfill({ status: 502, body: 'Bad Gateway' }));
      await menu.getByRole('link', { name: 'Workspaces' }).click(); // its code has not loaded
      await page.getByText('The server does not answer').first().waitFor();
      await menu.getByRole('link', { name: 'Roles' }).click();
      await page.getByRole('heading', { name: 'Roles', exact: true }).waitFor();
      await menu.getByRole('link', { name: 'Workspaces' }).click();
      await page.getByText('The server does not answer').first().waitFor();
      expect(await accessibilityViolations(page)).toEqual([]);
      await page.unrouteAll();
      await page.getByRole('heading', { name: 'Workspaces', exact: true }).waitFor();
      await menu.getByRole('link', { name: 'Roles' }).waitFor();
    });
  });

  it('reads again by itself what the server could not answer', async () => {
    const org = await c.t.fixtures.orgWithAdmin();

    await c.browser.open(DESKTOP, async (page) => {
      await c.browser.signIn(page, org.admin);
      await page.route('**/api/**', (route) => route.fulfill({ status: 502, body: 'Bad Gateway' }));
      await page.getByRole('link', { name: 'Keys and tokens' }).click();
      await page.getByRole('alert').getByText('The server answered with status 502.').waitFor();
      await page.unrouteAll();
      await page.getByText('This organization has no service keys.').waitFor();
    });
  });

  // The script that it adds stays in the tab of the tests below.
  it('creates nothing for a user who signed in in another tab without this one noticing', async () => {
    const { admin: first } = await c.t.fixtures.orgWithAdmin();
    const { admin: second } = await c.t.fixtures.orgWithAdmin();

    await c.browser.open(DESKTOP, async (page) => {
      await page.addInitScript('BroadcastChannel.prototype.addEventListener = () => undefined');
      await c.browser.signIn(page, first);
      await page.getByRole('link', { name: 'Access tokens' }).click();
      await page.getByRole('button', { name: 'Create a token' }).click();
      await page.getByLabel('Description').fill('CI');
      await signInElsewhere(page, second);
      await page.getByRole('dialog').getByRole('button', { name: 'Create a token' }).click();
      await signedInAs(page, second).waitFor();
    });

    for (const { api } of [first, second]) expect((await api.get(TOKENS)).body).toEqual([]);
  });

  it('says until when a person without an organization had access, and which admin set the end', async () => {
    const org = await c.t.fixtures.orgWithAdmin();
    const member = await c.t.fixtures.member(org, {});
    await c.t.sql('update users set full_name = $2 where id = $1', [org.admin.userId, 'Grace Hopper']);
    await c.t.sql(
      `update org_memberships set access_expires_at = '2026-03-04 05:06:07Z', access_expires_set_by_user_id = $2
       where user_id = $1`,
      [member.userId, org.admin.userId],
    );

    await c.browser.open(DESKTOP, async (page) => {
      await page.goto(`${c.t.url}/console/`);
      await c.browser.enterPassword(page, member);

      await page.getByText('You had access to Other until Mar 4, 2026, 5:06 AM.').waitFor();
      await page.getByText('The end was set by Grace Hopper.').waitFor();
      expect(await accessibilityViolations(page)).toEqual([]);
    });
  });
});
