import { createHash } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { tlsServer } from './tls.js';
import type { AddressInfo } from 'node:net';
import {
  type CryptoKey,
  exportJWK,
  exportSPKI,
  generateKeyPair,
  type JWK,
  type JWTPayload,
  SignJWT,
} from 'jose';

type Respond = (response: ServerResponse) => void;

/** What one login forges; everything else is as an honest provider does it. */
export type Forgery = {
  /** Claims of the ID token; undefined removes a claim. */
  claims?: Record<string, unknown>;
  header?: { alg?: string; kid?: string | undefined };
  /** Replaces the signing of the ID token. */
  sign?: (payload: JWTPayload, provider: HostileProvider) => Promise<string> | string;
  userInfo?: Record<string, unknown>;
  /** The login gets a refresh token; claims of the ID token that a refresh returns. */
  refreshed?: Record<string, unknown>;
  /** Replaces the signing of that ID token. */
  signRefreshed?: NonNullable<Forgery['sign']>;
  /** Parameters of the callback; undefined removes one. */
  callback?: Record<string, string | undefined>;
  tokenEndpoint?: Respond;
  /** Replaces the response to a refresh token. */
  refreshEndpoint?: Respond;
  userInfoEndpoint?: Respond;
  /** Members of the response of the token endpoint to a code; undefined removes one. */
  tokens?: Record<string, unknown>;
};

type Login = { forgery: Forgery; nonce: string; challenge: string; redirectUri: string; isUsed: boolean };

/** The client credentials of a request to the token endpoint or to that for pushed requests. */
export type ClientRequest = { path: string; authorization: string | undefined; form: URLSearchParams };

const CLIENT_SECRET = 'hush';

export const ACCESS_TOKEN = 'the-access-token-of-the-hostile-provider';
const PERSON = { sub: 'ada', email: 'ada@example.com', email_verified: true, name: 'Ada Lovelace' };

/** An OpenID provider that is honest but for the one forgery of each login. It checks client and PKCE itself. */
export class HostileProvider {
  /** Number of requests for the key set. */
  keySetsServed = 0;
  /** The key set of the moment of a request is sent when this resolves. */
  keySetDelay: Promise<void> = Promise.resolve();
  /** ID tokens that it issued; tests check that they occur nowhere else. */
  readonly clientSecrets: string[] = [];
  /** Whether the client may make the request; by default its secret must be in the form. */
  acceptsClient: (request: ClientRequest) => boolean | Promise<boolean> = ({ form }) =>
    form.get('client_secret') === CLIENT_SECRET;
  /** The response to a client that it does not accept. */
  refuseClient: Respond = oauthError(401, 'invalid_client');
  readonly clientRequests: ClientRequest[] = [];
  /** Of all requests, in their order. */
  readonly traceparents: string[] = [];
  /** The login that the authorization endpoint completes at once, by a form that posts itself. */
  postsForm: Forgery | null = null;
  /** HTML that it serves at /page. */
  page = '';
  private readonly pushed = new Map<string, URLSearchParams>();
  private readonly logins = new Map<string, Login>();
  private published: JWK[] = [];

  private constructor(
    readonly issuer: string,
    private readonly server: Server,
    private readonly keys: Record<'one' | 'two' | 'unpublished', CryptoKey>,
    readonly publicKey: string,
    readonly metadata: Record<string, unknown>,
  ) {}

  /** `metadataOverrides` change the metadata; `discovery` replaces its response; with `tlsHost` it speaks TLS. */
  static async start(
    metadataOverrides: Record<string, unknown> = {},
    discovery?: Respond,
    tlsHost?: string,
  ): Promise<HostileProvider> {
    const server = tlsHost === undefined ? createServer() : tlsServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const issuer = tlsHost === undefined ? `http://127.0.0.1:${port}` : `https://${tlsHost}:${port}`;
    const [one, two, unpublished] = await Promise.all(
      ['one', 'two', 'unpublished'].map(() => generateKeyPair('ES256', { extractable: true })),
    );
    const keys = { one: one!.privateKey, two: two!.privateKey, unpublished: unpublished!.privateKey };
    const provider = new HostileProvider(issuer, server, keys, await exportSPKI(one!.publicKey), {
      ...metadataOf(issuer),
      ...metadataOverrides,
    });
    provider.published = [await named(one!.publicKey, 'one'), await named(two!.publicKey, 'two')];
    server.on('request', (request, response) => {
      provider.traceparents.push(String(request.headers['traceparent']));
      if (request.url!.startsWith('/.well-known/') && discovery) return discovery(response);
      provider.handle(request, response).catch(() => response.destroy());
    });
    return provider;
  }

