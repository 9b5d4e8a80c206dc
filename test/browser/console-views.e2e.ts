import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import type { Page, Response } from 'playwright-core';
import { accessibilityViolations, describeConsoleOf, DESKTOP, PHONE } from '../support/console-browser.js';
import { type OrgWithAdmin, role } from '../support/fixtures.js';
import { createMembers } from '../support/members.js';
import { type OauthApp, signDeviceIn, startOauthApp } from '../support/oauth.js';

const app = readFileSync(new URL('../../console/src/app.tsx', import.meta.url), 'utf8');
const routes = [...app.matchAll(/<Route path="([^"*]+)"/g)].map(([, path]) => path!);

const UNKNOWN = '00000000-0000-4000-8000-000000000000';
const OUTER = ['sign-in', 'signed-out', 'forgot-password', 'set-password'];
const LOOKS = [
  { size: DESKTOP, colorScheme: 'light' },
  { size: PHONE, colorScheme: 'dark' },
] as const;

/** Waits for transitions, also those that begin with the next frames. */
const FINISHED = `new Promise((resolve) =>
  requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve, 50)))).then(() =>
  Promise.allSettled(document.getAnimations().map(({ finished }) => finished)))`;

const TALLEST_LIST = `Math.max(0, ...Array.from(document.querySelectorAll('main table, main ul, main ol, .mantine-Timeline-root'),
  (list) => list.getBoundingClientRect().height))`;

/** $1 organization: 500 more workspaces. */
const WORKSPACES = `
  insert into workspaces (id, org_id, display_name)
  select gen_random_uuid(), $1, 'Research and development ' || n from generate_series(1, 500) n`;

/** What opens a dialog, or the actions of a row; nearly all of them. */
const OPENERS =
  /^(Add|Create|Deliver|Disable|Invite|Delete|Export(?! CSV)|Follow|New|Rename|Remove|Actions for|End|Revoke|Rotate|Change|Switch)\b/;

describeConsoleOf(startOauthApp, 'every view of the console', (c) => {
  it('has no accessibility violations and is not cut, with its dialogs and menus', async () => {
    const org = await c.t.fixtures.orgWithAdmin();
    const ids = await fill(c.t, org);
    const found: string[] = [];

    await c.browser.open(DESKTOP, async (page) => {
      const visit = async (path: string) => {
        await page.goto(`${c.t.url}/console/${path}`);
        await page.getByRole('heading', { level: 1 }).waitFor();
        await page.getByText('Loading …').first().waitFor({ state: 'detached' });
        found.push(...(await problemsOf(page, path)));
      };
      for (const path of OUTER) await visit(path);
      await page.goto(`${c.t.url}/docs`);
      await page.waitForSelector('.operation');
      found.push(...(await problemsOf(page, 'docs')));

      await c.browser.signIn(page, org.admin);
      await page.getByRole('button', { name: 'Signed in as' }).click();
      found.push(...(await problemsOf(page, 'the menu of the user')));
      const inside = routes.filter((route) => !OUTER.includes(route));
      for (const path of new Set(inside.map((route) => pathOf(route, org, ids)))) {
        await visit(path);
        found.push(...(await problemsOfDialogs(page, path)));
        found.push(...(await problemsOfList(page, path)));
      }
    });

    expect(found).toEqual([]);
  }, 1_200_000);

  it('stays small with 500 workspaces and 10,000 members', async () => {
    const org = await c.t.fixtures.orgWithAdmin();
    const ids = await fill(c.t, org);
    await c.t.sql(WORKSPACES, [org.orgId]);
    await createMembers(c.t, org, 10_000);
    const found: string[] = [];

    await c.browser.open(DESKTOP, async (page) => {
      let answers: Promise<number>[] = [];
      const sizeOf = (response: Response) =>
        response.body().then(
          ({ length }) => length,
          () => 0, // of the page before
        );
      page.on('response', (response) => {
        if (response.headers()['content-type']?.includes('json')) answers.push(sizeOf(response));
      });
      await c.browser.signIn(page, org.admin);
      const inside = routes.filter((route) => !OUTER.includes(route));
      for (const path of new Set(inside.map((route) => pathOf(route, org, ids)))) {
        answers = [];
        await page.goto(`${c.t.url}/console/${path}`);
        await page.getByRole('heading', { level: 1 }).waitFor();
        await page.getByText('Loading …').first().waitFor({ state: 'detached' });
        await page.waitForLoadState('networkidle', { timeout: 2000 }).catch(() => {}); // the page of events waits for more
        const bytes = (await Promise.all(answers)).reduce((sum, size) => sum + size, 0);
        if (bytes > 300_000) found.push(`${path}: ${bytes} bytes`);
        for (const size of [DESKTOP, PHONE]) {
          await page.setViewportSize(size);
          const height = await page.evaluate<number>(TALLEST_LIST);
          if (height > 3000) found.push(`${path}, ${size.width}: ${height} px`);
        }
      }
      page.removeAllListeners('response');
    });

    expect(found).toEqual([]);
  }, 600_000);

  it('keeps a heading where it is about something that does not exist', async () => {
    const org = await c.t.fixtures.orgWithAdmin();
    const unknown = { groupId: UNKNOWN, roleId: UNKNOWN, webhookId: UNKNOWN, identityId: UNKNOWN };

    await c.browser.open(DESKTOP, async (page) => {
      await c.browser.signIn(page, org.admin);
      for (const route of routes.filter((one) => /^settings.*:/.test(one))) {
        await page.goto(`${c.t.url}/console/${pathOf(route, org, unknown)}`);
        await page.getByText(/There is no such|was not found/).waitFor();
        expect(await accessibilityViolations(page)).toEqual([]);
      }
    });
  });
});

