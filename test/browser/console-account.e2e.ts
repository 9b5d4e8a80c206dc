import { expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import {
  accessibilityViolations,
  describeConsole,
  DESKTOP,
  expectToFit,
  follow,
  PHONE,
} from '../support/console-browser.js';
import { role } from '../support/fixtures.js';

const GROUPS = '/v1/platform/orgs/current/user-groups';

describeConsole('first steps, own access and invitations in the console', (c) => {
  it('says who the signed-in user is and what gave them their roles', async () => {
    const org = await c.t.fixtures.orgWithAdmin();
    const member = await c.t.fixtures.member(org, { workspace: 'WORKSPACE_VIEWER' });
    const { body: group } = await org.admin.api.post(GROUPS, { name: 'Sales' });
    const grant = { workspace_id: org.workspaceId, role_id: role('WORKSPACE_USER') };
    await org.admin.api.post(`${GROUPS}/${group.id}/workspaces`, grant);
    await org.admin.api.post(`${GROUPS}/${group.id}/members`, { identity_ids: [member.membershipId] });
    const access_expires_at = new Date(Date.now() + 86_400_000).toISOString();
    await org.admin.api.patch(`/api/v1/orgs/current/members/${member.membershipId}`, { access_expires_at });

    await c.browser.open(PHONE, async (page) => {
      await c.browser.signIn(page, member);
      await page.goto(`${c.t.url}/console/access`);
      await page.getByRole('heading', { name: 'Your access' }).waitFor();
      await page.getByRole('definition').filter({ hasText: member.email }).waitFor();
      await page.getByText('E-mail address and password').waitFor();
      await page.getByText('Viewer', { exact: true }).waitFor();
      await page.getByText('Added by a person').first().waitFor();
      await page.getByText('By the user group Sales').waitFor();
      await page.getByText(new RegExp(`^Until .*, set by ${org.admin.email}$`)).waitFor();
      expect(await accessibilityViolations(page)).toEqual([]);
      await expectToFit(page);
    });
  });

  it('says in one line that an admin has access to all workspaces, whose names the menu loads', async () => {
    const org = await c.t.fixtures.orgWithAdmin();
    for (const name of ['Research', 'Sales'])
      await org.admin.api.post('/api/v1/workspaces', { display_name: name });

    await c.browser.open(DESKTOP, async (page) => {
      const asked = new Set<string>();
      page.on('request', (request) => asked.add(new URL(request.url()).pathname));
      await c.browser.signIn(page, org.admin);
      await page.getByRole('navigation').getByRole('combobox', { name: 'Workspace' }).click();
      await page.getByRole('option', { name: 'Research' }).waitFor();
      await page.keyboard.press('Escape');
      await follow(page, 'Your access');
      await page.getByText('Admin of the organization: all 3 workspaces').waitFor();
      expect(await page.locator('.mantine-Timeline-item').count()).toBe(2); // with that of the organization
      expect(await accessibilityViolations(page)).toEqual([]);
      expect([...asked]).toContain('/api/v1/workspaces/names');
      expect([...asked]).not.toContain('/api/v1/workspaces');
    });
  });

  it('lists the first steps of a new organization until they are done or hidden', async () => {
    const org = await c.t.fixtures.orgWithAdmin();

    await c.browser.open(DESKTOP, async (page) => {
      await c.browser.signIn(page, org.admin);
      await follow(page, 'Overview');
      await page.getByText('0 of 4 done').waitFor();
      const numbers = page.getByRole('list', { name: 'People and what waits' });
      expect(await numbers.count()).toBe(0);
      expect(await accessibilityViolations(page)).toEqual([]);
      await org.admin.api.post('/api/v1/orgs/current/members', { email: c.t.fixtures.email() });
      await page.reload();
      await page.getByText('1 of 4 done').waitFor();
      await page.getByRole('link', { name: 'How it works: Connect SCIM' }).click();
      await page.getByRole('heading', { level: 1, name: 'Provision with SCIM' }).waitFor();
      await page.goBack();
      await page.getByRole('link', { name: 'Connect SCIM', exact: true }).click();
      await page.getByRole('heading', { name: 'Provisioning' }).waitFor();
      await page.goBack();
      await page.getByRole('button', { name: 'Hide the first steps' }).click();
      await page.getByText('1 of 4 done').waitFor({ state: 'detached' });
      await page.reload();
      await numbers.waitFor();
      expect(await page.getByText('First steps').count()).toBe(0);
      expect(await accessibilityViolations(page)).toEqual([]);
      await numbers.getByRole('link', { name: '1 Invited' }).click();
      await page.getByRole('tab', { name: 'Pending', selected: true }).waitFor();
    });
  });

  it('changes the own password, which is a first step of an admin', async () => {
    const org = await c.t.fixtures.orgWithAdmin();
    const admin = await c.t.fixtures.member(org, { org: 'ORGANIZATION_ADMIN', workspace: 'WORKSPACE_ADMIN' });
    await c.t.sql(`update users set full_name = 'Ada Lovelace' where id = $1`, [admin.userId]);

    await c.browser.open(PHONE, async (page) => {
      await c.browser.signIn(page, admin);
      await page.goto(`${c.t.url}/console/`);
      await page.getByText('1 of 4 done').waitFor();
      await page.getByRole('link', { name: 'Choose a password of your own' }).click();
      await page.getByText('Your present password was set for you.').waitFor();
      expect(await page.getByRole('textbox', { name: 'Your name' }).inputValue()).toBe('Ada Lovelace');
      await page.getByLabel('New password').fill('too-short');
      expect(await page.getByRole('button', { name: 'Change the password' }).isDisabled()).toBe(true);
      await page.getByLabel('New password').fill('Another-Horse-1!');
      expect(await accessibilityViolations(page)).toEqual([]);
      await expectToFit(page);
      await page.getByRole('button', { name: 'Change the password' }).click();
      await page.getByText('Your password was changed.').waitFor();
      await page.getByText('You chose your present password yourself.').waitFor();
      await page.goto(`${c.t.url}/console/`);
      await page.getByText('2 of 4 done').waitFor();
    });
    expect(await c.t.fixtures.login(admin.email, 'Another-Horse-1!')).toEqual(expect.any(String));
  });

  it('invites people to the organization and to a workspace', async () => {
    const org = await c.t.fixtures.orgWithAdmin();

    await c.browser.open(DESKTOP, async (page) => {
      await c.browser.signIn(page, org.admin);
      await follow(page, 'Members of the organization');
      await page.getByRole('button', { name: 'Invite people' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('People').fill('grace@new.example\nbroken');
      await dialog.getByLabel('Role in the organization').selectOption({ label: 'Organization Viewer' });
      await dialog.getByRole('combobox', { name: 'Workspaces' }).click();
      await page.getByRole('option', { name: 'Workspace 1' }).click();
      await page.keyboard.press('Escape');
      await page.getByRole('listbox').waitFor({ state: 'detached' });
      expect(await accessibilityViolations(page)).toEqual([]);
      await dialog.getByRole('button', { name: 'Preview' }).click();
      await dialog
        .getByRole('row')
        .filter({ hasText: 'broken' })
        .getByText('Is not an e-mail address')
        .waitFor();
      await dialog.getByRole('button', { name: 'Invite 1 person' }).click();
      await dialog.getByRole('button', { name: '1 invited' }).waitFor();
      await dialog.getByRole('button', { name: 'Done' }).click();
      await page.getByRole('table', { name: 'Pending' }).getByText('grace@new.example').waitFor();
    });

    const { body: pending } = await org.admin.api.get('/api/v1/orgs/current/members/pending');
    expect(pending).toMatchObject([
      { email: 'grace@new.example', role_name: 'Organization Viewer', workspace_ids: [org.workspaceId] },
    ]);
  });

  it('says to a workspace admin before they try that they may not invite new people', async () => {
    const org = await c.t.fixtures.orgWithAdmin();
    const lead = await c.t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });

    await c.browser.open(DESKTOP, async (page) => {
      await c.browser.signIn(page, lead);
      const reason = page.getByText('New people are invited by admins of the organization');
      await reason.waitFor();
      await page.getByRole('button', { name: 'Add members' }).click();
      await page.getByText('You may add people who are already in the organization.').waitFor();
      await page.keyboard.press('Escape');

      await org.admin.api.patch('/api/v1/orgs/current/info', { workspace_admin_can_invite_to_org: true });
      await page.reload();
      await page.getByRole('button', { name: 'Add members' }).click();
      await page.getByText('You may also invite people who are new to the organization.').waitFor();
      expect(await reason.count()).toBe(0);
    });
  });

  it('offers no invitation while invitations are off', async () => {
    const org = await c.t.fixtures.orgWithAdmin();
    await org.admin.api.patch('/api/v1/orgs/current/info', { invites_enabled: false });

    await c.browser.open(PHONE, async (page) => {
      await c.browser.signIn(page, org.admin);
      await page.goto(`${c.t.url}/console/organizations/${org.orgId}/settings/members`);
      const button = page.getByRole('button', { name: 'Invite people' });
      await button.waitFor();
      expect(await button.isDisabled()).toBe(true);
      expect(await accessibilityViolations(page)).toEqual([]);
      await expectToFit(page);
    });
  });

  const pendingRows = (page: Page) => page.getByRole('table', { name: 'Pending' }).getByRole('row');

  it('undoes a change of a role and of a switch, but not if somebody has changed it meanwhile', async () => {
    const org = await c.t.fixtures.orgWithAdmin();
    const member = await c.t.fixtures.member(org, { org: 'ORGANIZATION_VIEWER' });
    const undo = (page: Page) => page.getByRole('button', { name: 'Undo' });

    await c.browser.open(DESKTOP, async (page) => {
      await c.browser.signIn(page, org.admin);
      await follow(page, 'Members of the organization');
      const select = page.getByLabel(`Role of ${member.email}`);
      await select.selectOption({ label: 'Organization User' });
      await page.getByText(`${member.email} is now Organization User.`).waitFor();
      expect(await accessibilityViolations(page)).toEqual([]);
      await undo(page).press('Enter');
      await page.getByText(`${member.email} is now Organization Viewer.`).waitFor();
      expect(await select.inputValue()).toBe(role('ORGANIZATION_VIEWER'));

      await select.selectOption({ label: 'Organization User' });
      await page.getByText(`${member.email} is now Organization User.`).waitFor();
      const { status } = await org.admin.api.patch(`/api/v1/orgs/current/members/${member.membershipId}`, {
        role_id: role('ORGANIZATION_ADMIN'),
      });
      expect(status).toBe(200);
      await undo(page).click();
      await page.getByText('Not undone: somebody has changed it meanwhile.').waitFor();
      expect(await select.inputValue()).toBe(role('ORGANIZATION_ADMIN'));
      expect(await accessibilityViolations(page)).toEqual([]);

      await page.getByRole('link', { name: 'Settings', exact: true }).click();
      const invitations = page.getByRole('switch', { name: 'Invitations' });
      await invitations.click();
      await page.getByText('“Invitations” is off.').waitFor();
      await undo(page).click();
      await page.getByText('“Invitations” is on again.').waitFor();
      expect(await invitations.isChecked()).toBe(true);
      await invitations.click();
      await page.getByText('“Invitations” is off.').waitFor();
      await org.admin.api.patch('/api/v1/orgs/current/info', { invites_enabled: true });
      await undo(page).click();
      await page.getByText('Not undone: somebody has changed it meanwhile.').waitFor();
      expect(await invitations.isChecked()).toBe(true);
    });
  });

  it('invites a person again, with the same roles, whose invitation was revoked', async () => {
    const org = await c.t.fixtures.orgWithAdmin();
    const pending = '/api/v1/orgs/current/members/pending';
    const invited = {
      email: c.t.fixtures.email('ada'),
      full_name: 'Ada Lovelace',
      role_id: role('ORGANIZATION_VIEWER'),
      workspace_ids: [org.workspaceId],
      workspace_role_id: role('WORKSPACE_VIEWER'),
    };
    await org.admin.api.post('/api/v1/orgs/current/members', invited);
    const { body: before } = await org.admin.api.get(pending);

    await c.browser.open(DESKTOP, async (page) => {
      await c.browser.signIn(page, org.admin);
      await follow(page, 'Members of the organization');
      await page.getByRole('tab', { name: 'Pending' }).click();
      await page.getByRole('button', { name: 'Actions for Ada Lovelace' }).click();
      await page.getByRole('menuitem', { name: 'Revoke the invitation' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Revoke the invitation' }).click();
      await page.getByText('The invitation of Ada Lovelace was revoked.').waitFor();
      expect(await pendingRows(page).count()).toBe(0);
      await page.getByRole('button', { name: 'Invite again' }).click();
      await page.getByText('Ada Lovelace was invited again, as before.').waitFor();
      await pendingRows(page).filter({ hasText: 'Ada Lovelace' }).waitFor();
      expect(await accessibilityViolations(page)).toEqual([]);
    });

    const { body: after } = await org.admin.api.get(pending);
    const given = ({
      email,
      org_role_id: orgRole,
      workspace_ids: ids,
      workspace_role_id: workspaceRole,
    }: any) => ({
      ...{ email, orgRole, ids, workspaceRole },
    });
    expect(after.map(given)).toEqual(before.map(given));
    expect(after).toHaveLength(1);
  });

  it('adds a person again who was removed from the workspace, and undoes the role of an invitation', async () => {
    const org = await c.t.fixtures.orgWithAdmin();
    const member = await c.t.fixtures.member(org, { workspace: 'WORKSPACE_VIEWER' });
    const invited = { email: c.t.fixtures.email('ada'), workspace_role_id: role('WORKSPACE_VIEWER') };
    await org.admin.api.post('/api/v1/workspaces/current/members/batch', [invited]);

    await c.browser.open(PHONE, async (page) => {
      await c.browser.signIn(page, org.admin);
      await page.getByRole('button', { name: `Actions for ${member.email}` }).click();
      await page.getByRole('menuitem', { name: 'Remove from the workspace' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Remove from the workspace' }).click();
      await page.getByRole('button', { name: 'Add again' }).click();
      await page.getByText(`${member.email} was added again, with the previous role.`).waitFor();
      const select = page.getByLabel(`Role of ${member.email}`);
      expect(await select.inputValue()).toBe(role('WORKSPACE_VIEWER'));
      expect(await accessibilityViolations(page)).toEqual([]);

      await page.getByRole('tab', { name: 'Pending' }).click();
      const pending = page.getByLabel(`Role of ${invited.email}`);
      await pending.selectOption({ label: 'Admin' });
      await page.getByRole('button', { name: 'Undo' }).click();
      await page.getByText(`${invited.email} is now Viewer.`).waitFor();
      expect(await pending.inputValue()).toBe(role('WORKSPACE_VIEWER'));
      await page.getByRole('button', { name: `Actions for ${invited.email}` }).click();
      await page.getByRole('menuitem', { name: 'Revoke the invitation' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Revoke the invitation' }).click();
      await page.getByRole('button', { name: 'Invite again' }).click();
      await page.getByText(`${invited.email} was invited again, as before.`).waitFor();
      expect(await pending.inputValue()).toBe(role('WORKSPACE_VIEWER'));
    });
  });
});
