import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeJwt } from 'jose';
import { Browser, type Page } from '../support/browser.js';
import { freePort } from '../support/free-port.js';
import { CALLBACK, LOGIN } from '../support/identity-provider.js';
import { role } from '../support/fixtures.js';
import { COOKIE } from '../support/sso-session.js';
import { SSO_SETTINGS } from '../support/sso-settings.js';
import { ADMIN, startTestApp, type TestApp } from '../support/test-app.js';
import { installParties, Party } from './party.js';

const LOGIN_METHODS = '/api/v1/orgs/current/user/login-methods';
const AUDIENCE = 'https://tenantry.example.com/saml';
const CLAIM = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims';
const person = (nameId: string, email: string, groups: string[]) => ({
  nameId,
  [`${CLAIM}/emailaddress`]: email,
  [`${CLAIM}/givenname`]: 'Ada',
  name: 'Ada Lovelace',
  groups,
});
const ACCOUNTS = {
  admin: person('7001', ADMIN.email, []),
  ada: person('7002', 'ada@example.com', []),
  cleo: person('7003', 'cleo@example.com', ['Everyone', 'Organization Admins']),
  /** With attributes whose names are those of claims. */
  dora: { ...person('7004', ADMIN.email, []), id: '7009', email_verified: 'true' },
};

let provider: Party;
let bridge: Party;
let environment: Record<string, string>;
let t: TestApp;
beforeAll(async () => {
  installParties();
  const [providerPort, bridgePort, port] = [await freePort(), await freePort(), await freePort()];
  const issuer = `http://127.0.0.1:${bridgePort}`;
  const url = `http://127.0.0.1:${port}`;
  provider = await Party.start('saml-provider.mjs', {
    port: providerPort,
    entityId: 'https://saml.example.com/metadata',
    accounts: ACCOUNTS,
    serviceProvider: { entityId: AUDIENCE, acs: `${issuer}/api/oauth/saml` },
  });
  bridge = await Party.start('bridge.mjs', {
    port: bridgePort,
    audience: AUDIENCE,
    metadata: `http://127.0.0.1:${providerPort}/metadata`,
    redirectUrl: `${url}${CALLBACK}`,
  });
  const { clientID, clientSecret } = bridge.lines[0];
  environment = {
    LANGSMITH_URL: url,
    PORT: String(port),
    OAUTH_ISSUER_URL: issuer,
    OAUTH_CLIENT_ID: clientID,
    OAUTH_CLIENT_SECRET: clientSecret,
  };
});
afterAll(async () => {
  await bridge?.stop();
  await provider?.stop();
});

const formOf = ({ url, body }: Page) => {
  const [, action] = /<form[^>]* action="([^"]*)"/.exec(body) ?? [];
  if (!action) throw new Error(`no form at ${url}: ${body}`);
  const inputs = [...body.matchAll(/<input name="([^"]*)" value="([^"]*)"/g)];
  return { action, fields: Object.fromEntries(inputs.map(([, name, value]) => [name!, value!])) };
};

type User = keyof typeof ACCOUNTS;

/** From our login address up to the form with which the browser carries the SAML response to the bridge. */
async function untilResponse(browser: Browser, user: User) {
  const asked = formOf(await browser.follow(await browser.open(`${t.url}${LOGIN}`)));
  return formOf(await browser.open(asked.action, { form: { ...asked.fields, user } }));
}

const isCallback = ({ url }: Page) => url.startsWith(`${t.url}${CALLBACK}`);

/** The whole sign-in; `change` may alter the SAML response on its way. */
async function signIn(user: User, change = (xml: string) => xml) {
  const browser = new Browser();
  const { action, fields } = await untilResponse(browser, user);
  const xml = Buffer.from(fields['SAMLResponse']!, 'base64').toString();
  const form = { ...fields, SAMLResponse: Buffer.from(change(xml)).toString('base64') };
  const answered = await browser.open(action, { form });
  const landing = await browser.follow(answered, isCallback);
  const send = (method: string, path: string, sent?: unknown) =>
    t.api.send(method, path, sent, { headers: { ...browser.cookieHeader(t.url), origin: t.url } });
  const get = (path: string) => send('GET', path);
  const repeat = () => browser.open(action, { form });
  return { answered, landing, get, send, repeat, hasSession: COOKIE in browser.cookies(t.url) };
}

const codeOf = ({ body }: Page) => /<code>(\w+)<\/code>/.exec(body)?.[1];
const lastClaims = () => decodeJwt(bridge.lines.at(-1).id_token);
const lifeOfSession = async (email: string) => {
  const [session] = await t.sql<{ seconds: number }>(
    `select extract(epoch from s.expires_at - s.created_at)::float as seconds from sessions s
     join users u on u.id = s.user_id where u.email = $1 order by s.created_at desc limit 1`,
    [email],
  );
  return session!.seconds;
};

describe('without the settings of a bridge', () => {
  beforeAll(async () => {
    t = await startTestApp(environment);
  });
  afterAll(() => t?.close());

  it('refuses an address that has an account, since the bridge sends no email_verified', async () => {
    const { landing, hasSession } = await signIn('admin');
    expect([landing.status, codeOf(landing)]).toEqual([403, 'email_verification_unknown']);
    expect(hasSession).toBe(false);
  });

  it('takes the attributes id and email_verified of the SAML provider for the subject and the verification', async () => {
    const { hasSession, get } = await signIn('dora');
    expect(hasSession).toBe(true);
    expect((await get(LOGIN_METHODS)).body).toMatchObject([{ email: ADMIN.email }]);
    expect(lastClaims().sub).toBe('7009');
  });

  it('ends the session of a new person with the ID token', async () => {
    expect((await signIn('ada')).hasSession).toBe(true);
    const life = await lifeOfSession('ada@example.com');
    expect(life).toBeGreaterThan(290);
    expect(life).toBeLessThanOrEqual(300);
  });
});

