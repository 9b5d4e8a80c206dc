import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import {
  accessibilityViolations,
  describeConsoleOf,
  DESKTOP,
  expectToFit,
  PHONE,
} from '../support/console-browser.js';
import type { OrgWithAdmin } from '../support/fixtures.js';
import {
  CLI,
  exchangeDevice,
  newChallenge,
  type OauthApp,
  signDeviceIn,
  startOauthApp,
} from '../support/oauth.js';

const WEB = 'https://reports.example/callback';
const CLIENTS = '/v1/platform/oauth/clients';

/** Registers an application that sends people back to these addresses. */
async function register(t: OauthApp, name: string, ...addresses: string[]): Promise<string> {
  const body = { client_name: name, redirect_uris: addresses };
  return (await t.api.post('/api/v1/oauth/register', body)).body.client_id;
}

type Request = { clientId: string; redirectUri: string } & Record<string, string>;

/** The address to which an application sends a browser. */
function authorizeUrl(t: OauthApp, { clientId, redirectUri, ...more }: Request): string {
  const parameters = {
    response_type: 'code',
    client_id: clientId,
    redirect_uri: redirectUri,
    code_challenge: newChallenge().challenge,
    code_challenge_method: 'S256',
    state: 'a state',
    ...more,
  };
  return `${t.issuer}/oauth/authorize?${new URLSearchParams(parameters)}`;
}

