import { describe, expect, it } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';
import {
  accessibilityViolations,
  describeConsole,
  DESKTOP,
  expectToFit,
  PHONE,
} from '../support/console-browser.js';
import { type OrgWithAdmin, role } from '../support/fixtures.js';
import { createMembers } from '../support/members.js';

describeConsole('the console under conditions', (c) => {
  const settings = ({ orgId }: OrgWithAdmin, page: string) =>
    `${c.t.url}/console/organizations/${orgId}/settings/${page}`;

  it('can be used with the keyboard alone, from the sign-in to a deleted key', async () => {
    const org = await c.t.fixtures.orgWithAdmin();

    await c.browser.open(DESKTOP, async (page) => {
      await page.goto(`${c.t.url}/console/`);
      await page.getByLabel('E-mail').waitFor();
      await page.keyboard.type(org.admin.email); // has the focus
      await tabTo(page, page.getByLabel('Password', { exact: true }));
      await page.keyboard.type(org.admin.password);
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'Overview' }).waitFor();

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
      await page.getByText('1 to 50 of 10001').waitFor();
      const rows = page.getByRole('table', { name: 'Active' }).locator('tbody tr');
      expect(await rows.count()).toBe(50);
      await page.getByRole('button', { name: 'Sort by Name' }).click();
      await rows.first().filter({ hasText: names[0]! }).waitFor();
      await page.getByRole('button', { name: 'Page 201' }).click();
      await page.getByText('10001 to 10001 of 10001').waitFor();
      await page.getByLabel('Search by name or e-mail address').fill(last.email);
      await rows.nth(1).waitFor({ state: 'detached' });
      await rows.filter({ hasText: last.email }).waitFor();
      expect(await rows.count()).toBe(1);
      expect(await accessibilityViolations(page)).toEqual([]);
    });
  });
});
