import { expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { accessibilityViolations, describeConsole, DESKTOP, follow } from '../support/console-browser.js';
import type { Person } from '../support/fixtures.js';

describeConsole('the session of the console', (c) => {
  it('asks to sign in again when the session ends while a form is open', async () => {
    const org = await c.t.fixtures.orgWithAdmin();

    await c.browser.open(DESKTOP, async (page) => {
      await c.browser.signIn(page, org.admin);
      await page.goto(`${c.t.url}/console/organizations/${org.orgId}/settings/members?tab=pending`);
      await page.getByRole('switch', { name: 'Invitations' }).waitFor();
      await c.t.sql('delete from sessions where user_id = $1', [org.admin.userId]);
      await page.getByRole('switch', { name: 'Invitations' }).click();
      await page.getByText('Your session has ended. Sign in again to continue.').waitFor();
      await c.browser.enterPassword(page, org.admin);
      await page.getByRole('heading', { name: 'Members of the organization' }).waitFor();
    });
  });

  it.each([
    { page: 'Service keys', known: 'has not loaded yet' },
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
        await page.getByRole('heading', { name: 'Workspace members' }).waitFor();
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
      await page.getByRole('heading', { name: 'Workspace members' }).waitFor();
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
