/* oxlint-disable no-underscore-dangle -- member names of the library */
import { createHash } from 'node:crypto';
import { callbackify } from 'node:util';
import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import passport from 'passport';
import { Strategy } from 'passport-openidconnect';
import { IdentityProvider, type RedeemedCode } from './identity-provider.js';
import { InvalidIdToken } from './provider/provider.errors.js';
import type { ProviderMetadata } from './provider/trusted-metadata.js';

/** The values that bind the provider's response to the browser that sent the request. */
export type AuthorizationSecrets = {
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
};

/** A login attempt, the provider that it is sent to, and this installation as its client. */
export type LoginRequest = {
  readonly attempt: AuthorizationSecrets;
  readonly provider: ProviderMetadata;
  readonly client: { id: string; callbackUrl: string; scopes: readonly string[]; usesForm: boolean };
  /** Further parameters of the authorization request; they replace none of the protocol's own. */
  readonly parameters: Readonly<Record<string, string>>;
};

/** What is passed to passport as its request. Only a callback has response parameters and a deadline. */
type PassportRequest = LoginRequest & {
  readonly query: { readonly code?: string; readonly state?: string };
  readonly signal?: AbortSignal;
};

/** The token response as the library expects it, with the validated claims beside it. */
type TokenResponse = { readonly id_token: string; readonly redeemed: RedeemedCode };
type ExchangeCallback = (
  error: null,
  accessToken: string,
  refreshToken: string,
  response: TokenResponse,
) => void;

/** The parameters of the library's verify function when it has eight. */
type VerifyParameters = [
  issuer: string,
  profile: object,
  context: object,
  idToken: string,
  accessToken: string,
  refreshToken: string,
  response: TokenResponse,
  done: unknown,
];

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
export class OidcStrategy extends PassportStrategy(Strategy, 'custom-oidc', 8) {
  declare protected _issuer: string;
  declare protected _callbackURL: string;
  declare protected _scope: string[];
  declare redirect: (url: string) => void;
  declare success: (user: object) => void;
  declare error: (error: unknown) => void;
  declare private passport: passport.PassportStatic;
  declare private request: PassportRequest;

  constructor(private readonly identityProvider: IdentityProvider) {
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

  /** The URL of the provider's authorization endpoint, with all parameters. */
  async authorizationUrl(request: LoginRequest): Promise<string> {
    const { location } = await this.run<{ location: string }>({ ...request, query: {} });
    return location;
  }

  /**
   * Exchanges the code of a callback and validates the ID token.
   *
   * @throws InvalidIdToken and the errors of IdentityProvider.redeemCode
   */
  redeem(request: LoginRequest, code: string, signal: AbortSignal): Promise<RedeemedCode> {
    return this.run<RedeemedCode>({ ...request, query: { code, state: request.attempt.state }, signal });
  }

  /** Resolves to the argument of `success`. */
  private run<Result extends object>(request: PassportRequest): Promise<Result> {
    return new Promise((resolve, reject) => {
      const done = (error: Error | null, result?: Result | false) => {
        if (error) reject(error);
        else if (result) resolve(result);
        else reject(new InvalidIdToken('malformed')); // `fail`: the library's second check of the ID token
      };
      this.getPassportInstance().authenticate('custom-oidc', done)(request, {}, done);
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
    this.redirect = (location) => this.success({ location });
    super.authenticate(request as never);
  }

  override authorizationParams(): Record<string, string> {
    const { attempt, client, parameters } = this.request;
    return {
      ...parameters,
      nonce: attempt.nonce,
      code_challenge: createHash('sha256').update(attempt.codeVerifier).digest('base64url'),
      code_challenge_method: 'S256',
      ...(client.usesForm ? { response_mode: 'form_post' } : {}),
    };
  }

  /** The library's verify function: its result becomes the argument of `success`. */
  validate(...[, , , , , , response]: VerifyParameters): RedeemedCode {
    return response.redeemed;
  }

  /** Replaces the library's code exchange, which supports neither PKCE nor signature checks nor a timeout. */
  private createOAuthClient({ provider, client }: PassportRequest) {
    return {
      _authorizeUrl: provider.authorization_endpoint,
      _accessTokenUrl: provider.token_endpoint,
      _clientId: client.id,
      getOAuthAccessToken: (code: string, parameters: Record<string, string>, done: ExchangeCallback) => {
        callbackify(() => this.exchange({ ...parameters, code }))((error, redeemed) => {
          if (error) return this.error(error); // the library would wrap it
          const { idToken, accessToken, refreshToken } = redeemed;
          return done(null, accessToken ?? '', refreshToken ?? '', { id_token: idToken, redeemed });
        });
      },
    };
  }

  private exchange(parameters: Readonly<Record<string, string>>): Promise<RedeemedCode> {
    const { attempt, signal } = this.request;
    const withVerifier = { ...parameters, code_verifier: attempt.codeVerifier };
    return this.identityProvider.redeemCode(withVerifier, attempt.nonce, signal);
  }
}
