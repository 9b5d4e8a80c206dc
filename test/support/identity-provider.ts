import { createServer, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createSocket } from 'node:net';
import { importJWK, type JWK, type JWTPayload, SignJWT } from 'jose';
import type { Provider } from 'oidc-provider';
import type { Browser, Page } from './browser.js';
import { oncePerWorker } from './once-per-worker.ts'; // plain Node loads this file too: `npm run dev:sso`

const { CALLBACK_PATH, CLIENT, makeProvider, PUBLIC_CLIENT, signingKey } = oncePerWorker(
  './oidc-provider.ts',
) as typeof import('./oidc-provider.js');

/** What the provider says of a person; whatever is left out it does not say. */
export type Account = {
  sub: string;
  email?: string | undefined;
  email_verified?: boolean | undefined;
  name?: string | undefined;
  given_name?: string | undefined;
  family_name?: string | undefined;
  groups?: unknown;
  oid?: string | undefined;
};

export const CALLBACK = CALLBACK_PATH;
export const LOGIN = '/api/v1/oauth/custom-oidc/login';

export type ProviderOptions = {
  /** Where our server is reached: its LANGSMITH_URL. */
  appUrl: string;
  /** Lifetime of ID tokens; an hour unless a test is about it. */
  idTokenSeconds?: number;
  /** A free one unless it was agreed on before. */
  port?: number;
  /** Each use of a refresh token gives a new one, and the old one is void: the default. */
  rotatesRefreshTokens?: boolean;
};

/** A real OpenID provider on a port of its own: PKCE demanded, refresh tokens, logout by the front and the back channel. */
export class TestIdentityProvider {
  /** Asked before each answer: to hold it back, or to answer with a bare status in its place. */
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
    await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
    const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const accounts = new Map<string, Account>();
    const key = await signingKey;
    const provider = makeProvider(issuer, options, accounts, key);
    const answer = provider.callback();
    const idp = new TestIdentityProvider(issuer, options.appUrl, server, provider, accounts, key);
    server.on('request', (request, response) => {
      void idp.respond(request.url!, response, () => answer(request, response));
    });
    return idp;
  }

  private async respond(path: string, response: ServerResponse, answer: () => Promise<void>): Promise<void> {
    const status = await this.interfere(path);
    if (status === null) await answer();
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

  /** The same without a secret. */
  get publicClientEnvironment(): Record<string, string> {
    const { OAUTH_CLIENT_SECRET: _, ...rest } = this.environment;
    return { ...rest, OAUTH_CLIENT_ID: PUBLIC_CLIENT.id, AUTH_TYPE: 'oauth' };
  }

  /** Adds a person, or changes what the provider says of one. */
  account(account: Account): Account {
    this.accounts.set(account.sub, account);
    return account;
  }

  /** From now on the provider knows nobody of this name: its refresh tokens are refused. */
  forget(sub: string): void {
    this.accounts.delete(sub);
  }

  /** Ends the provider's own session of the browser, which tells our server by the back channel. */
  async logOut(browser: Browser): Promise<Page> {
    const asked = await browser.open(`${this.issuer}/session/end`);
    return this.confirmLogout(browser, asked);
  }

  /** The provider's question whether to sign out there, answered with yes; ends where the browser is sent then. */
  async confirmLogout(browser: Browser, asked: Page): Promise<Page> {
    const [, xsrf] = /name="xsrf" value="([^"]+)"/.exec(asked.body) ?? [];
    if (!xsrf) throw new Error(`the provider does not ask: ${asked.status} ${asked.body}`);
    return browser.open(`${this.issuer}/session/end/confirm`, { form: { xsrf, logout: 'yes' } });
  }

  /**
   * The whole login of a person in a browser, from our login address up to the answer of our callback, which is not
   * followed: its status, cookies and location are what a test wants to see.
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

  /** The whole login but its last step: the redirect to our callback, in a browser that may follow it. */
  async untilCallback(browser: Browser, sub: string): Promise<Page> {
    const start = await browser.open(`${this.appUrl}${LOGIN}`);
    return this.pass(browser, start, sub, ({ location }) => location?.startsWith(this.callback) ?? false);
  }

  /** Like `logIn`, from the redirect to the provider on; ends at our callback, or where the redirects end. */
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

  /** A token of this provider that it would never give out by itself. */
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

/** A port that nobody listens on: the public address has to be known before the server is. */
export async function freePort(): Promise<number> {
  const socket = createSocket();
  await new Promise<void>((resolve) => socket.listen(0, '127.0.0.1', resolve));
  const { port } = socket.address() as AddressInfo;
  await new Promise((resolve) => socket.close(resolve));
  return port;
}