/** An application on this computer, which waits for the browser. */
async function listen(html = 'You can close this page.') {
  const server = createServer((_, response) => response.setHeader('content-type', 'text/html').end(html));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, address: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/** Answers for the application in the web, and returns where the browser has been sent. */
async function catchResponses(page: Page): Promise<URL[]> {
  const received: URL[] = [];
  await page.route('https://reports.example/**', (route) => {
    received.push(new URL(route.request().url()));
    return route.fulfill({ contentType: 'text/html', body: '<title>Reports</title>Signed in' });
  });
  return received;
}

const allow = (page: Page) => page.getByRole('button', { name: 'Allow', exact: true });
const deny = (page: Page) => page.getByRole('button', { name: 'Deny', exact: true });

describeConsoleOf(startOauthApp, 'applications in the console', (c) => {
  const grantsOf = (org: OrgWithAdmin) =>
    c.t.sql<{ client_id: string; default_workspace_id: string | null }>(
      'select client_id, default_workspace_id from oauth_grants where org_id = $1',
      [org.orgId],
    );

  it('asks after the sign-in, and sends the browser to the program on this computer with a code', async () => {
    const org = await c.t.fixtures.orgWithAdmin();
    const { body: looms } = await org.admin.api.post('/api/v1/workspaces', { display_name: 'Looms' });
    const { server, address } = await listen();
    const clientId = await register(c.t, 'Desk', 'http://127.0.0.1/back');
    const { verifier, challenge } = newChallenge();

    await c.browser.open(DESKTOP, async (page) => {
      const redirectUri = `${address}/back`;
      const asked = { clientId, redirectUri, code_challenge: challenge, scope: 'openid email' };
      await page.goto(authorizeUrl(c.t, asked));
      await page.getByText('An application asks for access. Sign in to decide about it.').waitFor();
      await c.browser.enterPassword(page, org.admin);
      await page.getByRole('heading', { name: 'Allow “Desk” to act for you?' }).waitFor();
      await page.getByText(`This computer (${new URL(address).host})`).waitFor();
      await page.getByText('This is an address of your computer, which any program').waitFor();
      await page.getByText('see your name and your e-mail address').waitFor();
      await page.getByText(org.admin.email).waitFor();
      expect(await accessibilityViolations(page)).toEqual([]);
      await page.getByLabel('Workspace').selectOption({ label: 'Looms' });
      await allow(page).click();
      await page.waitForURL(`${redirectUri}?*`);
      const response = new URL(page.url()).searchParams;
      expect(Object.fromEntries(response)).toEqual({
        code: expect.stringMatching(/^tnt_/),
        state: 'a state',
        iss: c.t.issuer,
      });
      const tokens = await c.t.post('/api/v1/oauth/token', {
        grant_type: 'authorization_code',
        client_id: clientId,
        redirect_uri: redirectUri,
        code: response.get('code')!,
        code_verifier: verifier,
      });
      expect(tokens.body).toMatchObject({ workspace_id: looms.id });
    });
    server.close();
    expect(await grantsOf(org)).toEqual([{ client_id: clientId, default_workspace_id: looms.id }]);
  });

  it('tells the application when the person denies it, and gives nothing', async () => {
    const org = await c.t.fixtures.orgWithAdmin();
    const clientId = await register(c.t, 'Reports', WEB);

    await c.browser.open(PHONE, async (page) => {
      await c.browser.signIn(page, org.admin);
      const received = await catchResponses(page);
      await page.goto(authorizeUrl(c.t, { clientId, redirectUri: WEB }));
      await deny(page).waitFor();
      await page.getByText('reports.example', { exact: true }).waitFor();
      expect(await accessibilityViolations(page)).toEqual([]);
      await expectToFit(page);
      await deny(page).click();
      await page.getByText('Signed in').waitFor();
      expect(received.map(({ searchParams }) => Object.fromEntries(searchParams))).toEqual([
        { error: 'access_denied', state: 'a state', iss: c.t.issuer },
      ]);
    });
    expect(await grantsOf(org)).toEqual([]);
  });

  it('asks once for an application in the web, and for one on this computer each time', async () => {
    const org = await c.t.fixtures.orgWithAdmin();
    const { server, address } = await listen();
    const clientId = await register(c.t, 'Reports', WEB, `${address}/back`);

    await c.browser.open(DESKTOP, async (page) => {
      await c.browser.signIn(page, org.admin);
      const received = await catchResponses(page);
      await page.goto(authorizeUrl(c.t, { clientId, redirectUri: WEB }));
      await allow(page).click();
      await page.getByText('Signed in').waitFor();
      await page.goto('about:blank');
      await page.goto(authorizeUrl(c.t, { clientId, redirectUri: WEB }));
      await page.getByText('Signed in').waitFor();
      expect(received.map(({ searchParams }) => searchParams.has('code'))).toEqual([true, true]);

      await page.goto(authorizeUrl(c.t, { clientId, redirectUri: WEB, prompt: 'consent' }));
      await allow(page).waitFor();
      await page.goto(authorizeUrl(c.t, { clientId, redirectUri: `${address}/back` }));
      await allow(page).waitFor();
      expect(received).toHaveLength(2);
    });
    server.close();
  });

  it('gives an application access to the chosen organization, and no other value of the request counts', async () => {
    const org = await c.t.fixtures.orgWithAdmin();
    const second = await c.t.fixtures.orgWithAdmin();
    await c.t.fixtures.addMember(second, org.admin, { workspace: 'WORKSPACE_VIEWER' });
    await second.admin.api.patch('/api/v1/orgs/current/info', { display_name: 'Second' });
    const clientId = await register(c.t, 'Reports', WEB);

    await c.browser.open(DESKTOP, async (page) => {
      await c.browser.signIn(page, org.admin);
      await catchResponses(page);
      const smuggled = { organization_id: org.orgId, workspace_id: org.workspaceId };
      await page.goto(authorizeUrl(c.t, { clientId, redirectUri: WEB, ...smuggled }));
      await page.getByLabel('Organization').selectOption({ label: 'Second' });
      await allow(page).click();
      await page.getByText('Signed in').waitFor();
    });
    expect(await grantsOf(org)).toEqual([]);
    expect(await grantsOf(second)).toEqual([
      { client_id: clientId, default_workspace_id: second.workspaceId },
    ]);
  });

  it('says why an application gets no access, and leads to no address that is not registered', async () => {
    const org = await c.t.fixtures.orgWithAdmin();
    const other = await c.t.fixtures.orgWithAdmin();
    const clientId = await register(c.t, 'Reports', WEB);
    const foreign = { client_name: 'Foreign', client_type: 'public', redirect_uris: [WEB] };
    const { body: created } = await other.admin.api.post(CLIENTS, foreign);

    await c.browser.open(PHONE, async (page) => {
      await c.browser.signIn(page, org.admin);
      const visit = async (request: Request, text: string) => {
        const [, query] = authorizeUrl(c.t, request).split('?');
        await page.goto(`${c.t.url}/console/consent?${query}`);
        await page.getByText(text).waitFor();
        expect(await accessibilityViolations(page)).toEqual([]);
        expect(await page.locator('a').count()).toBe(0);
        return allow(page);
      };
      const evil = { clientId, redirectUri: 'https://evil.example/callback' };
      expect(await (await visit(evil, 'address that it has not registered')).count()).toBe(0);
      expect(await page.content()).not.toContain('evil.example');
      await visit({ clientId: 'dcr_unknown', redirectUri: WEB }, 'This application is not known here.');
      await visit(
        { clientId, redirectUri: WEB, code_challenge: '' },
        'The application has sent a request that',
      );
      const ofOther = { clientId: created.client.client_id, redirectUri: WEB };
      const button = await visit(ofOther, 'This application belongs to another organization');
      expect(await button.isDisabled()).toBe(true);

      await org.admin.api.patch('/api/v1/orgs/current/info', { pat_creation_disabled: true });
      const blocked = await visit(
        { clientId, redirectUri: WEB },
        'access for applications, are switched off',
      );
      expect(await blocked.isDisabled()).toBe(true);
      await expectToFit(page);
    });
  });

  it('is not shown within a page of another site', async () => {
    const org = await c.t.fixtures.orgWithAdmin();
    const clientId = await register(c.t, 'Reports', WEB);
    const target = authorizeUrl(c.t, { clientId, redirectUri: WEB });
    const { server, address } = await listen(`<iframe src="${target.replaceAll('&', '&amp;')}"></iframe>`);

    await c.browser.open(DESKTOP, async (page) => {
      await c.browser.signIn(page, org.admin);
      const profile = await page.context().browser()!.newContext(); // whose complaints are expected
      await profile.addCookies(await page.context().cookies());
      const framing = await profile.newPage();
      await framing.goto(address);
      await expect(framing.frames()[1]?.title()).resolves.not.toContain('Tenantry');
      expect(framing.frames()[1]?.url()).toMatch(/^chrome-error:/);
      await framing.goto(target);
      await allow(framing).waitFor();
      await profile.close();
    });
    server.close();
  });

  it('connects a device whose code the person has compared, and sends no code before', async () => {
    const org = await c.t.fixtures.orgWithAdmin();
    const { body: device } = await c.t.post('/api/v1/oauth/device/code', { client_id: CLI });

    await c.browser.open(PHONE, async (page) => {
      const sent: string[] = [];
      page.on('request', (request) => sent.push(request.postData() ?? ''));
      await page.goto(device.verification_uri_complete);
      await c.browser.enterPassword(page, org.admin);
      await page.getByText('Compare this code with the one that the application shows.').waitFor();
      expect(await page.getByLabel('Code').inputValue()).toBe(device.user_code);
      expect(await accessibilityViolations(page)).toEqual([]);
      expect(sent.filter((body) => body.includes('user_code'))).toEqual([]);
      await page.getByRole('button', { name: 'Continue' }).click();
      await page.getByText(device.user_code, { exact: true }).waitFor();
      await page.getByText('127.0.0.1', { exact: true }).waitFor();
      expect(await accessibilityViolations(page)).toEqual([]);
      await expectToFit(page);
      expect((await exchangeDevice(c.t, device.device_code)).body.error).toBe('authorization_pending');
      await allow(page).click();
      await page.getByText('You can close this page and continue').waitFor();
      expect(await accessibilityViolations(page)).toEqual([]);
    });
    expect(await grantsOf(org)).toEqual([{ client_id: CLI, default_workspace_id: org.workspaceId }]);
  });

  it('denies a device, and limits wrong codes', async () => {
    const org = await c.t.fixtures.orgWithAdmin();
    const { body: device } = await c.t.post('/api/v1/oauth/device/code', { client_id: CLI });

    await c.browser.open(DESKTOP, async (page) => {
      await c.browser.signIn(page, org.admin);
      await page.goto(device.verification_uri);
      await page.getByText('Enter the code that the application shows.').waitFor();
      await page.getByLabel('Code').fill(device.user_code.toLowerCase().replace('-', ' '));
      await page.keyboard.press('Enter');
      await deny(page).click();
      await page.getByText('The application has got no access.').waitFor();
      const denied = await exchangeDevice(c.t, device.device_code);
      expect(denied.body.error).toBe('access_denied');

      await page.goto(device.verification_uri);
      const enter = async (code: string) => {
        await page.getByLabel('Code').fill(code);
        const answered = page.waitForResponse(/device\/request$/);
        await page.getByRole('button', { name: 'Continue' }).click();
        await answered;
      };
      await enter('BBBB-BBBB');
      await page.getByText('No device waits with this code').waitFor();
      expect(await accessibilityViolations(page)).toEqual([]);
      for (let tries = 1; tries < 11; tries++) await enter('BBBB-BBBB');
      await page.getByText('Too many wrong codes.').waitFor();
      expect(await accessibilityViolations(page)).toEqual([]);
    });
    expect(await grantsOf(org)).toEqual([]);
  });

  it('creates an application of the organization, shows its secret once, and rotates, changes, disables and deletes it', async () => {
    const org = await c.t.fixtures.orgWithAdmin();
    const clients = async () => (await org.admin.api.get(CLIENTS)).body.clients;

    await c.browser.open(DESKTOP, async (page) => {
      const dialog = page.getByRole('dialog');
      const choose = async (action: string) => {
        await page.getByRole('button', { name: /^Actions for/ }).click();
        await page.getByRole('menuitem', { name: action }).click();
        await dialog.waitFor();
      };
      const secretShown = async () => {
        await dialog.getByText('Client secret').first().waitFor();
        expect(await accessibilityViolations(page)).toEqual([]);
        return (await dialog.locator('pre').last().textContent()) ?? '';
      };
      const isRecognized = async (secret: string) => {
        const [{ client_id: clientId }] = await clients();
        const asked = {
          grant_type: 'refresh_token',
          client_id: clientId,
          client_secret: secret,
          refresh_token: 'x',
        };
        return (await c.t.post('/api/v1/oauth/token', asked)).body.error === 'invalid_grant';
      };
      await c.browser.signIn(page, org.admin);
      await page.getByRole('link', { name: 'Applications', exact: true }).click();
      await page.getByText('There are no applications of this organization yet.').waitFor();
      await page.getByRole('button', { name: 'Create an application' }).click();
      await dialog.getByLabel('Name').fill('Reports');
      await dialog.getByLabel('Redirect addresses').fill('http://reports.example/');
      await dialog.getByRole('button', { name: 'Create an application' }).click();
      await dialog.getByRole('alert').waitFor();
      expect(await accessibilityViolations(page)).toEqual([]);
      await dialog.getByLabel('Redirect addresses').fill(`${WEB}\n\ncom.example.reports:/back`);
      await dialog.getByRole('button', { name: 'Create an application' }).click();
      const secret = await secretShown();
      expect(await isRecognized(secret)).toBe(true);
      await dialog.getByRole('button', { name: 'Done' }).click();
      await dialog.waitFor({ state: 'detached' });
      expect(await page.content()).not.toContain(secret);
      expect(await accessibilityViolations(page)).toEqual([]);

      await choose('Rotate the secret');
      await dialog.getByRole('button', { name: 'Rotate the secret' }).click();
      const next = await secretShown();
      expect([await isRecognized(secret), await isRecognized(next)]).toEqual([false, true]);
      await dialog.getByRole('button', { name: 'Done' }).click();

      await choose('Change');
      await dialog.getByLabel('Name').fill('Monthly reports');
      await dialog.getByLabel('Redirect addresses').fill(WEB);
      await dialog.getByRole('button', { name: 'Save' }).click();
      await page.getByRole('table').getByText('Monthly reports').waitFor();
      await choose('Disable');
      await dialog.getByRole('button', { name: 'Disable' }).click();
      await page.getByRole('table').getByText('Disabled').waitFor();
      expect(await clients()).toMatchObject([
        { client_name: 'Monthly reports', redirect_uris: [WEB], disabled: true, client_type: 'confidential' },
      ]);
      await choose('Delete');
      await dialog.getByRole('button', { name: 'Delete' }).click();
      await page.getByText('There are no applications of this organization yet.').waitFor();
    });
    expect(await clients()).toEqual([]);
  });

  it('lists what the person has allowed, in all organizations, and revokes it', async () => {
    const org = await c.t.fixtures.orgWithAdmin();
    const second = await c.t.fixtures.orgWithAdmin();
    await c.t.fixtures.addMember(second, org.admin, { workspace: 'WORKSPACE_VIEWER' });
    const inSecond = { api: org.admin.api.as({ workspaceId: second.workspaceId }) };
    const settings = `${c.t.url}/console/organizations/${org.orgId}/settings`;

    await c.browser.open(PHONE, async (page) => {
      await c.browser.signIn(page, org.admin);
      await page.goto(`${settings}/own-applications`);
      await page.getByText('You have allowed no application to act for you.').waitFor();
      expect(await accessibilityViolations(page)).toEqual([]);
      const tokens = await signDeviceIn(c.t, org.admin, org.orgId);
      await signDeviceIn(c.t, inSecond, second.orgId);
      const asApplication = c.t.api.as({ token: tokens.access_token });
      expect((await asApplication.get('/api/v1/workspaces')).status).toBe(200);
      await page.reload();
      await page.getByRole('table').getByText('LangSmith CLI').first().waitFor();
      expect(await page.getByRole('table').locator('tbody tr').count()).toBe(2);
      await expectToFit(page);
      await page.getByRole('button', { name: 'Actions for LangSmith CLI' }).last().click();
      await page.getByRole('menuitem', { name: 'Revoke' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).waitFor();
      expect(await accessibilityViolations(page)).toEqual([]);
      await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
      await page.getByText('“LangSmith CLI” can no longer act for you.').waitFor();
      expect(await page.getByRole('table').locator('tbody tr').count()).toBe(1);
      expect((await asApplication.get('/api/v1/workspaces')).status).toBe(401);
    });
    expect(await grantsOf(org)).toEqual([]);
    expect(await grantsOf(second)).toHaveLength(1);
  });

  it('shows admins the applications of a person, and lets them end their access', async () => {
    const org = await c.t.fixtures.orgWithAdmin();
    const member = await c.t.fixtures.member(org, { workspace: 'WORKSPACE_VIEWER' });
    const tokens = await signDeviceIn(c.t, member, org.orgId);
    const settings = `${c.t.url}/console/organizations/${org.orgId}/settings`;

    await c.browser.open(DESKTOP, async (page) => {
      const row = page.getByRole('row', { name: 'LangSmith CLI' });
      const dialog = page.getByRole('dialog');
      await c.browser.signIn(page, org.admin);
      await page.goto(`${settings}/members/${member.membershipId}?tab=keys`);
      await row.getByText('Application', { exact: true }).waitFor();
      expect(await accessibilityViolations(page)).toEqual([]);
      await page.goto(`${settings}/credentials`);
      await page.getByLabel('Kind').selectOption({ label: 'Application' });
      await row.getByRole('link', { name: member.email }).waitFor();
      expect(await row.textContent()).toContain('langsmith-cli');
      expect(await accessibilityViolations(page)).toEqual([]);
      await row.getByRole('button', { name: 'Actions for LangSmith CLI' }).click();
      await page.getByRole('menuitem', { name: 'Revoke' }).click();
      await dialog.getByText('LangSmith CLI (Application)').waitFor();
      await dialog.getByRole('button', { name: 'Revoke 1' }).click();
      await page.getByText('One credential was revoked.').waitFor();
    });
    const asApplication = c.t.api.as({ token: tokens.access_token });
    expect((await asApplication.get('/api/v1/workspaces')).status).toBe(401);
    expect(await grantsOf(org)).toEqual([]);
  });
});