/** One of everything that the pages list; the values of the parameters of the routes. */
async function fill(t: OauthApp, org: OrgWithAdmin): Promise<Record<string, string>> {
  const { orgId, workspaceId, admin } = org;
  const member = await t.fixtures.member(org, { workspace: 'WORKSPACE_VIEWER' });
  const create = async (path: string, body: object) => (await admin.api.post(path, body)).body.id as string;
  await create('/api/v1/orgs/current/members', { email: t.fixtures.email() });
  await create('/api/v1/workspaces/current/members', { email: t.fixtures.email() });
  const description = 'CI';
  await create('/api/v1/orgs/current/personal-access-tokens', { description });
  await create('/api/v1/orgs/current/service-keys', { description, workspaces: [workspaceId] });
  await create('/v1/platform/orgs/current/scim/tokens', { description });
  const groups = '/v1/platform/orgs/current/user-groups';
  const groupId = await create(groups, { name: 'Sales' });
  const grant = { workspace_id: workspaceId, role_id: role('WORKSPACE_USER') };
  await create(`${groups}/${groupId}/workspaces`, grant);
  await create(`${groups}/${groupId}/members`, { identity_ids: [member.membershipId] });
  const form = { display_name: 'Auditor', description: '', permissions: ['workspaces:read'] };
  const roleId = await create('/api/v1/orgs/current/roles', form);
  await create('/api/v1/orgs/current/log-streams', { url: 'https://logs.example/' });
  await create('/v1/platform/oauth/clients', { client_name: 'CI', redirect_uris: ['https://ci.example/'] });
  await signDeviceIn(t, admin, orgId);
  const webhookId = await create('/api/v1/orgs/current/webhooks', { url: 'https://hooks.example/' });
  return { orgId, workspaceId, groupId, roleId, webhookId, identityId: member.membershipId };
}

/** The address of a route of app.tsx, which is written there without the routes around it. */
function pathOf(route: string, { orgId, workspaceId }: OrgWithAdmin, ids: Record<string, string>): string {
  const path = route.replaceAll(/:(\w+)/g, (_, name: string) => {
    if (!ids[name]) throw new Error(`add a value for :${name} of the route ${route} to fill()`);
    return ids[name];
  });
  if (route.startsWith('settings/')) return `organizations/${orgId}/${path}`;
  const isOfWorkspace =
    route === 'members' || route.startsWith('workspaces/') || route.startsWith('organizations/');
  return isOfWorkspace ? `organizations/${orgId}/workspaces/${workspaceId}/members` : path;
}

async function problemsOf(page: Page, view: string): Promise<string[]> {
  const found: string[] = [];
  for (const { size, colorScheme } of LOOKS) {
    await page.setViewportSize(size);
    await page.emulateMedia({ colorScheme });
    await page.evaluate(FINISHED);
    const at = `${view}, ${size.width}, ${colorScheme}: `;
    found.push(...(await accessibilityViolations(page)).map((violation) => at + violation));
    if ((await page.evaluate('document.documentElement.scrollWidth')) !== size.width)
      found.push(`${at}scrolls sideways`);
  }
  await page.setViewportSize(DESKTOP);
  return found;
}

/** Opens the list of the first field with one. */
async function problemsOfList(page: Page, view: string): Promise<string[]> {
  const field = page.getByRole('main').locator('input[aria-haspopup="listbox"]').first();
  if ((await field.count()) === 0) return [];
  await field.click();
  await page.locator('[role="option"]:visible').first().waitFor();
  return problemsOf(page, `${view}, list`);
}

/** Opens and closes what the buttons of the page open, one of each label. */
async function problemsOfDialogs(page: Page, view: string): Promise<string[]> {
  const found: string[] = [];
  const openers = page.getByRole('main').getByRole('button', { name: OPENERS, disabled: false });
  const opened = page.getByRole('dialog').or(page.getByRole('menu'));
  const seen = new Set<string>();
  for (const [index, label] of (await openers.allTextContents()).entries()) {
    const [action = label] = OPENERS.exec(label) ?? [];
    if (seen.has(action)) continue;
    seen.add(action);
    await openers.nth(index).click();
    const isOpen = await opened.waitFor({ timeout: 8000 }).then(
      () => true,
      () => false,
    );
    if (!isOpen) continue;
    found.push(...(await problemsOf(page, `${view}, ${label}`)));
    await page.keyboard.press('Escape');
    await opened.waitFor({ state: 'detached' });
  }
  return found;
}
