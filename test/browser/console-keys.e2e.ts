import { expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { Api } from '../support/api.js';
import {
  accessibilityViolations,
  describeConsole,
  DESKTOP,
  expectToFit,
  follow,
  PHONE,
} from '../support/console-browser.js';
import { type OrgWithAdmin, role } from '../support/fixtures.js';
import { scimOf, userOf } from '../support/scim.js';

/** In the menu of the last row of that name. */
async function chooseFor(page: Page, row: string, action: string): Promise<void> {
  await page
    .getByRole('button', { name: `Actions for ${row}` })
    .last()
    .click();
  await page.getByRole('menuitem', { name: action }).click();
}

describeConsole('keys and provisioning in the console', (c) => {
  it('creates a service key for a workspace, shows it once and deletes it', async () => {
    const org = await c.t.fixtures.orgWithAdmin();

    await c.browser.open(DESKTOP, async (page) => {
      await c.browser.signIn(page, org.admin);
      await page.getByRole('link', { name: 'Keys and tokens' }).click();
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
      await dialog.waitFor({ state: 'detached' });
      expect(await page.content()).not.toContain(key);
      const row = page.getByRole('table', { name: 'Service keys' }).locator('tbody tr');
      expect(await row.textContent()).toMatch(/Report.*Workspace 1.*Viewer/);
      expect(await accessibilityViolations(page)).toEqual([]);
      await chooseFor(page, 'Report', 'Delete');
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

  it('changes the description, the role and the workspaces of a service key, and says who made it', async () => {
    const org = await c.t.fixtures.orgWithAdmin();
    const looms = await org.admin.api.post('/api/v1/workspaces', { display_name: 'Looms' });
    const lead = await c.t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });
    const keys = '/api/v1/orgs/current/service-keys';
    const one = { description: 'Report', workspaces: [org.workspaceId], role_id: role('WORKSPACE_VIEWER') };
    const { body: made } = await org.admin.api.post(keys, one);
    await org.admin.api.post(keys, { description: 'Terraform', org_role_id: role('ORGANIZATION_ADMIN') });
    const more = { description: 'Both', workspaces: [org.workspaceId, looms.body.id], role_id: one.role_id };
    await org.admin.api.post(keys, more);

    await c.browser.open(PHONE, async (page) => {
      await c.browser.signIn(page, org.admin);
      await inSettings(page, org, 'service-keys');
      await page.getByText('Never used · Never expires').first().waitFor();
      await chooseFor(page, 'Report', 'Change');
      const dialog = page.getByRole('dialog');
      await dialog.getByText('It never expires. That cannot be changed').waitFor();
      expect(await dialog.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true);
      await dialog.getByLabel('Description').fill('Weekly report');
      await dialog.getByLabel('Role').selectOption({ label: 'Editor' });
      await dialog.getByRole('combobox', { name: 'Workspaces' }).click();
      await page.getByRole('listbox').getByRole('option', { name: 'Looms' }).click();
      await page.keyboard.press('Escape');
      await page.getByRole('listbox').waitFor({ state: 'detached' });
      expect(await accessibilityViolations(page)).toEqual([]);
      await dialog.getByRole('button', { name: 'Save' }).click();
      await page.getByText('The key “Weekly report” was changed.').waitFor();
      await expectToFit(page);
    });
    const { body: all } = await org.admin.api.get(keys);
    expect(all.find(({ id }: { id: string }) => id === made.id)).toMatchObject({
      description: 'Weekly report',
      role_id: role('WORKSPACE_USER'),
      workspace_names: ['Workspace 1', 'Looms'],
    });

    await c.browser.open(DESKTOP, async (page) => {
      await c.browser.signIn(page, lead);
      await inSettings(page, org, 'service-keys');
      const rows = page.getByRole('table', { name: 'Service keys' }).locator('tbody tr');
      await rows.getByText(`By ${org.admin.email}`).filter({ visible: true }).first().waitFor();
      await page.getByRole('button', { name: 'Actions for Both' }).click();
      await page.getByRole('menuitem', { name: 'Delete' }).waitFor();
      expect(await page.getByRole('menuitem', { name: 'Change' }).count()).toBe(0);
    });
  });

  /** A key for the organization, an unused key of a member who left, and an unused and a new token. */
  const credentialsOf = async (org: OrgWithAdmin) => {
    const keys = '/api/v1/orgs/current/service-keys';
    const maker = await c.t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });
    const { body: left } = await maker.api.post(keys, {
      description: 'Nightly report',
      workspaces: [org.workspaceId],
    });
    await org.admin.api.delete(`/api/v1/orgs/current/members/${maker.membershipId}`);
    await org.admin.api.post(keys, { description: 'Terraform' });
    const tokens = '/api/v1/orgs/current/personal-access-tokens';
    const { body: token } = await org.admin.api.post(tokens, { description: 'Laptop' });
    await org.admin.api.post('/v1/platform/orgs/current/scim/tokens', { description: 'Okta' });
    await c.t.sql(`update api_keys set created_at = now() - interval '100 days' where id = any($1)`, [
      [left.id, token.id],
    ]);
    return { left, token };
  };

  it('shows whose credentials are unused, and revokes them after saying which', async () => {
    const org = await c.t.fixtures.orgWithAdmin();
    const { left, token } = await credentialsOf(org);

    await c.browser.open(DESKTOP, async (page) => {
      await c.browser.signIn(page, org.admin);
      await follow(page, 'Keys and tokens');
      await page.getByRole('tab', { name: 'All keys and tokens' }).click();
      const rows = page.getByRole('table', { name: 'All keys and tokens' }).locator('tbody tr');
      await rows.nth(3).waitFor();
      expect(await rows.filter({ hasText: 'No active owner' }).textContent()).toContain('Nightly report');
      expect(await accessibilityViolations(page)).toEqual([]);
      await page.getByLabel('Last used').selectOption({ label: 'Not for 90 days' });
      await rows.nth(2).waitFor({ state: 'detached' });
      await page.reload();
      await page.getByRole('button', { name: 'Revoke all that match' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByText('Revoke 2 credentials?').waitFor();
      expect(await dialog.getByRole('listitem').allTextContents()).toEqual([
        'Nightly report (Service key)',
        'Laptop (Access token)',
      ]);
      expect(await accessibilityViolations(page)).toEqual([]);
      await org.admin.api.delete(`/api/v1/orgs/current/service-keys/${left.id}`);
      await dialog.getByRole('button', { name: 'Revoke 2' }).click();
      await dialog.getByText('Nothing was revoked, because').waitFor();
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Revoke all that match' }).click();
      await dialog.getByRole('button', { name: 'Revoke 1' }).click();
      await page.getByText('One credential was revoked.').waitFor();
      await page.getByText('No credential matches the filters.').waitFor();
      const mine = c.t.api.as({ key: token.key, orgId: org.orgId });
      expect((await mine.get('/api/v1/orgs/current')).status).toBe(401);
    });
  });

  it('lets operators revoke service keys, and names what stays, on a phone', async () => {
    const org = await c.t.fixtures.orgWithAdmin();
    await credentialsOf(org);
    const operator = await c.t.fixtures.member(org, {
      org: 'ORGANIZATION_OPERATOR',
      workspace: 'WORKSPACE_ADMIN',
    });

    await c.browser.open(PHONE, async (page) => {
      await c.browser.signIn(page, operator);
      await inSettings(page, org, 'credentials');
      await page.getByText('shown to admins of the organization').waitFor();
      expect(await page.getByLabel('Kind').count()).toBe(0);
      await page.getByRole('checkbox', { name: 'Select all shown' }).check();
      await page.getByText('2 selected').waitFor();
      expect(await accessibilityViolations(page)).toEqual([]);
      await expectToFit(page);
      await page.getByRole('button', { name: 'Revoke selected' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByText('Keys for the whole organization are revoked by its admins only.').waitFor();
      expect(await dialog.getByRole('listitem').allTextContents()).toEqual(['Nightly report (Service key)']);
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
        const lifetimes = page.getByLabel('Expires in');
        await lifetimes.waitFor();
        const options = await lifetimes.locator('option').allTextContents();
        await page.keyboard.press('Escape');
        await page.getByRole('dialog').waitFor({ state: 'detached' });
        return options;
      };
      expect(await offered('Keys and tokens', 'Create a key')).toEqual(['30 days', '60 days']);
      expect(await offered('Access tokens', 'Create a token')).toEqual(['7 days']);
      await org.admin.api.patch('/api/v1/orgs/current/info', { max_api_key_expiry_days: 40 });
      await page.reload();
      expect(await offered('Keys and tokens', 'Create a key')).toEqual(['30 days', '40 days']);
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
      const createGroup = async () => {
        const { status } = await fetch(`${c.t.url}/scim/v2/Groups`, {
          method: 'POST',
          headers: { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' },
          body: JSON.stringify(group),
        });
        return status;
      };
      expect([await createGroup(), await createGroup()]).toEqual([201, 409]);

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
      const refused = page.getByRole('table', { name: 'Refused changes' });
      await refused.getByText('Another person or group has the same name').waitFor();
      await refused.getByText('scim_uniqueness (uniqueness)').waitFor();
      await page.getByText('No person is managed over SCIM yet.').waitFor();
      await page.getByRole('tab', { name: 'Groups' }).click();
      const groups = page.getByRole('table', { name: 'Groups' });
      await groups.getByRole('row').filter({ hasText: 'does not follow the naming rule' }).waitFor();
      expect(await accessibilityViolations(page)).toEqual([]);
      await expectToFit(page);

      await chooseFor(page, 'Entra ID', 'Change the description');
      await dialog.getByLabel('Description').fill('Okta');
      expect(await accessibilityViolations(page)).toEqual([]);
      await dialog.getByRole('button', { name: 'Save' }).click();
      await page.getByText('The change was saved.').waitFor();
      await page.getByText(`By ${org.admin.email}`).first().waitFor();
      await chooseFor(page, 'Okta', 'Delete');
      await page.getByText('no keys or tokens are created with a SCIM token').waitFor();
      await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
      await page.getByText('There are no SCIM tokens').waitFor();
    });
  });

  it('shows what the roles of the identity provider would change, and switches them on and off', async () => {
    const org = await c.t.fixtures.orgWithAdmin();
    const scim = await scimOf(org.admin.api);
    const given = [['Organization Admin', 'Reader'], ['Workspace 1/Editor']];
    for (const roles of given) {
      const user = userOf(c.t.fixtures.email(), { roles: roles.map((value) => ({ value })) });
      expect((await scim.post('/Users', user)).status).toBe(201);
    }
    const rolesShown = async () =>
      (await scim.get('/Users')).body.Resources.map(({ roles = [] }: { roles?: { display?: string }[] }) =>
        roles.map(({ display }) => display),
      );

    await c.browser.open(PHONE, async (page) => {
      await c.browser.signIn(page, org.admin);
      await inSettings(page, org, 'provisioning');
      await page.getByRole('button', { name: 'Switch on' }).click();
      const dialog = page.getByRole('dialog');
      const effects = dialog.getByRole('table', { name: 'What changes' });
      await effects.getByText('Organization Admin instead of Organization User').waitFor();
      await effects.getByText('Gets Editor in Workspace 1').waitFor();
      await effects.getByText('“Reader” gives nothing: there is no such role.').waitFor();
      expect(await accessibilityViolations(page)).toEqual([]);
      await expectToFit(page);
      await dialog.getByRole('button', { name: 'Switch on' }).click();
      await page.getByText('People have the roles of the identity provider now.').waitFor();
      expect(await rolesShown()).toEqual([['Organization Admin'], ['Workspace 1/Editor']]);

      await page.getByRole('button', { name: 'Switch off' }).click();
      await effects.getByText('Organization User instead of Organization Admin').waitFor();
      await effects.getByText('Loses Editor in Workspace 1').waitFor();
      await dialog.getByRole('button', { name: 'Switch off' }).click();
      await page.getByText('Roles of the identity provider have no effect any more.').waitFor();
      await page.getByRole('button', { name: 'Switch on' }).waitFor();
    });
  });

  /** A second admin with a token, a key made with the token and a SCIM token made with the key. */
  async function makerIn(org: OrgWithAdmin) {
    const roles = { org: 'ORGANIZATION_ADMIN', workspace: 'WORKSPACE_ADMIN' } as const;
    const maker = await c.t.fixtures.member(org, { email: c.t.fixtures.email('maker'), ...roles });
    const tokens = '/api/v1/orgs/current/personal-access-tokens';
    const { body: token } = await maker.api.post(tokens, { description: 'Laptop' });
    const asToken = c.t.api.as({ key: token.key, orgId: org.orgId });
    const { body: key } = await asToken.post('/api/v1/orgs/current/service-keys', {
      ...{ description: 'Deployment', org_role_id: role('ORGANIZATION_ADMIN') },
    });
    const asKey = c.t.api.as({ key: key.key });
    await asKey.post('/v1/platform/orgs/current/scim/tokens', { description: 'Entra' });
    const works = async (api: Api) => (await api.get('/api/v1/orgs/current')).status === 200;
    const scimTokens = async () =>
      (await org.admin.api.get('/v1/platform/orgs/current/scim/tokens')).body.length as number;
    return { ...maker, states: async () => [await works(asToken), await works(asKey), await scimTokens()] };
  }
  const inSettings = (page: Page, { orgId }: OrgWithAdmin, path: string) =>
    page.goto(`${c.t.url}/console/organizations/${orgId}/settings/${path}`);
  const listed = async (page: Page) => {
    const items = page.getByRole('dialog').getByRole('listitem');
    await items.first().waitFor();
    return (await items.allTextContents()).map((text) => text.replace(/ lsv2_.*/, ''));
  };

  it('rotates a service key with an overlap, and an access token and a SCIM token at once', async () => {
    const org = await c.t.fixtures.orgWithAdmin();
    const { api } = org.admin;
    const made = (path: string, wish: object) => api.post(path, wish).then(({ body }) => body);
    const key = await made('/api/v1/orgs/current/service-keys', { description: 'Report' });
    const token = await made('/api/v1/orgs/current/personal-access-tokens', { description: 'Laptop' });
    const scimToken = await made('/v1/platform/orgs/current/scim/tokens', { description: 'Entra ID' });
    const statusOf = async (secret: string) =>
      (await c.t.api.as({ key: secret }).get('/api/v1/orgs/current')).status;
    const scimStatusOf = async (secret: string) =>
      (await c.t.api.as({ token: secret }).get('/scim/v2/Users?count=1')).status;

    await c.browser.open(DESKTOP, async (page) => {
      await c.browser.signIn(page, org.admin);
      await inSettings(page, org, 'service-keys');
      await chooseFor(page, 'Report', 'Rotate');
      const dialog = page.getByRole('dialog');
      await dialog.getByText('refused at once').waitFor();
      await dialog.getByLabel('The old key').selectOption({ label: 'Works for another day' });
      expect(await accessibilityViolations(page)).toEqual([]);
      await dialog.getByRole('button', { name: 'Rotate' }).click();
      await dialog.getByText('The old key works until').waitFor();
      const secret = (await dialog.locator('pre').textContent()) ?? '';
      expect(await accessibilityViolations(page)).toEqual([]);
      expect([await statusOf(key.key), await statusOf(secret)]).toEqual([200, 200]);
      await dialog.getByRole('button', { name: 'Done' }).click();
      await page.getByText(`...${secret.slice(-4)}`).waitFor();
      await dialog.waitFor({ state: 'detached' });
      expect(await page.content()).not.toContain(secret);

      await api.delete(`/api/v1/orgs/current/service-keys/${key.id}`);
      await chooseFor(page, 'Report', 'Rotate');
      await dialog.getByRole('button', { name: 'Rotate' }).click();
      await dialog.getByRole('alert').getByText('There is no such key').waitFor();
    });
    await c.browser.open(PHONE, async (page) => {
      await c.browser.signIn(page, org.admin);
      await page.evaluate("localStorage.setItem('tenantry.language', 'de')");
      await inSettings(page, org, 'tokens');
      await page.getByRole('button', { name: /Laptop/ }).click();
      await page.getByRole('menuitem', { name: 'Rotieren' }).click();
      const dialog = page.getByRole('dialog');
      expect(await accessibilityViolations(page)).toEqual([]);
      await expectToFit(page);
      await dialog.getByRole('button', { name: 'Rotieren' }).click();
      await dialog.getByText('Das alte Token gilt nicht mehr.').waitFor();
      const secret = (await dialog.locator('pre').textContent()) ?? '';
      await expectToFit(page);
      expect([await statusOf(token.key), await statusOf(secret)]).toEqual([401, 200]);
      await page.evaluate("localStorage.setItem('tenantry.language', 'en')");

      await inSettings(page, org, 'provisioning');
      await chooseFor(page, 'Entra ID', 'Rotate');
      await dialog.getByText('Your identity provider is refused').waitFor();
      await dialog.getByRole('button', { name: 'Rotate' }).click();
      await dialog.getByText('The old token no longer works.').waitFor();
      const ofProvider = (await dialog.locator('pre').textContent()) ?? '';
      expect([await scimStatusOf(scimToken.token), await scimStatusOf(ofProvider)]).toEqual([401, 200]);
    });
  });

  it('ends what a member created with their lowered role if that is chosen, and not otherwise', async () => {
    const org = await c.t.fixtures.orgWithAdmin();
    const maker = await makerIn(org);

    await c.browser.open(DESKTOP, async (page) => {
      await c.browser.signIn(page, org.admin);
      await inSettings(page, org, 'members');
      const select = page.getByLabel(`Role of ${maker.email}`);
      const lower = async (to: string, isEnding: boolean) => {
        await select.selectOption({ label: to });
        const dialog = page.getByRole('dialog');
        if (isEnding) await dialog.getByRole('checkbox').check();
        const shown = await listed(page);
        expect(await accessibilityViolations(page)).toEqual([]);
        await dialog.getByRole('button', { name: 'Change the role' }).click();
        await page.getByText(`is now ${to}`).waitFor();
        return shown;
      };
      const all = ['Service key Deployment', 'Access token Laptop', 'SCIM token Entra'];

      expect(await lower('Organization Operator', false)).toEqual(all);
      expect(await maker.states()).toEqual([true, true, 1]);
      expect(await lower('Organization User', true)).toEqual(all);
      expect(await maker.states()).toEqual([false, false, 0]);
      await select.selectOption({ label: 'Organization Admin' });
      await page.getByText('is now Organization Admin').waitFor();
    });
  });

  it('deletes what a removed member created if that is chosen, in German on a phone', async () => {
    const org = await c.t.fixtures.orgWithAdmin();
    const maker = await makerIn(org);

    await c.browser.open(PHONE, async (page) => {
      await c.browser.signIn(page, org.admin);
      await page.evaluate("localStorage.setItem('tenantry.language', 'de')");
      await inSettings(page, org, 'members');
      await page.getByRole('button', { name: new RegExp(maker.email) }).click();
      await page.getByRole('menuitem').last().click();
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('checkbox').check();
      expect(await listed(page)).toHaveLength(2);
      expect(await accessibilityViolations(page)).toEqual([]);
      await expectToFit(page);
      await dialog.getByRole('button').last().click();
      await dialog.waitFor({ state: 'detached' });
      expect(await maker.states()).toEqual([false, false, 0]);
    });
  });

  it('deletes what was created with a token or a key if that is chosen', async () => {
    const org = await c.t.fixtures.orgWithAdmin();
    const [first, second] = [await makerIn(org), await makerIn(org)];

    await c.browser.open(PHONE, async (page) => {
      await c.browser.signIn(page, first);
      await inSettings(page, org, 'service-keys');
      await chooseFor(page, 'Deployment', 'Delete');
      expect(await listed(page)).toEqual(['SCIM token Entra']);
      await page.getByRole('dialog').getByRole('checkbox').check();
      await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      expect(await first.states()).toEqual([true, false, 1]);
    });
    await c.browser.open(DESKTOP, async (page) => {
      await c.browser.signIn(page, second);
      await page.getByRole('link', { name: 'Access tokens' }).click();
      await page.getByText(`By ${second.email}`).filter({ visible: true }).waitFor();
      await chooseFor(page, 'Laptop', 'Delete');
      expect(await listed(page)).toEqual(['Service key Deployment', 'SCIM token Entra']);
      await page.getByRole('dialog').getByRole('checkbox').check();
      expect(await accessibilityViolations(page)).toEqual([]);
      await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
      await page.getByText('You have no personal access tokens').waitFor();
      expect(await second.states()).toEqual([false, false, 0]);
    });
  });
});
