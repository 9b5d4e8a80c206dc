import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { Browser as CookieJar } from '../support/browser.js';
import { launchChromium, newProfile } from '../support/chromium.js';
import { accessibilityViolations, describeInChromium, expectToFit } from '../support/console-browser.js';
import { freePort } from '../support/free-port.js';
import { type Forgery, HostileProvider } from '../support/hostile-provider.js';
import { CALLBACK, LOGIN } from '../support/identity-provider.js';
import { SsoEnvironment } from '../support/sso-environment.js';
import { MailServer, partOf } from '../support/mail-server.js';
import { ssoSettings } from '../support/sso-settings.js';
import { ME as ORGS } from '../support/sso-session.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { CERTIFICATE_FILE, startCookieSetter, startForwardProxy, startIngress } from '../support/tls.js';

const FRONTCHANNEL = '/api/v1/oauth/custom-oidc/frontchannel-logout';
const ROSTER = '/api/v1/orgs/current/members';
const ME = '/api/v1/me/ls_user_id';
const SESSION_COOKIE = '__Host-tenantry_session';
const MALLORY = { sub: 'mallory', email: 'mallory@example.com' };

/** What a page outside of the console shares with those in it, which have one card in the middle. */
const LOOKS = `(() => {
  const heading = document.querySelector('h1');
  const card = [...document.querySelectorAll('main *')].find((one) => getComputedStyle(one).boxShadow !== 'none');
  const ground = [document.body, ...document.querySelectorAll('#root *')].findLast((one) => one.contains(card) &&
    one !== card && getComputedStyle(one).backgroundColor !== 'rgba(0, 0, 0, 0)');
  const styleOf = (element, ...names) => names.map((name) => getComputedStyle(element)[name]);
  return [
    styleOf(ground, 'backgroundColor'),
    [card.offsetWidth, card.getBoundingClientRect().top],
    styleOf(card, 'backgroundColor', 'borderRadius', 'borderTopColor', 'boxShadow', 'paddingLeft', 'paddingTop'),
    styleOf(heading, 'color', 'fontFamily', 'fontSize', 'fontWeight', 'lineHeight'),
    styleOf(card.querySelector('p'), 'color', 'fontSize', 'lineHeight'),
    styleOf(card.querySelector('a'), 'backgroundColor', 'borderRadius', 'color', 'fontSize', 'fontWeight', 'height', 'width'),
  ];
})()`;

