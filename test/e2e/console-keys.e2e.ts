import { expect, it } from '@jest/globals';
import {
  accessibilityViolations,
  describeConsole,
  DESKTOP,
  expectToFit,
  PHONE,
} from '../support/console-browser.js';

describeConsole('keys and provisioning in the console', (c) => {
  it('creates a service key for a workspace, shows it once and deletes it', async () => {
    const org = await c.t.fixtures.orgWithAdmin();

    await c.browser.open(DESKTOP, async (page) => {
      await c.browser.signIn(page, org.admin);
      await page.getByRole('link', { name: 'Service keys' }).click();
      await page.getByText('This organization has no service keys.').waitFor();
      await page.getByRole('button', { name: 'Create a key' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Description').fill('Report');
      await dialog.getByRole('combobox', { name: 'Workspaces' }).click();
      await page.getByRole('option', { name: 'Workspace 1' }).click();
      await page.keyboard.press('Escape');
      await page.getByRole('listbox').waitFor({ state: 'detached' });
      await dialog.getByLabel('Role').selectOption({ label: 'Viewer' });
      expect(await accessibilityViolations(page)).toEqual([]);
      await dialog.getByRole('button', { name: 'Create a key' }).click();
      const key = (await dialog.locator('pre').textContent()) ?? '';
      const asKey = c.t.api.as({ key, workspaceId: org.workspaceId });
      expect((await asKey.get('/api/v1/workspaces/current/members')).status).toBe(200);

      await dialog.getByRole('button', { name: 'Done' }).click();
      expect(await page.content()).not.toContain(key);
      const row = page.getByRole('table', { name: 'Service keys' }).locator('tbody tr');
      expect(await row.textContent()).toMatch(/Report.*Workspace 1.*Viewer/);
      expect(await accessibilityViolations(page)).toEqual([]);
      await page.getByRole('button', { name: 'Delete Report' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
      await page.getByText('This organization has no service keys.').waitFor();
      expect((await asKey.get('/api/v1/workspaces/current/members')).status).toBe(401);
    });
  });

  it('offers no key for the whole organization to members who may not create one', async () => {
    const org = await c.t.fixtures.orgWithAdmin();
    const member = await c.t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });

    await c.browser.open(PHONE, async (page) => {
      await c.browser.signIn(page, member);
      await page.goto(`${c.t.url}/console/organizations/${org.orgId}/settings/service-keys`);
      await page.getByRole('button', { name: 'Create a key' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByText('Only admins of the organization can create keys for all of it.').waitFor();
      expect(await dialog.getByRole('radio', { name: 'The whole organization' }).isDisabled()).toBe(true);
      expect(await accessibilityViolations(page)).toEqual([]);
      await expectToFit(page);
    });
  });

  it('respects the longest lifetime that the organization allows', async () => {
    const org = await c.t.fixtures.orgWithAdmin();
    await org.admin.api.patch('/api/v1/orgs/current/info', {
      max_service_key_expiry_days: 60,
      max_pat_expiry_days: 7,
    });

    await c.browser.open(DESKTOP, async (page) => {
      await c.browser.signIn(page, org.admin);
      const offered = async (link: string, button: string) => {
        await page.getByRole('link', { name: link }).click();
        await page.getByRole('button', { name: button }).click();
        const options = await page.getByLabel('Expires in').locator('option').allTextContents();
        await page.keyboard.press('Escape');
        await page.getByRole('dialog').waitFor({ state: 'detached' });
        return options;
      };
      expect(await offered('Service keys', 'Create a key')).toEqual(['30 days', '60 days']);
      expect(await offered('Access tokens', 'Create a token')).toEqual(['7 days']);
    });
  });

  it('creates a SCIM token, previews group names and shows what the identity provider changed', async () => {
    const org = await c.t.fixtures.orgWithAdmin();

    await c.browser.open(PHONE, async (page) => {
      await c.browser.signIn(page, org.admin);
      await page.goto(`${c.t.url}/console/organizations/${org.orgId}/settings/provisioning`);
      await page.getByText('No identity provider has changed anything').waitFor();
      await page.getByRole('button', { name: 'Create a SCIM token' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Description').fill('Entra ID');
      await dialog.getByRole('button', { name: 'Create a SCIM token' }).click();
      const token = (await dialog.locator('pre').textContent()) ?? '';
      await dialog.getByRole('button', { name: 'Done' }).click();
      const group = { schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'], displayName: 'LS:Readers' };
      const created = await fetch(`${c.t.url}/scim/v2/Groups`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' },
        body: JSON.stringify(group),
      });
      expect(created.status).toBe(201);

      const names = page.getByLabel('Names of groups to try');
      expect(await names.inputValue()).toBe('Organization User:Workspace 1:Editor');
      await names.fill('LS:Organization User:Workspace 1:Editor\nLS:Readers');
      await page.getByRole('button', { name: 'See what they grant' }).click();
      const grants = page.getByRole('table', { name: 'See what they grant' });
      await grants.getByText('Editor in Workspace 1').first().waitFor();
      expect(await grants.locator('tr').nth(2).textContent()).toMatch(/^LS:ReadersNothing/);
      await page.reload();
      await page
        .getByRole('table', { name: 'Latest changes' })
        .getByText('Created a group over SCIM')
        .waitFor();
      expect(await accessibilityViolations(page)).toEqual([]);
      await expectToFit(page);

      await page.getByRole('button', { name: 'Delete Entra ID' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
      await page.getByText('There are no SCIM tokens').waitFor();
    });
  });
});