  environment(appUrl: string): Record<string, string> {
    return {
      LANGSMITH_URL: appUrl,
      PORT: new URL(appUrl).port,
      OAUTH_ISSUER_URL: this.issuer,
      OAUTH_CLIENT_ID: 'tenantry',
      OAUTH_CLIENT_SECRET: CLIENT_SECRET,
    };
  }

  /** Signs the user in at `authorizationUrl`; returns the URL that the browser is sent to. */
  accept(authorizationUrl: string, forgery: Forgery = {}): string {
    const { searchParams } = new URL(authorizationUrl);
    const asked = this.pushed.get(searchParams.get('request_uri') ?? '') ?? searchParams;
    const code = `code-${this.logins.size}-${Math.random()}`;
    this.logins.set(code, {
      forgery,
      nonce: asked.get('nonce')!,
      challenge: asked.get('code_challenge')!,
      redirectUri: asked.get('redirect_uri')!,
      isUsed: false,
    });
    const parameters = { code, state: asked.get('state')!, iss: this.issuer, ...forgery.callback };
    const url = new URL(asked.get('redirect_uri')!);
    for (const [name, value] of Object.entries(parameters))
      if (value !== undefined) url.searchParams.set(name, value);
    return url.href;
  }

  /** Replaces the published keys by a new one. */
  async rotateTo(kid: string): Promise<Forgery> {
    const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
    this.published = [await named(publicKey, kid)];
    return {
      sign: (payload) => new SignJWT(payload).setProtectedHeader({ alg: 'ES256', kid }).sign(privateKey),
    };
  }

