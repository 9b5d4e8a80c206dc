import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { launchChromium, newProfile } from '../support/chromium.js';
import { describeInChromium } from '../support/console-browser.js';
import type { OrgWithAdmin } from '../support/fixtures.js';
import { invitationsOf } from '../support/invitations.js';
import { ADMIN, startTestApp, type TestApp } from '../support/test-app.js';

const INVITE = '#post-api-v1-orgs-current-members';

let t: TestApp;
let org: OrgWithAdmin;
beforeAll(async () => {
  t = await startTestApp();
  org = await t.fixtures.defaultOrg();
});
afterAll(() => t.close());

describeInChromium('in a real browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());

  /** Opens the page in a new context; `strayed` collects errors and requests to other origins. */
  async function open(width: number): Promise<{ page: Page; strayed: string[] }> {
    const context = await newProfile(browser, { viewport: { width, height: 800 } });
    const page = await context.newPage();
    const strayed: string[] = [];
    page.on('console', (message) => void (message.type() === 'error' && strayed.push(message.text())));
    page.on('pageerror', (error) => void strayed.push(error.message));
    page.on('request', (request) => void (request.url().startsWith(t.url) || strayed.push(request.url())));
    await page.goto(`${t.url}/docs`);
    await page.waitForSelector('.operation');
    return { page, strayed };
  }

  const signIn = async (page: Page) => {
    await page.fill('input[type=email]', ADMIN.email);
    await page.locator('form', { hasText: 'E-mail' }).locator('input[type=password]').fill(ADMIN.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForSelector('text=Ready.');
  };

  it.each([1400, 390])(
    'shows every operation at a width of %i pixels without scrolling sideways',
    async (width) => {
      const { page, strayed } = await open(width);
      const { paths } = (await (await fetch(`${t.url}/openapi.json`)).json()) as { paths: object };
      const operations = Object.values(paths).flatMap((methods: object) => Object.keys(methods));

      await page.evaluate(`document.querySelectorAll('.operation').forEach((shown) => (shown.open = true))`);
      await page.waitForFunction(`document.querySelectorAll('.who').length === ${operations.length}`);

      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
      expect(strayed).toEqual([]);
      await page.close();
    },
  );

  it('finds operations by the words in them, and opens the operation that the address names', async () => {
    const { page } = await open(1400);

    await page.fill('#search', 'resend invitation');
    expect(await page.locator('.operation:visible .title').allInnerTexts()).toEqual([
      'Send an invitation again',
      'Send an invitation to the current workspace again',
    ]);
    await page.fill('#search', 'no such thing');
    expect(await page.locator('#nothing').isVisible()).toBe(true);
    await page.goto(`${t.url}/docs${INVITE}`);
    await page.reload();

    await page.waitForSelector(`${INVITE}[open]`);
    await page.close();
  });

  it("sends a call with the reader's session and real ids, and stores the credential nowhere", async () => {
    const { page, strayed } = await open(1400);
    await signIn(page);
    const operation = page.locator(INVITE);
    await operation.locator('summary').first().click();
    await operation.getByRole('button', { name: 'Try it here' }).click();
    const body = operation.locator('textarea');
    await page.waitForFunction(
      `!document.querySelector(${JSON.stringify(`${INVITE} textarea`)}).value.includes('$WORKSPACE_ID')`,
    );
    const { email, workspace_ids } = JSON.parse(await body.inputValue());

    await operation.getByRole('button', { name: 'Send POST' }).click();

    await operation.getByText(/^200 ·/).waitFor();
    expect(workspace_ids).toEqual([org.workspaceId]);
    expect((await invitationsOf(t, org)).map((one) => one.email)).toContain(email);
    expect(await page.evaluate('localStorage.length + sessionStorage.length + document.cookie.length')).toBe(
      0,
    );
    expect(strayed).toEqual([]);
    await page.reload();
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    await page.close();
  });

  async function signInToConsole(page: Page, { email, password }: typeof ADMIN): Promise<void> {
    await page.goto(`${t.url}/console/sign-in`);
    await page.getByLabel('E-mail').fill(email);
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('button', { name: `Signed in as ${email}` }).waitFor();
  }

  it('says whose session of the console it continues with, also for changes', async () => {
    const { page } = await open(1400);
    await signInToConsole(page, ADMIN);
    await page.getByRole('link', { name: 'API reference' }).click();

    await page.getByText(`You are signed in by the console as ${ADMIN.email}.`).waitFor();
    const operation = page.locator(INVITE);
    await operation.locator('summary').first().click();
    await operation.getByRole('button', { name: 'Try it here' }).click();
    await operation.locator('textarea').fill('{"email": "radia@example.com"}');
    await operation.getByRole('button', { name: 'Send POST' }).click();
    await operation.getByText(/^200 ·/).waitFor();
    await page.getByRole('button', { name: 'Use another credential' }).click();
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    await page.close();
  });

  it('sends nothing with the session of a user who has signed in in another tab meanwhile', async () => {
    const second = await t.fixtures.member(org, { org: 'ORGANIZATION_ADMIN' });
    const { page } = await open(1400);
    await signInToConsole(page, ADMIN);
    await page.goto(`${t.url}/docs`);
    await page.getByText(`as ${ADMIN.email}.`).waitFor();
    const tab = await page.context().newPage();
    await signInToConsole(tab, second);

    const operation = page.locator(INVITE);
    await operation.locator('summary').first().click();
    await operation.getByRole('button', { name: 'Try it here' }).click();
    await operation.locator('textarea').fill('{"email": "sophie@example.com"}');
    await operation.getByRole('button', { name: 'Send POST' }).click();

    await operation.getByText(/^409 ·/).waitFor();
    await operation.getByText(/belongs to another user than the page; reload the page/).waitFor();
    expect((await invitationsOf(t, org)).map((one) => one.email)).not.toContain('sophie@example.com');
    await page.reload();
    await page.getByText(`as ${second.email}.`).waitFor();
    await page.context().close();
  });

  it('names the session of a user who is in no organization by its id', async () => {
    const person = await t.fixtures.userWithoutOrg();
    const { page } = await open(390);
    await page.goto(`${t.url}/console/sign-in`);
    await page.getByLabel('E-mail').fill(person.email);
    await page.getByLabel('Password', { exact: true }).fill(person.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'You are not a member of an organization' }).waitFor();
    await page.goto(`${t.url}/docs`);

    await page.getByText(`You are signed in by the console as ${person.userId}.`).waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    await page.close();
  });

  it('shows what is wrong with an invalid key', async () => {
    const { page } = await open(390);

    await page.fill('input[placeholder^=lsv2]', 'lsv2_pt_wrong');
    await page.getByRole('button', { name: 'Use it' }).click();

    await page.getByText('Invalid token').waitFor();
    await page.close();
  });
});
