import { expect, it } from '@jest/globals';
import {
  accessibilityViolations,
  describeConsole,
  DESKTOP,
  expectToFit,
  follow,
  PHONE,
} from '../support/console-browser.js';
import { role } from '../support/fixtures.js';
import { type TestApp } from '../support/test-app.js';
import { groupWith, WORKSPACE_ADMIN } from '../support/user-groups.js';

describeConsole('roles in the console', (c) => {
  it('creates a role from the permissions that the server lists, and changes it', async () => {
    const org = await c.t.fixtures.orgWithAdmin();

    await c.browser.open(DESKTOP, async (page) => {
      await c.browser.signIn(page, org.admin);
      await page.getByRole('link', { name: 'Roles' }).click();
      await page.getByText('This organization has no roles of its own.').waitFor();
      await page.getByRole('link', { name: 'Create a role' }).click();
      await page.getByLabel('Name').fill('Reviewer');
      await page.getByRole('checkbox', { name: 'datasets:read', exact: true }).check();
      await page.getByRole('checkbox', { name: 'All permissions for feedback', exact: true }).check();
      expect(await accessibilityViolations(page)).toEqual([]);
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByText('The role Reviewer was saved.').waitFor();
      const { body: permissions } = await org.admin.api.get('/api/v1/orgs/permissions');
      const ofFeedback = permissions
        .map(({ name }: { name: string }) => name)
        .filter((name: string) => name.startsWith('feedback:'));
      expect(await storedPermissions(org)).toEqual(new Set(['datasets:read', ...ofFeedback]));

      await page.getByRole('link', { name: 'Reviewer' }).click();
      await page.getByRole('searchbox', { name: 'Permissions' }).fill('datasets');
      await page.getByRole('checkbox', { name: 'datasets:read', exact: true }).uncheck();
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByText('The role Reviewer was saved.').waitFor();
      expect(await storedPermissions(org)).toEqual(new Set(ofFeedback));
      expect(await accessibilityViolations(page)).toEqual([]);
    });
  });

  async function storedPermissions({ admin }: { admin: { api: TestApp['api'] } }): Promise<Set<string>> {
    const { body } = await admin.api.get('/api/v1/orgs/current/roles');
    return new Set(body.find((one: { display_name: string }) => one.display_name === 'Reviewer').permissions);
  }

  it('says why a role that a member has cannot be deleted, and deletes it afterwards', async () => {
    const org = await c.t.fixtures.orgWithAdmin();
    const form = { display_name: 'Auditor', description: 'Reads', permissions: ['workspaces:read'] };
    const { body: auditor } = await org.admin.api.post('/api/v1/orgs/current/roles', form);
    const member = await c.t.fixtures.member(org, { workspace: auditor.id });

    await c.browser.open(PHONE, async (page) => {
      await c.browser.signIn(page, org.admin);
      await page.goto(`${c.t.url}/console/organizations/${org.orgId}/settings/roles`);
      await page.getByRole('button', { name: 'Actions for Auditor' }).click();
      await page.getByRole('menuitem', { name: 'Delete the role' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('button', { name: 'Delete the role' }).click();
      await dialog.getByRole('alert').waitFor();
      await page.getByRole('menu').waitFor({ state: 'detached' });
      expect(await accessibilityViolations(page)).toEqual([]);
      await expectToFit(page);

      await org.admin.api.delete(`/api/v1/orgs/current/members/${member.membershipId}`);
      await dialog.getByRole('button', { name: 'Delete the role' }).click();
      await page.getByText('This organization has no roles of its own.').waitFor();
    });
  });

  it('shows system roles without a form, and lets them be copied', async () => {
    const org = await c.t.fixtures.orgWithAdmin();

    await c.browser.open(PHONE, async (page) => {
      await c.browser.signIn(page, org.admin);
      await page.goto(`${c.t.url}/console/organizations/${org.orgId}/settings/roles`);
      await page.getByRole('link', { name: 'Viewer', exact: true }).click();
      await page.getByText('A system role, which cannot be changed.').waitFor();
      expect(await page.getByRole('checkbox', { name: 'workspaces:read', exact: true }).isDisabled()).toBe(
        true,
      );
      expect(await page.getByRole('button', { name: 'Save' }).count()).toBe(0);
      await page.getByRole('switch', { name: 'Restricted' }).click();
      await page.getByRole('switch', { name: 'Restricted', checked: true }).waitFor();
      const { body: roles } = await org.admin.api.get('/api/v1/orgs/current/roles');
      expect(roles.find(({ id }: { id: string }) => id === role('WORKSPACE_VIEWER')).is_restricted).toBe(
        true,
      );
      await page.getByRole('link', { name: 'Copy to a new role' }).click();
      expect(await page.getByLabel('Name').inputValue()).toBe('Copy of Viewer');
      expect(await page.getByRole('checkbox', { name: 'workspaces:read', exact: true }).isChecked()).toBe(
        true,
      );
      await expectToFit(page);
    });
  });

  it('lets a workspace admin change roles, and names the group that makes a person too strong to be added', async () => {
    const org = await c.t.fixtures.orgWithAdmin();
    const lead = await c.t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });
    const member = await c.t.fixtures.member(org, { workspace: 'WORKSPACE_VIEWER' });
    const form = {
      ...{ display_name: 'Manager', description: '' },
      permissions: ['workspaces:read', 'workspaces:manage-members'],
    };
    const { body: managing } = await org.admin.api.post('/api/v1/orgs/current/roles', form);
    const manager = await c.t.fixtures.member(org, { workspace: managing.id });
    const colleague = await c.t.fixtures.member(org, {});
    await groupWith(org, WORKSPACE_ADMIN, colleague);

    await c.browser.open(DESKTOP, async (page) => {
      await c.browser.signIn(page, lead);
      await page.getByLabel(`Role of ${member.email}`).selectOption({ label: 'Editor' });
      await page.getByText(`${member.email} is now Editor.`).waitFor();
    });
    await c.browser.open(PHONE, async (page) => {
      await c.browser.signIn(page, manager);
      await page.getByRole('button', { name: 'Add members' }).click();
      await page.getByLabel('People').fill(`email;full_name;role\n${colleague.email};;Manager`);
      await page.getByRole('button', { name: 'Preview' }).click();
      await page.getByRole('button', { name: 'Add 1 person' }).click();
      await page.getByText('The server refused the list. No person was added.').waitFor();
      await page.getByText(/is in the user group Group .* can make the change/).waitFor();
      await expectToFit(page);
    });
  });

  it('lets an operator change ordinary roles, and says why they cannot make an admin', async () => {
    const org = await c.t.fixtures.orgWithAdmin();
    const operator = await c.t.fixtures.member(org, {
      ...{ org: 'ORGANIZATION_OPERATOR', workspace: 'WORKSPACE_VIEWER' },
    });
    const member = await c.t.fixtures.member(org, {});

    await c.browser.open(DESKTOP, async (page) => {
      await c.browser.signIn(page, operator);
      await follow(page, 'Members of the organization');
      const roleOf = page.getByLabel(`Role of ${member.email}`);
      await roleOf.selectOption({ label: 'Organization Viewer' });
      await page.getByRole('dialog').getByRole('button', { name: 'Change the role' }).click();
      await page.getByText(`${member.email} is now Organization Viewer.`).waitFor();
      await roleOf.selectOption({ label: 'Organization Admin' });
      await page.getByRole('alert').filter({ hasText: 'Organization Admin' }).waitFor();
    });
  });
});