  signed(
    payload: JWTPayload,
    header: Forgery['header'] = {},
    key: keyof HostileProvider['keys'] = 'one',
  ): Promise<string> {
    return new SignJWT(payload)
      .setProtectedHeader({ alg: 'ES256', kid: 'one', ...header })
      .sign(this.keys[key]);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url!, this.issuer);
    if (pathname === '/.well-known/openid-configuration') return json(response, 200, this.metadata);
    if (pathname === '/auth' && this.postsForm) return this.postForm(request.url!, response);
    if (pathname === '/page') return void response.setHeader('content-type', 'text/html').end(this.page);
    if (pathname === '/keys') {
      this.keySetsServed++;
      const keys = this.published;
      await this.keySetDelay;
      return json(response, 200, { keys });
    }
    if (pathname === '/token' || pathname === '/par') return this.asClient(pathname, request, response);
    if (pathname === '/me') return this.me(request, response);
    return json(response, 404, {});
  }

  /** OAuth 2.0 Form Post Response Mode, whatever the request asks for. */
  private postForm(authorizationUrl: string, response: ServerResponse): void {
    const callback = new URL(this.accept(new URL(authorizationUrl, this.issuer).href, this.postsForm!));
    const fields = [...callback.searchParams].map(
      ([name, value]) => `<input type="hidden" name="${name}" value="${value}">`,
    );
    const action = `${callback.origin}${callback.pathname}`;
    response.setHeader('content-type', 'text/html');
    response.end(
      `<form method="post" action="${action}">${fields.join('')}</form><script>document.forms[0].submit()</script>`,
    );
  }

  private async asClient(path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const form = new URLSearchParams(await text(request));
    const asked = { path, authorization: request.headers.authorization, form };
    this.clientRequests.push(asked);
    if (path === '/token') return this.token(asked, response);
    if (!(await this.acceptsClient(asked))) return this.refuseClient(response);
    const requestUri = `urn:ietf:params:oauth:request_uri:${this.pushed.size}`;
    this.pushed.set(requestUri, form);
    return json(response, 201, { request_uri: requestUri, expires_in: 60 });
  }

  private async token(asked: ClientRequest, response: ServerResponse): Promise<void> {
    const { form } = asked;
    if (form.get('grant_type') === 'refresh_token') return this.refresh(form, response);
    const login = this.logins.get(form.get('code') ?? '');
    if (login?.forgery.tokenEndpoint) return login.forgery.tokenEndpoint(response);
    if (!(await this.acceptsClient(asked))) return this.refuseClient(response);
    const proof = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    const isFine =
      login && !login.isUsed && proof === login.challenge && form.get('redirect_uri') === login.redirectUri;
    if (!isFine) return json(response, 400, { error: 'invalid_grant' });
    login.isUsed = true;
    const idToken = await this.idToken(login);
    this.clientSecrets.push(idToken);
    const accessToken = `${ACCESS_TOKEN}.${form.get('code')}`;
    const tokens = { token_type: 'Bearer', access_token: accessToken, id_token: idToken };
    const refreshToken = login.forgery.refreshed && { refresh_token: form.get('code') };
    return json(response, 200, withoutUndefined({ ...tokens, ...refreshToken, ...login.forgery.tokens }));
  }

  private async refresh(form: URLSearchParams, response: ServerResponse): Promise<void> {
    const login = this.logins.get(form.get('refresh_token') ?? '');
    if (login?.forgery.refreshEndpoint) return login.forgery.refreshEndpoint(response);
    if (!login?.forgery.refreshed) return json(response, 400, { error: 'invalid_grant' });
    const { refreshed: claims, signRefreshed: sign } = login.forgery;
    const idToken = await this.idToken({ ...login, forgery: sign ? { claims, sign } : { claims } });
    return json(response, 200, { token_type: 'Bearer', access_token: ACCESS_TOKEN, id_token: idToken });
  }

  private async idToken({ forgery, nonce }: Login): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    const genuine = { iss: this.issuer, aud: 'tenantry', iat: now, exp: now + 300, nonce, ...PERSON };
    const payload = withoutUndefined({ ...genuine, ...forgery.claims });
    return forgery.sign ? forgery.sign(payload, this) : this.signed(payload, forgery.header);
  }

  private me(request: IncomingMessage, response: ServerResponse): void {
    const [, code = ''] = request.headers.authorization?.split(`Bearer ${ACCESS_TOKEN}.`) ?? [];
    const login = this.logins.get(code);
    if (!login) return json(response, 401, {});
    if (login.forgery.userInfoEndpoint) return login.forgery.userInfoEndpoint(response);
    return json(response, 200, withoutUndefined({ ...PERSON, ...login.forgery.userInfo }));
  }
}

/** An error response of the token endpoint (RFC 6749, section 5.2). */
export const oauthError =
  (status: number, error: string): Respond =>
  (response) =>
    json(response, status, { error, error_description: 'about ada@example.com' });

/** Responses that are no valid JSON of the endpoint, or none at all. */
export const never: Respond = () => undefined;
export const broken: Respond = (response) => json(response, 500, { error: 'oops' });
export const nonsense: Respond = (response) => response.end('<html>It works!</html>');
export const huge: Respond = (response) => {
  response.setHeader('content-type', 'application/json');
  response.write('{"padding":"');
  const more = () => {
    while (!response.destroyed) if (!response.write('a'.repeat(65_536))) return response.once('drain', more);
    return response;
  };
  more();
};
export const elsewhere =
  (url: string): Respond =>
  (response) =>
    response.writeHead(302, { location: url }).end();

const metadataOf = (issuer: string) => ({
  issuer,
  authorization_endpoint: `${issuer}/auth`,
  token_endpoint: `${issuer}/token`,
  userinfo_endpoint: `${issuer}/me`,
  jwks_uri: `${issuer}/keys`,
  response_types_supported: ['code'],
  subject_types_supported: ['public'],
  id_token_signing_alg_values_supported: ['ES256', 'HS256', 'none'],
  token_endpoint_auth_methods_supported: ['client_secret_post'],
  authorization_response_iss_parameter_supported: true,
});

const named = async (key: CryptoKey, kid: string): Promise<JWK> => ({
  ...(await exportJWK(key)),
  kid,
  use: 'sig',
});

const withoutUndefined = (object: object): JWTPayload =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
