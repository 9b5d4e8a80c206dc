import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Browser, type Page } from '../support/browser.js';
import type { Account } from '../support/identity-provider.js';
import { SsoEnvironment } from '../support/sso-environment.js';
import { SSO_SETTINGS } from '../support/sso-settings.js';

const TEST = `${SSO_SETTINGS}/test-sign-in`;

let env: SsoEnvironment;
let admin: Caller;
beforeAll(async () => {
  env = await SsoEnvironment.start();
  admin = await signedIn('the-admin');
});
afterAll(() => env.stop());

/** A person with a session in a browser. */
type Caller = Awaited<ReturnType<typeof signedIn>>;

async function signedIn(sub: string) {
  const browser = new Browser();
  await env.idp.logIn(browser, sub);
  const request = (method: string, path: string, headers: Record<string, string> = {}) =>
    env.t.api.send(method, path, undefined, {
      headers: {
        ...browser.cookieHeader(env.t.url),
        origin: env.t.url,
        'x-organization-id': env.org.orgId,
        ...headers,
      },
    });
  return { browser, request, read: (id: string) => request('GET', `${TEST}/${id}`) };
}

/** Asks for a test; the browser keeps the cookie. */
async function startTest(caller: Caller): Promise<{ test_id: string; url: string }> {
  const { status, body, headers } = await caller.request('POST', TEST);
  expect(status).toBe(201);
  for (const line of headers.getSetCookie()) {
    const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)!;
    caller.browser.setCookie(env.t.url, name!, value!);
  }
  return body;
}

/** Signs the person in at the provider, up to our callback. */
const signInAt = async (browser: Browser, url: string, { sub }: Pick<Account, 'sub'>): Promise<Page> =>
  env.idp.finish(browser, await browser.open(url), sub);

describe('a test sign-in', () => {
  it('says what a sign-in would read and give, once', async () => {
    const { test_id: id, url } = await startTest(admin);
    expect((await admin.read(id)).body).toMatchObject({ status: 'waiting', failure: null, claims: [] });

    const page = await signInAt(admin.browser, url, { sub: 'the-admin' });

    expect([page.status, page.body]).toEqual([200, expect.stringContaining('The test has ended')]);
    const { status, body } = await admin.read(id);
    expect([status, body]).toEqual([
      200,
      expect.objectContaining({ status: 'passed', rule: 'existing_access', account: 'known' }),
    ]);
    expect(body.claims).toContainEqual({ used_for: 'email', name: 'email', value: 'admin@example.com' });
    expect((await admin.read(id)).status).toBe(404);
  });
});
