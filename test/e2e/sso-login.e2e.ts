import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Browser } from '../support/browser.js';
import { freePort, TestIdentityProvider } from '../support/identity-provider.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

let t: TestApp;
let idp: TestIdentityProvider;
beforeAll(async () => {
  idp = await TestIdentityProvider.start({ appUrl: `http://127.0.0.1:${await freePort()}` });
  t = await startTestApp(idp.environment);
});
afterAll(async () => {
  await t.close();
  await idp.stop();
});

describe('a first login', () => {
  it('lands signed in', async () => {
    idp.account({ sub: 'ada', email: 'ada@example.com', email_verified: true, name: 'Ada Lovelace' });
    const browser = new Browser();

    const page = await idp.logIn(browser, 'ada', { redirectTo: '/settings?tab=members' });

    expect(page).toMatchObject({ status: 302, location: `${t.url}/settings?tab=members` });
    const { status, body } = await t.api.get('/api/v1/orgs?skip_create=true', {
      headers: browser.cookieHeader(t.url),
    });
    expect([status, body.length]).toEqual([200, 1]);
  });
});
