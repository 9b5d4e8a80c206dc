import { randomUUID } from 'node:crypto';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { importJWK, type JWK, type JWTPayload, SignJWT } from 'jose';
import type { Provider } from 'oidc-provider';
import type { Browser, Page } from './browser.js';
import { oncePerWorker } from './once-per-worker.ts'; // plain Node loads this file too: `npm run dev:sso`

const { CALLBACK_PATH, CLIENT, makeProvider, PUBLIC_CLIENT, signingKey } = oncePerWorker(
  './oidc-provider.ts',
) as typeof import('./oidc-provider.js');

/** The claims that the provider has for a user; an absent one is not asserted. */
export type Account = {
  sub: string;
  email?: string | undefined;
  email_verified?: boolean | undefined;
  /** ADFS and Entra ID. */
  upn?: string | undefined;
  /** Azure AD B2C. */
  emails?: unknown;
  name?: string | undefined;
  preferred_username?: string | undefined;
  given_name?: string | undefined;
  family_name?: string | undefined;
  groups?: unknown;
  _claim_names?: unknown;
  /** Roles as Keycloak and Zitadel send them. */
  realm_access?: unknown;
  'urn:zitadel:iam:org:project:roles'?: unknown;
  oid?: string | undefined;
  /** How the user signs in; `acr` is sent only if the client asks for it, as OpenID Connect Core 1.0 has it. */
  acr?: string | undefined;
  amr?: string[] | undefined;
  /** When the provider ends the session of the client. */
  session_expiry?: unknown;
};

export const CALLBACK = CALLBACK_PATH;
export const LOGIN = '/api/v1/oauth/custom-oidc/login';

export type ProviderOptions = {
  /** The public URL of our server: its LANGSMITH_URL. */
  appUrl: string;
  /** Lifetime of ID tokens; one hour by default. */
  idTokenSeconds?: number;
  /** A free port by default. */
  port?: number;
  /** Whether each use of a refresh token issues a new one and revokes the old one; true by default. */
  rotatesRefreshTokens?: boolean;
  /** The public key of our client, which then authenticates with `private_key_jwt` and has to push its requests. */
  clientKey?: JWK;
};

/** A real OpenID provider on its own port: PKCE required, refresh tokens, front-channel and back-channel logout. */
export class TestIdentityProvider {
  /** Called before each response: may delay it, or return a status that replaces it. */
  interfere: (path: string) => Promise<number | null> | number | null = () => null;

  private constructor(
    readonly issuer: string,
    private readonly appUrl: string,
    private readonly server: Server,
    readonly provider: Provider,
    private readonly accounts: Map<string, Account>,
    private readonly key: JWK,
  ) {}

  static async start(options: ProviderOptions): Promise<TestIdentityProvider> {
    const server = createServer();
    server.keepAliveTimeout = 0; // else an idle connection can be closed while the next request is on its way
    await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
    const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const accounts = new Map<string, Account>();
    const key = await signingKey;
    const provider = makeProvider(issuer, options, accounts, key);
    const serve = provider.callback();
    const idp = new TestIdentityProvider(issuer, options.appUrl, server, provider, accounts, key);
    server.on('request', (request, response) => {
      void idp.respond(request.url!, response, () => serve(request, response));
    });
    return idp;
  }

  private async respond(path: string, response: ServerResponse, serve: () => Promise<void>): Promise<void> {
    const status = await this.interfere(path);
    if (status === null) await serve();
    else response.writeHead(status).end();
  }

  /** The settings with which our server uses this provider, as a client with a secret. */
  get environment(): Record<string, string> {
    return {
      LANGSMITH_URL: this.appUrl,
      PORT: new URL(this.appUrl).port,
      OAUTH_ISSUER_URL: this.issuer,
      OAUTH_CLIENT_ID: CLIENT.id,
      OAUTH_CLIENT_SECRET: CLIENT.secret,
    };
  }

