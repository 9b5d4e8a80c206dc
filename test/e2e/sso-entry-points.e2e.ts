import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Browser, type Page } from '../support/browser.js';
import { CALLBACK, LOGIN } from '../support/identity-provider.js';
import { SsoEnvironment } from '../support/sso-environment.js';
import { LOGOUT } from '../support/sso-session.js';
import { startTestApp } from '../support/test-app.js';

let w: SsoEnvironment;
beforeAll(async () => {
  w = await SsoEnvironment.start();
});
afterAll(() => w.stop());
afterEach(() => w.updateOrg({ jit_provisioning_enabled: true }));

const query = (parameters: Record<string, string>) => `${w.t.url}${LOGIN}?${new URLSearchParams(parameters)}`;
const askedOf = ({ location }: Page) => new URL(location!).searchParams;
const textOf = ({ body }: Page) => body.replace(/<style>[^]*<\/style>|<[^>]*>/g, ' ').replace(/\s+/g, ' ');
const linkOf = ({ body }: Page, text: string) =>
  new RegExp(`<a[^>]*href="([^"]+)">${text}</a>`).exec(body)?.[1]?.replaceAll('&#38;', '&');

describe('a login that another site starts', () => {
  it.each(['GET', 'POST'])(
    'goes to the provider with the hint and returns to the target: %s',
    async (method) => {
      const ada = w.person();
      const browser = new Browser();
      const parameters = {
        iss: w.idp.issuer,
        login_hint: ada.email,
        target_link_uri: `${w.t.url}/settings?tab=members`,
      };

      const start =
        method === 'GET'
          ? await browser.open(query(parameters))
          : await browser.open(`${w.t.url}${LOGIN}`, {
              form: parameters,
              headers: { origin: 'https://portal.test' },
            });
      const page = await w.idp.finish(browser, start, ada.sub);

      expect(start.status).toBe(302);
      expect(askedOf(start).get('login_hint')).toBe(ada.email);
      expect(page).toMatchObject({ status: 302, location: `${w.t.url}/settings?tab=members` });
    },
  );

  it.each([['https://idp.evil.test'], ['the issuer and more'], ['']])(
    'is refused for the issuer %j',
    async (issuer) => {
      const page = await new Browser().open(
        query({ iss: issuer === 'the issuer and more' ? `${w.idp.issuer}.evil.test` : issuer }),
      );

      expect(page.status).toBe(400);
      expect(page.body).toContain('foreign_issuer');
      expect(page.body).not.toContain('evil.test');
      expect(page.headers.getSetCookie()).toEqual([]);
    },
  );

  it('is refused when the issuer is named twice', async () => {
    const page = await new Browser().open(
      `${query({ iss: w.idp.issuer })}&iss=${encodeURIComponent(w.idp.issuer)}`,
    );

    expect(page.status).toBe(400);
  });

  it('returns to the start page when the target is on another origin', async () => {
    const ada = w.person();
    const browser = new Browser();
    const start = await browser.open(
      query({ iss: w.idp.issuer, target_link_uri: 'https://evil.test/steal' }),
    );

    expect(await w.idp.finish(browser, start, ada.sub)).toMatchObject({ location: `${w.t.url}/` });
  });

  it('passes on no hint with control characters or of more than 320 characters', async () => {
    for (const hint of ['a\r\nb', 'ada\u202e@example.com', 'a'.repeat(321)]) {
      const start = await new Browser().open(query({ iss: w.idp.issuer, login_hint: hint }));

      expect(start.status).toBe(302);
      expect(askedOf(start).has('login_hint')).toBe(false);
    }
  });

  it('cannot change parameters of the protocol', async () => {
    const start = await new Browser().open(
      query({ prompt: 'none', scope: 'admin', redirect_uri: 'https://evil.test', state: 'x', nonce: 'y' }),
    );

    const asked = askedOf(start);
    expect(asked.get('redirect_uri')).toBe(`${w.t.url}${CALLBACK}`);
    expect([asked.get('scope'), asked.get('prompt')]).toEqual(['openid email profile', null]);
    expect(asked.get('state')).toMatch(/^\d[\w-]{43}$/);
  });
});

describe('a form post without the login cookie', () => {
  it('is repeated at our own callback only, with the parameters of the protocol, and is refused there', async () => {
    const form = { state: '0'.repeat(44), code: 'a', iss: w.idp.issuer, redirect_to: 'https://evil.test' };

    const posted = await new Browser().open(`${w.t.url}${CALLBACK}`, {
      form,
      headers: { origin: 'https://evil.test' },
    });
    const repeated = await new Browser().open(posted.location!);

    const { state, code, iss } = form;
    expect(posted.status).toBe(303);
    expect(posted.location).toBe(`${w.t.url}${CALLBACK}?${new URLSearchParams({ state, code, iss })}`);
    expect(posted.headers.get('referrer-policy')).toBe('no-referrer');
    expect(repeated.status).toBe(400);
    expect(repeated.headers.getSetCookie()).toEqual([]);
  });

  it('is refused at once without a state', async () => {
    const { status } = await new Browser().open(`${w.t.url}${CALLBACK}`, { form: { code: 'a' } });

    expect(status).toBe(400);
  });
});

