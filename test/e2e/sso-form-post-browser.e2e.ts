import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { hasChromium, withChromium } from '../support/chromium.js';
import { HostileProvider } from '../support/hostile-provider.js';
import { CALLBACK, LOGIN } from '../support/identity-provider.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { CERTIFICATE_FILE, startForwardProxy, startIngress } from '../support/tls.js';

type Ingress = Awaited<ReturnType<typeof startIngress>>;

(hasChromium ? describe : describe.skip)('a form post over TLS from a provider of another site', () => {
  let proxy: Awaited<ReturnType<typeof startForwardProxy>>;
  let provider: HostileProvider;
  let ingress: Ingress;
  let t: TestApp;

  /** The server behind `https://tenantry.test`, its provider at `https://idp.test`. */
  const start = async (environment: Record<string, string> = {}) => {
    ingress = await startIngress('tenantry.test');
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
    provider.postsForm = {};
  });
  afterAll(async () => {
    await provider.stop();
    await proxy.stop();
  });

  /** Logs in by following every redirect and form; returns where that ends, and the requests to the callback. */
  async function logIn() {
    let landing = '';
    let cookies: { name: string; sameSite: string; secure: boolean }[] = [];
    await withChromium(async (browser) => {
      const page = await browser.newPage();
      await page.goto(`${ingress.url}${LOGIN}?redirect_to=/api/v1/me/ls_user_id`);
      await page.waitForURL(`${ingress.url}/**`);
      landing = page.url();
      cookies = await browser.cookies(ingress.url);
    });
    const callbacks = ingress.requests.filter(({ path }) => path === CALLBACK);
    return { landing, cookies, callbacks };
  }

  it('is repeated once with the cookie when the browser did not send the cookie with the form', async () => {
    await start();
    const { landing, cookies, callbacks } = await logIn();
    await stop();

    expect(landing).toBe(`${ingress.url}/api/v1/me/ls_user_id`);
    expect(callbacks).toEqual([
      { method: 'POST', path: CALLBACK, hasCookie: false },
      { method: 'GET', path: CALLBACK, hasCookie: true },
    ]);
    expect(cookies).toMatchObject([{ name: '__Host-tenantry_session', sameSite: 'Lax', secure: true }]);
  });

  it('is accepted directly when the operator asks for form posts', async () => {
    await start({ OAUTH_AUTHORIZATION_PARAMS: '{"response_mode":"form_post"}' });
    const { landing, callbacks } = await logIn();
    await stop();

    expect(landing).toBe(`${ingress.url}/api/v1/me/ls_user_id`);
    expect(callbacks).toEqual([{ method: 'POST', path: CALLBACK, hasCookie: true }]);
  });
});
