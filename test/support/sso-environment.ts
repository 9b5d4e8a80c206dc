import { randomBytes, randomUUID } from 'node:crypto';
import { secretDigest } from '../../src/common/secrets/credential-formats.js';
import type { Api, Reply } from './api.js';
import { Browser, type Page } from './browser.js';
import type { Member, OrgWithAdmin } from './fixtures.js';
import { freePort } from './free-port.js';
import { type Account, TestIdentityProvider } from './identity-provider.js';
import { COOKIE } from './sso-session.js';
import { ADMIN, API_KEY_SALT, JWT_SECRET, startTestApp, type TestApp } from './test-app.js';

/** The end of a login: with a session, or with a page that says why not. */
export type SignedIn = {
  page: Page;
  /** The text of the page, without markup. */
  message: string;
  /** The cookie and our own origin, as our page would send them. */
  headers: Record<string, string>;
  get: (path: string) => Promise<Reply>;
  send: (method: string, path: string, body?: unknown) => Promise<Reply>;
};

/** A server with single sign-on, a real provider, and the admin of the default organization. */
export class SsoEnvironment {
  private constructor(
    readonly t: TestApp,
    readonly idp: TestIdentityProvider,
    readonly org: OrgWithAdmin,
  ) {}

  static async start(
    environment: Record<string, string> = {},
    existingDatabaseUrl?: string,
  ): Promise<SsoEnvironment> {
    const idp = await TestIdentityProvider.start({ appUrl: `http://127.0.0.1:${await freePort()}` });
    const t = await startTestApp({ ...idp.environment, ...environment }, existingDatabaseUrl);
    return new SsoEnvironment(t, idp, await adminOf(t, idp));
  }

  /** The environment of another process of the same installation. */
  get environment(): Record<string, string> {
    return {
      ...this.idp.environment,
      DATABASE_URL: this.t.databaseUrl,
      BASIC_AUTH_JWT_SECRET: JWT_SECRET,
      API_KEY_SALT,
      INITIAL_ORG_ADMIN_EMAIL: ADMIN.email,
    };
  }

  async stop(): Promise<void> {
    await this.t.close();
    await this.idp.stop();
  }

  /** A user with a verified address at the provider, and without an account here. */
  person(more: Partial<Account> = {}): Account & { email: string } {
    const sub = `sub-${randomUUID()}`;
    const email = `${sub.slice(4, 12)}@example.com`;
    this.idp.account({ sub, email, email_verified: true, ...more });
    return { sub, email_verified: true, ...more, email: more.email ?? email };
  }

  async signIn({ sub }: Account, at: { t: TestApp; idp: TestIdentityProvider } = this): Promise<SignedIn> {
    const browser = new Browser();
    return signedIn(at.t, await at.idp.logIn(browser, sub), browser);
  }

  /** The login up to the address of our callback, in the browser that may call it. */
  async signInUntilCallback({ sub }: Account): Promise<{ browser: Browser; url: string }> {
    const browser = new Browser();
    const { location } = await this.idp.untilCallback(browser, sub);
    return { browser, url: location! };
  }

  /** Another server on the same database, with other settings and a provider of its own. */
  async replica(environment: Record<string, string>): Promise<{ t: TestApp; idp: TestIdentityProvider }> {
    const idp = await TestIdentityProvider.start({ appUrl: `http://127.0.0.1:${await freePort()}` });
    const t = await startTestApp({ ...idp.environment, ...environment }, this.t.databaseUrl);
    return { t, idp };
  }

  /** Another organization; its admin has a session of single sign-on. */
  async orgWithAdmin(): Promise<OrgWithAdmin> {
    const org = await this.t.fixtures.orgWithAdmin();
    return { ...org, admin: await this.withSession(org, org.admin) };
  }

  /** A member with these roles and a session of single sign-on. */
  async member(org: OrgWithAdmin, roles: Parameters<TestApp['fixtures']['member']>[1]): Promise<Member> {
    return this.withSession(org, await this.t.fixtures.member(org, roles));
  }

