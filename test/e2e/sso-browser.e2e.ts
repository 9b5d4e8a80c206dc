import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { BrowserContext, Page } from 'playwright-core';
import { hasChromium, withChromium } from '../support/chromium.js';
import { LOGIN } from '../support/identity-provider.js';
import { SsoEnvironment } from '../support/sso-environment.js';

const ROSTER = '/api/v1/orgs/current/members';

(hasChromium ? describe : describe.skip)('in a real browser', () => {
  let w: SsoEnvironment;
  beforeAll(async () => {
    w = await SsoEnvironment.start();
  });
  afterAll(() => w.stop());

  /** Opens our login address, types the user name at the provider and follows every redirect. */
  async function signIn(browser: BrowserContext, sub: string): Promise<Page> {
    const page = await browser.newPage();
    await page.goto(`${w.t.url}${LOGIN}?redirect_to=${ROSTER}`);
    await page.fill('input[name=login]', sub);
    await page.fill('input[name=password]', 'any');
    await page.click('button[type=submit]');
    await page.waitForURL(`${w.t.url}/**`);
    return page;
  }

  it('signs in a user, opens the page they requested and shows the members', async () => {
    const ada = w.person({ name: 'Ada Lovelace' });

    await withChromium(async (browser) => {
      const page = await signIn(browser, ada.sub);

      expect(page.url()).toBe(`${w.t.url}${ROSTER}`);
      const roster = JSON.parse((await page.textContent('body'))!);
      expect(roster.members).toContainEqual(
        expect.objectContaining({ email: ada.email, full_name: 'Ada Lovelace' }),
      );
      const cookies = await browser.cookies(w.t.url);
      expect(cookies.filter(({ name }) => name.startsWith('tenantry'))).toMatchObject([
        { name: 'tenantry_session', httpOnly: true, sameSite: 'Lax' },
      ]);
    });
  });

  it('shows the reason to a user without access, on a narrow screen, without Content Security Policy violations', async () => {
    await w.updateOrg({ jit_provisioning_enabled: false });
    const messages: string[] = [];

    await withChromium(async (browser) => {
      browser.on('console', (message) => messages.push(message.text()));
      const page = await signIn(browser, w.person().sub);

      expect(await page.textContent('h1')).toBe('Access denied');
      expect(await page.textContent('main')).toContain('Ask an organization admin to invite you.');
      const style = await page.evaluate('getComputedStyle(document.body).backgroundColor');
      expect(style).toBe('rgb(15, 18, 24)'); // the policy allows the style of the page
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
      expect(messages.filter((line) => line.includes('Content Security Policy'))).toEqual([]);
    });
    await w.updateOrg({ jit_provisioning_enabled: true });
  });
});