describe('with OAUTH_TRUST_UNVERIFIED_EMAIL and OAUTH_OVERRIDE_TOKEN_EXPIRY', () => {
  beforeAll(async () => {
    const settings = { OAUTH_TRUST_UNVERIFIED_EMAIL: 'true', OAUTH_OVERRIDE_TOKEN_EXPIRY: 'true' };
    t = await startTestApp({ ...environment, ...settings });
  });
  afterAll(() => t?.close());

  it('signs the first admin in, whose address has an account', async () => {
    const { get } = await signIn('admin');
    expect((await get(LOGIN_METHODS)).body).toMatchObject([{ provider: 'custom-oidc', email: ADMIN.email }]);
  });

  it('signs a new person in for a day, and the same account again', async () => {
    const first = await signIn('ada');
    const [login] = (await first.get(LOGIN_METHODS)).body;
    expect(login).toMatchObject({ provider: 'custom-oidc', email: 'ada@example.com' });
    expect(Math.round(await lifeOfSession('ada@example.com'))).toBe(86_400);
    expect((await first.get('/api/v1/workspaces')).body).toMatchObject([{ role_name: 'Editor' }]);

    const again = await signIn('ada');
    expect(again.hasSession).toBe(true);
    expect((await again.get(LOGIN_METHODS)).body).toEqual([login]);
    const users = await t.sql('select full_name from users where email = $1', ['ada@example.com']);
    expect(users).toEqual([{ full_name: 'Ada Lovelace' }]);
  });

  it('gives roles by the groups of the SAML provider', async () => {
    const admin = await signIn('admin');
    const [{ id: workspace }] = (await admin.get('/api/v1/workspaces')).body;
    const body = { default_workspace_role_id: role('WORKSPACE_USER'), default_workspace_ids: [workspace] };
    const settings = { ...body, sso_groups_enabled: true, sso_groups_claim_field: 'groups' };
    expect((await admin.send('POST', SSO_SETTINGS, settings)).status).toBe(201);

    const cleo = await signIn('cleo');
    expect((await cleo.get('/api/v1/orgs/current')).body.permissions).toContain('organization:manage');
    expect((await cleo.get('/api/v1/workspaces')).body).toMatchObject([{ role_name: 'Admin' }]);
  });

  it('receives these claims of the bridge, neither refresh token nor logout address', async () => {
    await signIn('cleo');
    const token = bridge.lines.at(-1);
    expect(Object.keys(token).toSorted()).toEqual(['access_token', 'expires_in', 'id_token', 'token_type']);
    expect(token.expires_in).toBe(300);
    const { iat, exp, nonce, idHash, ...claims } = lastClaims();
    expect([exp! - iat!, typeof nonce, typeof idHash]).toEqual([300, 'string', 'string']);
    const { nameId, ...attributes } = ACCOUNTS.cleo;
    expect(claims).toEqual({
      ...attributes,
      ...{ iss: environment['OAUTH_ISSUER_URL'], aud: environment['OAUTH_CLIENT_ID'] },
      ...{ sub: nameId, id: nameId, [`${CLAIM}/nameidentifier`]: nameId },
      ...{ email: 'cleo@example.com', firstName: 'Ada' },
    });
    const metadata = await fetch(`${environment['OAUTH_ISSUER_URL']}/.well-known/openid-configuration`);
    expect(Object.keys((await metadata.json()) as object)).not.toContain('end_session_endpoint');
  });

  const signature = /<Signature[^]*<\/Signature>/;
  it.each<[string, (xml: string) => string]>([
    ['another address', (xml) => xml.replaceAll('ada@example.com', ADMIN.email)],
    ['another NameID', (xml) => xml.replaceAll('>7002<', '>7001<')],
    ['no signature', (xml) => xml.replace(signature, '')],
  ])('a SAML response with %s is refused by the bridge', async (_, change) => {
    const tokens = bridge.lines.length;
    const { answered, landing, hasSession } = await signIn('ada', (xml) => {
      const changed = change(xml);
      if (changed === xml) throw new Error('nothing was changed');
      return changed;
    });
    const { searchParams } = new URL(answered.location!);
    expect([searchParams.get('error'), searchParams.has('code')]).toEqual(['access_denied', false]);
    expect([landing.status, codeOf(landing)]).toEqual([403, 'authorization_denied']);
    expect([hasSession, bridge.lines.length]).toEqual([false, tokens]);
  });

  it('a SAML response that is repeated, or that no request asked for, is refused by the bridge', async () => {
    const { repeat } = await signIn('ada');
    expect(await repeat()).toMatchObject({ status: 403, location: null });
    const browser = new Browser();
    const { action, fields } = await untilResponse(browser, 'ada');
    const unrequested = await browser.open(action, { form: { ...fields, RelayState: '' } });
    expect(unrequested).toMatchObject({ status: 403, location: null });
  });

  it('a wrong client secret is accepted by the bridge, since the request has a code challenge', async () => {
    await t.close();
    t = await startTestApp({ ...environment, OAUTH_CLIENT_SECRET: 'wrong' });
    expect((await signIn('cleo')).hasSession).toBe(true);
  });
});
