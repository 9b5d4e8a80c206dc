import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import type { Page, Request } from 'playwright-core';
import { AUDIT_OPERATIONS } from '../../src/common/http/operations/audit-operations.js';
import { fillAuditLog, until } from '../support/audit-log.js';
import {
  accessibilityViolations,
  describeConsole,
  DESKTOP,
  expectToFit,
  PHONE,
} from '../support/console-browser.js';
import { role } from '../support/fixtures.js';

/** As in Dec 3, 2026. */
const DATE = expect.stringMatching(/^[A-Z][a-z]{2} \d{1,2}, \d{4}$/);
const TEXTS = new URL('../../console/src/audit-log/operation-texts.ts', import.meta.url);

it('has a text in every language for each operation that the server records', () => {
  const texts = readFileSync(TEXTS, 'utf8');
  const countOf = (operation: string) => texts.split(`\n  ${operation}:`).length - 1;

  expect(AUDIT_OPERATIONS.filter((operation) => countOf(operation) !== 2)).toEqual([]);
});

describeConsole('the audit log in the console', (c) => {
  const entries = (page: Page) => page.getByRole('table', { name: 'Audit log' }).locator('tbody tr:has(td)'); // without the rows that name a day

  const showsEntries = (page: Page, count: number) =>
    until(async () => (await entries(page).count()) === count, 60);

  it('shows who did what, filtered by operation, with all details of an entry', async () => {
    const org = await c.t.fixtures.orgWithAdmin();
    await org.admin.api.post('/api/v1/workspaces', { display_name: 'Search' });
    await org.admin.api.patch('/api/v1/orgs/current/info', { invites_enabled: false });

    await c.browser.open(DESKTOP, async (page) => {
      await c.browser.signIn(page, org.admin);
      await page.getByRole('link', { name: 'Audit log' }).click();
      await entries(page).filter({ hasText: 'Created a workspace' }).waitFor();
      await page.getByRole('combobox', { name: 'Operation' }).click();
      await page.getByRole('option', { name: 'Created a workspace', exact: true }).click();
      await page.keyboard.press('Escape');
      await entries(page).filter({ hasText: 'Changed the settings' }).waitFor({ state: 'detached' });
      await showsEntries(page, 1); // there are none while they load
      await entries(page)
        .filter({ hasText: 'Created a workspace' })
        .filter({ hasText: org.admin.email })
        .waitFor();
      expect(await accessibilityViolations(page)).toEqual([]);

      await page.getByRole('combobox', { name: 'Who', exact: true }).fill(org.admin.email);
      await page.getByRole('option', { name: org.admin.email }).click();
      await page.waitForURL(/person=/);
      await entries(page).filter({ hasText: 'Created a workspace' }).waitFor();

      await page.getByRole('button', { name: 'Created a workspace' }).click();
      const drawer = page.getByRole('dialog', { name: 'Created a workspace' });
      await drawer.getByText('POST /api/v1/workspaces', { exact: true }).waitFor();
      await drawer.getByText('"class_name": "API Activity"').waitFor();
      expect(await accessibilityViolations(page)).toEqual([]);
      await page.reload();
      await entries(page).filter({ hasText: 'Created a workspace' }).waitFor();
      await showsEntries(page, 1);
    });
  });

  it('marks what was refused, reads older entries on request and fits a phone', async () => {
    const org = await c.t.fixtures.orgWithAdmin();
    const member = await c.t.fixtures.member(org, {});
    await fillAuditLog(c.t, org.orgId, 60);
    await member.api.post('/api/v1/workspaces', { display_name: 'Not allowed' });

    await c.browser.open(PHONE, async (page) => {
      await c.browser.signIn(page, org.admin);
      await page.goto(`${c.t.url}/console/organizations/${org.orgId}/settings/audit-log?period=all`);
      await entries(page).filter({ hasText: 'Refused' }).first().waitFor();
      await page.getByRole('button', { name: 'Show older entries' }).click();
      await page.getByRole('button', { name: 'Show older entries' }).waitFor({ state: 'detached' });
      const burst = page.getByRole('button', { name: 'Changed a workspace 60 times' });
      const folded = await entries(page).count();
      await burst.click();
      await showsEntries(page, folded + 60);
      expect(await accessibilityViolations(page)).toEqual([]);
      await expectToFit(page);
    });
  });

  it('names a person who was removed, and finds by name what they did', async () => {
    const org = await c.t.fixtures.orgWithAdmin();
    const member = await c.t.fixtures.member(org, { org: 'ORGANIZATION_ADMIN' });
    await c.t.sql(`update users set full_name = 'Grace Hopper' where id = $1`, [member.userId]);
    await member.api.post('/api/v1/workspaces', { display_name: 'Compilers' });
    await org.admin.api.delete(`/api/v1/orgs/current/members/${member.membershipId}`);
    const row = (page: Page, title: string) => entries(page).filter({ hasText: title });

    await c.browser.open(DESKTOP, async (page) => {
      await c.browser.signIn(page, org.admin);
      await page.getByRole('link', { name: 'Audit log' }).click();
      await row(page, 'Removed a member').filter({ hasText: 'Grace Hopper (left)' }).waitFor();
      await row(page, 'Created a workspace').filter({ hasText: 'Grace Hopper (left)' }).waitFor();
      await page.getByRole('combobox', { name: 'Who', exact: true }).fill('hopper');
      await page.getByRole('option', { name: `Grace Hopper (${member.email})` }).click();
      await page.waitForURL(/person=/);
      await showsEntries(page, 1);
      await row(page, 'Created a workspace').filter({ hasText: 'Grace Hopper (left)' }).waitFor();
      expect(await accessibilityViolations(page)).toEqual([]);
      await page.reload();
      await showsEntries(page, 1);
      const who = page.getByRole('combobox', { name: 'Who', exact: true });
      await until(async () => (await who.inputValue()) === `Grace Hopper (${member.email})`);
      await page.getByRole('button', { name: 'Created a workspace' }).click();
      await page.getByRole('dialog').getByText(`Grace Hopper (left) (${member.email})`).waitFor();
    });
  });

  it('says whom or what an entry concerns, and the id of what was deleted', async () => {
    const org = await c.t.fixtures.orgWithAdmin();
    const { admin, orgId } = org;
    const member = await c.t.fixtures.member(org, { workspace: 'WORKSPACE_VIEWER' });
    const invited = c.t.fixtures.email();
    const groups = '/v1/platform/orgs/current/user-groups';
    const { body: kept } = await admin.api.post(groups, { name: 'Night shift' });
    const { body: deleted } = await admin.api.post(groups, { name: 'Day shift' });
    await admin.api.delete(`${groups}/${deleted.id}`);
    await admin.api.post(`${groups}/${kept.id}/members`, { identity_ids: [member.membershipId] });
    await admin.api.post('/api/v1/orgs/current/members', { email: invited });
    const webhook = { url: 'https://hooks.example/', description: 'Billing' };
    await admin.api.post('/api/v1/orgs/current/webhooks', webhook);
    const row = (page: Page, title: string) => entries(page).filter({ hasText: title });

    await c.browser.open(DESKTOP, async (page) => {
      await c.browser.signIn(page, admin);
      await page.goto(`${c.t.url}/console/organizations/${orgId}/settings/audit-log`);
      await row(page, 'Added members')
        .filter({ hasText: `Night shift, ${member.email}` })
        .waitFor();
      await row(page, 'Invited a person').filter({ hasText: invited }).waitFor();
      await row(page, 'Created a webhook').filter({ hasText: 'Billing' }).waitFor();
      await row(page, 'Deleted a user group').filter({ hasText: deleted.id }).waitFor();
      expect(await row(page, 'Day shift').count()).toBe(0);

      await page.getByRole('combobox', { name: 'Whom or what' }).fill(member.email);
      await page.getByRole('option', { name: member.email }).click();
      await page.waitForURL(/target=/);
      await row(page, 'Created a user group').first().waitFor({ state: 'detached' });
      await row(page, 'Added members')
        .filter({ hasText: `${member.email}, Night shift` })
        .waitFor();
      expect(await entries(page).count()).toBe(1);
      expect(await accessibilityViolations(page)).toEqual([]);
    });
  });

  it('shows events as they happen, unless it is paused or hidden', async () => {
    const { admin, orgId } = await c.t.fixtures.orgWithAdmin();
    const createWorkspace = (name: string) => admin.api.post('/api/v1/workspaces', { display_name: name });
    await createWorkspace('Search');

    await c.browser.open(DESKTOP, async (page) => {
      const events = page.getByRole('table', { name: 'Events' }).locator('tbody tr');
      const about = (name: string) => events.filter({ hasText: name });
      const waiting = new Set<Request>();
      page.on('request', (one) => one.url().includes('/orgs/current/events?') && waiting.add(one));
      page.on('requestfinished', (one) => waiting.delete(one));
      page.on('requestfailed', (one) => waiting.delete(one));
      await c.browser.signIn(page, admin);
      await page.getByRole('link', { name: 'Webhooks' }).click();
      await page.getByRole('tab', { name: 'Events' }).click();
      await page.waitForURL(`**/organizations/${orgId}/settings/events`);
      await about('Search')
        .filter({ hasText: 'workspace.created' })
        .filter({ hasText: admin.email })
        .waitFor();

      await createWorkspace('Ranking');
      await about('Ranking').getByRole('button', { name: 'workspace.created' }).click();
      await page.getByRole('dialog').getByText('"type": "workspace.created"').waitFor();
      await page.keyboard.press('Escape');

      await until(() => waiting.size > 0);
      const shown = await events.count();
      await show(page, 'hidden');
      await until(() => waiting.size === 0);
      await createWorkspace('Hidden');
      await page.waitForTimeout(1000);
      expect(await events.count()).toBe(shown);
      await show(page, 'visible');
      await about('Hidden').waitFor();

      await page.getByRole('button', { name: 'Pause' }).click();
      await until(() => waiting.size === 0);
      const before = await events.count();
      await createWorkspace('Paused');
      await page.waitForTimeout(1000);
      expect(await events.count()).toBe(before);
      await page.getByRole('button', { name: 'Resume' }).click();
      await about('Paused').waitFor();

      await page.getByRole('textbox', { name: 'About or by' }).fill('ranking');
      await about('Search').waitFor({ state: 'detached' });
      await until(async () => (await events.count()) === 1, 60);
      await page.getByRole('combobox', { name: 'Types' }).fill('role.cr');
      await page.getByRole('option', { name: 'role.created' }).click();
      await page.getByText('When something changes').waitFor();
    });
  });

  it('filters by a text in the names of operations and by address, and hides reading unless asked', async () => {
    const org = await c.t.fixtures.orgWithAdmin();
    await org.admin.api.post('/api/v1/workspaces', { display_name: 'Search' });

    await c.browser.open(DESKTOP, async (page) => {
      await c.browser.signIn(page, org.admin);
      const reading = entries(page).filter({ hasText: 'Read the audit log' });
      await page.goto(`${c.t.url}/console/organizations/${org.orgId}/settings/audit-log`);
      await entries(page).filter({ hasText: 'Created a workspace' }).waitFor();
      await page.getByRole('button', { name: 'Refresh' }).click();
      expect(await reading.count()).toBe(0);
      await page.getByRole('switch').click({ force: true });
      await reading.first().waitFor();
      await page.waitForURL(/reading=shown/);

      await page.getByRole('combobox', { name: 'Operation' }).fill('workspace');
      await page.getByRole('option', { name: /^All \d+ with/ }).click();
      await page.keyboard.press('Escape');
      await reading.first().waitFor({ state: 'detached' });
      await entries(page).filter({ hasText: 'Created a workspace' }).waitFor();

      const address = page.getByLabel('Network address');
      await address.fill('192.0.2.700');
      await address.press('Enter');
      await page.getByText('Not an IP address.').waitFor();
      await address.fill('192.0.2.7');
      await address.press('Enter');
      await page.getByText('There are no entries that match.').waitFor();
      expect(await accessibilityViolations(page)).toEqual([]);
      await page.getByRole('button', { name: 'Remove all filters' }).click();
      await entries(page).filter({ hasText: 'Created a workspace' }).waitFor();
      expect(await address.inputValue()).toBe('');
    });
  });

  it('exports what the filters select as CSV and as JSON', async () => {
    const org = await c.t.fixtures.orgWithAdmin();
    await fillAuditLog(c.t, org.orgId, 230);
    await org.admin.api.post('/api/v1/workspaces', { display_name: 'Search' });

    await c.browser.open(DESKTOP, async (page) => {
      await c.browser.signIn(page, org.admin);
      const audit = `${c.t.url}/console/organizations/${org.orgId}/settings/audit-log`;
      await page.goto(`${audit}?operation=create_workspace`);
      const [csvHead, csvEntry, csvEnd] = (await exported(page, 'CSV')).split('\r\n');
      expect(csvHead).toMatch(/^time,operation,status,/);
      expect(csvEntry).toMatch(new RegExp(`,create_workspace,Success,.*,${org.admin.email},`));
      expect(csvEnd).toBe('');

      await page.goto(`${audit}?period=all`);
      const all = JSON.parse(await exported(page, 'JSON'));
      expect(all.length).toBeGreaterThan(230);
      expect(new Set(all.map((entry: { metadata: { uid: string } }) => entry.metadata.uid)).size).toBe(
        all.length,
      );
    });
  });

  async function exported(page: Page, format: string): Promise<string> {
    await page.getByRole('button', { name: 'Export' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText(format, { exact: true }).click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      dialog.getByRole('button', { name: 'Export' }).click(),
    ]);
    await dialog.getByText(/exported\.$/).waitFor();
    return readFileSync(await download.path(), 'utf8');
  }

  it('saves the access report as CSV, as JSON and to print for admins, and offers it to no operator', async () => {
    const org = await c.t.fixtures.orgWithAdmin();
    const operator = await c.t.fixtures.member(org, {
      org: 'ORGANIZATION_OPERATOR',
      workspace: 'WORKSPACE_ADMIN',
    });
    const [script, formula] = ['<script>document.title = 1</script>', '=1+cmd'];
    const [email, other] = [c.t.fixtures.email(), c.t.fixtures.email()];
    const here = { workspace_ids: [org.workspaceId], workspace_role_id: role('WORKSPACE_VIEWER') };
    await org.admin.api.post('/api/v1/orgs/current/members/basic/batch', [
      { email, full_name: script, ...here },
      { email: other, full_name: formula, ...here },
    ]);
    await org.admin.api.post('/api/v1/orgs/current/members', { email: c.t.fixtures.email() });
    const open = async (page: Page) => {
      await page.goto(`${c.t.url}/console/organizations/${org.orgId}/settings/organization`);
      await page.getByRole('heading', { name: 'Limits' }).waitFor();
    };
    const report = (page: Page) => page.getByRole('heading', { name: 'Access report' });

    await c.browser.open(DESKTOP, async (page) => {
      await c.browser.signIn(page, org.admin);
      await open(page);
      const savedAs = async (format: string) => {
        const downloading = page.waitForEvent('download');
        await page.getByRole('button', { name: `Save ${format}` }).click();
        const download = await downloading;
        await page.getByText(`The report was saved as ${download.suggestedFilename()}.`).waitFor();
        return readFileSync(await download.path(), 'utf8');
      };
      expect(await savedAs('as CSV')).toMatch(/^\uFEFFkind,id,state,.*\r\naudit_log_head,/);
      expect(JSON.parse(await savedAs('as JSON')).grants).toHaveLength(9);
      expect(await accessibilityViolations(page)).toEqual([]);

      const file = await savedAs('to read and print');
      await page.goto(`${c.t.url}/livez`); // without the policy of the console, as from a disk
      await page.setContent(file);
      expect(await page.title()).toMatch(/^Access report: /);
      const lines = await page.getByRole('region', { name: 'People: 8 lines' }).locator('tbody tr').all();
      const cells = await Promise.all(lines.map((line) => line.locator('th, td').allInnerTexts()));
      const by = org.admin.email;
      expect(cells.filter(([who]) => who?.startsWith(script))).toEqual([
        [
          `${script}\n${email}`,
          'The organization',
          'Organization User',
          'Added by a person',
          DATE,
          'No end',
          by,
        ],
        [script, expect.any(String), 'Viewer', 'Added by a person', DATE, 'No end', by],
      ]);
      expect(cells.filter(([who]) => who === `'${formula}`)).toHaveLength(1);
      await page
        .getByRole('region', { name: 'Invitations: 1 line' })
        .getByText(/^Invitation until /)
        .waitFor();
      expect(await accessibilityViolations(page)).toEqual([]);
    });
    await c.browser.open(DESKTOP, async (page) => {
      await c.browser.signIn(page, operator);
      await open(page);
      expect(await report(page).count()).toBe(0);
    });
  });

  it('is not offered to members who may not manage the organization', async () => {
    const org = await c.t.fixtures.orgWithAdmin();
    const member = await c.t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });

    await c.browser.open(DESKTOP, async (page) => {
      await c.browser.signIn(page, member);
      await page.getByRole('link', { name: 'Access tokens' }).waitFor();
      expect(await page.getByRole('link', { name: 'Audit log' }).count()).toBe(0);
      await page.goto(`${c.t.url}/console/organizations/${org.orgId}/settings/audit-log`);
      await page.getByRole('alert').waitFor();
    });
  });
});

/** As if another tab were in front of it, or no more. */
const show = (page: Page, state: 'hidden' | 'visible') =>
  page.evaluate(
    `Object.defineProperty(document, 'visibilityState', { value: '${state}', configurable: true });
     document.dispatchEvent(new Event('visibilitychange'));`,
  );
