import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Browser, chromium, type Page } from 'playwright-core';
import { freePort, LOGIN, TestIdentityProvider } from '../support/identity-provider.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const CHROMIUM = '/usr/bin/chromium';
const ROSTER = '/api/v1/orgs/current/members/active';

/** Where Debian's Chromium is not installed these tests are skipped, and say so in their names. */
const inBrowser = existsSync(CHROMIUM) ? describe : describe.skip;

inBrowser(`in a browser (skipped where ${CHROMIUM} is missing)`, () => {
  let t: TestApp;
  let provider: TestIdentityProvider;
  let browser: Browser;
  beforeAll(async () => {
    provider = await TestIdentityProvider.start({ appUrl: `http://127.0.0.1:${await freePort()}` });
    provider.account({ sub: 'ada', email: 'ada@example.com', email_verified: true, name: 'Ada Lovelace' });
    provider.account({ sub: 'nobody', name: 'Nobody' });
    t = await startTestApp(provider.environment);
    browser = await chromium.launch({ executablePath: CHROMIUM, args: QUIET });
  });
  afterAll(async () => {
    await browser?.close();
    await t?.close();
    await provider?.stop();
  });

  /** A window without cookies in which somebody has typed his name at the provider. */
  async function signIn(name: string, redirectTo: string): Promise<Page> {
    const page = await (await browser.newContext()).newPage();
    await page.goto(`${t.url}${LOGIN}?redirect_to=${encodeURIComponent(redirectTo)}`);
    await page.fill('input[name=login]', name);
    await page.fill('input[name=password]', 'any');
    await page.click('button[type=submit]');
    await page.waitForURL(`${t.url}/**`);
    return page;
  }

  it('somebody who has never been here types his name at the provider and sees the roster', async () => {
    const page = await signIn('ada', ROSTER);

    const roster = JSON.parse(await page.innerText('body')) as { email: string }[];
    expect(page.url()).toBe(`${t.url}${ROSTER}`);
    expect(roster.map(({ email }) => email)).toContain('ada@example.com');
    const [cookie] = await page.context().cookies(t.url);
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Lax', name: 'tenantry_session' });
  });

  it('who is refused reads why, and who can help', async () => {
    const page = await signIn('nobody', ROSTER);

    expect(page.url()).not.toContain(ROSTER);
    expect(await page.title()).not.toBe('');
    expect(await page.innerText('main')).toMatch(/e-?mail/i);
    expect(await page.context().cookies(t.url)).toEqual([]);
  });
});

/** As root, with nothing of its own to say to the world. */
const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
