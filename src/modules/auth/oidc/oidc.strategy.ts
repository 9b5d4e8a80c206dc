/* oxlint-disable no-underscore-dangle -- member names of the library */
import { createHash } from 'node:crypto';
import { callbackify } from 'node:util';
import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import passport from 'passport';
import { Strategy } from 'passport-openidconnect';
import { InvalidIdToken } from './provider.errors.js';
import type { ProviderMetadata } from './provider/trusted-metadata.js';

/** The values that bind the provider's response to the browser that sent the request. */
export type AuthorizationSecrets = {
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
};

/** What is passed to passport as its request: the response parameters and the login attempt that they belong to. */
export type PassportRequest = {
  readonly query: { readonly code?: string; readonly state?: string };
  readonly attempt: AuthorizationSecrets;
  readonly provider: ProviderMetadata;
  readonly client: { id: string; callbackUrl: string; scopes: readonly string[]; usesForm: boolean };
  /** Replaces passport's code exchange, which supports neither PKCE nor signature checks nor a timeout. */
  readonly exchange: (parameters: Readonly<Record<string, string>>) => Promise<ExchangedTokens>;
};

export type ExchangedTokens = { idToken: string; accessToken: string | null; refreshToken: string | null };

type ExchangeCallback = (
  error: unknown,
  accessToken?: string,
  refreshToken?: string,
  answer?: object,
) => void;
type StoreCallback = (error: Error | null, handle: unknown) => void;

/** Required by the constructor; the endpoints are known only after discovery and are set per request. */
const PLACEHOLDER_URL = 'https://not-known-yet.invalid';

/** State and nonce come from the login attempt, which its cookie and the database have verified already. */
const ATTEMPT_STORE = {
  store: (
    { attempt }: PassportRequest,
    _context: object,
    _app: unknown,
    _meta: unknown,
    done: StoreCallback,
  ) => done(null, attempt.state),
  verify: ({ attempt }: PassportRequest, _state: string, done: StoreCallback) =>
    done(null, { nonce: attempt.nonce }),
};

/**
 * The authorization code flow of passport-openidconnect: it builds the authorization request and parses the response.
 * Passport runs each request on a copy of this object, so per-request values may be set on `this`
 * (docs/decisions/0011).
 */
@Injectable()
export class OidcStrategy extends PassportStrategy(Strategy, 'custom-oidc', 5) {
  declare protected _issuer: string;
  declare protected _callbackURL: string;
  declare protected _scope: string[];
  declare redirect: (url: string) => void;
  declare success: (user: object) => void;
  declare private passport: passport.PassportStatic;
  declare private request: PassportRequest;

  constructor() {
    super({
      issuer: PLACEHOLDER_URL,
      authorizationURL: PLACEHOLDER_URL,
      tokenURL: PLACEHOLDER_URL,
      userInfoURL: PLACEHOLDER_URL,
      callbackURL: PLACEHOLDER_URL,
      clientID: PLACEHOLDER_URL,
      clientSecret: PLACEHOLDER_URL,
      skipUserProfile: true,
      store: ATTEMPT_STORE as never,
    });
  }

  /**
   * A separate passport instance: the global one is shared by all applications of a process. Called by the constructor.
   */
  protected getPassportInstance(): passport.PassportStatic {
    this.passport ??= new passport.Passport() as passport.PassportStatic;
    return this.passport;
  }

  /** Resolves to `{ redirect }` for an authorization request and to `{ idToken }` for a callback. */
  run(request: PassportRequest): Promise<{ redirect?: string; idToken?: string }> {
    return new Promise((resolve, reject) => {
      const answer = (error: Error | null, result?: object | false) => {
        if (error) reject(error);
        else if (result) resolve(result);
        else reject(new InvalidIdToken('malformed')); // the library's second check of the ID token failed
      };
      this.getPassportInstance().authenticate('custom-oidc', answer)(request, {}, answer);
    });
  }

  /** The published type expects an Express request; passport passes on the argument of `run`. */
  override authenticate(input: unknown): void {
    const request = input as PassportRequest;
    this.request = request;
    this._issuer = request.provider.issuer;
    this._callbackURL = request.client.callbackUrl;
    this._scope = request.client.scopes.filter((scope) => scope !== 'openid'); // the library adds this scope itself
    this._oauth2 = this.createOAuthClient(request) as never;
    this.redirect = (url) => this.success({ redirect: url });
    super.authenticate(request as never);
  }

  override authorizationParams(): Record<string, string> {
    const { attempt, client } = this.request;
    return {
      nonce: attempt.nonce,
      code_challenge: createHash('sha256').update(attempt.codeVerifier).digest('base64url'),
      code_challenge_method: 'S256',
      ...(client.usesForm ? { response_mode: 'form_post' } : {}),
    };
  }

  /** The identity is read by OidcLogin from the validated claims. */
  validate(_issuer: string, _profile: object, _context: object, idToken: string): { idToken: string } {
    return { idToken };
  }

  private createOAuthClient({ provider, client, attempt, exchange }: PassportRequest) {
    return {
      _authorizeUrl: provider.authorization_endpoint,
      _accessTokenUrl: provider.token_endpoint,
      _clientId: client.id,
      getOAuthAccessToken: (code: string, parameters: Record<string, string>, done: ExchangeCallback) => {
        const exchanged = callbackify(exchange);
        exchanged({ ...parameters, code, code_verifier: attempt.codeVerifier }, (error, tokens) =>
          error
            ? done(error)
            : done(null, tokens.accessToken ?? '', tokens.refreshToken ?? '', { id_token: tokens.idToken }),
        );
      },
    };
  }
}
