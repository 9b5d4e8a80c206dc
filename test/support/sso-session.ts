import { randomUUID } from 'node:crypto';
import type { Reply } from './api.js';
import { Browser, type Page } from './browser.js';
import type { Account, TestIdentityProvider } from './identity-provider.js';
import type { TestApp } from './test-app.js';

export const COOKIE = 'tenantry_session'; // tests use plain HTTP; on https the name has a prefix
export const ME = '/api/v1/orgs?skip_create=true';
export const LOGOUT = '/api/v1/oauth/custom-oidc/logout';
export const BACKCHANNEL = '/api/v1/oauth/custom-oidc/backchannel-logout';

export type SessionRow = {
  id: string;
  method: string;
  user_id: string;
  provider_session_id: string;
  sealed_refresh_token: string;
  confirmed_until: Date;
  refresh_due_at: Date;
  expires_at: Date;
  created_at: Date;
};

/** A user who has signed in at the provider, with their browser. */
export type SsoPerson = {
  sub: string;
  email: string;
  claims: Account;
  browser: Browser;
  /** The response of the callback. */
  landing: Page;
  token: string;
  userId: string;
  ask(method: string, path: string, options?: RequestOptions): Promise<Reply>;
  session(): Promise<SessionRow>;
};

/** `origin` null: the header is not sent. `at`: the URL of another replica. */
type RequestOptions = {
  origin?: string | null;
  headers?: Record<string, string>;
  body?: unknown;
  at?: string;
};

export async function signedIn(
  t: Pick<TestApp, 'url' | 'api' | 'sql'>,
  idp: TestIdentityProvider,
  who: { sub?: string; email?: string; claims?: Partial<Account> } = {},
): Promise<SsoPerson> {
  const sub = who.sub ?? `person-${randomUUID().slice(0, 8)}`;
  const email = who.email ?? `${sub}@example.com`;
  const claims = idp.account({ sub, email, email_verified: true, name: sub, ...who.claims });
  const browser = new Browser();
  const landing = await idp.logIn(browser, sub);
  const token = browser.cookies(t.url)[COOKIE];
  if (!token) throw new Error(`${sub} was not let in: ${landing.status} ${landing.body}`);
  const [user] = await t.sql<{ id: string }>('select id from users where email = $1', [email]);
  const session = async () => {
    const rows = await t.sql<SessionRow>(
      'select * from sessions where user_id = $1 order by created_at desc',
      [user!.id],
    );
    return rows[0]!;
  };
  const ask = (
    method: string,
    path: string,
    { origin = t.url, headers = {}, body, at }: RequestOptions = {},
  ) =>
    (at ? t.api.at(at) : t.api).send(method, path, body, {
      headers: { cookie: `${COOKIE}=${token}`, ...(origin === null ? {} : { origin }), ...headers },
    });
  return { sub, email, claims, browser, landing, token, userId: user!.id, ask, session };
}

/** Moves the refresh of the session to the present, and its confirmation into the past if `lapsed`. */
export const makeRefreshDue = (
  t: TestApp,
  { userId }: Pick<SsoPerson, 'userId'>,
  state: 'due' | 'lapsed' = 'due',
) =>
  t.sql(
    `update sessions set refresh_due_at = now() - interval '1 minute',
       confirmed_until = now() + case $2 when 'due' then interval '30 seconds' else interval '-1 second' end
     where user_id = $1`,
    [userId, state],
  );

/** Counts refresh requests at the provider; `isDown` makes it respond with 503. */
export function watchRefreshes(idp: TestIdentityProvider): { count: number; isDown: boolean } {
  const watched = { count: 0, isDown: false };
  const note = (context: { oidc: { params?: Record<string, unknown> | undefined } }) => {
    if (context.oidc.params?.['grant_type'] === 'refresh_token') watched.count++;
  };
  idp.provider.on('grant.success', note);
  idp.provider.on('grant.error', note);
  idp.interfere = (path) => {
    if (!watched.isDown || path !== '/token') return null;
    watched.count++;
    return 503;
  };
  return watched;
}