  /** The settings of a public client, without a secret. */
  get publicClientEnvironment(): Record<string, string> {
    const { OAUTH_CLIENT_SECRET: _, ...rest } = this.environment;
    return { ...rest, OAUTH_CLIENT_ID: PUBLIC_CLIENT.id, AUTH_TYPE: 'oauth' };
  }

  /** Adds a user, or changes the claims of one. */
  account(account: Account): Account {
    this.accounts.set(account.sub, account);
    return account;
  }

  /** Removes a user from the provider, which refuses their refresh tokens from then on. */
  forget(sub: string): void {
    this.accounts.delete(sub);
  }

  /** Ends the provider's session of the browser, which our server learns by back-channel logout. */
  async logOut(browser: Browser): Promise<Page> {
    const asked = await browser.open(`${this.issuer}/session/end`);
    return this.confirmLogout(browser, asked);
  }

  /** Confirms the logout at the provider; returns the page that the browser is sent to. */
  async confirmLogout(browser: Browser, asked: Page): Promise<Page> {
    const [, xsrf] = /name="xsrf" value="([^"]+)"/.exec(asked.body) ?? [];
    if (!xsrf) throw new Error(`the provider does not ask: ${asked.status} ${asked.body}`);
    return browser.open(`${this.issuer}/session/end/confirm`, { form: { xsrf, logout: 'yes' } });
  }

  /**
   * The whole login of a user in a browser, from our login address up to the response of our callback, whose redirect
   * is not followed.
   */
  async logIn(
    browser: Browser,
    sub: string,
    { redirectTo, loginUrl }: { redirectTo?: string; loginUrl?: string } = {},
  ): Promise<Page> {
    const query = redirectTo === undefined ? '' : `?redirect_to=${encodeURIComponent(redirectTo)}`;
    const start = await browser.open(loginUrl ?? `${this.appUrl}${LOGIN}${query}`);
    return this.finish(browser, start, sub);
  }

  /** The login up to the redirect to our callback, which the browser has not followed. */
  async untilCallback(browser: Browser, sub: string): Promise<Page> {
    return this.passToCallback(browser, await browser.open(`${this.appUrl}${LOGIN}`), sub);
  }

  /** The same from the redirect to the provider. */
  passToCallback(browser: Browser, start: Page, sub: string): Promise<Page> {
    return this.pass(browser, start, sub, ({ location }) => location?.startsWith(this.callback) ?? false);
  }

  /** Continues a login from the redirect to the provider up to our callback, or where the redirects end. */
  finish(browser: Browser, start: Page, sub: string): Promise<Page> {
    return this.pass(browser, start, sub, ({ url }) => url.startsWith(this.callback));
  }

  private async pass(
    browser: Browser,
    start: Page,
    sub: string,
    isThere: (page: Page) => boolean,
  ): Promise<Page> {
    let page = await browser.follow(start, isThere);
    for (let forms = 0; page.url.startsWith(`${this.issuer}/interaction/`) && forms < 3; forms++) {
      const form = { prompt: 'login', login: sub, password: 'any' };
      page = await browser.follow(await browser.open(page.url, { form }), isThere);
    }
    return page;
  }

  private get callback(): string {
    return `${this.appUrl}${CALLBACK}`;
  }

  /** The claims of a valid logout token (OpenID Connect Back-Channel Logout 1.0, section 2.4). */
  logoutClaims(about: { sub?: string; sid?: string }): JWTPayload {
    const iat = Math.floor(Date.now() / 1000);
    const events = { 'http://schemas.openid.net/event/backchannel-logout': {} };
    return { iss: this.issuer, aud: CLIENT.id, iat, exp: iat + 120, jti: randomUUID(), events, ...about };
  }

  /** A token signed by this provider with claims that it would not issue itself. */
  async sign(claims: JWTPayload, header: { typ?: string } = {}): Promise<string> {
    const { kid, alg } = this.key;
    const protectedHeader = { alg: alg!, kid: kid!, ...header };
    return new SignJWT(claims).setProtectedHeader(protectedHeader).sign(await importJWK(this.key));
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
