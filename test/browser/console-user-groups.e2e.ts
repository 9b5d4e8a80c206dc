import { expect, it } from '@jest/globals';
import {
  accessibilityViolations,
  describeConsole,
  DESKTOP,
  expectToFit,
  PHONE,
} from '../support/console-browser.js';
import { role } from '../support/fixtures.js';

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
      await page.getByRole('button', { name: 'Add to the group' }).click();
      await page.getByText('1 person was added.').waitFor();
      await page.getByRole('table', { name: 'Members' }).getByText(member.email).first().waitFor();
      expect(await accessibilityViolations(page)).toEqual([]);
      expect(await rolesOfMember()).toBe(true);

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
