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

  /** From our login address, by typing at the provider, to wherever that leads. */
  async function signIn(browser: BrowserContext, sub: string): Promise<Page> {
    const page = await browser.newPage();
    await page.goto(`${w.t.url}${LOGIN}?redirect_to=${ROSTER}`);
    await page.fill('input[name=login]', sub);
    await page.fill('input[name=password]', 'any');
    await page.click('button[type=submit]');
    await page.waitForURL(`${w.t.url}/**`);
    return page;
  }

  it('somebody signs in, lands where she wanted to, and sees the roster', async () => {
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

  it('somebody without access reads why, on a phone too, and nothing is missing from the page', async () => {
    await w.updateOrg({ jit_provisioning_enabled: false });
    const said: string[] = [];

    await withChromium(async (browser) => {
      browser.on('console', (message) => said.push(message.text()));
      const page = await signIn(browser, w.person().sub);

      expect(await page.textContent('h1')).toBe('You could not be let in');
      expect(await page.textContent('main')).toContain('Ask an organization admin to invite you.');
      const style = await page.evaluate('getComputedStyle(document.body).backgroundColor');
      expect(style).toBe('rgb(15, 18, 24)'); // our style is let through by our own policy
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
      expect(said.filter((line) => line.includes('Content Security Policy'))).toEqual([]);
    });
    await w.updateOrg({ jit_provisioning_enabled: true });
  });
});