  /** Sessions of fixtures are those of passwords, which are not accepted here. */
  private async withSession({ orgId, workspaceId }: OrgWithAdmin, member: Member): Promise<Member> {
    const token = randomBytes(32).toString('base64url');
    await this.t.sql(SESSION, [
      ...[member.userId, this.idp.issuer, `subject of ${member.email}`],
      secretDigest(JWT_SECRET, token),
    ]);
    const cookie = { value: `${COOKIE}=${token}`, origin: this.t.url };
    return { ...member, api: this.t.api.as({ cookie, orgId, workspaceId }) };
  }

  async workspace(displayName: string): Promise<string> {
    const { status, body } = await this.org.admin.api.post('/api/v1/workspaces', {
      display_name: displayName,
    });
    if (status !== 200) throw new Error(`making a workspace: ${status}`);
    return body.id;
  }

  /** Changes settings of the organization. */
  async updateOrg(switches: Record<string, unknown>): Promise<void> {
    const { status } = await this.org.admin.api.patch('/api/v1/orgs/current/info', switches);
    if (status !== 200) throw new Error(`changing switches: ${status}`);
  }

  /** The memberships of a user in the default organization; that of the organization has workspace null. */
  workspaceRolesOf(email: string): Promise<{ workspace: string | null; role: string; source: string }[]> {
    return this.t.sql(
      `select null as workspace, r.display_name as role, m.source from org_memberships m
         join users u on u.id = m.user_id join roles r on r.id = m.role_id where u.email = $1 and m.org_id = $2
       union all
       select w.display_name, r.display_name, m.source from workspace_memberships m
         join users u on u.id = m.user_id join roles r on r.id = m.role_id
         join workspaces w on w.id = m.workspace_id where u.email = $1 and m.org_id = $2
       order by workspace nulls first`,
      [email, this.org.orgId],
    );
  }

  /** The newest audit entries of logins, newest first. */
  logins(limit = 1): Promise<{ succeeded: boolean; user_id: string | null; details: any }[]> {
    return this.t.sql(
      `select succeeded, user_id, 
        nullif(details - 'request_id', '{}') as details from audit_entries where operation = 'login' order by id desc limit $1`,
      [limit],
    );
  }
}

const SESSION = `
  with login as (insert into login_methods (id, user_id, provider, issuer, subject, email_confirmed_at, email_confirmed_by)
    values (gen_random_uuid(), $1, 'custom-oidc', $2, $3, now(), 'provider'))
  insert into sessions (id, user_id, expires_at, method, token_digest, issuer, subject, confirmed_until)
  values (gen_random_uuid(), $1, now() + interval '1 day', 'sso', $4, $2, $3, now() + interval '1 day')`;

function signedIn(t: TestApp, page: Page, browser: Browser): SignedIn {
  const headers = { ...browser.cookieHeader(t.url), origin: t.url };
  const send = (method: string, path: string, body?: unknown) => t.api.send(method, path, body, { headers });
  const message = page.body.replace(/<style>[^]*<\/style>|<[^>]*>/g, ' ').replace(/\s+/g, ' ');
  return { page, message, headers, send, get: (path) => send('GET', path) };
}

/** Signs the first admin in by single sign-on; the returned client uses a key. */
async function adminOf(t: TestApp, idp: TestIdentityProvider): Promise<OrgWithAdmin> {
  idp.account({ sub: 'the-admin', email: ADMIN.email, email_verified: true });
  const browser = new Browser();
  const admin = signedIn(t, await idp.logIn(browser, 'the-admin'), browser);
  const orgs = await admin.get('/api/v1/orgs?skip_create=true');
  if (orgs.status !== 200) throw new Error(`the admin cannot sign in: ${admin.page.status} ${admin.message}`);
  const orgId: string = orgs.body[0].id;
  const { body: pat } = await admin.send('POST', '/api/v1/orgs/current/personal-access-tokens', {});
  const api: Api = t.api.as({ key: pat.key, orgId });
  const [workspace] = (await api.get('/api/v1/workspaces')).body;
  const email = encodeURIComponent(ADMIN.email);
  const [me] = (await api.get(`/api/v1/orgs/current/members/active?emails=${email}`)).body;
  const place = { orgId, workspaceId: workspace.id as string };
  return { ...place, admin: { ...ADMIN, userId: me.user_id, membershipId: me.id, api: api.as(place) } };
}
