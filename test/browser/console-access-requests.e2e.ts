import { expect, it } from '@jest/globals';
import {
  accessibilityViolations,
  describeConsole,
  DESKTOP,
  expectToFit,
  follow,
  PHONE,
} from '../support/console-browser.js';
import { groupWith, GROUPS, WORKSPACE_ADMIN } from '../support/user-groups.js';

describeConsole('access requests in the console', (c) => {
  it('lets members ask, and others give less or decline', async () => {
    const org = await c.t.fixtures.orgWithAdmin();
    const [ann, viewer] = [
      await c.t.fixtures.member(org, {}),
      await c.t.fixtures.member(org, { workspace: 'WORKSPACE_VIEWER' }),
    ];
    const group = await groupWith(org, WORKSPACE_ADMIN);
    const settings = `${c.t.url}/console/organizations/${org.orgId}/settings`;

    await c.browser.open(DESKTOP, async (page) => {
      await c.browser.signIn(page, org.admin);
      await follow(page, 'Workspaces');
      await page.getByRole('button', { name: 'Actions for Workspace 1' }).click();
      await page.getByRole('menuitem', { name: 'Allow access requests' }).click();
      await page.getByText('may ask for access to Workspace 1 now').waitFor();
      await page.goto(`${settings}/user-groups/${group}`);
      await page.getByRole('switch', { name: 'may ask to be in it' }).click();
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByText('The group was saved.').waitFor();
      await follow(page, 'Access requests');
      await page.getByText('There is no request for you to decide.').waitFor();
      expect(await accessibilityViolations(page)).toEqual([]);
    });
    const { body: shown } = await org.admin.api.get(`${GROUPS}/${group}`);
    expect(shown.requestable).toBe(true);

    await c.browser.open(PHONE, async (page) => {
      await page.goto(`${settings}/ask-for-access`);
      await c.browser.enterPassword(page, ann);
      await page.getByText('You have not asked for anything yet.').waitFor();
      await page.getByRole('button', { name: 'Ask for Workspace 1' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Role').selectOption({ label: 'Editor' });
      await dialog.getByLabel('For how long').selectOption({ label: 'Permanently' });
      await dialog.getByLabel('Reason').fill('On call, see http://example.com');
      expect(await accessibilityViolations(page)).toEqual([]);
      await dialog.getByRole('button', { name: 'Send the request' }).click();
      await page.getByText('The request was sent.').waitFor();
      const own = page.getByRole('table', { name: 'Your requests' });
      await own.getByText('Editor in Workspace 1').waitFor();
      expect(await own.getByRole('link').count()).toBe(0); // addresses in reasons are text
      expect(await accessibilityViolations(page)).toEqual([]);
      await expectToFit(page);

      await own.getByRole('button', { name: 'Withdraw' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Withdraw' }).click();
      await own.getByText('Withdrawn').first().waitFor();
    });

    const ask = (fields: object) =>
      ann.api
        .as({ workspaceId: '' })
        .post('/api/v1/orgs/current/access-requests', { reason: 'Why', ...fields });
    await ask({ user_group_id: group });
    await ask({ workspace_id: org.workspaceId, role_id: WORKSPACE_ADMIN });
    await c.browser.open(DESKTOP, async (page) => {
      await c.browser.signIn(page, org.admin);
      await follow(page, 'Access requests');
      const list = page.getByRole('table', { name: 'Access requests' });
      const review = list.getByRole('button', { name: `Review the request of ${ann.email}` });
      await review.first().click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Role').selectOption({ label: 'Viewer' });
      expect(await accessibilityViolations(page)).toEqual([]);
      await dialog.getByRole('button', { name: 'Approve' }).click();
      await page.getByText(`${ann.email} has the access now.`).waitFor();

      await review.click();
      await dialog.getByRole('button', { name: 'Decline' }).click();
      await dialog.getByLabel('Why you decline').fill('Ask your lead first.');
      expect(await accessibilityViolations(page)).toEqual([]);
      await dialog.getByRole('button', { name: 'Decline' }).click();
      await page.getByText('There is no request for you to decide.').waitFor();
      await page.getByLabel('Show').selectOption({ label: 'All' });
      await list.getByText('Ask your lead first.').last().waitFor();
      await list.getByText('as Viewer').last().waitFor();
      expect(await accessibilityViolations(page)).toEqual([]);
    });

    await c.browser.open(DESKTOP, async (page) => {
      await c.browser.signIn(page, viewer);
      expect(await page.getByRole('link', { name: 'Access requests' }).count()).toBe(0);
      await page.getByRole('link', { name: 'Ask for access' }).waitFor();
    });
  });
});
