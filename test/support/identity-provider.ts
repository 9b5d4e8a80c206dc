import { createServer, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createSocket } from 'node:net';
import { exportJWK, generateKeyPair, importJWK, type JWK, type JWTPayload, SignJWT } from 'jose';
import type { Configuration, Provider } from 'oidc-provider';
import type { Browser, Page } from './browser.js';
import { oncePerWorker } from './once-per-worker.js';

const oidc = oncePerWorker('./quiet-provider.ts') as typeof import('./quiet-provider.js');

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

export const CALLBACK = '/api/v1/oauth/custom-oidc/callback';
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

const CLIENT = { id: 'tenantry', secret: 'a-client-secret-that-is-only-used-in-tests' };
const PUBLIC_CLIENT = { id: 'tenantry-public' };

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
    const key = await signingKey();
    const provider = new oidc.Provider(issuer, configuration(options, accounts, key));
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

function configuration(
  { appUrl, idTokenSeconds = 3600, rotatesRefreshTokens = true }: ProviderOptions,
  accounts: ReadonlyMap<string, Account>,
  key: JWK,
): Configuration {
  return {
    clients: clientsOf(appUrl),
    jwks: { keys: [key] },
    cookies: { keys: ['only-used-in-tests'] },
    claims: {
      openid: ['sub', 'groups', 'oid'],
      email: ['email', 'email_verified'],
      profile: ['name', 'given_name', 'family_name'],
    },
    features: { rpInitiatedLogout: { enabled: true }, backchannelLogout: { enabled: true } },
    fetch: (url, { method, headers, body, redirect, signal }: RequestInit = {}) =>
      fetch(url, { method, headers, body, redirect, signal }), // without its guard against addresses of this machine
    pkce: { required: () => true },
    ttl: {
      IdToken: idTokenSeconds,
      AccessToken: 600,
      AuthorizationCode: 60,
      Grant: 86_400,
      Interaction: 600,
      RefreshToken: 86_400,
      Session: 86_400,
    },
    issueRefreshToken: () => Promise.resolve(true),
    rotateRefreshToken: rotatesRefreshTokens,
    findAccount: (_, sub) => {
      const account = accounts.get(sub);
      return account && { accountId: sub, claims: () => ({ ...account, sub }) };
    },
    loadExistingGrant: async (ctx) => {
      const { client, session, params, provider } = ctx.oidc;
      const grant = new provider.Grant({ clientId: client!.clientId, accountId: session!.accountId! });
      grant.addOIDCScope(String(params!['scope']));
      await grant.save();
      return grant;
    },
  };
}

function clientsOf(appUrl: string): NonNullable<Configuration['clients']> {
  const shared = {
    redirect_uris: [`${appUrl}${CALLBACK}`, `${appUrl}/oauth-callback`],
    post_logout_redirect_uris: [appUrl, `${appUrl}/`],
    backchannel_logout_uri: `${appUrl}/api/v1/oauth/custom-oidc/backchannel-logout`,
    backchannel_logout_session_required: true,
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code' as const],
  };
  return [
    { ...shared, client_id: CLIENT.id, client_secret: CLIENT.secret },
    { ...shared, client_id: PUBLIC_CLIENT.id, token_endpoint_auth_method: 'none' },
  ];
}

async function signingKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  return { ...(await exportJWK(privateKey)), kid: 'test-key', alg: 'RS256', use: 'sig' };
}
