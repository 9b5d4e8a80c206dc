import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import {
  accessibilityViolations,
  describeConsole,
  DESKTOP,
  expectToFit,
  PHONE,
} from '../support/console-browser.js';
import { role } from '../support/fixtures.js';
import { ALLOWING_RECEIVERS, type Receiver, startReceiver } from '../support/receiver.js';

it('has a text in every language for each code of a request that brought no response', () => {
  const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
  const [, union = ''] =
    /OutboundFailure =(.+?);/s.exec(read('src/common/outbound/outbound.errors.ts')) ?? [];
  const [, others = ''] = /code: OutboundFailure (.+?);/.exec(read('src/common/outbound/attempt.ts')) ?? [];
  const codes = [...`${union} ${others}`.matchAll(/'(\w+)'/g)].map(([, code]) => code!);
  const texts = read('console/src/receivers/texts.ts');

  expect(codes).toEqual(expect.arrayContaining(['timed_out', 'secrets_unreadable']));
  expect(codes.filter((code) => texts.split(` ${code}: '`).length !== 3)).toEqual([]);
});

describeConsole(
  'webhooks and log streams in the console',
  (c) => {
    let receiver: Receiver;
    beforeEach(async () => {
      receiver = await startReceiver();
    });
    afterEach(() => receiver.stop());

    const settings = (orgId: string) => `${c.t.url}/console/organizations/${orgId}/settings`;
    const saved = (page: Page, text: string | RegExp) => page.getByRole('status').getByText(text).waitFor();

    it('creates a webhook, shows its attempts, sends again, rotates its secret and deletes it', async () => {
      const { admin, orgId } = await c.t.fixtures.orgWithAdmin();
      const createWorkspace = (name: string) => admin.api.post('/api/v1/workspaces', { display_name: name });

      await c.browser.open(DESKTOP, async (page) => {
        const dialog = page.getByRole('dialog');
        const attempts = page.getByRole('table', { name: 'Attempts' }).locator('tbody tr');
        const attempt = (result: string) =>
          attempts.filter({ hasText: 'workspace.created' }).filter({ hasText: result });
        await c.browser.signIn(page, admin);
        await page.goto(`${settings(orgId)}/webhooks`);

        await page.getByRole('button', { name: 'Create a webhook' }).click();
        await dialog.getByLabel('Address').fill('https://10.0.0.1/');
        await dialog.getByRole('button', { name: 'Create', exact: true }).click();
        await dialog.getByText('OUTBOUND_ALLOWED_NETWORKS').waitFor();
        await dialog.getByLabel('Address').fill(receiver.url);
        await dialog.getByLabel('Description').fill('Billing');
        await dialog.getByLabel('Chosen types').check();
        await dialog.getByRole('combobox', { name: 'Chosen types' }).fill('workspace.cr');
        await page.getByRole('option', { name: 'workspace.created' }).click();
        await page.keyboard.press('Escape');
        await dialog.getByRole('button', { name: 'Create', exact: true }).click();
        await dialog.getByText(/^whsec_/).waitFor();
        await dialog.getByText(/^whpk_/).waitFor();
        await dialog.getByRole('button', { name: 'Done' }).click();

        await page.getByRole('heading', { name: 'Billing' }).waitFor();
        await page.getByRole('button', { name: 'Send a test' }).click();
        await saved(page, 'Test: Delivered (2xx)');
        expect(JSON.parse(receiver.received[0]!.body)).toMatchObject({ type: 'webhook.test' });

        receiver.answer = { status: 400 };
        await createWorkspace('Search');
        await attempt('Failed (4xx)').filter({ hasText: '1 of 10' }).waitFor();
        await page.getByRole('button', { name: 'Deliver again' }).click();
        expect(await accessibilityViolations(page)).toEqual([]);
        receiver.answer = { status: 200 };
        await dialog.getByRole('button', { name: 'Deliver again' }).click();
        await saved(page, /delivered again\.$/); // not always 1: it is attempted again after 5 s
        await attempt('Delivered (2xx)').first().waitFor();
        await page.getByText('Nothing', { exact: true }).waitFor();

        await page.getByRole('button', { name: 'Disable' }).click();
        await dialog.getByRole('button', { name: 'Disable' }).click();
        await saved(page, 'The webhook was disabled.');
        await createWorkspace('Missed');
        const count = receiver.received.length;
        await page.getByRole('button', { name: 'Enable' }).click();
        await dialog.getByLabel(/^Also deliver what was missed since/).waitFor();
        await dialog.getByRole('button', { name: 'Enable' }).click();
        await saved(page, 'The webhook was enabled.');
        await receiver.waitFor((received) => received.length === count + 1);

        await page.getByRole('button', { name: 'Actions for Billing' }).click();
        await page.getByRole('menuitem', { name: 'Rotate' }).click();
        await dialog.getByRole('button', { name: 'Rotate' }).click();
        await dialog.getByText(/^whsec_/).waitFor();
        await dialog.getByRole('button', { name: 'Done' }).click();
        await page.getByText(/^Signs as well until/).waitFor();

        await page.getByRole('button', { name: 'Actions for Billing' }).click();
        await page.getByRole('menuitem', { name: 'Delete' }).click();
        await dialog.getByRole('button', { name: 'Delete' }).click();
        await page.getByText('There are no webhooks yet.').waitFor();
      });
    });

    it('creates a log stream whose header values are not shown again, and tests it', async () => {
      const { admin, orgId } = await c.t.fixtures.orgWithAdmin();

      await c.browser.open(PHONE, async (page) => {
        const dialog = page.getByRole('dialog');
        await c.browser.signIn(page, admin);
        await page.goto(`${settings(orgId)}/log-streams`);
        await page.getByRole('button', { name: 'Create a log stream' }).click();
        await dialog.getByLabel('Address', { exact: true }).fill(receiver.url);
        await dialog.getByLabel('Description').fill('SIEM');
        await dialog.getByRole('button', { name: 'Add a header' }).click();
        await dialog.getByLabel('Name of header 1').fill('Authorization');
        await dialog.getByLabel('Value of header 1').fill('Bearer of-the-siem');
        await dialog.getByRole('button', { name: 'Create', exact: true }).click();
        await page.getByText('Headers: Authorization').waitFor();

        await page.getByRole('button', { name: 'Actions for SIEM' }).click();
        await page.getByRole('menuitem', { name: 'Send a test' }).click();
        await saved(page, 'Test: Delivered (2xx)');
        expect(receiver.received[0]!.headers.authorization).toBe('Bearer of-the-siem');
        receiver.answer = { status: 403 };
        await page.getByRole('button', { name: 'Actions for SIEM' }).click();
        await page.getByRole('menuitem', { name: 'Send a test' }).click();
        await saved(page, 'Test: Failed (4xx)');
        await expectToFit(page);

        await page.getByRole('button', { name: 'Actions for SIEM' }).click();
        await page.getByRole('menuitem', { name: 'Change' }).click();
        await dialog.getByLabel(/^Replace the headers/).waitFor();
        expect(await page.content()).not.toContain('of-the-siem');
        await dialog.getByLabel('Description').fill('Log store');
        await dialog.getByRole('button', { name: 'Save' }).click();
        await page.getByRole('button', { name: 'Actions for Log store' }).click();
        await page.getByRole('menuitem', { name: 'Delete' }).click();
        await dialog.getByRole('button', { name: 'Delete' }).click();
        await page.getByText('There are no log streams yet.').waitFor();
      });
    });

    it('shows them to those who manage the organization, who cannot change them', async () => {
      const org = await c.t.fixtures.orgWithAdmin();
      const operator = await c.t.fixtures.member(org, {
        org: 'ORGANIZATION_OPERATOR',
        workspace: 'WORKSPACE_VIEWER',
      });
      await org.admin.api.post('/api/v1/orgs/current/webhooks', {
        url: receiver.url,
        description: 'Billing',
      });
      await org.admin.api.post('/api/v1/orgs/current/log-streams', {
        url: receiver.url,
        description: 'SIEM',
      });

      await c.browser.open(DESKTOP, async (page) => {
        const actions = page.getByRole('main').getByRole('button', { name: /Create|test|able|again/ });
        await c.browser.signIn(page, operator);
        await page.goto(`${settings(org.orgId)}/log-streams`);
        await page.getByRole('cell', { name: 'SIEM' }).waitFor();
        expect(await actions.count()).toBe(0);
        await page.goto(`${settings(org.orgId)}/webhooks`);
        await page.getByText('Admins of the organization create and change webhooks.').waitFor();
        await page.getByRole('link', { name: 'Billing' }).click();
        await page.getByText('whpk_').waitFor();
        expect(await actions.count()).toBe(0);
        await page.goto(`${settings(org.orgId)}/webhooks/${randomUUID()}`);
        await page.getByText('There is no such webhook').waitFor();
        expect(await accessibilityViolations(page)).toEqual([]);
      });
    });

    it('lists and deletes what was created with a key when the key is deleted', async () => {
      const { admin, orgId } = await c.t.fixtures.orgWithAdmin();
      const wide = { description: 'Terraform', org_role_id: role('ORGANIZATION_ADMIN') };
      const { body: key } = await admin.api.post('/api/v1/orgs/current/service-keys', wide);
      const withKey = c.t.api.as({ key: key.key });
      for (const list of ['webhooks', 'log-streams'])
        await withKey.post(`/api/v1/orgs/current/${list}`, { url: receiver.url, description: `of ${list}` });

      await c.browser.open(DESKTOP, async (page) => {
        const dialog = page.getByRole('dialog');
        await c.browser.signIn(page, admin);
        await page.goto(`${settings(orgId)}/service-keys`);
        await page.getByRole('button', { name: 'Actions for Terraform' }).click();
        await page.getByRole('menuitem', { name: 'Delete' }).click();
        await dialog.getByText('Webhook of webhooks').waitFor();
        await dialog.getByText('Log stream of log-streams').waitFor();
        await dialog.getByLabel(/^Also delete/).check();
        await dialog.getByRole('button', { name: 'Delete' }).click();
        await page.getByText('This organization has no service keys.').waitFor();
        await page.getByRole('link', { name: 'Webhooks' }).click();
        await page.getByText('There are no webhooks yet.').waitFor();
      });
    });
  },
  ALLOWING_RECEIVERS,
);
