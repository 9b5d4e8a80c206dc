import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Browser, type Page } from '../support/browser.js';
import { type Forgery, HostileProvider, oauthError } from '../support/hostile-provider.js';
import { freePort } from '../support/free-port.js';
import { LOGIN } from '../support/identity-provider.js';
import { loggedDuring } from '../support/server-host.js';
import { SsoEnvironment } from '../support/sso-environment.js';
import { makeRefreshDue, ME } from '../support/sso-session.js';
import { SSO_SETTINGS, ssoBody, ssoSettings } from '../support/sso-settings.js';
import { ADMIN, startTestApp, type TestApp } from '../support/test-app.js';

let t: TestApp;
let provider: HostileProvider;
beforeAll(async () => {
  provider = await HostileProvider.start();
  t = await startTestApp(provider.environment(`http://127.0.0.1:${await freePort()}`));
});
afterAll(async () => {
  await t.close();
  await provider.stop();
});

async function logIn(forgery: Forgery, browser = new Browser()): Promise<Page> {
  const { location } = await browser.open(`${t.url}${LOGIN}`);
  return browser.open(provider.accept(location!, forgery));
}

const textOf = ({ body }: Page) => body.replace(/<style>[^]*<\/style>|<[^>]*>/g, ' ').replace(/\s+/g, ' ');
const codeOf = ({ body }: Page) => /<code>(\w+)<\/code>/.exec(body)?.[1];

/** What the page says and what the operator's log says. */
async function failedLogin(forgery: Forgery) {
  let page: Page | undefined;
  const log = await loggedDuring(async () => (page = await logIn(forgery)));
  return { status: page!.status, code: codeOf(page!), text: textOf(page!), log };
}

describe('the first admin at a provider that sends no email_verified claim', () => {
  it('is sent to the operator, whose log names the setting', async () => {
    const claims = { sub: 'first-admin', email: ADMIN.email, email_verified: undefined };

    const failure = await failedLogin({ claims, userInfo: claims });

    expect(failure).toMatchObject({ status: 403, code: 'email_verification_unknown' });
    expect(failure.text).toMatch(/does not say whether.* Ask the operator of this installation/);
    expect(failure.text).not.toMatch(/administrators of your identity provider|OAUTH_/);
    expect(failure.log).toContain('OAUTH_TRUST_UNVERIFIED_EMAIL=true');
  });

  it('is sent to the administrators of the provider when the claim is false', async () => {
    const claims = { sub: 'first-admin', email: ADMIN.email, email_verified: false };

    const failure = await failedLogin({ claims, userInfo: claims });

    expect(failure).toMatchObject({ status: 403, code: 'email_not_verified' });
    expect(failure.text).toContain('administrators of your identity provider');
    expect(failure.log).not.toContain('OAUTH_TRUST_UNVERIFIED_EMAIL');
  });
});

describe('an error response of the token endpoint', () => {
  it.each([
    [400, 'invalid_request', 403, 'client_request_rejected', /operator of this installation/],
    [400, 'redirect_uri_mismatch', 403, 'client_request_rejected', /operator of this installation/],
    [400, 'invalid_scope', 403, 'client_request_rejected', /scope.* operator of this installation/],
    [
      400,
      'unmet_authentication_requirements',
      403,
      'client_request_rejected',
      /stronger.* organization admin/,
    ],
    [401, 'invalid_client', 403, 'client_authentication_rejected', /operator of this installation/],
    [400, 'interaction_required', 403, 'interaction_required', /multi-factor authentication\. Start again/],
    [400, 'invalid_grant', 400, 'authorization_code_rejected', /Start again/],
    [503, 'temporarily_unavailable', 502, 'provider_unavailable', /Try again in a minute/],
    [429, 'slow_down', 502, 'provider_unavailable', /Try again in a minute/],
  ])('names who can fix a response %i %s', async (status, error, ours, code, remedy) => {
    const failure = await failedLogin({ tokenEndpoint: oauthError(status, error) });

    expect(failure).toMatchObject({ status: ours, code });
    expect(failure.text).toMatch(remedy);
    expect(failure.text.includes('not available')).toBe(ours === 502);
    if (error !== 'invalid_grant') expect(failure.log).toContain(error);
    expect(failure.log + failure.text).not.toContain('ada@example.com');
  });
});

describe('a response of the token endpoint that breaks the standard', () => {
  it.each<[string, Record<string, unknown>]>([
    ['refresh_token', { refresh_token: null }],
    ['scope', { scope: ['openid', 'email'] }],
    ['token_type', { token_type: undefined }],
    ['expires_in', { expires_in: 'soon' }],
    ['token_type', { token_type: 'mac' }],
  ])(
    'is an error of the provider and no outage, and the log names the member: %s',
    async (member, tokens) => {
      const failure = await failedLogin({ tokens });

      expect(failure).toMatchObject({ status: 502, code: 'invalid_provider_response' });
      expect(failure.text).toMatch(/does not follow the OAuth 2\.0 standard.* [Ii]ts administrators/);
      expect(failure.text).not.toMatch(/not available|Try again in|could not be reached/);
      expect(failure.log).toMatch(new RegExp(`token endpoint: .*${member}`));
    },
  );
});

