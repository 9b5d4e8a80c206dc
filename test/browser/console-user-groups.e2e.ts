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
import type { TestApp } from '../support/test-app.js';
import { groupWith, WORKSPACE_ADMIN } from '../support/user-groups.js';

const GROUPS = '/v1/platform/orgs/current/user-groups';

describeConsole('user groups in the console', (c) => {
  it('creates a group, gives it a role, adds a member and deletes it', async () => {
    const org = await c.t.fixtures.orgWithAdmin();
    const member = await c.t.fixtures.member(org, { workspace: 'WORKSPACE_VIEWER' });
    const rolesOfMember = async () => {
      const { body } = await member.api.get('/api/v1/workspaces');
      return body[0].permissions.includes('datasets:create');
    };

    await c.browser.open(DESKTOP, async (page) => {
      await c.browser.signIn(page, org.admin);
      await page.getByRole('link', { name: 'User groups' }).click();
      await page.getByText('This organization has no user groups.').waitFor();
      await page.getByRole('button', { name: 'Create a group' }).click();
      await page.getByRole('dialog').getByLabel('Name').fill('Data science');
      await page.getByRole('dialog').getByRole('button', { name: 'Create a group' }).click();
      await page.getByRole('heading', { name: 'Data science' }).waitFor();

      await page.getByText('The group has no role in any workspace.').waitFor();
      await page.getByLabel('Role', { exact: true }).selectOption({ label: 'Editor' });
      await page.getByRole('button', { name: 'Give a role' }).click();
      await page.getByLabel('Role in Workspace 1', { exact: true }).waitFor();
      await page.getByRole('combobox', { name: 'Find members' }).fill(member.email);
      await page.getByRole('option', { name: member.email }).click();
      await page.keyboard.press('Escape');
      await page.getByRole('listbox').waitFor({ state: 'detached' });
      await page.getByLabel('Access ends').last().selectOption('week');
      await page.getByRole('button', { name: 'Add to the group' }).click();
      await page.getByText('1 person was added.').waitFor();
      await page
        .getByRole('table', { name: 'Members' })
        .getByText(/^Until /)
        .waitFor();
      await page.getByRole('table', { name: 'Members' }).getByText(member.email).first().waitFor();
      expect(await accessibilityViolations(page)).toEqual([]);
      expect(await rolesOfMember()).toBe(true);

      await page.getByRole('button', { name: 'Actions for Workspace 1' }).click();
      await page.getByRole('menuitem', { name: 'Change role and end' }).click();
      await page.getByRole('dialog').getByLabel('Access ends').selectOption('month');
      await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
      await page
        .getByRole('table', { name: 'Roles in workspaces' })
        .getByText(/^Until /)
        .waitFor();
      await page.getByRole('button', { name: 'Actions for Workspace 1' }).click();
      await page.getByRole('menuitem', { name: 'Take back the role' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Take back the role' }).click();
      await page.getByText('The group has no role in any workspace.').waitFor();
      expect(await rolesOfMember()).toBe(false);
      await page.getByRole('button', { name: `Remove ${member.email}` }).click();
      await page.getByText('The group has no members.').waitFor();
      await page.getByRole('button', { name: 'Delete the group' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Delete the group' }).click();
      await page.getByText('This organization has no user groups.').waitFor();
    });
  });

  it('maps a group of the identity provider, and says why a name is refused', async () => {
    const org = await c.t.fixtures.orgWithAdmin();
    await org.admin.api.post(GROUPS, { name: 'Support' });
    const { body: group } = await org.admin.api.post(GROUPS, { name: 'Sales' });

    await c.browser.open(PHONE, async (page) => {
      await c.browser.signIn(page, org.admin);
      await page.goto(`${c.t.url}/console/organizations/${org.orgId}/settings/user-groups/${group.id}`);
      await page.getByLabel('Group of the identity provider').fill('entra-sales');
      await page.getByRole('switch', { name: 'Synchronize the members' }).click();
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByText('The group was saved.').waitFor();
      const { body: saved } = await org.admin.api.get(`${GROUPS}/${group.id}`);
      expect(saved).toMatchObject({ idp_group_name: 'entra-sales', idp_sync_enabled: true });

      await page.getByLabel('Name', { exact: true }).fill('support');
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByRole('alert').waitFor();
      expect(await accessibilityViolations(page)).toEqual([]);
      await expectToFit(page);
    });
  });

  it('attaches an access policy in one workspace and detaches it', async () => {
    const org = await c.t.fixtures.orgWithAdmin();
    const { body: group } = await org.admin.api.post(GROUPS, { name: 'Sales' });
    const grant = { workspace_id: org.workspaceId, role_id: role('WORKSPACE_USER') };
    await org.admin.api.post(`${GROUPS}/${group.id}/workspaces`, grant);
    const production = {
      attribute_name: 'resource_tag_key',
      attribute_key: 'Environment',
      operator: 'equals',
    };
    const { status } = await org.admin.api.post('/v1/platform/orgs/current/access-policies', {
      ...{ name: 'No deletion', description: 'In production', effect: 'deny' },
      condition_groups: [
        {
          ...{ permission: 'projects:delete', resource_type: 'project' },
          conditions: [{ ...production, attribute_value: 'production' }],
        },
      ],
    });
    expect(status).toBe(201);

    await c.browser.open(PHONE, async (page) => {
      await c.browser.signIn(page, org.admin);
      await page.goto(`${c.t.url}/console/organizations/${org.orgId}/settings/user-groups/${group.id}`);
      await page.getByLabel('Applies in').selectOption({ label: 'Workspace 1' });
      await page.getByRole('button', { name: 'Attach' }).click();
      const policies = page.getByRole('table', { name: 'Access policies' });
      await policies.getByText('No deletion').waitFor();
      const { body: attached } = await org.admin.api.get(`${GROUPS}/${group.id}/access-policies`);
      expect(attached.items).toMatchObject([{ name: 'No deletion', workspace_id: org.workspaceId }]);
      expect(await accessibilityViolations(page)).toEqual([]);
      await expectToFit(page);

      await page.getByRole('button', { name: 'Actions for No deletion' }).click();
      await page.getByRole('menuitem', { name: 'Detach' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Detach' }).click();
      await page.getByText('The group has no access policies.').waitFor();
    });
  });

  it('lets members without the right look, and not change', async () => {
    const org = await c.t.fixtures.orgWithAdmin();
    const member = await c.t.fixtures.member(org, {});
    const { body: group } = await org.admin.api.post(GROUPS, { name: 'Sales' });
    const grant = { workspace_id: org.workspaceId, role_id: role('WORKSPACE_USER') };
    await org.admin.api.post(`${GROUPS}/${group.id}/workspaces`, grant);

    await c.browser.open(DESKTOP, async (page) => {
      await page.goto(`${c.t.url}/console/organizations/${org.orgId}/settings/user-groups`);
      await page.getByLabel('E-mail').fill(member.email);
      await page.getByLabel('Password', { exact: true }).fill(member.password);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('link', { name: 'Sales' }).first().click();
      await page.getByRole('heading', { name: 'Roles in workspaces' }).waitFor();
      expect(await page.getByLabel('Name', { exact: true }).isDisabled()).toBe(true);
      for (const name of ['Save', 'Give a role', 'Add to the group', 'Delete the group'])
        expect(await page.getByRole('button', { name }).count()).toBe(0);
      expect(await accessibilityViolations(page)).toEqual([]);
    });
  });
});

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
      await page.getByText('The server refused 1 person. No person was added yet.').waitFor();
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
      await page.getByRole('alert').getByText('An admin of the organization can do this.').waitFor();
    });
  });
});