describeInChromium('sign-in in a browser', () => {
  let chromium: Browser;
  beforeAll(async () => {
    chromium = await launchChromium();
  });
  afterAll(() => chromium.close());

  /** Runs `work` in a new profile of a browser of the size of a phone. */
  async function inProfile(work: (profile: BrowserContext) => Promise<void>): Promise<void> {
    const profile = await newProfile(chromium, {
      viewport: { width: 360, height: 720 },
      colorScheme: 'dark',
      ignoreHTTPSErrors: true, // the certificate of the tests
    });
    try {
      await work(profile);
    } finally {
      await profile.close();
    }
  }

  describe('single sign-on without TLS', () => {
    let w: SsoEnvironment;
    let mail: MailServer;
    beforeAll(async () => {
      mail = await MailServer.start();
      w = await SsoEnvironment.start({ ...mail.environment, AUTHORIZATION_SERVER_ENABLED: 'true' });
    });
    afterAll(async () => {
      await w.stop();
      await mail.stop();
    });

    it('confirms an address by the link of a mail, on a click and not by opening it', async () => {
      const person = w.person({ email_verified: false });
      const login = await w.signIn(person);
      const { provider_id: provider } = await ssoSettings(w.org);
      const body = { email: person.email, saml_provider_id: provider };
      await login.send('POST', '/api/v1/sso/email-verification/send', body);
      const [received] = await mail.mailsTo(person.email);
      const [link = ''] = /http\S+confirm-email#token=\S+/.exec(partOf(received!, 'text/plain')) ?? [];
      const confirmedAt = async () =>
        (await w.t.api.post('/api/v1/sso/email-verification/status', body)).body.email_confirmed_at;

      await inProfile(async (profile) => {
        const page = await profile.newPage();
        const requests: string[] = [];
        page.on('request', (request) => requests.push(request.url()));
        await page.goto(link);
        await page.getByRole('heading', { name: 'Confirm your e-mail address' }).waitFor();
        expect(page.url()).not.toContain('token');
        expect(await accessibilityViolations(page)).toEqual([]);
        await expectToFit(page);
        expect(await confirmedAt()).toBeNull();

        await page.getByRole('button', { name: 'Confirm the address' }).click();
        await page.getByRole('heading', { name: 'Your e-mail address is confirmed' }).waitFor();
        expect(await confirmedAt()).toEqual(expect.stringMatching(/^\d{4}-/));
        const [, token = ''] = link.split('token=');
        expect(requests.filter((url) => url.includes(token))).toEqual([]);

        await page.goto('about:blank');
        await page.goto(link);
        await page.getByRole('button', { name: 'Confirm the address' }).click();
        await page.getByText('This link is not valid, or not valid any more.').waitFor();
      });
    });

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

      await inProfile(async (browser) => {
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

      await inProfile(async (browser) => {
        browser.on('console', (message) => messages.push(message.text()));
        const page = await signIn(browser, w.person().sub);

        expect(await page.textContent('h1')).toBe('Access denied');
        expect(await page.textContent('main')).toContain('Ask an organization admin to invite you.');
        const shown = await page.evaluate(LOOKS);
        expect(await accessibilityViolations(page)).toEqual([]);
        await expectToFit(page);
        await page.goto(`${w.t.url}/console/signed-out`);
        await page.waitForSelector('h1');
        expect(shown).toEqual(await page.evaluate(LOOKS)); // as the policy allows its style
        expect(messages.filter((line) => line.includes('Content Security Policy'))).toEqual([]);
      });
      await w.updateOrg({ jit_provisioning_enabled: true });
    });

    /** The page of the organization's settings, for its admin. */
    async function openSettings(browser: BrowserContext, page: string): Promise<Page> {
      const tab = await signIn(browser, 'the-admin');
      await tab.goto(`${w.t.url}/console/organizations/${w.org.orgId}/settings/${page}`);
      return tab;
    }

    /** Answers the provider, which asks again who signs in. */
    async function answerProvider(page: Page, sub: string): Promise<void> {
      await page.fill('input[name=login]', sub);
      await page.fill('input[name=password]', 'any');
      await page.click('button[type=submit]');
      await page.waitForURL(`${w.t.url}/**`);
    }

    it('requires a level of the sign-in that the admin has, and lets others sign in again for it', async () => {
      const { email } = w.org.admin;
      w.idp.account({ sub: 'the-admin', email, email_verified: true, acr: 'gold', amr: ['pwd', 'otp'] });
      const ada = w.person({ acr: 'gold', name: 'Ada Lovelace' });
      await inProfile(async (adas) => {
        await signIn(adas, ada.sub);
        await inProfile(async (browser) => {
          const page = await openSettings(browser, 'single-sign-on');
          const card = page.locator('section', { hasText: 'Strong sign-ins' });
          await card.getByText('Not sent').first().waitFor();
          await card.getByLabel('Accepted levels').first().fill('gold');
          await page.keyboard.press('Enter');
          expect(await card.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true);
          await card
            .getByText(/^(One session is based on a|\d+ sessions are based on) weaker sign-in/)
            .waitFor();
          expect(await accessibilityViolations(page)).toEqual([]);
          await card.getByRole('link', { name: 'Sign in this way' }).click();
          await answerProvider(page, 'the-admin');
          await card.getByText('pwd, otp').waitFor();
          await card.getByRole('button', { name: 'Save' }).click();
          await page.getByText('People need such a sign-in now.').waitFor();
          expect(await accessibilityViolations(page)).toEqual([]);
          await expectToFit(page);
          await card
            .getByText(/created with (a )?weaker sign-in/)
            .getByRole('link', { name: 'Show them' })
            .click();
          await page.getByRole('tab', { name: 'All keys and tokens', selected: true }).waitFor();
          await page.getByRole('button', { name: 'Filters' }).click();
          expect(await page.getByLabel('Sign-in').inputValue()).toBe('weaker');
          await expectToFit(page);
        });
        const page = await adas.newPage();
        await page.goto(`${w.t.url}/console/`);
        await page.getByText('requires a stronger or more recent sign-in').first().waitFor();
        expect(await accessibilityViolations(page)).toEqual([]);
        await expectToFit(page);
        await page.getByRole('link', { name: 'Sign in again' }).click();
        await page.getByRole('heading', { name: 'Workspace members' }).waitFor();
      });
      await w.t.sql(`update organizations set required_acr = '{}' where id = $1`, [w.org.orgId]);
    });

    it('keeps the request of an application, however long it is, while its person signs in as required', async () => {
      const ada = w.person({ acr: 'gold' });
      const address = 'https://reports.example/callback';
      const registration = { client_name: 'Reports', redirect_uris: [address] };
      const { body: client } = await w.t.api.post('/api/v1/oauth/register', registration);
      const query = new URLSearchParams({
        response_type: 'code',
        client_id: client.client_id,
        redirect_uri: address,
        code_challenge: 'c'.repeat(43),
        code_challenge_method: 'S256',
        state: 's'.repeat(2500),
      });
      await inProfile(async (browser) => {
        const page = await browser.newPage();
        const allow = page.getByRole('button', { name: 'Allow', exact: true });
        await page.route('https://reports.example/**', (route) => route.fulfill({ body: 'Signed in' }));
        await page.goto(`${w.t.url}/api/oauth/authorize?${query}`);
        await page.getByText('An application asks for access.').waitFor();
        await page.getByRole('link', { name: 'Continue with your identity provider' }).click();
        await answerProvider(page, ada.sub);
        await allow.waitFor();
        await w.t.sql(`update organizations set required_acr = '{gold}' where id = $1`, [w.org.orgId]);
        await page.reload();
        await page.getByText('requires a stronger or more recent sign-in').waitFor();
        expect(await allow.isDisabled()).toBe(true);
        expect(await accessibilityViolations(page)).toEqual([]);
        await expectToFit(page);
        await page.getByRole('link', { name: 'Sign in again' }).click();
        await page.locator('button:enabled', { hasText: 'Allow' }).click();
        await page.getByText('Signed in').waitFor();
        expect(new URL(page.url()).searchParams.get('state')).toBe(query.get('state'));
      });
      await w.t.sql(`update organizations set required_acr = '{}' where id = $1`, [w.org.orgId]);
    });

    it('tests the sign-in in another tab, and is not satisfied with a wrong client secret', async () => {
      await inProfile(async (browser) => {
        const page = await openSettings(browser, 'single-sign-on');
        const openProvider = async (button: string) => {
          const [tab] = await Promise.all([
            browser.waitForEvent('page'),
            page.getByRole('button', { name: button }).click(),
          ]);
          return tab;
        };
        await browser.clearCookies({ name: /^_(session|interaction)/ }); // of the provider, which asks who it is

        const tab = await openProvider('Test sign-in');
        await page.getByText('Waiting for you to sign in.').waitFor();
        expect(await accessibilityViolations(page)).toEqual([]);
        await tab.fill('input[name=login]', 'the-admin');
        await tab.fill('input[name=password]', 'any');
        await tab.click('button[type=submit]');
        await tab.getByText('The test has ended').waitFor();
        await page.getByText('The sign-in works').waitFor();
        const claims = page.getByRole('table', { name: 'What the identity provider sent' });
        await claims.getByText(w.org.admin.email).waitFor();
        const rights = page.getByRole('table', { name: 'What the person would have after the sign-in' });
        await rights.getByText('Organization Admin').waitFor();
        await page.getByText(`${w.t.url}${CALLBACK}`, { exact: true }).waitFor(); // to copy
        expect(await accessibilityViolations(page)).toEqual([]);
        await expectToFit(page);

        w.idp.interfere = (path) => (path.startsWith('/token') ? 401 : null);
        await openProvider('Test again');
        await page.getByText('does not accept the client secret or key').waitFor();
        expect(await page.getByText('The sign-in works').count()).toBe(0);
        expect(await page.getByText('client_authentication_rejected').count()).toBe(1);
        expect(await accessibilityViolations(page)).toEqual([]);
        await expectToFit(page);
      });
      w.idp.interfere = () => null;
    });

    it('shows admins why sign-ins failed, equal ones once, with the remedy', async () => {
      const nameless = w.person();
      w.idp.account({ sub: nameless.sub });
      const member = w.person({ name: 'Ada Lovelace' });
      await w.signIn(member);
      const sameAddress = w.person({ email: member.email });
      for (const person of [nameless, nameless, sameAddress])
        expect((await w.signIn(person)).page.status).toBe(403);

      await inProfile(async (browser) => {
        const page = await openSettings(browser, 'single-sign-on');

        const failures = page.getByRole('table', { name: 'Failed sign-ins' });
        const twice = failures.getByRole('row').filter({ hasText: 'email_claim_missing' });
        expect(await twice.innerText()).toContain('Let it release the claim “email” to this application.');
        expect(await twice.innerText()).toContain('2 times, most recently:');
        const other = failures.getByRole('row').filter({ hasText: 'account_has_another_login' });
        expect(await other.innerText()).toContain('Account: Ada Lovelace');
        expect(await accessibilityViolations(page)).toEqual([]);
        await expectToFit(page);
      });
    });
  });

  describe('the response to a front-channel logout in a frame', () => {
    let provider: HostileProvider;
    let t: TestApp;
    beforeAll(async () => {
      provider = await HostileProvider.start();
      t = await startTestApp(provider.environment(`http://127.0.0.1:${await freePort()}`));
    });
    afterAll(async () => {
      await t.close();
      await provider.stop();
    });

    it('ends the session, and no other page is shown in a frame', async () => {
      const [sid, sub] = [randomUUID(), randomUUID()];
      const person = { sub, email: `${sub}@example.com` };
      const session = new CookieJar();
      const { location } = await session.open(`${t.url}${LOGIN}`);
      await session.open(provider.accept(location!, { claims: { ...person, sid }, userInfo: person }));
      const status = async () => (await t.api.get(ORGS, { headers: session.cookieHeader(t.url) })).status;
      expect(await status()).toBe(200);
      const address = `${t.url}${FRONTCHANNEL}?${new URLSearchParams({ iss: provider.issuer, sid })}`;
      provider.page = `<iframe id="logout" src="${address}"></iframe><iframe id="other" src="${t.url}/signed-out"></iframe>`;

      await inProfile(async (browser) => {
        const page = await browser.newPage();
        await page.goto(`${provider.issuer}/page`, { waitUntil: 'load' });
        const titleIn = (id: string) =>
          page.frameLocator(`#${id}`).locator('html').evaluate('document.title');

        expect(await titleIn('logout')).toBe('Signed out');
        expect(await titleIn('other')).not.toContain('signed out');
      });

      expect(await status()).toBe(401);
    });
  });

  describe('single sign-on over TLS', () => {
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

    /** Signs somebody in by following every redirect and form; returns what `/me` returns in the end. */
    async function signIn(browser: BrowserContext, person: Forgery = {}) {
      provider.postsForm = person;
      const page = await browser.newPage();
      await page.goto(`${ingress.url}${LOGIN}?redirect_to=${ME}`);
      await page.waitForURL(`${ingress.url}/**`);
      expect(page.url()).toBe(`${ingress.url}${ME}`);
      return page.textContent('body');
    }

    /** what `/me` returns in this browser. */
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
        await inProfile(async (browser) => {
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
        await inProfile(async (browser) => {
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
        await inProfile(async (browser) => {
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
        await inProfile(async (browser) => {
          await signIn(browser);

          expect(callbacks()).toEqual([{ method: 'POST', path: CALLBACK, hasCookie: true }]);
        });
      });
    });
  });
});