describe('the link on the page of a failed sign-in', () => {
  it('lets the user choose another account after account_has_another_login', async () => {
    const ada = w.person();
    await w.signIn(ada);
    const second = w.person({ email: ada.email });

    const browser = new Browser();
    const page = await w.idp.logIn(browser, second.sub, { redirectTo: '/settings?a=1&b=2' });

    expect(page.status).toBe(403);
    const link = linkOf(page, 'Use another account')!;
    expect(Object.fromEntries(new URL(link).searchParams)).toEqual({
      redirect_to: '/settings?a=1&b=2',
      prompt: 'select_account',
    });
    const start = await browser.open(link);
    expect(askedOf(start).get('prompt')).toBe('select_account');
    expect(page.body).not.toMatch(/npm run|logins:rebind|OAUTH_/);
  });

  it('keeps the requested page when the provider denies the sign-in', async () => {
    const browser = new Browser();
    const start = await browser.open(query({ redirect_to: '/settings#top' }));
    const state = askedOf(start).get('state')!;

    const page = await browser.open(
      `${w.t.url}${CALLBACK}?${new URLSearchParams({ state, error: 'access_denied', iss: w.idp.issuer })}`,
    );

    expect(page.status).toBe(403);
    expect(linkOf(page, 'Try again')).toBe(query({ redirect_to: '/settings#top' }));
  });

  it('never leads to another origin, nor to the page of another browser', async () => {
    const browser = new Browser();
    const evil = await browser.open(query({ iss: 'https://x.test', redirect_to: 'https://evil.test/' }));
    const start = await browser.open(query({ redirect_to: '/private' }));
    const callback = `${w.t.url}${CALLBACK}?state=${askedOf(start).get('state')}&error=access_denied`;
    const stranger = await new Browser().open(callback);

    expect(linkOf(evil, 'Try again')).toBe(`${w.t.url}${LOGIN}`);
    expect(linkOf(stranger, 'Try again')).toBe(`${w.t.url}${LOGIN}`);
  });

  it('is offered as another account to a user without access', async () => {
    await w.updateOrg({ jit_provisioning_enabled: false });

    const { page } = await w.signIn(w.person());

    expect(linkOf(page, 'Use another account')).toBe(query({ prompt: 'select_account' }));
  });
});

describe('the page after a logout', () => {
  it('says that the user is signed out, and starts no new sign-in by itself', async () => {
    const browser = new Browser();
    await w.idp.logIn(browser, w.person().sub);

    const out = await browser.open(`${w.t.url}${LOGOUT}`, { form: {}, headers: { origin: w.t.url } });
    const page = await browser.follow(out);

    expect(out).toMatchObject({ status: 303, location: `${w.t.url}/signed-out` });
    expect(page.status).toBe(200);
    expect(textOf(page)).toContain('You are signed out');
    expect(linkOf(page, 'Sign in again')).toBe(query({ prompt: 'select_account' }));
    expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(page.body).not.toMatch(/<script|http-equiv/);
  });

  it('returns 404 without single sign-on', async () => {
    const basic = await startTestApp();
    const { status } = await basic.api.get('/signed-out');
    await basic.close();

    expect(status).toBe(404);
  });
});

describe('too many sign-ins', () => {
  it('are reported once, with the time to wait', async () => {
    const { t, idp } = await w.replica({ RATE_LIMIT_LOGINS_PER_MINUTE: '1' });
    await new Browser().open(`${t.url}${LOGIN}`);
    const page = await new Browser().open(`${t.url}${LOGIN}?redirect_to=/settings`);
    await t.close();
    await idp.stop();

    expect(page.status).toBe(429);
    const main = textOf({ ...page, body: /<main>[^]*<\/main>/.exec(page.body)![0] });
    expect(main.match(/too many/gi)).toHaveLength(1);
    expect(main).toMatch(/Try again in \d+ seconds\./);
    expect(linkOf(page, 'Try again')).toBe(`${t.url}${LOGIN}?redirect_to=%2Fsettings`);
  });
});

describe('what to enter at the identity provider', () => {
  const CONNECTION = '/api/v1/orgs/current/sso-settings/connection';

  it('is what the server sends there', async () => {
    const { body } = await w.org.admin.api.get(CONNECTION);

    const asked = askedOf(await new Browser().open(`${w.t.url}${LOGIN}`));
    expect(body).toEqual({
      issuer_url: w.idp.issuer,
      client_id: asked.get('client_id'),
      scopes: asked.get('scope')!.split(' '),
      redirect_uri: asked.get('redirect_uri'),
      initiate_login_uri: `${w.t.url}${LOGIN}`,
      post_logout_redirect_uri: w.t.url,
      backchannel_logout_uri: `${w.t.url}/api/v1/oauth/custom-oidc/backchannel-logout`,
      frontchannel_logout_uri: `${w.t.url}/api/v1/oauth/custom-oidc/frontchannel-logout`,
    });
  });

  it('is for those who manage the organization, and 404 without single sign-on', async () => {
    const member = await w.member(w.org, { workspace: 'WORKSPACE_ADMIN' });
    const t = await startTestApp();

    const refused = await member.api.get(CONNECTION);
    expect([refused.status, refused.headers.get('x-error-code')]).toEqual([403, 'permission_missing']);
    const { admin } = await t.fixtures.orgWithAdmin();
    const { status, headers } = await admin.api.get(CONNECTION);
    await t.close();
    expect([status, headers.get('x-error-code')]).toEqual([404, 'sso_disabled']);
  });
});
