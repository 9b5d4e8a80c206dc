import { Browser, type Page } from './browser.js';
import type { Account, TestIdentityProvider } from './identity-provider.js';
import { SSO_SETTINGS } from './sso-settings.js';
import type { TestApp } from './test-app.js';

export const TEST_SIGN_IN = `${SSO_SETTINGS}/test-sign-in`;

/** Written while a test runs: its own table, its audit entry, counters and times of use. */
const OWN_TRACES = [
  'test_sign_ins',
  'audit_entries',
  'audit_seals',
  'rate_windows',
  'member_activity',
  'access_cache_replicas',
];

/** The content of every table that a test must not change. */
export async function stored({ sql }: TestApp): Promise<Record<string, string>> {
  const tables = await sql<{ name: string }>(
    `select table_name as name from information_schema.tables
     where table_schema = 'public' and table_type = 'BASE TABLE' and table_name <> all($1) order by 1`,
    [OWN_TRACES],
  );
  const digests: Record<string, string> = {};
  for (const { name } of tables) {
    const row = `(to_jsonb(t) - 'last_used_at' - 'refreshing_until')::text`;
    const [found] = await sql<{ digest: string }>(
      `select count(*) || ' ' || md5(coalesce(string_agg(${row}, ',' order by ${row}), '')) as digest from ${name} t`,
    );
    digests[name] = found!.digest;
  }
  return digests;
}

/** A browser with a session here. `orgId`: the organization that its requests name. */
export class SignedInBrowser {
  constructor(
    private readonly t: TestApp,
    readonly orgId: string,
    readonly browser: Browser,
  ) {}

  /** Another browser with the same cookies of ours and none of the provider, which asks who signs in. */
  copy(): SignedInBrowser {
    const browser = new Browser();
    for (const [name, value] of Object.entries(this.browser.cookies(this.t.url)))
      browser.setCookie(this.t.url, name, value);
    return new SignedInBrowser(this.t, this.orgId, browser);
  }

  send(method: string, path: string, headers: Record<string, string> = {}) {
    const own = { origin: this.t.url, 'x-organization-id': this.orgId };
    return this.t.api.send(method, path, undefined, {
      headers: { ...this.browser.cookieHeader(this.t.url), ...own, ...headers },
    });
  }

  /** Starts a test and keeps its cookie. */
  async start(): Promise<{ id: string; url: string | null }> {
    const { status, body, headers } = await this.send('POST', TEST_SIGN_IN);
    if (status !== 201) throw new Error(`starting a test: ${status} ${JSON.stringify(body)}`);
    for (const line of headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)!;
      this.browser.setCookie(this.t.url, name!, value!);
    }
    return { id: body.test_id, url: body.url };
  }

  read(id: string, headers: Record<string, string> = {}) {
    return this.send('GET', `${TEST_SIGN_IN}/${id}`, headers);
  }

  /** Signs the person in at the provider, up to the response of our callback. */
  async signInAt(idp: TestIdentityProvider, url: string, { sub }: Pick<Account, 'sub'>): Promise<Page> {
    return idp.finish(this.browser, await this.browser.open(url), sub);
  }

  /** The same up to the address of our callback, which the browser has not opened. */
  async callbackOf(idp: TestIdentityProvider, url: string, { sub }: Pick<Account, 'sub'>): Promise<string> {
    const { location } = await idp.passToCallback(this.browser, await this.browser.open(url), sub);
    return location!;
  }
}
