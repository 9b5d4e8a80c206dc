import { readFile } from 'node:fs/promises';
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
import { type OrgWithAdmin, role } from '../support/fixtures.js';
import { invitation, ORG_MEMBERS } from '../support/invitations.js';
import { createMembers } from '../support/members.js';
import { grantTo, userGroup, VIEWER } from '../support/user-groups.js';

const TITLE = 'Members of the organization';

/** With lists of hundreds, which other files would have to page through. */
describeConsole('lists of members in the console', (scene) => {
  const toList = async (page: Page, { admin }: OrgWithAdmin, menu = false) => {
    await scene.browser.signIn(page, admin);
    if (menu) await page.getByRole('button', { name: 'Menu' }).click();
    await follow(page, TITLE);
  };
  const choose = (page: Page, filter: string, label: string) =>
    page.getByLabel(`Filter by ${filter}`).selectOption({ label });
  const rowOf = (page: Page, email: string) => page.getByRole('row').filter({ hasText: email });
  const saved = (page: Page, text: string) => page.getByRole('status').getByText(text).waitFor();
  const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
  const confirm = (page: Page, name: string) =>
    page.getByRole('dialog').getByRole('button', { name, exact: true }).click();

  const showsRows = async (page: Page, count: number) => {
    await page.getByRole('row').nth(count).waitFor(); // the first row holds the labels
    await page
      .getByRole('row')
      .nth(count + 1)
      .waitFor({ state: 'detached' });
  };

  it('filters members, and keeps the filters in the address', async () => {
    const org = await scene.t.fixtures.orgWithAdmin();
    await createMembers(scene.t, org, 120); // 40 Organization Viewers, 4 of them disabled

    await scene.browser.open(DESKTOP, async (page) => {
      await toList(page, org);
      await page.getByText('1 to 20 of 121').waitFor();
      await choose(page, 'role', 'Organization Viewer');
      await page.getByText('1 to 20 of 40').waitFor();
      await choose(page, 'state', 'Disabled');
      await showsRows(page, 4);
      expect(await accessibilityViolations(page)).toEqual([]);

      await page.reload();
      await showsRows(page, 4);
      expect(await page.getByLabel('Filter by state').inputValue()).toBe('disabled');
      await page.goBack();
      await page.getByText('1 to 20 of 40').waitFor();
      await press(page, 'Clear filters');
      await page.getByText('1 to 20 of 121').waitFor();
      await page.getByLabel('Search by').fill('xyz');
      await page.getByText('There are no matches for “xyz”.').waitFor();
      await page.goBack();
      await page.getByText('1 to 20 of 121').waitFor();
      await page.locator('input[type=search][value=""]').waitFor();
      await choose(page, 'last activity', 'Not active for 30 days');
      await page.getByText('1 to 20 of 120').waitFor();
      await choose(page, 'how they joined', 'Over SCIM');
      await page.getByText('No one matches these filters.').waitFor();

      await page.setViewportSize(PHONE);
      await page.getByLabel('Filter by state').waitFor({ state: 'detached' });
      await press(page, 'Remove filter: Over SCIM');
      await page.getByText('1 to 20 of 120').waitFor();
      await page.keyboard.press('Enter'); // the focus is on the button of the filters
      await page.getByRole('button', { name: 'Filters (1)', expanded: true }).waitFor();
      await choose(page, 'state', 'Disabled');
      await press(page, 'Remove filter: Not active for 30 days');
      await page.getByRole('button', { name: 'Filters (1)' }).waitFor();
      expect(await accessibilityViolations(page)).toEqual([]);
      await expectToFit(page);
    });
  });

  it('changes the role of all who match, says who was refused and why, and undoes it', async () => {
    const org = await scene.t.fixtures.orgWithAdmin();
    await createMembers(scene.t, org, 60); // 20 Organization Viewers
    const viewers = `from org_memberships m join roles r on r.id = m.role_id
      where m.org_id = $1 and r.name = 'ORGANIZATION_VIEWER'`;
    const count = async () =>
      (await scene.t.sql<{ n: number }>(`select count(*)::int as n ${viewers}`, [org.orgId]))[0]!.n;
    await scene.t.sql(
      `update org_memberships set source = 'scim' where id = (select m.id ${viewers} order by m.user_email limit 1)`,
      [org.orgId],
    );

    await scene.browser.open(DESKTOP, async (page) => {
      await toList(page, org);
      await choose(page, 'role', 'Organization Viewer');
      await showsRows(page, 20);
      await page.getByLabel('Select all on this page').check();
      await page.getByRole('status').getByText('20 selected').waitFor();
      await press(page, 'Change role');
      await page.getByLabel('New role').selectOption({ label: 'Organization User' });
      expect(await accessibilityViolations(page)).toEqual([]);
      await confirm(page, 'Change role');
      await page.getByText('Done for 19 of 20 people.').waitFor();
      await page
        .getByRole('dialog')
        .getByText('This role comes from a group of the identity provider.')
        .waitFor();
      expect(await accessibilityViolations(page)).toEqual([]);
      expect(await count()).toBe(1);
      await page.keyboard.press('Enter'); // on Close, which has the focus
      await page.getByRole('status').getByText('1 selected').waitFor();
      await saved(page, '19 people: the role is now Organization User.');
      await press(page, 'Undo');
      await saved(page, 'Undone for 19 people.');
      expect(await count()).toBe(20);
    });
  });

  it('adds members to a user group and to a workspace, removes them, and invites them again', async () => {
    const { t } = scene;
    const org = await t.fixtures.orgWithAdmin();
    const people = [await t.fixtures.member(org, {}), await t.fixtures.member(org, {})];
    const ids = people.map(({ membershipId }) => membershipId);
    const group = await userGroup(org, { name: 'Research' });
    expect((await grantTo(org.admin, group, org.workspaceId, VIEWER)).status).toBe(201);

    await scene.browser.open(PHONE, async (page) => {
      await toList(page, org, true);
      await page.getByLabel('Sort by', { exact: true }).selectOption({ label: 'Role, ascending' });
      await page.waitForURL(/sort=role&order=up/);
      for (const { email } of people) await page.getByLabel(`Select ${email}`).check();
      await expectToFit(page);
      await press(page, 'Filters');
      const filter = page.getByLabel('Filter by user group').getByRole('option');
      expect(await filter.allTextContents()).toEqual([
        'All user groups',
        'Research',
        'Research (Workspace 1)',
      ]);
      await press(page, 'Add to user group');
      const choices = page.getByRole('dialog').getByLabel('User group').getByRole('option');
      expect(await choices.filter({ hasText: 'Workspace 1' }).count()).toBe(0);
      await page.getByRole('dialog').getByLabel('User group').selectOption({ label: 'Research' });
      await confirm(page, 'Add');
      await saved(page, '2 people: now in the user group Research.');

      for (const { email } of people) await page.getByLabel(`Select ${email}`).check();
      await press(page, 'Add to workspace');
      await page
        .getByRole('dialog')
        .getByLabel('Workspace', { exact: true })
        .selectOption({ label: 'Workspace 1' });
      await page.getByRole('dialog').getByLabel('Role in the workspace').selectOption({ label: 'Viewer' });
      await expectToFit(page);
      await confirm(page, 'Add');
      await saved(page, '2 people: now in Workspace 1.');
      const found = await org.admin.api.get(`${ORG_MEMBERS}/active?user_group_ids=${group}`);
      expect(found.body).toMatchObject([
        { tenant_ids: [org.workspaceId] },
        { tenant_ids: [org.workspaceId] },
      ]);

      for (const { email } of people) await page.getByLabel(`Select ${email}`).check();
      await press(page, 'Remove');
      await page.getByRole('dialog').getByText('Selected: 2 people').waitFor();
      await confirm(page, 'Remove');
      await saved(page, '2 people removed.');
      await press(page, 'Invite again');
      await saved(page, '2 people were invited again with the previous organization role');
    });
    const left = await t.sql('select id from org_memberships where id = any($1)', [ids]);
    const { body: pending } = await org.admin.api.get(
      `${ORG_MEMBERS}/pending?sort_by=email&sort_by_desc=false`,
    );
    expect(left).toEqual([]);
    expect(pending.map(({ email }: { email: string }) => email)).toEqual(
      people.map(({ email }) => email).sort(),
    );
  });

  it('gives a role until a date and another one afterwards, also when a change of it is undone', async () => {
    const org = await scene.t.fixtures.orgWithAdmin();
    const { email } = await scene.t.fixtures.member(org, {});
    const stored = async () => {
      const [member] = (await org.admin.api.get(`${ORG_MEMBERS}/active?emails=${email}`)).body;
      return [member.role_name, member.access_expires_at !== null, member.reverts_to_role_id];
    };
    const temporary = ['Organization Admin', true, role('ORGANIZATION_USER')];

    await scene.browser.open(DESKTOP, async (page) => {
      await toList(page, org);
      await press(page, `Actions for ${email}`);
      await page.getByRole('menuitem', { name: 'Change role and end' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Role', { exact: true }).selectOption({ label: 'Organization Admin' });
      await dialog.getByLabel('Access ends').selectOption({ label: 'On another day' });
      await dialog.getByLabel('Day').fill('2020-01-01');
      await dialog.getByText(/^Time zone: ./).waitFor();
      await dialog.getByText('Choose a time in the future.').waitFor();
      expect(await dialog.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true);
      await dialog.getByLabel('Access ends').selectOption('month');
      expect(await accessibilityViolations(page)).toEqual([]);
      await confirm(page, 'Save');
      await rowOf(page, email)
        .getByText(/^Until .*, then Organization User$/)
        .waitFor();
      expect(await stored()).toEqual(temporary);
      await choose(page, 'end of access', 'Access ends within 7 days');
      await page.getByText('No one matches these filters.').waitFor();
      await choose(page, 'end of access', 'Access ends within 90 days');
      await showsRows(page, 1);

      await page.getByLabel(`Role of ${email}`).selectOption({ label: 'Organization Viewer' });
      await confirm(page, 'Change the role');
      await saved(page, `${email} is now Organization Viewer.`);
      expect(await stored()).toEqual(['Organization Viewer', false, null]);
      await press(page, 'Undo');
      await saved(page, `${email} is now Organization Admin.`);
      expect(await stored()).toEqual(temporary);

      await choose(page, 'end of access', 'Access has an end');
      await showsRows(page, 1);
      await press(page, 'Clear filters');
      await press(page, `Actions for ${org.admin.email}`);
      await page.getByRole('menuitem', { name: 'Remove from the organization' }).waitFor();
      expect(await page.getByRole('menuitem', { name: 'Change role and end' }).count()).toBe(0);
    });
  });

  it('says to a temporary admin until when they give rank, and why a longer role is refused', async () => {
    const org = await scene.t.fixtures.orgWithAdmin();
    const { email } = await scene.t.fixtures.member(org, {});
    const temporary = await scene.t.fixtures.member(org, { org: 'ORGANIZATION_ADMIN' });
    const end = { access_expires_at: new Date(Date.now() + 10 * 86_400_000).toISOString() };
    const { status } = await org.admin.api.patch(`${ORG_MEMBERS}/${temporary.membershipId}`, end);
    expect(status).toBe(200);

    await scene.browser.open(PHONE, async (page) => {
      await toList(page, { ...org, admin: temporary }, true);
      await press(page, `Actions for ${email}`);
      await page.getByRole('menuitem', { name: 'Change role and end' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByText(/^Your own access ends /).waitFor();
      await dialog.getByLabel('Role', { exact: true }).selectOption({ label: 'Organization Admin' });
      expect(await accessibilityViolations(page)).toEqual([]);
      await expectToFit(page);
      await confirm(page, 'Save');
      await dialog.getByText(/^Your right to give this ends earlier/).waitFor();
      await dialog.getByLabel('Access ends').selectOption('week');
      await confirm(page, 'Save');
      await rowOf(page, email)
        .getByText(/^Until /)
        .waitFor();
    });
  });

  it('adds people until a date, and says whose end stays as it is', async () => {
    const org = await scene.t.fixtures.orgWithAdmin();
    const [first, second] = [await scene.t.fixtures.member(org, {}), await scene.t.fixtures.member(org, {})];

    await scene.browser.open(DESKTOP, async (page) => {
      await scene.browser.signIn(page, org.admin);
      await press(page, 'Add members');
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('People').fill(`${first.email}\n${second.email}\nnew@ends.example`);
      await dialog.getByLabel('Access ends').selectOption('week');
      await confirm(page, 'Preview');
      await dialog.getByText(/^Access ends: /).waitFor();
      const body = { org_identity_id: second.membershipId, role_id: role('WORKSPACE_VIEWER') };
      await org.admin.api.post('/api/v1/workspaces/current/members', body); // meanwhile, without an end
      await confirm(page, 'Add 3 people');
      await dialog
        .getByRole('row')
        .filter({ hasText: second.email })
        .getByText('The end of their access was not changed: permanent')
        .waitFor();
      expect(await dialog.getByText('was not changed').count()).toBe(1);
      expect(await accessibilityViolations(page)).toEqual([]);
      await confirm(page, 'Done');
      await rowOf(page, first.email)
        .getByText(/^Until /)
        .waitFor();
      await page.getByRole('tab', { name: 'Pending' }).click();
      await rowOf(page, 'new@ends.example')
        .getByText(/^Until /)
        .waitFor();

      await press(page, 'Actions for new@ends.example');
      await page.getByRole('menuitem', { name: 'Change role and end' }).click();
      await dialog.getByLabel('Access ends').selectOption({ label: 'Never' });
      await confirm(page, 'Save');
      await saved(page, 'new@ends.example: Editor, without an end.');
      await rowOf(page, 'new@ends.example')
        .getByText(/^Until /)
        .waitFor({ state: 'detached' });
    });
  });

  it('says in the dialog why somebody was not removed, and not in the dialog about the next one', async () => {
    const org = await scene.t.fixtures.orgWithAdmin();
    const [first, second] = [
      await scene.t.fixtures.member(org, { workspace: 'WORKSPACE_USER' }),
      await scene.t.fixtures.member(org, { workspace: 'WORKSPACE_USER' }),
    ];

    await scene.browser.open(DESKTOP, async (page) => {
      await scene.browser.signIn(page, org.admin);
      const ask = async (email: string) => {
        await press(page, `Actions for ${email}`);
        await page.getByRole('menuitem', { name: 'Remove from the workspace' }).click();
      };
      await page.route('**/workspaces/current/members/*', (route) =>
        route.request().method() === 'DELETE' ? route.abort() : route.continue(),
      );
      await ask(first.email);
      await confirm(page, 'Remove from the workspace');
      await page.getByRole('dialog').getByText('The server does not answer.').waitFor();
      await confirm(page, 'Cancel');
      await ask(second.email);
      await page.getByRole('dialog').getByText(`Remove ${second.email}?`).waitFor();
      expect(await page.getByRole('dialog').getByRole('alert').count()).toBe(0);
    });
  });

  it('renews selected invitations without a mail server, and revokes them', async () => {
    const org = await scene.t.fixtures.orgWithAdmin();
    const invited = ['ada@lists.example', 'grace@lists.example'];
    for (const email of invited) await invitation(org, { email });

    await scene.browser.open(DESKTOP, async (page) => {
      await toList(page, org);
      await page.getByRole('tab', { name: 'Pending 2' }).click();
      await page.getByLabel('Select all on this page').check();
      await press(page, 'Renew');
      await page.getByRole('dialog').getByText('Nothing is mailed').waitFor();
      await confirm(page, 'Renew');
      await saved(page, '2 people: the invitation was renewed.');
      await page.getByLabel('Select ada@lists.example').check();
      await press(page, 'Revoke');
      await confirm(page, 'Revoke');
      await saved(page, '1 person: the invitation was revoked.');
      await rowOf(page, 'ada@lists.example').waitFor({ state: 'detached' });
      await page.getByRole('tab', { name: 'Pending 1' }).waitFor();
      await page.getByRole('tab', { name: 'Active 1' }).waitFor();
      await press(page, 'Invite again');
      await rowOf(page, 'ada@lists.example').waitFor();
    });
  });

  it('stops when it is cancelled, and keeps those selected who are left', async () => {
    const org = await scene.t.fixtures.orgWithAdmin();
    await createMembers(scene.t, org, 40);

    await scene.browser.open(DESKTOP, async (page) => {
      let answer = () => undefined as void;
      const isAnswered = new Promise<void>((resolve) => (answer = resolve));
      await page.route('**/members/*', async (route) => {
        if (route.request().method() === 'PATCH') await isAnswered;
        await route.continue();
      });
      await toList(page, org);
      await page.getByLabel('Select all on this page').check();
      await press(page, 'Change role');
      await page.getByLabel('New role').selectOption({ label: 'Organization User' });
      await confirm(page, 'Change role');
      await page.getByRole('dialog').getByText('0 of 20').waitFor();
      expect(await accessibilityViolations(page)).toEqual([]);
      await confirm(page, 'Cancel the rest');
      answer();
      await page.getByText('Not tried: 16 people.').waitFor();
    });
  });

  it('exports all who match as CSV, in which no cell is a formula', async () => {
    const org = await scene.t.fixtures.orgWithAdmin();
    const people = await createMembers(scene.t, org, 620); // more than the largest page
    await scene.t.sql('update users set full_name = $2 where id = $1', [
      people[0]!.userId,
      '=HYPERLINK("https://evil.example","Ada")',
    ]);

    await scene.browser.open(DESKTOP, async (page) => {
      await toList(page, org);
      const downloading = page.waitForEvent('download');
      await press(page, 'Export CSV');
      const download = await downloading;
      const lines = (await readFile(await download.path(), 'utf8')).split('\r\n');
      await saved(page, '621 rows were exported.');

      expect(download.suggestedFilename()).toMatch(/^members-\d{4}-\d\d-\d\d\.csv$/);
      expect(lines[0]).toBe('\uFEFFName,E-mail,Role,State,Access ends,Workspaces,Member since');
      expect(new Set(lines.slice(1, -1)).size).toBe(621);
      expect(lines.find((line) => line.includes('HYPERLINK'))).toContain(
        `"'=HYPERLINK(""https://evil.example"",""Ada"")",${people[0]!.email},`,
      );
    });
  });
});
