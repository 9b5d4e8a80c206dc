import { describe, expect, it } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';
import {
  accessibilityViolations,
  describeConsole,
  DESKTOP,
  expectToFit,
  PHONE,
} from '../support/console-browser.js';
import { type OrgWithAdmin, type Person, role } from '../support/fixtures.js';
import { createMembers } from '../support/members.js';

describeConsole('the console under conditions', (c) => {
  const settings = ({ orgId }: OrgWithAdmin, page: string) =>
    `${c.t.url}/console/organizations/${orgId}/settings/${page}`;

  it('can be used with the keyboard alone, from the sign-in to a deleted key', async () => {
    const org = await c.t.fixtures.orgWithAdmin();

    await c.browser.open(DESKTOP, async (page) => {
      await typeLogin(page, org.admin);
      await tabTo(page, page.getByRole('link', { name: 'Keys and tokens' }));
      await page.keyboard.press('Enter');
      await page.getByText('This organization has no service keys.').waitFor();
      await page.keyboard.press('Home');
      await tabTo(page, page.getByRole('button', { name: 'Create a key' }));
      await page.keyboard.press('Enter');
      await isFocused(page.getByLabel('Description'));
      await page.keyboard.type('Report');
      await tabTo(page, page.getByRole('combobox', { name: 'Workspaces' }));
      await page.keyboard.type('Workspace');
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      await tabTo(page, page.getByRole('dialog').getByRole('button', { name: 'Create a key' }));
      await page.keyboard.press('Enter');
      await page.getByText('This is the key.').waitFor();
      await tabTo(page, page.getByRole('button', { name: 'Done' }));
      await page.keyboard.press('Enter');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      await isFocused(page.getByRole('button', { name: 'Create a key' })); // where the dialog was opened

      await tabTo(page, page.getByRole('button', { name: 'Actions for Report' }));
      await page.keyboard.press('Enter');
      await tabTo(page, page.getByRole('menuitem', { name: 'Delete' }), 'ArrowDown');
      await page.keyboard.press('Enter');
      await tabTo(page, page.getByRole('dialog').getByRole('button', { name: 'Delete' }));
      await page.keyboard.press('Enter');
      await page.getByText('This organization has no service keys.').waitFor();
    });
  });

  it('can be used with the keyboard alone, from the sign-in to an accepted invitation', async () => {
    const org = await c.t.fixtures.orgWithAdmin();
    const email = c.t.fixtures.email('grace');
    const dialog = (page: Page) => page.getByRole('dialog');
    const button = (within: Page | Locator, name: string) => within.getByRole('button', { name });

    await c.browser.open(DESKTOP, async (page) => {
      const press = async (target: Locator, key = 'Tab') => {
        await tabTo(page, target, key);
        await page.keyboard.press('Enter');
      };
      await typeLogin(page, org.admin);
      await press(page.getByRole('link', { name: 'Members of the organization' }));
      await press(button(page, 'Invite people'));
      await isFocused(dialog(page).getByLabel('People'));
      await page.keyboard.type(email);
      await press(button(dialog(page), 'Preview'));
      await press(button(dialog(page), 'Invite 1 person'));
      await button(dialog(page), '1 invited').waitFor();
      await press(button(dialog(page), 'Done'));
      await press(button(page, `Actions for ${email}`));
      await press(page.getByRole('menuitem', { name: 'Create password link' }), 'ArrowDown');
      await press(button(dialog(page), 'Create the link'));
      const link = (await dialog(page).locator('pre').textContent())!;
      await press(button(dialog(page), 'Done'));
      await press(button(page, `Signed in as ${org.admin.email}`));
      await press(page.getByRole('button', { name: 'Sign out' }));
      await page.getByRole('heading', { name: 'You are signed out' }).waitFor();

      await page.goto(link);
      await isFocused(page.getByLabel('New password'));
      await page.keyboard.type('Correct-Horse-9!');
      await page.keyboard.press('Enter');
      await button(page, `Signed in as ${email}`).waitFor();
    });
  });

  async function typeLogin(page: Page, { email, password }: Person): Promise<void> {
    await page.goto(`${c.t.url}/console/`);
    await page.getByLabel('E-mail').waitFor();
    await page.keyboard.type(email); // has the focus
    await tabTo(page, page.getByLabel('Password', { exact: true }));
    await page.keyboard.type(password);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
  }

  /** The focus may arrive after a transition. */
  async function isFocused(target: Locator): Promise<void> {
    await target.waitFor();
    for (let attempt = 0; attempt < 300; attempt++) {
      if (await target.evaluate((element) => element === element.ownerDocument.activeElement)) return;
      await target.page().waitForTimeout(100);
    }
    throw new Error('the element has no focus');
  }

  async function tabTo(page: Page, target: Locator, key = 'Tab'): Promise<void> {
    await target.waitFor();
    for (let presses = 0; presses < 80; presses++) {
      await page.keyboard.press(key);
      if (await target.evaluate((element) => element === element.ownerDocument.activeElement)) return;
    }
    throw new Error('Tab does not reach the element');
  }

  it('finds people, places, pages and help by the keyboard, and leads there', async () => {
    const org = await c.t.fixtures.orgWithAdmin();
    const { email } = await c.t.fixtures.member(org, { email: c.t.fixtures.email('grace') });
    const invited = c.t.fixtures.email('gracia');
    await org.admin.api.post('/api/v1/orgs/current/members', { email: invited });
    await org.admin.api.post('/api/v1/workspaces', { display_name: 'Graceland' });
    await org.admin.api.post('/v1/platform/orgs/current/user-groups', { name: 'Gracious people' });
    const form = { display_name: 'Gracekeeper', description: '', permissions: ['workspaces:read'] };
    await org.admin.api.post('/api/v1/orgs/current/roles', form);

    await c.browser.open(DESKTOP, async (page) => {
      const { search, options } = searchOf(page);
      const requests: string[] = [];
      page.on('request', (request) => requests.push(request.url()));
      const asked = () => requests.filter((url) => /[?&]q=/.test(url)).map((url) => new URL(url));
      await c.browser.signIn(page, org.admin);
      const field = page.getByLabel('Search by name or e-mail address');
      await field.focus();
      expect(requests.filter((url) => /search/.test(url))).toEqual([]);
      await page.keyboard.press('Control+K');
      await isFocused(search);
      await options.filter({ hasText: 'Audit log' }).waitFor();
      expect(await accessibilityViolations(page)).toEqual([]);
      expect(asked()).toEqual([]);
      await page.keyboard.type('grac', { delay: 20 });
      for (const found of [email, invited, 'Graceland', 'Gracious people', 'Gracekeeper'])
        await options.filter({ hasText: found }).waitFor();
      expect(asked().map(({ searchParams }) => searchParams.get('q'))).toEqual(['grac', 'grac']);
      await page.getByRole('group', { name: 'Invitations' }).getByText(invited).waitFor();
      expect(await accessibilityViolations(page)).toEqual([]);
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      await isFocused(field);

      const goTo = async (text: string, heading: string | RegExp) => {
        await page.keyboard.press('Control+K');
        await isFocused(search);
        await page.keyboard.type(text);
        await page.keyboard.press('Enter'); // at once: waits for the server
        await page.getByRole('dialog').waitFor({ state: 'detached' });
        await page.getByRole('heading', { name: heading, exact: true, level: 1 }).waitFor();
      };
      await goTo(email, email);
      await goTo('audit', 'Audit log');
      await page.keyboard.press('Control+K');
      await search.fill('grac');
      await options.filter({ hasText: email }).waitFor();
      await search.fill(invited);
      await page.keyboard.press('Enter'); // leads to none of those that were found before
      await page.getByRole('heading', { name: 'Members of the organization' }).waitFor();
      await page.getByRole('table', { name: 'Pending' }).getByText(invited).waitFor();
      await goTo('Gracious', 'Gracious people');
      await goTo('Graceland', 'Workspace members');
      await page.getByRole('paragraph').filter({ hasText: 'Graceland' }).waitFor();

      await page.getByRole('button', { name: 'Signed in as' }).click();
      await page.getByRole('dialog').waitFor();
      await page.keyboard.press('Control+K');
      expect(await search.count()).toBe(0);
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      await page.getByRole('button', { name: 'Search', exact: true }).click();
      await search.fill('let people go');
      await options.filter({ hasText: 'Let people go' }).first().waitFor();
      await page.keyboard.press('ArrowUp'); // the last one
      await page.keyboard.press('ArrowDown');
      expect(await options.first().getAttribute('aria-selected')).toBe('true');
      await page.keyboard.press('Enter');
      await page.waitForURL(/\/help\//);
    });
  });

  it('aborts an outdated search, leaves out what is refused, and says what fails', async () => {
    const org = await c.t.fixtures.orgWithAdmin();
    const viewer = await c.t.fixtures.member(org, { workspace: 'WORKSPACE_VIEWER' });
    await org.admin.api.post('/api/v1/workspaces', { display_name: 'Work elsewhere' });

    await c.browser.open(PHONE, async (page) => {
      const { search, options } = searchOf(page);
      await c.browser.signIn(page, viewer);
      await page.getByRole('button', { name: 'Search', exact: true }).click();
      await options.filter({ hasText: 'Roles' }).waitFor();
      expect(await options.filter({ hasText: /Audit log|Webhooks|Overview/ }).count()).toBe(0);
      await search.fill('work');
      await options.filter({ hasText: 'Workspace 1' }).waitFor();
      await expectSearched(page);
      expect(await options.filter({ hasText: 'elsewhere' }).count()).toBe(0);
      await search.fill(org.admin.email);
      const people = page.getByRole('group', { name: 'People' });
      await people.getByText(org.admin.email).waitFor();
      expect(await accessibilityViolations(page)).toEqual([]);
      await expectToFit(page);

      const aborted = page.waitForEvent('requestfailed', (request) => request.url().includes('q=slow'));
      const sent = page.waitForRequest(/active.*q=slow/);
      await page.route(/members\/active.*q=slow/, () => undefined);
      await search.fill('slow');
      await sent;
      await page.route(/members\/pending/, (route) => route.fulfill({ status: 403, json: { detail: '' } }));
      await search.fill('zzqqxy');
      await page.getByText('There are no matches for “zzqqxy”.').waitFor();
      expect((await aborted).failure()?.errorText).toBe('net::ERR_ABORTED');
      await page.route(/members\/active/, (route) => route.fulfill({ status: 500, body: '' }));
      await search.fill('roles');
      await page.getByText('Some results may be missing.').waitFor();
      await options.filter({ hasText: 'Roles' }).first().waitFor();
      expect(await accessibilityViolations(page)).toEqual([]);
      await page.unrouteAll();

      await search.fill(org.admin.email);
      await people.getByText(org.admin.email).click();
      await page.getByRole('heading', { name: 'Members of the organization' }).waitFor();
      expect(new URL(page.url()).searchParams.get('q')).toBe(org.admin.email);
    });
  });

  const searchOf = (page: Page) => ({
    search: page.getByRole('combobox', { name: 'Search', exact: true }),
    options: page.getByRole('dialog').getByRole('option'),
  });

  const expectSearched = (page: Page) =>
    page
      .getByRole('status')
      .filter({ hasText: /^\d+ results?$/ })
      .waitFor();

  it('reaches every page of the menu on a low screen', async () => {
    const org = await c.t.fixtures.orgWithAdmin();

    await c.browser.open({ width: 360, height: 400 }, async (page) => {
      await c.browser.signIn(page, org.admin);
      await page.getByRole('button', { name: 'Menu' }).click();
      const last = page.getByRole('link', { name: 'API reference' });
      await last.scrollIntoViewIfNeeded();
      expect((await last.boundingBox())?.y).toBeLessThan(400);
      expect(await accessibilityViolations(page)).toEqual([]);
    });
  });

  it('waits on a slow network, and sends a form once however often it is submitted', async () => {
    const org = await c.t.fixtures.orgWithAdmin();

    await c.browser.open(DESKTOP, async (page) => {
      await c.browser.signIn(page, org.admin);
      await page.route('**/api/v1/**', async (route) => {
        await new Promise((resolve) => setTimeout(resolve, 1500));
        await route.continue();
      });
      await page.goto(settings(org, 'tokens'));
      await page.getByText('You have no personal access tokens').waitFor();
      await page.getByRole('button', { name: 'Create a token' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Description').fill('CI');
      await page.keyboard.press('Enter');
      await page.keyboard.press('Enter');
      await page.keyboard.press('Enter');
      await dialog.getByText('This is the token.').waitFor();
    });

    const { body: tokens } = await org.admin.api.get('/api/v1/orgs/current/personal-access-tokens');
    expect(tokens).toHaveLength(1);
  });

  it('says that the server does not respond, and tries again on request', async () => {
    const org = await c.t.fixtures.orgWithAdmin();

    await c.browser.open(DESKTOP, async (page) => {
      await c.browser.signIn(page, org.admin);
      await page.route('**/api/**/service-keys', (route) => route.abort());
      await page.goto(settings(org, 'service-keys'));
      await page.getByText('The server does not answer.').waitFor();
      // With this path, the page asks whether it may read again by itself.
      await page.route('**/api/v1/me/ls_user_id', (route) => route.abort());
      expect(await accessibilityViolations(page)).toEqual([]);
      await page.unroute('**/api/**/service-keys');
      await page.getByRole('button', { name: 'Try again' }).click();
      await page.getByText('This organization has no service keys.').waitFor();
    });
  });

  it('shows the reason of a refusal when a right has ended meanwhile', async () => {
    const org = await c.t.fixtures.orgWithAdmin();
    const second = await c.t.fixtures.member(org, { org: 'ORGANIZATION_ADMIN' });

    await c.browser.open(DESKTOP, async (page) => {
      await c.browser.signIn(page, second);
      await page.goto(settings(org, 'provisioning'));
      await page.getByRole('button', { name: 'Create a SCIM token' }).click();
      await page.getByRole('dialog').getByLabel('Description').fill('Okta');
      await org.admin.api.patch(`/api/v1/orgs/current/members/${second.membershipId}`, {
        role_id: role('ORGANIZATION_VIEWER'),
      });
      await page.getByRole('dialog').getByRole('button', { name: 'Create a SCIM token' }).click();
      const refusal = page.getByRole('dialog').getByRole('alert');
      await refusal.waitFor();
      expect(await refusal.textContent()).not.toMatch(/status|undefined|\{/);
      expect(await page.getByLabel('Description').inputValue()).toBe('Okta');
    });
  });

  describe('when a part of the console is gone since an upgrade', () => {
    const PART = '**/assets/own-tokens-page-*.js';
    const gone = (page: Page, times: number) =>
      page.route(PART, (route) => route.fulfill({ status: 404, json: { detail: 'Not Found' } }), { times });
    const heading = (page: Page) => page.getByRole('heading', { name: 'Personal access tokens' });

    it('loads the page again by itself', async () => {
      const org = await c.t.fixtures.orgWithAdmin();

      await c.browser.open(DESKTOP, async (page) => {
        await c.browser.signIn(page, org.admin);
        await gone(page, 1);
        await page.getByRole('link', { name: 'Access tokens' }).click();
        await heading(page).waitFor();
      });
    });

    it('does so once, then offers it', async () => {
      const org = await c.t.fixtures.orgWithAdmin();

      await c.browser.open(PHONE, async (page) => {
        await c.browser.signIn(page, org.admin);
        await gone(page, 1000);
        let loads = 0;
        page.on('request', (request) => void (loads += Number(request.isNavigationRequest())));
        await page.getByRole('button', { name: 'Menu' }).click();
        await page.getByRole('link', { name: 'Access tokens' }).click();
        await page.getByText('A part of the console could not be loaded.').waitFor();
        expect(loads).toBe(1);
        expect(await accessibilityViolations(page)).toEqual([]);
        await expectToFit(page);
        await page.getByRole('button', { name: 'Reload the page' }).click();
        await page.getByText('A part of the console could not be loaded.').waitFor();
        expect(loads).toBe(2);
        await page.goBack();
        await page.getByRole('heading', { name: 'Workspace members' }).waitFor();
        await page.unroute(PART);
        await page.goForward();
        await page.getByText('A part of the console could not be loaded.').waitFor();
        await page.getByRole('button', { name: 'Reload the page' }).click();
        await heading(page).waitFor();
      });
    });

    it('comes back when the server responds again', async () => {
      const org = await c.t.fixtures.orgWithAdmin();

      await c.browser.open(DESKTOP, async (page) => {
        await c.browser.signIn(page, org.admin);
        await page.context().setOffline(true);
        await page.getByRole('link', { name: 'Access tokens' }).click();
        await page.getByRole('alert').getByText('The server does not answer.').waitFor();
        await page.context().setOffline(false);
        await heading(page).waitFor();
      });
    });
  });

  it('shows an error page instead of a blank one when a page fails', async () => {
    const org = await c.t.fixtures.orgWithAdmin();

    await c.browser.open(DESKTOP, async (page) => {
      await c.browser.signIn(page, org.admin);
      await page.route('**/service-keys', (route) => route.fulfill({ json: 'no list' }));
      await page.getByRole('link', { name: 'Keys and tokens' }).click();
      await page.getByText('An error occurred in the console.').waitFor();
      expect(await accessibilityViolations(page)).toEqual([]);
      await page.getByRole('link', { name: 'Members', exact: true }).first().click();
      await page.getByRole('heading', { name: 'Workspace members' }).waitFor();
    });
  });

  const SIZE = 10_000;
  it('shows, searches and sorts ten thousand members page by page', async () => {
    const org = await c.t.fixtures.orgWithAdmin();
    const people = await createMembers(c.t, org, SIZE);
    const names = people.flatMap(({ fullName }) => fullName ?? []).sort();
    const last = people.at(-1)!;

    await c.browser.open(DESKTOP, async (page) => {
      await c.browser.signIn(page, org.admin);
      await page.getByText('1 to 20 of 10001').waitFor();
      const rows = page.getByRole('table', { name: 'Active' }).locator('tbody tr');
      expect(await rows.count()).toBe(20);
      await page.getByRole('button', { name: 'Sort by Name' }).click();
      await rows.first().filter({ hasText: names[0]! }).waitFor();
      await page.getByRole('button', { name: 'Page 501' }).click();
      await page.getByText('10001 to 10001 of 10001').waitFor();
      await page.getByLabel('Search by name or e-mail address').fill(last.email);
      await rows.nth(1).waitFor({ state: 'detached' });
      await rows.filter({ hasText: last.email }).waitFor();
      expect(await rows.count()).toBe(1);
      expect(await accessibilityViolations(page)).toEqual([]);
    });
  });
});
