import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import {
  accessibilityViolations,
  ConsoleBrowser,
  describeInChromium,
  DESKTOP,
  expectToFit,
  follow,
  PHONE,
} from '../support/console-browser.js';
import { role } from '../support/fixtures.js';
import { freePort } from '../support/free-port.js';
import { TestIdentityProvider } from '../support/identity-provider.js';
import { invitationsOf, orgWithLead, WORKSPACE_PENDING } from '../support/invitations.js';
import { bytesOf, longestChain, PageTraffic } from '../support/page-traffic.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { GROUPS, groupWith } from '../support/user-groups.js';

let t: TestApp;
beforeAll(async () => {
  t = await startTestApp();
});
afterAll(() => t.close());

describeInChromium('the console in a browser', () => {
  let consoleBrowser: ConsoleBrowser;
  const withBrowser: ConsoleBrowser['open'] = (size, work) => consoleBrowser.open(size, work);
  const signIn: ConsoleBrowser['signIn'] = (page, person) => consoleBrowser.signIn(page, person);
  beforeAll(async () => {
    consoleBrowser = await ConsoleBrowser.launch(t.url);
  });
  afterAll(() => consoleBrowser.close());

  const focusedLabel = (page: Page) =>
    page.evaluate(
      `((at) => at.ariaLabel ?? at.labels?.[0]?.textContent ?? at.tagName)(document.activeElement)`,
    );
  const rows = (page: Page, name: 'Active' | 'Pending') => page.getByRole('table', { name }).getByRole('row');

  it('signs in, shows the members and signs out', async () => {
    const { lead: admin } = await orgWithLead(t);

    await withBrowser(DESKTOP, async (page) => {
      await signIn(page, admin);
      await rows(page, 'Active').filter({ hasText: admin.email }).waitFor();
      expect(await accessibilityViolations(page)).toEqual([]);
      const cookies = await page.context().cookies();
      expect(cookies).toMatchObject([{ name: 'tenantry_session', httpOnly: true, sameSite: 'Lax' }]);
      expect(await page.evaluate('JSON.stringify({ ...localStorage, ...sessionStorage })')).not.toContain(
        'ey',
      );

      await page.getByRole('button', { name: `Signed in as ${admin.email}` }).click();
      await page.getByRole('button', { name: 'Sign out' }).click();
      await page.getByRole('heading', { name: 'You are signed out' }).waitFor();
      await page.goto(`${t.url}/console/`);
      await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    });
  });

  it('says that the password is wrong', async () => {
    await withBrowser(DESKTOP, async (page) => {
      await page.goto(`${t.url}/console/`);
      await page.getByLabel('E-mail').fill('ada@example.com');
      await page.getByLabel('Password', { exact: true }).fill('Wrong-Horse-Battery');
      await page.keyboard.press('Enter');
      await page.getByText('The e-mail address or the password is wrong.').waitFor();
      expect(await accessibilityViolations(page)).toEqual([]);
    });
  });

  it('adds members of the organization and invites new people in one list', async () => {
    const { org, lead: admin } = await orgWithLead(t);
    const colleague = await t.fixtures.member(org, {});
    const list = `email;full_name;role\n${colleague.email};;Viewer\nada@new.example;Ada Lovelace;Editor\nbroken;;`;

    await withBrowser(DESKTOP, async (page) => {
      await signIn(page, admin);
      await page.getByRole('button', { name: 'Add members' }).click();
      await page.getByLabel('People').fill(list);
      await page.getByRole('button', { name: 'Preview' }).click();
      const line = (text: string) => page.getByRole('dialog').getByRole('row').filter({ hasText: text });
      await line('Joins the workspace at once').filter({ hasText: colleague.email }).waitFor();
      await line('Is invited to the organization').filter({ hasText: 'ada@new.example' }).waitFor();
      await line('Is not an e-mail address').filter({ hasText: 'broken' }).waitFor();
      expect(await accessibilityViolations(page)).toEqual([]);
      expect(await focusedLabel(page)).toBe('Preview');

      await page.getByRole('button', { name: 'Add 2 people' }).click();
      await page.getByRole('status').getByText('1 invited · 1 joined · 1 not added').waitFor();
      expect(await focusedLabel(page)).toBe('Result');
      await page.getByRole('button', { name: 'Done' }).click();
      await rows(page, 'Active').filter({ hasText: colleague.email }).waitFor();
      await page.getByRole('tab', { name: 'Pending' }).click();
      await rows(page, 'Pending').filter({ hasText: 'Ada Lovelace' }).waitFor();
    });
  });

  it('asks what a table without headings holds, and gives the roles that it says', async () => {
    const { lead } = await orgWithLead(t);
    const list = 'Ada Lovelace;ada@question.example;Viewer\nGrace Hopper;grace@question.example;Captain';

    await withBrowser(PHONE, async (page) => {
      await signIn(page, lead);
      await page.getByRole('button', { name: 'Add members' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('People').fill(list);
      await dialog.getByRole('button', { name: 'Preview' }).click();
      await dialog.getByText('What is in each column?').waitFor();
      await dialog.getByText('2 columns have no answer yet.').waitFor();
      expect(await dialog.getByLabel('Content of column 2').inputValue()).toBe('email');
      expect(await dialog.getByRole('button', { name: 'Preview' }).isDisabled()).toBe(true);
      expect(await focusedLabel(page)).toBe('Content of column 1');
      expect(await accessibilityViolations(page)).toEqual([]);
      await expectToFit(page);

      await page.keyboard.type('Full'); // in a list of choices, as without a mouse
      await page.keyboard.press('Tab');
      await page.keyboard.press('Tab');
      await page.keyboard.type('Role');
      await dialog.getByRole('button', { name: 'Preview' }).press('Enter');
      await dialog.getByRole('row', { name: 'There is no role “Captain”' }).waitFor();
      expect(await focusedLabel(page)).toBe('Preview');
      await dialog.getByRole('button', { name: 'Add 1 person' }).click();
      await dialog.getByRole('button', { name: '1 invited' }).waitFor();
    });

    const { body: pending } = await lead.api.get(WORKSPACE_PENDING);
    expect(pending).toMatchObject([
      { email: 'ada@question.example', full_name: 'Ada Lovelace', workspace_role_name: 'Viewer' },
    ]);
    expect(pending).toHaveLength(1);
  });

  it('sums up what became of a list, copies what was not added, and offers members the roles of the list', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const member = await t.fixtures.member(org, { workspace: 'WORKSPACE_VIEWER' });
    const list = `email,role\nada@sums.example,Viewer\n${member.email},Editor\nbroken,Viewer`;
    const roleOf = async () => {
      const { body } = await org.admin.api.get('/api/v1/workspaces/current/members/active');
      return body.find(({ email }: { email: string }) => email === member.email).role_name;
    };

    await withBrowser(DESKTOP, async (page) => {
      await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
      await signIn(page, org.admin);
      await page.getByRole('button', { name: 'Add members' }).click();
      const dialog = page.getByRole('dialog').first();
      const row = (index: number) => dialog.getByRole('table').getByRole('row').nth(index);
      await dialog.getByRole('textbox', { name: 'People' }).fill(list);
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Keep editing' }).click();
      await dialog.getByRole('button', { name: 'Preview' }).click();
      await dialog.getByRole('status').getByText('1 to be added · 1 already a member · 1 problem').waitFor();
      await row(1).filter({ hasText: 'broken' }).waitFor(); // the problems are first
      await dialog.getByText('Has the role Viewer; the list says Editor').waitFor();
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Keep editing' }).click();
      await dialog.getByRole('button', { name: 'Change roles' }).click();
      await page.getByText('Viewer → Editor').waitFor();
      expect(await accessibilityViolations(page)).toEqual([]);
      expect(await roleOf()).toBe('Viewer');
      await page.getByRole('button', { name: 'Change role', exact: true }).click();
      await dialog.getByRole('button', { name: 'Change roles' }).waitFor({ state: 'detached' });
      expect(await roleOf()).toBe('Editor');
      await dialog.getByRole('button', { name: 'Add 1 person' }).click();

      await dialog.getByRole('status').getByText('1 invited · 1 already a member · 1 not added').waitFor();
      await dialog.getByRole('button', { name: '1 not added' }).click();
      await row(2).waitFor({ state: 'detached' });
      await row(1).filter({ hasText: 'Not added: Is not an e-mail address' }).waitFor();
      expect(await accessibilityViolations(page)).toEqual([]);
      await dialog.getByRole('button', { name: 'Copy the row' }).click();
      await dialog.getByRole('button', { name: 'Copied' }).waitFor();
      expect(await page.evaluate('navigator.clipboard.readText()')).toBe(
        'E-mail\tName\tRole\tReason\nbroken\t\tViewer\tIs not an e-mail address',
      );
    });
  });

  it('marks the people that the server refuses, and adds the others', async () => {
    const { lead } = await orgWithLead(t);
    const undecodable = 'ada@xn--zzzzzz99999.com'; // only the server knows

    await withBrowser(DESKTOP, async (page) => {
      await signIn(page, lead);
      await page.getByRole('button', { name: 'Add members' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('People').fill(`a..b@refused.example\n${undecodable}\ngrace@refused.example`);
      await dialog.getByRole('button', { name: 'Preview' }).click();
      const row = (email: string) => dialog.getByRole('row').filter({ hasText: email });
      await row('a..b@').getByText('Is not an e-mail address').waitFor();
      await dialog.getByRole('button', { name: 'Add 2 people' }).click();
      await dialog.getByRole('alert').filter({ hasText: 'You can add the others.' }).waitFor();
      await row('ada@xn').getByText('Not a valid e-mail address.').waitFor();
      expect(await focusedLabel(page)).toBe('Preview');
      expect(await accessibilityViolations(page)).toEqual([]);
      await dialog.getByRole('button', { name: 'Add 1 person' }).click();
      await dialog.getByRole('button', { name: '1 invited' }).waitFor();
      await row('ada@xn').getByText('Not added: Not a valid e-mail address.').waitFor();
    });

    const { body: pending } = await lead.api.get(WORKSPACE_PENDING);
    expect(pending).toMatchObject([{ email: 'grace@refused.example' }]);
    expect(pending).toHaveLength(1);
  });

  it('invites to the organization and its workspaces with the roles of a list', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const colleague = await t.fixtures.member(org, {});
    const list = [
      'E-Mail;Rolle',
      'ada@column.example;Organization Viewer',
      'grace@column.example;Viewer',
      'alan@column.example;Captain',
      `${colleague.email};`,
    ].join('\n');

    await withBrowser(DESKTOP, async (page) => {
      await signIn(page, org.admin);
      await follow(page, 'Members of the organization');
      await page.getByRole('button', { name: 'Invite people' }).click();
      const dialog = page.getByRole('dialog');
      const row = (email: string) => dialog.getByRole('row').filter({ hasText: email });
      await dialog.getByLabel('People').fill(list);
      await dialog.getByRole('button', { name: 'Preview' }).click();
      await row('grace@').getByText('“Viewer” is a role in workspaces').waitFor();
      await row(colleague.email).getByText('Is already a member of the organization').waitFor();
      await dialog.getByRole('button', { name: 'Edit the list' }).click();
      expect(await focusedLabel(page)).toBe('People');
      await dialog.getByRole('combobox', { name: 'Workspaces' }).click();
      await page.getByRole('option', { name: 'Workspace 1' }).click();
      await page.keyboard.press('Escape');
      await dialog.getByRole('button', { name: 'Preview' }).click();
      await row('ada@').getByRole('cell', { name: 'Organization Viewer, Editor', exact: true }).waitFor();
      await row('grace@').getByRole('cell', { name: 'Organization User, Viewer', exact: true }).waitFor();
      await row('alan@').getByText('There is no role “Captain”').waitFor();
      await row(colleague.email).getByText('Joins the chosen workspaces at once').waitFor();
      expect(await accessibilityViolations(page)).toEqual([]);
      await dialog.getByRole('button', { name: 'Invite 3 people' }).click();
      await dialog.getByRole('status').getByText('2 invited · 1 joined · 1 not added').waitFor();
      await dialog.getByRole('button', { name: 'Done' }).click();
      await rows(page, 'Active').filter({ hasText: colleague.email }).waitFor();
    });

    const invited = await invitationsOf(t, org);
    expect(invited).toMatchObject([
      { orgRoleId: role('ORGANIZATION_VIEWER'), grants: { [org.workspaceId]: role('WORKSPACE_USER') } },
      { orgRoleId: role('ORGANIZATION_USER'), grants: { [org.workspaceId]: role('WORKSPACE_VIEWER') } },
    ]);
    expect(invited.map(({ email }) => email)).toEqual(['ada@column.example', 'grace@column.example']);
  });

  it('says what happens at a sign-in with groups, as the server decides it', async () => {
    const { admin, workspaceId } = await t.fixtures.defaultOrg();
    const body = { default_workspace_role_id: role('WORKSPACE_USER'), default_workspace_ids: [workspaceId] };
    const settings = '/api/v1/orgs/current/sso-settings';
    const { body: made } = await admin.api.post(settings, { ...body, sso_groups_enabled: true });

    await withBrowser(DESKTOP, async (page) => {
      await signIn(page, admin);
      await page.getByRole('link', { name: 'Single sign-on', exact: true }).click();
      const outcome = page.getByRole('table', { name: 'What happens at a sign-in' });
      const row = (who: string, what: RegExp) =>
        outcome.getByRole('row').filter({ hasText: who }).filter({ hasText: what }).waitFor();
      const newWithGroup = 'new and not invited, in a group that gives a role';
      await row(newWithGroup, /Joins .+ as Editor, with the roles of their groups/);
      await row('new and not invited, in no group that gives a role', /Joins .+ as Editor$/);
      await row('A member, in no group that gives a role', /roles that groups have given end/);

      await page.getByRole('switch', { name: 'Require a group' }).click();
      await page.getByRole('button', { name: 'Save' }).last().click();
      await row('new and not invited, in no group that gives a role', /Is refused: a group is required/);
      await row(newWithGroup, /with the roles of their groups/);
      expect(await accessibilityViolations(page)).toEqual([]);
    });
    await admin.api.delete(`${settings}/${made.id}`);
  });

  it('sets where new people start, and says what happens at a sign-in', async () => {
    const org = await t.fixtures.orgWithAdmin();
    await org.admin.api.post('/api/v1/workspaces', { display_name: 'Search' });

    await withBrowser(PHONE, async (page) => {
      await signIn(page, org.admin);
      await page.getByRole('button', { name: 'Menu' }).click();
      await page.getByRole('link', { name: 'Single sign-on', exact: true }).click();
      const outcome = page.getByRole('table', { name: 'What happens at a sign-in' });
      await outcome.getByText('Joins the default organization').waitFor();
      await page.getByRole('switch', { name: 'Use groups' }).click(); // before anything was saved
      await page.getByRole('button', { name: 'Save' }).last().click();
      await page.getByText('The settings were saved.').waitFor();
      await page.getByRole('status').getByRole('button', { name: 'Close' }).click();
      await page.getByRole('combobox', { name: 'Default workspaces' }).click();
      await page.getByRole('option', { name: 'Search' }).click();
      await page.keyboard.press('Escape');
      await page.getByLabel('Role in these workspaces').selectOption({ label: 'Viewer' });
      await page.getByRole('button', { name: 'Save' }).first().click();
      await page.getByText('The settings were saved.').waitFor();
      await page.getByRole('link', { name: 'Who may invite people is set' }).click();
      await page.getByRole('switch', { name: 'Workspace admins may invite new people' }).click();
      await page.getByText('“Workspace admins may invite new people” is on.').waitFor();
      await page.getByRole('switch', { name: 'Invitations' }).click();
      await page.getByText('“Invitations” is off.').waitFor();
      expect(await accessibilityViolations(page)).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(PHONE.width);
      await page.getByRole('link', { name: 'Whether people join without an invitation' }).click();
      await outcome.getByText('Is refused').first().waitFor();
      expect(await accessibilityViolations(page)).toEqual([]);
    });

    const { body: settings } = await org.admin.api.get('/api/v1/orgs/current/sso-settings');
    expect(settings).toMatchObject([
      { default_workspace_role_id: role('WORKSPACE_VIEWER'), sso_groups_enabled: true },
    ]);
    expect(settings[0].default_workspace_ids).toHaveLength(2);
    const { body: info } = await org.admin.api.get('/api/v1/orgs/current/info');
    expect(info).toMatchObject({ workspace_admin_can_invite_to_org: true, invites_enabled: false });
  });

  it('creates, renames and deletes workspaces, and says what ends with one', async () => {
    const org = await t.fixtures.orgWithAdmin();
    await t.fixtures.member(org, { workspace: 'WORKSPACE_USER' });
    await org.admin.api.post('/api/v1/workspaces/current/members/batch', [
      { email: t.fixtures.email('open') },
    ]);
    await org.admin.api.post('/api/v1/orgs/current/service-keys', {
      ...{ description: 'Report', workspaces: [org.workspaceId], role_id: role('WORKSPACE_VIEWER') },
    });

    await withBrowser(PHONE, async (page) => {
      await signIn(page, org.admin);
      await page.getByRole('button', { name: 'Menu' }).click();
      await page.getByRole('link', { name: 'Workspaces', exact: true }).click();
      const workspaces = page.getByRole('table', { name: 'Workspaces' }).locator('tbody tr');
      const dialog = page.getByRole('dialog');
      await workspaces.getByText('1 invited', { exact: true }).waitFor();
      await workspaces.getByRole('link', { name: '2 members of Workspace 1' }).waitFor();
      expect(await accessibilityViolations(page)).toEqual([]);

      await page.getByRole('button', { name: 'Create a workspace' }).click();
      await dialog.getByLabel('Name').fill('Über/See');
      await dialog.getByRole('button', { name: 'Create a workspace' }).click();
      await dialog.getByRole('alert').getByText('only letters, digits, spaces and').waitFor();
      await dialog.getByLabel('Name').fill('Workspace 1 ');
      await dialog.getByText('There is a workspace Workspace 1 already.').waitFor();
      expect(await accessibilityViolations(page)).toEqual([]);
      await dialog.getByRole('button', { name: 'Create a workspace' }).click();
      await page.getByText('Workspace 1 was created.').waitFor();
      expect(await workspaces.getByText('Another workspace has this name').count()).toBe(2);
      await page.getByRole('button', { name: 'Actions for Workspace 1' }).last().click();
      await page.getByRole('menuitem', { name: 'Rename' }).click();
      await dialog.getByLabel('Name').fill('Looms');
      await page.keyboard.press('Enter');
      await page.getByText('Workspace 1 is now called Looms.').waitFor();
      expect(await workspaces.getByText('Another workspace has this name').count()).toBe(0);

      await page.getByRole('button', { name: 'Actions for Workspace 1' }).click();
      await page.getByRole('menuitem', { name: 'Delete' }).click();
      await dialog.getByText('stop working: “Report”').waitFor();
      expect(await dialog.getByRole('listitem').allTextContents()).toMatchObject([
        expect.stringContaining('2 members lose access'),
        expect.stringContaining('1 invited person'),
        expect.stringContaining('“Report”'),
        expect.stringContaining('User groups'),
      ]);
      expect(await accessibilityViolations(page)).toEqual([]);
      await dialog.getByRole('button', { name: 'Delete the workspace' }).click();
      await page.getByText('The workspace Workspace 1 was deleted.').waitFor();
      await workspaces.getByRole('link', { name: '1 member of Looms' }).click();
      await page.getByRole('heading', { name: 'Workspace members' }).waitFor();
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(PHONE.width);
    });

    const { body } = await org.admin.api.as({ workspaceId: '' }).get('/api/v1/workspaces');
    expect(body).toMatchObject([{ display_name: 'Looms' }]);
  });

  it('shows the workspaces of a viewer without a way to change them', async () => {
    const org = await t.fixtures.orgWithAdmin();
    await org.admin.api.post('/api/v1/workspaces', { display_name: 'Unseen' });
    const viewer = await t.fixtures.member(org, {
      org: 'ORGANIZATION_VIEWER',
      workspace: 'WORKSPACE_VIEWER',
    });

    await withBrowser(DESKTOP, async (page) => {
      await signIn(page, viewer);
      await page.getByRole('link', { name: 'Workspaces', exact: true }).click();
      await page.getByText('Only admins and operators of the organization create workspaces.').waitFor();
      await page.getByRole('link', { name: '2 members of Workspace 1' }).waitFor();
      expect(await page.getByText('Unseen').count()).toBe(0);
      expect(await page.getByRole('main').getByRole('button').count()).toBe(0);
      expect(await accessibilityViolations(page)).toEqual([]);
    });
  });

  it('changes the name, the contact and the limits of keys of an organization, and shows them to a viewer', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const viewer = await t.fixtures.member(org, {
      org: 'ORGANIZATION_VIEWER',
      workspace: 'WORKSPACE_VIEWER',
    });
    const open = async (page: Page, person: Parameters<typeof signIn>[1]) => {
      await signIn(page, person);
      await page.goto(`${t.url}/console/organizations/${org.orgId}/settings/organization`);
      await page.getByRole('heading', { name: 'Settings', exact: true }).waitFor();
    };

    await withBrowser(PHONE, async (page) => {
      await open(page, org.admin);
      const saveIn = (name: string) =>
        page
          .locator('section')
          .filter({ has: page.getByRole('heading', { name }) })
          .getByRole('button', { name: 'Save' });
      await page.getByLabel('Name', { exact: true }).fill('Analytical Engines');
      await page.getByLabel('Security contact').fill('Security@Example.com');
      await page.getByLabel('Language of mails').selectOption({ label: 'German' });
      await saveIn('Name and contact').click();
      await page.getByText('The settings of the organization were saved.').waitFor();
      expect(await saveIn('Name and contact').isDisabled()).toBe(true);
      await page.getByRole('status').getByRole('button', { name: 'Close' }).click();
      await page.getByLabel('Personal access tokens', { exact: true }).fill('30');
      await page.getByLabel('Service keys', { exact: true }).fill('365');
      await page.keyboard.press('Enter');
      await page.getByText('The settings of the organization were saved.').waitFor();
      await page.getByLabel('Service keys', { exact: true }).fill('');
      await saveIn('Keys and tokens').click();
      await page.getByRole('switch', { name: 'Keys may create keys' }).click();
      await page.getByText('“Keys may create keys” is off.').waitFor();
      const networks = page.getByLabel('Accepted addresses and networks');
      await networks.fill('203.0.113.0/24\nnowhere');
      await page.getByText('“nowhere” is not an address or network.').waitFor();
      expect(await saveIn('Networks').isDisabled()).toBe(true);
      await networks.fill('203.0.113.0/24');
      await saveIn('Networks').click();
      await page.getByText('The list has to contain your own address').waitFor();
      await networks.fill('203.0.113.0/24, 127.0.0.1, ::1');
      await saveIn('Networks').click();
      await page.getByText('Only these networks are accepted now.').waitFor();
      expect(await accessibilityViolations(page)).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(PHONE.width);
    });
    const { body: info } = await org.admin.api.get('/api/v1/orgs/current/info');
    expect(info).toMatchObject({
      display_name: 'Analytical Engines',
      security_contact: 'security@example.com',
      mail_language: 'de',
      max_pat_expiry_days: 30,
      max_service_key_expiry_days: null,
      api_key_creation_from_api_keys_enabled: false,
      ip_allowlist: ['203.0.113.0/24', '127.0.0.1', '::1'],
    });

    await withBrowser(DESKTOP, async (page) => {
      await open(page, viewer);
      await page.getByText('Only admins and operators of the organization can change').waitFor();
      const main = page.getByRole('main');
      expect(await main.textContent()).toMatch(
        /security@example.com.*Invitations: on.*Keys may create keys: off.*30 days/,
      );
      expect(await main.getByRole('button').allTextContents()).toEqual(['Copy']);
      expect(await main.locator('input, select').count()).toBe(0);
      expect(await accessibilityViolations(page)).toEqual([]);
    });
  });

  it('moves the default organization in the organization selector, with the keyboard', async () => {
    const before = await t.fixtures.defaultOrg();
    const [org, other] = [await t.fixtures.orgWithAdmin(), await t.fixtures.orgWithAdmin()];
    const admin = org.admin;
    await t.fixtures.addMember(before, admin, { org: 'ORGANIZATION_ADMIN' });
    await t.fixtures.addMember(other, admin, { org: 'ORGANIZATION_VIEWER' });
    await admin.api.patch('/api/v1/orgs/current/info', { display_name: 'Engines' });
    await other.admin.api.patch('/api/v1/orgs/current/info', { display_name: 'Looms' });

    try {
      await withBrowser(PHONE, async (page) => {
        await signIn(page, admin);
        await page.getByRole('button', { name: 'Menu' }).click();
        await page.getByRole('button', { name: /^Organization: / }).press('Enter');
        const list = page.getByRole('list', { name: 'Your organizations' });
        const row = (name: string) => list.getByRole('listitem').filter({ hasText: name });
        await row('Looms').getByText('Only an admin of it can make it the default.').waitFor();
        expect(await row('Looms').getByRole('button').count()).toBe(0);
        expect(await row('Engines').getByText('Default', { exact: true }).count()).toBe(0);
        expect(await accessibilityViolations(page)).toEqual([]);
        await row('Engines').getByRole('button', { name: 'Set as default' }).press('Enter');

        const dialog = page.getByRole('dialog', { name: 'Make Engines the default organization?' });
        await dialog.getByText(/then land in Engines instead of /).waitFor();
        await dialog.getByText('They join Workspace 1 as Editor.').waitFor();
        expect(await accessibilityViolations(page)).toEqual([]);
        await dialog.getByRole('button', { name: 'Set default organization' }).press('Enter');
        await page.getByText('Engines is the default organization now.').waitFor();
        await page.keyboard.press('Enter'); // the selector has the focus again
        await row('Engines').getByText('Default', { exact: true }).waitFor();
        expect(await accessibilityViolations(page)).toEqual([]);
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(PHONE.width);
        await row('Looms').getByRole('link').press('Enter');
        await page.getByRole('dialog').waitFor({ state: 'detached' });
        await page.getByRole('heading', { name: 'You are in no workspace of this organization' }).waitFor();
      });
      const { body: info } = await org.admin.api.get('/api/v1/orgs/current/info');
      expect(info.default_sso_provision).toBe(true);
    } finally {
      const { status } = await admin.api
        .as({ orgId: before.orgId, workspaceId: before.workspaceId })
        .post('/api/v1/orgs/current/set-default-sso-provision');
      expect(status).toBe(200);
    }
  });

  it('says who can move the default organization to those who cannot', async () => {
    const org = await t.fixtures.orgWithAdmin();

    await withBrowser(DESKTOP, async (page) => {
      await signIn(page, org.admin);
      await page.getByRole('button', { name: /^Organization: / }).click();
      await page.getByText('The default organization is one that you are not in.').waitFor();
      expect(await page.getByRole('button', { name: 'Set as default' }).count()).toBe(0);
      await page.keyboard.press('Escape');
      await page.getByRole('list', { name: 'Your organizations' }).waitFor({ state: 'detached' });

      await t.fixtures.addMember(await t.fixtures.defaultOrg(), org.admin, {});
      await page.reload();
      await page.getByRole('button', { name: /^Organization: / }).click();
      await page.getByText('is the default organization. To choose another one').waitFor();
      expect(await accessibilityViolations(page)).toEqual([]);
    });
  });

  it('creates a personal access token, shows it once and deletes it', async () => {
    const org = await t.fixtures.orgWithAdmin();

    await withBrowser(DESKTOP, async (page) => {
      await signIn(page, org.admin);
      await page.getByRole('link', { name: 'Access tokens' }).click();
      await page.getByRole('button', { name: 'Create a token' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Description').fill('CI');
      await dialog.getByRole('button', { name: 'Create a token' }).click();
      const token = await dialog.locator('pre').textContent();
      expect(await accessibilityViolations(page)).toEqual([]);
      const asToken = t.api.as({ key: token ?? '' });
      expect((await asToken.get('/api/v1/orgs/current/info')).status).toBe(200);

      await dialog.getByRole('button', { name: 'Done' }).click();
      await dialog.waitFor({ state: 'detached' });
      expect(await page.content()).not.toContain(token);
      await page.getByRole('button', { name: 'Actions for CI' }).click();
      await page.getByRole('menuitem', { name: 'Delete' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
      await page.getByText('You have no personal access tokens').waitFor();
      expect((await asToken.get('/api/v1/orgs/current/info')).status).toBe(401);
    });
  });

  it('changes the role of a member of the organization and explains why they have access', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const member = await t.fixtures.member(org, { workspace: 'WORKSPACE_VIEWER' });

    await withBrowser(PHONE, async (page) => {
      await signIn(page, org.admin);
      await page.getByRole('button', { name: 'Menu' }).click();
      await follow(page, 'Members of the organization');
      await page.getByLabel(`Role of ${member.email}`).selectOption({ label: 'Organization Viewer' });
      await page.getByRole('dialog').getByRole('button', { name: 'Change the role' }).click();
      await page.getByText(`${member.email} is now Organization Viewer.`).waitFor();
      await page.getByRole('button', { name: `Actions for ${member.email}` }).click();
      await page.getByRole('menuitem', { name: 'Why do they have access?' }).click();
      await page.getByRole('heading', { name: member.email }).waitFor();
      await page.getByText(/Role changed on .* by /).waitFor();
      await page.getByText('Viewer', { exact: true }).waitFor();
      await page.getByRole('menu').waitFor({ state: 'detached' });
      expect(await accessibilityViolations(page)).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(PHONE.width);
    });
  });

  it('shows the page of a person, from the list of a workspace, with their keys, and ends their sessions', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const member = await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });
    const key = await member.api.post('/api/v1/orgs/current/personal-access-tokens', {
      description: 'Laptop',
    });
    expect(key.status).toBe(200);
    const path = `/api/v1/orgs/current/members/${member.membershipId}`;
    const access_expires_at = new Date(Date.now() + 86_400_000).toISOString();
    const until = { access_expires_at, reverts_to_role_id: role('ORGANIZATION_VIEWER') };
    expect((await org.admin.api.patch(path, until)).status).toBe(200);
    const { workspaces } = (await org.admin.api.get(`${path}/access`)).body;
    const ofWorkspace = `/api/v1/workspaces/current/members/${workspaces[0].membership.identity_id}`;
    const sooner = { access_expires_at: new Date(Date.now() + 3_600_000).toISOString() };
    expect((await org.admin.api.patch(ofWorkspace, sooner)).status).toBe(200);
    const group = await groupWith(org, role('WORKSPACE_VIEWER'));
    const later = { access_expires_at: new Date(Date.now() + 864_000_000).toISOString() };
    const added = { identity_ids: [member.membershipId], ...later };
    expect((await org.admin.api.post(`${GROUPS}/${group}/members`, added)).status).toBe(207);

    await withBrowser(DESKTOP, async (page) => {
      await signIn(page, org.admin);
      await page.getByRole('link', { name: member.email }).click();
      await page.getByRole('heading', { name: member.email }).waitFor();
      await page.getByText('Added by a person').first().waitFor();
      const end = page.getByText(
        new RegExp(`^Until .*, then Organization Viewer, set by ${org.admin.email}$`),
      );
      await end.nth(1).waitFor(); // in the head, and with what gives the role
      const ends = page.locator('section').filter({ hasText: 'Access ends' });
      const places = ['Workspace 1', 'Organization', expect.stringMatching(/^User group /)];
      expect(await ends.getByRole('term').allTextContents()).toEqual(places);
      await ends.getByRole('link', { name: 'Change it on the page of the group' }).waitFor();
      await ends.getByRole('link', { name: 'Change it in the list of this workspace' }).waitFor();
      await page.getByRole('button', { name: 'Change role and end' }).click();
      await page.getByRole('dialog').getByLabel('Access ends').selectOption({ label: 'Never' });
      await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
      await page.getByRole('definition').getByText('Never', { exact: true }).waitFor();
      expect(await end.count()).toBe(0);
      await page.getByRole('tab', { name: 'Credentials' }).click();
      await page.getByRole('row').filter({ hasText: 'Laptop' }).getByText('Access token').waitFor();
      expect(await accessibilityViolations(page)).toEqual([]);
      await page.getByRole('tab', { name: 'What they did' }).click();
      await page.getByRole('button', { name: 'Created a personal access token' }).waitFor();

      const other = await t.fixtures.orgWithAdmin();
      await t.fixtures.addMember(other, member, {});
      await page.getByText(/^1 session, last used /).waitFor();
      await page.getByRole('button', { name: 'End all sessions' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('button', { name: 'End all sessions' }).click();
      await dialog.getByText('They also belong to another organization').waitFor();
      await dialog.getByRole('button', { name: 'Cancel' }).click();
      await t.sql('delete from org_memberships where org_id = $1 and user_id = $2', [
        other.orgId,
        member.userId,
      ]);

      await page.getByRole('button', { name: 'End all sessions' }).click();
      await dialog.getByText('They are signed out of all browsers').waitFor();
      expect(await accessibilityViolations(page)).toEqual([]);
      await dialog.getByRole('button', { name: 'End all sessions' }).click();
      await page.getByText(`All sessions of ${member.email} have ended.`).waitFor();
      await page.getByText('Not signed in').waitFor();
      await page.getByRole('tab', { name: 'What concerns them' }).click();
      await page
        .getByRole('row')
        .filter({ hasText: 'Ended the sessions of a member' })
        .getByText(org.admin.email)
        .waitFor();
      expect(await accessibilityViolations(page)).toEqual([]);
      await page.getByRole('link', { name: 'Filter and export this in the audit log' }).click();
      await page.getByRole('row').filter({ hasText: member.email }).first().waitFor();
      expect((await member.api.get('/api/v1/orgs?skip_create=true')).status).toBe(401);
    });
  });

  it('shows the page of a person only to those who manage the organization', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const member = await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });

    await withBrowser(DESKTOP, async (page) => {
      await signIn(page, member);
      await rows(page, 'Active').filter({ hasText: org.admin.email }).waitFor();
      expect(await page.getByRole('link', { name: org.admin.email }).count()).toBe(0);
      const settings = `${t.url}/console/organizations/${org.orgId}/settings`;
      await page.goto(`${settings}/members/${org.admin.membershipId}`);
      await page.getByText('Only people who manage this organization see this page.').waitFor();
      expect(await accessibilityViolations(page)).toEqual([]);
      await page.getByRole('link', { name: 'See your own access' }).click();
      await page.getByRole('heading', { name: 'Your access' }).waitFor();
    });
  });

  it('removes a member from the organization after a question, and invites them again', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const member = await t.fixtures.member(org, {});

    await withBrowser(DESKTOP, async (page) => {
      await signIn(page, org.admin);
      await follow(page, 'Members of the organization');
      await page.getByRole('button', { name: `Actions for ${member.email}` }).click();
      await page.getByRole('menuitem', { name: 'Remove from the organization' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('button', { name: 'Remove from the organization' }).click();
      await page.getByText(`${member.email} was removed from the organization.`).waitFor();
      expect(await rows(page, 'Active').count()).toBe(2); // the heading and the admin
      await page.getByRole('button', { name: 'Invite again' }).click();
      await page.getByText(`${member.email} was invited again with the previous organization role`).waitFor();
      await page.getByRole('tab', { name: 'Pending' }).click();
      await rows(page, 'Pending').filter({ hasText: member.email }).waitFor();
    });
  });

  it('signs in at the identity provider and returns, all below a base path', async () => {
    const port = await freePort();
    const base = `http://127.0.0.1:${port}/people`;
    const idp = await TestIdentityProvider.start({ appUrl: base });
    const below = await startTestApp({
      ...idp.environment,
      PORT: String(port),
      ORG_CREATION_DISABLED: 'false',
    });
    idp.account({ sub: 'ada', email: 'ada@example.com', email_verified: true, name: 'Ada Lovelace' });
    try {
      await withBrowser(DESKTOP, async (page) => {
        await page.goto(`${base}/`);
        await page.getByRole('link', { name: 'Continue with your identity provider' }).click();
        await page.fill('input[name=login]', 'ada');
        await page.fill('input[name=password]', 'any');
        await page.click('button[type=submit]');
        await page.getByRole('heading', { name: 'Workspace members' }).waitFor();
        await rows(page, 'Active').filter({ hasText: 'Ada Lovelace' }).waitFor();
        expect(page.url()).toMatch(`${base}/console/organizations/`);
        await page.getByRole('link', { name: 'Single sign-on', exact: true }).click();
        await page.getByText('The server reads its metadata').waitFor();
        await page.getByRole('button', { name: /^Organization: / }).click();
        await page.getByRole('button', { name: 'Create an organization' }).click();
        await page.getByRole('dialog').getByLabel('Name').fill('Looms: Co');
        await page.keyboard.press('Enter');
        await page.getByRole('dialog').getByRole('alert').waitFor();
        expect(await accessibilityViolations(page)).toEqual([]);
        await page.getByRole('dialog').getByLabel('Name').fill('Looms');
        await page.keyboard.press('Enter');
        await page.getByText('Looms was created. You are its admin.').waitFor();
        await page.getByRole('button', { name: 'Organization: Looms' }).waitFor();
        await page.goto(`${base}/console/`);
        await page.getByRole('button', { name: /^Organization: / }).waitFor();
        await page.goto(`${base}/console/access`);
        await page.getByText('Your identity provider (single sign-on)').waitFor();
        await page.getByText('Joined at the first sign-in').first().waitFor();
        await page.goto(`${base}/console/`);
        await rows(page, 'Active').filter({ hasText: 'Ada Lovelace' }).waitFor();
        await page.reload();
        await rows(page, 'Active').filter({ hasText: 'Ada Lovelace' }).waitFor();
      });
    } finally {
      await below.close();
      await idp.stop();
    }
  });

  it('leads back to the page that was asked for when the session has ended', async () => {
    const { lead } = await orgWithLead(t);

    await withBrowser(DESKTOP, async (page) => {
      await signIn(page, lead);
      await page.getByRole('link', { name: 'Access tokens' }).click();
      await page.getByRole('heading', { name: 'Personal access tokens' }).waitFor();
      const asked = page.url();
      await t.sql('delete from sessions where user_id = $1', [lead.userId]);
      await page.reload();
      await page.getByText('Your session has ended. Sign in again to continue.').waitFor();
      await consoleBrowser.enterPassword(page, lead);
      await page.getByRole('heading', { name: 'Personal access tokens' }).waitFor();
      expect(page.url()).toBe(asked);
    });
  });

  it('has no pages of applications while the authorization server is off', async () => {
    const org = await t.fixtures.orgWithAdmin();
    await consoleBrowser.open(DESKTOP, async (page) => {
      await consoleBrowser.signIn(page, org.admin);
      await page.getByRole('link', { name: 'Keys and tokens' }).waitFor();
      expect(await page.getByRole('link', { name: /applications/i }).count()).toBe(0);
      const settings = `organizations/${org.orgId}/settings`;
      for (const path of [
        'consent',
        'activate',
        `${settings}/applications`,
        `${settings}/own-applications`,
      ]) {
        await page.goto(`${t.url}/console/${path}`);
        await page.getByText('There is no such page.').waitFor();
      }
    });
  });

  it('loads the first view and the reference with few bytes', async () => {
    const browser = await ConsoleBrowser.launch(t.url);
    try {
      await browser.open(DESKTOP, async (page) => {
        const devtools = await page.context().newCDPSession(page);
        await devtools.send('Network.enable');
        let received = 0;
        devtools.on('Network.loadingFinished', ({ encodedDataLength }) => (received += encodedDataLength));

        await page.goto(`${t.url}/console/`);
        await page.getByLabel('E-mail').waitFor();
        expect(received).toBeGreaterThan(50_000);
        expect(received).toBeLessThan(200_000);

        received = 0;
        await page.goto(`${t.url}/docs`);
        await page.waitForSelector('.operation');
        expect(received).toBeGreaterThan(20_000);
        expect(received).toBeLessThan(72_000); // about 330 for each operation

        received = 0;
        await page.reload();
        await page.waitForSelector('.operation');
        expect(received).toBeLessThan(10_000); // headers of 304
      });
    } finally {
      await browser.close();
    }
  });

  it('shows the overview after few requests, and loads the code of a page when its link is hovered', async () => {
    const org = await t.fixtures.orgWithAdmin();
    await t.fixtures.member(org, {});
    const browser = await ConsoleBrowser.launch(t.url);
    try {
      await browser.open(DESKTOP, async (page) => {
        const traffic = await PageTraffic.of(page);
        await page.goto(`${t.url}/console/`);
        await page.getByLabel('E-mail').waitFor();
        await traffic.take();
        await traffic.slowDown();
        await browser.enterPassword(page, org.admin);
        await page.getByRole('link', { name: 'Active members' }).waitFor();
        const requests = await traffic.take();
        expect(requests.length).toBeLessThanOrEqual(15);
        expect(bytesOf(requests)).toBeGreaterThan(50_000);
        expect(bytesOf(requests)).toBeLessThan(200_000);
        // The sign-in leads to the page; of what follows, each began after the one before it had ended.
        const start = requests.findIndex(({ url }) => url === `${t.url}/console/`);
        expect(longestChain(requests.slice(start))).toBeLessThanOrEqual(4);

        for (const title of ['Members of the organization', 'Audit log', 'Settings', 'Roles']) {
          await page.getByRole('link', { name: title }).hover();
          const code = await traffic.take();
          expect(code).toContainEqual(expect.objectContaining({ url: CODE_OF_PAGE }));
          await follow(page, title);
          const data = await traffic.take();
          expect(data).not.toContainEqual(expect.objectContaining({ url: expect.stringMatching(/\.js$/) }));
          expect(bytesOf([...code, ...data])).toBeLessThan(60_000);
        }
        await page.getByRole('link', { name: 'Access tokens' }).focus();
        expect(await traffic.take()).toContainEqual(expect.objectContaining({ url: CODE_OF_PAGE }));
      });
    } finally {
      await browser.close();
    }
  });
  const CODE_OF_PAGE = expect.stringMatching(/-page-[^/]+\.js$/);
});