describe('an error response of the authorization endpoint', () => {
  it.each([
    ['invalid_scope', /scope.* operator of this installation/],
    ['unmet_authentication_requirements', /stronger.* its administrators.* organization admin/],
    ['login_required', /Try again/],
    ['access_denied', /its administrators for access/],
    ['org_internal', /operator of this installation/],
    ['__proto__', /operator of this installation/],
  ])('%s names who can fix it, and the log has the code', async (error, remedy) => {
    const failure = await failedLogin({ callback: { code: undefined, error } });

    expect(failure).toMatchObject({ status: 403, code: 'authorization_denied' });
    expect(failure.text).toMatch(remedy);
    expect(failure.log).toContain(error === '__proto__' ? '(unknown)' : `(${error})`);
  });
});

describe('the issuer that was found', () => {
  it('is in the log when the ID token has another one', async () => {
    const failure = await failedLogin({ claims: { iss: 'https://sts.example.com/tenant\n2/' } });

    expect(failure.code).toBe('invalid_id_token');
    expect(failure.log).toContain(
      String.raw`invalid_id_token (formerly id_token_refused) (issuer: found \"https://sts.example.com/tenant?2/\")`,
    );
    expect(failure.text).not.toContain('sts.example.com');
  });

  it('is in the log when the metadata have another one', async () => {
    const issuer = 'https://idp.example.com/{tenantid}/v2.0';
    const other = await HostileProvider.start({ issuer });
    const environment = other.environment(`http://127.0.0.1:${await freePort()}`);
    let page: Page | undefined;
    const log = await loggedDuring(async () => {
      const app = await startTestApp(environment, t.databaseUrl);
      page = await new Browser().open(`${app.url}${LOGIN}`);
      await app.close();
    });
    await other.stop();

    expect(log).toContain(
      String.raw`the issuer of the metadata is \"${issuer}\" and differs from OAUTH_ISSUER_URL`,
    );
    expect(page!.status).toBe(502);
    expect(page!.body).not.toContain('tenantid');
  });
});

describe('a refresh that the provider refuses', () => {
  async function refreshed(refreshEndpoint: NonNullable<Forgery['refreshEndpoint']>) {
    const browser = new Browser();
    const sub = randomUUID();
    const person = { sub, email: `${sub}@example.com` };
    const login = { claims: person, userInfo: person, refreshed: person, refreshEndpoint };
    expect((await logIn(login, browser)).status).toBe(302);
    const headers = browser.cookieHeader(t.url);
    const [user] = await t.sql<{ id: string }>('select id from users where email = $1', [person.email]);
    await makeRefreshDue(t, { userId: user!.id }, 'lapsed');
    let reply: { status: number; body: { detail: string } } | undefined;
    const log = await loggedDuring(async () => (reply = await t.api.send('GET', ME, undefined, { headers })));
    const kept = await t.sql('select 1 from sessions where user_id = $1', [user!.id]);
    return { ...reply!, log, isKept: kept.length === 1 };
  }

  it.each(['interaction_required', 'login_required', 'consent_required', 'invalid_grant'])(
    'ends the session when only the user can help: %s',
    async (error) => {
      expect(await refreshed(oauthError(400, error))).toMatchObject({ status: 401, isKept: false });
    },
  );

  it.each(['invalid_client', 'invalid_scope'])(
    'keeps the session and names the operator when only the operator can help: %s',
    async (error) => {
      const { status, body, log, isKept } = await refreshed(oauthError(400, error));

      expect({ status, isKept }).toEqual({ status: 401, isKept: true });
      expect(body.detail).toMatch(/rejects this installation.* tell the operator/);
      expect(log).toContain(error);
    },
  );

  it('keeps the session and asks again when the response breaks the standard', async () => {
    const { status, log, isKept } = await refreshed((response) =>
      response.setHeader('content-type', 'application/json').end('{"access_token":"a","refresh_token":null}'),
    );

    expect({ status, isKept }).toEqual({ status: 401, isKept: true });
    expect(log).toContain('invalid_provider_response');
  });
});

describe('groups that the provider does not send, because there are too many', () => {
  let w: SsoEnvironment;
  let settings: { id: string };
  beforeAll(async () => {
    w = await SsoEnvironment.start();
    settings = await ssoSettings(w.org, { sso_groups_enabled: true, sso_groups_required: true });
  });
  afterAll(() => w.stop());

  it('are not reported as a missing group', async () => {
    const person = w.person({ _claim_names: { groups: 'src1' } });
    let login: Awaited<ReturnType<SsoEnvironment['signIn']>> | undefined;

    const log = await loggedDuring(async () => (login = await w.signIn(person)));

    expect(login!.page.status).toBe(403);
    expect(codeOf(login!.page)).toBe('groups_not_sent');
    expect(login!.message).toContain('too many for one token');
    expect(login!.message).not.toContain('you have none');
    expect(log).toContain('groups_not_sent');
    expect(await w.logins()).toMatchObject([{ succeeded: false, details: { refusal: 'groups_not_sent' } }]);
  });

  it('leave an audit entry for each sign-in and one warning a minute, where no group is required', async () => {
    await w.org.admin.api.patch(
      `${SSO_SETTINGS}/${settings.id}`,
      ssoBody(w.org, { sso_groups_required: false }),
    );
    const [one, two] = [1, 2].map(() => w.person({ _claim_names: { groups: 'src1' } }));

    const log = await loggedDuring(async () => {
      for (const person of [one!, two!, one!]) expect((await w.signIn(person)).page.status).toBe(302);
    });

    const entries = await w.logins(3);
    expect(entries.map(({ details }) => details.groups)).toEqual(['not_sent', 'not_sent', 'not_sent']);
    expect(log.match(/did not send the groups/g)).toHaveLength(1);
  });
});
