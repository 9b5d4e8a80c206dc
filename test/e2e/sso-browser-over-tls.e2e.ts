import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { BrowserContext } from 'playwright-core';
import { hasChromium, withChromium } from '../support/chromium.js';
import { type Forgery, HostileProvider } from '../support/hostile-provider.js';
import { CALLBACK, LOGIN } from '../support/identity-provider.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { CERTIFICATE_FILE, startCookieSetter, startForwardProxy, startIngress } from '../support/tls.js';

const ME = '/api/v1/me/ls_user_id';
const SESSION_COOKIE = '__Host-tenantry_session';
const MALLORY = { sub: 'mallory', email: 'mallory@example.com' };

(hasChromium ? describe : describe.skip)('single sign-on over TLS in a real browser', () => {
  let proxy: Awaited<ReturnType<typeof startForwardProxy>>;
  let provider: HostileProvider;
  let ingress: Awaited<ReturnType<typeof startIngress>>;
  let t: TestApp;

  /** The server behind `https://app.tenantry.test`, its provider at `https://idp.test`. */
  const start = async (environment: Record<string, string> = {}) => {
    ingress = await startIngress('app.tenantry.test');
    t = await startTestApp({
      ...provider.environment(ingress.url),
      PORT: '0',
      OAUTH_CA_CERTIFICATES_FILE: CERTIFICATE_FILE,
      HTTPS_PROXY: proxy.url, // leads to idp.test, which no name server knows
      ...environment,
    });
    ingress.leadTo(t.url);
  };
  const stop = async () => {
    await t.close();
    await ingress.stop();
  };

  beforeAll(async () => {
    proxy = await startForwardProxy();
    provider = await HostileProvider.start({}, undefined, 'idp.test');
  });
  afterAll(async () => {
    await provider.stop();
    await proxy.stop();
  });

  /** Signs somebody in by following every redirect and form; returns what `/me` answers in the end. */
  async function signIn(browser: BrowserContext, person: Forgery = {}) {
    provider.postsForm = person;
    const page = await browser.newPage();
    await page.goto(`${ingress.url}${LOGIN}?redirect_to=${ME}`);
    await page.waitForURL(`${ingress.url}/**`);
    expect(page.url()).toBe(`${ingress.url}${ME}`);
    return page.textContent('body');
  }

  /** What `/me` answers in this browser. */
  async function whoIs(browser: BrowserContext) {
    const page = await browser.newPage();
    const response = await page.goto(`${ingress.url}${ME}`);
    return { status: response!.status(), text: await page.textContent('body') };
  }

  const callbacks = () => ingress.requests.filter(({ path }) => path === CALLBACK);

  describe('with the settings of most installations', () => {
    let sibling: Awaited<ReturnType<typeof startCookieSetter>>;
    beforeAll(async () => {
      await start();
      sibling = await startCookieSetter('evil.tenantry.test');
    });
    afterAll(async () => {
      await sibling.stop();
      await stop();
    });

    /** Cookies that a page of another subdomain sets for the whole domain. */
    async function visitSibling(browser: BrowserContext, cookies: string[]) {
      sibling.cookies = cookies.map((cookie) => `${cookie}; Domain=tenantry.test; Path=/; Secure`);
      await (await browser.newPage()).goto(sibling.url);
      const kept = await browser.cookies(ingress.url);
      expect(kept.filter(({ domain }) => domain === '.tenantry.test')).toHaveLength(cookies.length);
    }

    it('repeats a cross-site form post once with the cookie, which the browser did not send with the form', async () => {
      await withChromium(async (browser) => {
        await signIn(browser);

        expect(callbacks()).toEqual([
          { method: 'POST', path: CALLBACK, hasCookie: false },
          { method: 'GET', path: CALLBACK, hasCookie: true },
        ]);
        expect(await browser.cookies(ingress.url)).toMatchObject([
          { name: SESSION_COOKIE, sameSite: 'Lax', secure: true },
        ]);
      });
    });

    it('accepts no session cookie of a sibling subdomain', async () => {
      await withChromium(async (browser) => {
        await signIn(browser, { claims: MALLORY, userInfo: MALLORY });
        const [session] = await browser.cookies(ingress.url);
        await browser.clearCookies();

        await visitSibling(browser, [`\xA0${SESSION_COOKIE}=${session!.value}`]);

        expect((await whoIs(browser)).status).toBe(401);
        const victim = await signIn(browser);
        expect(await whoIs(browser)).toEqual({ status: 200, text: victim });
      });
    });

    it('signs in while a sibling subdomain sets cookies of sign-in attempts', async () => {
      await withChromium(async (browser) => {
        const slots = Array.from({ length: 8 }, (_, slot) => `\xA0__Host-tenantry-sign-in-${slot}=x`);

        await visitSibling(browser, slots);

        const victim = await signIn(browser);
        expect(await whoIs(browser)).toEqual({ status: 200, text: victim });
      });
    });
  });

  describe('where the operator asks for form posts', () => {
    beforeAll(() => start({ OAUTH_AUTHORIZATION_PARAMS: '{"response_mode":"form_post"}' }));
    afterAll(stop);

    it('accepts a cross-site form post directly', async () => {
      await withChromium(async (browser) => {
        await signIn(browser);

        expect(callbacks()).toEqual([{ method: 'POST', path: CALLBACK, hasCookie: true }]);
      });
    });
  });
});
