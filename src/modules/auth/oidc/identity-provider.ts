import { Injectable } from '@nestjs/common';
import { required } from '../../../common/required.js';
import { Config } from '../../../config/config.js';
import { DatabaseClock } from '../../../database/database-clock.js';
import { requestTimeout } from './provider/provider-request.js';
import { acceptedAlgorithms } from './provider/choose-key.js';
import { Discovery } from './provider/discovery.js';
import { checkIdToken, type ExpectedClaims, type IdTokenClaims } from './provider/id-token.js';
import { KeySet, type TokenOrigin } from './provider/key-set.js';
import { checkLogoutToken, type LogoutToken } from './provider/logout-token.js';
import { type SignedToken, unverifiedClaims, verifySigned } from './provider/signed-token.js';
import { TokenEndpoint } from './provider/token-endpoint.js';
import { GrantRejected } from './provider/provider.errors.js';
import type { ProviderMetadata } from './provider/trusted-metadata.js';
import {
  AuthorizationCodeRejected,
  InvalidIdToken,
  InvalidLogoutToken,
  RefreshTokenRejected,
  SsoDisabled,
  UserInteractionRequired,
} from './provider/provider.errors.js';

export type { LogoutToken };

/** The tokens that an authorization code was exchanged for, and the validated claims of the ID token. */
export type RedeemedCode = {
  readonly idToken: string;
  readonly accessToken: string | null;
  readonly refreshToken: string | null;
  readonly claims: IdTokenClaims;
};

export type Refreshed = {
  /** Null if the provider sent no new ID token. */
  readonly idToken: string | null;
  readonly idTokenExpiresAt: Date | null;
  /**
   * `sub` of the new ID token, which must equal the `sub` of the session's first ID token. Null without a new ID token.
   */
  readonly subject: string | null;
  /** Null if the provider sent none; the previous refresh token stays valid. */
  readonly refreshToken: string | null;
};

/** The identity provider of the installation; the only entry point to it for other modules. */
@Injectable()
export class IdentityProvider {
  constructor(
    private readonly discovery: Discovery,
    private readonly keys: KeySet,
    private readonly tokens: TokenEndpoint,
    private readonly clock: DatabaseClock,
    private readonly config: Config,
  ) {}

  /** @throws ProviderUnavailable or SsoDisabled */
  metadata(signal: AbortSignal = requestTimeout()): Promise<ProviderMetadata> {
    return this.discovery.metadata(signal);
  }

  /** Null if the state is not known yet. If the last attempt failed, a new one starts in the background. */
  isReachable(): boolean | null {
    this.discovery.retryIfFailed();
    return this.discovery.isReachable;
  }

  /**
   * Exchanges an authorization code and validates the ID token.
   *
   * @throws AuthorizationCodeRejected, UserInteractionRequired, ClientAuthenticationRejected, ClientRequestRejected,
   *   InvalidIdToken or ProviderUnavailable
   */
  async redeemCode(
    parameters: Readonly<Record<string, string>>,
    nonce: string,
    signal: AbortSignal = requestTimeout(),
  ): Promise<RedeemedCode> {
    const tokens = await this.tokens
      .request(await this.metadata(signal), parameters, signal)
      .catch(throwCodeRejected);
    const { idToken, accessToken } = tokens;
    if (idToken === null) throw new InvalidIdToken('malformed');
    return { ...tokens, idToken, claims: await this.idTokenClaims(idToken, { nonce, accessToken }, signal) };
  }

  /**
   * Exchanges a refresh token for new tokens.
   *
   * @throws RefreshTokenRejected, ClientAuthenticationRejected, ClientRequestRejected, InvalidIdToken or
   *   ProviderUnavailable
   */
  async refresh(refreshToken: string): Promise<Refreshed> {
    const signal = requestTimeout();
    const parameters = { grant_type: 'refresh_token', refresh_token: refreshToken };
    const tokens = await this.tokens
      .request(await this.metadata(signal), parameters, signal)
      .catch(throwRefreshRejected);
    const { idToken, accessToken } = tokens;
    const claims = idToken && (await this.idTokenClaims(idToken, { nonce: null, accessToken }, signal));
    return {
      idToken,
      idTokenExpiresAt: claims ? new Date(claims.exp * 1000) : null,
      subject: claims ? claims.sub : null,
      refreshToken: tokens.refreshToken,
    };
  }

  private async idTokenClaims(
    token: string,
    login: Pick<ExpectedClaims, 'nonce' | 'accessToken'>,
    signal: AbortSignal,
  ): Promise<IdTokenClaims> {
    return checkIdToken(await this.verify(token, signal), {
      ...(await this.expectedClaims(signal)),
      ...login,
    });
  }

  /**
   * The URL for RP-initiated logout; null if there is no end-session endpoint. The ID token is sent only to an endpoint
   * of the standard, which has `post_logout_redirect_uri` (docs/contract/sign-in.md#logout-at-the-provider).
   */
  async endSessionUrl(options: { idTokenHint: string | null; returnTo: string }): Promise<string | null> {
    const { clientId, logout } = required(this.config.sso, 'single sign-on');
    const endpoint = logout.url ?? (await this.metadata()).end_session_endpoint;
    if (endpoint === undefined) return null;
    const url = new URL(endpoint);
    const isStandard = logout.returnParameter === 'post_logout_redirect_uri';
    if (options.idTokenHint !== null && isStandard)
      url.searchParams.set('id_token_hint', options.idTokenHint);
    url.searchParams.set(logout.returnParameter, options.returnTo);
    url.searchParams.set('client_id', clientId);
    return url.href;
  }

  /**
   * Verifies a logout token; the caller must check that its `jti` is new. Anyone can send a logout token, so the claims
   * are checked first, before a signature check that may have to fetch the provider's keys.
   *
   * @throws SsoDisabled, InvalidLogoutToken or ProviderUnavailable
   */
  async verifyLogoutToken(token: string | null): Promise<LogoutToken> {
    if (!this.config.sso) throw new SsoDisabled();
    if (token === null) throw new InvalidLogoutToken('missing');
    const signal = requestTimeout();
    try {
      const unverified = unverifiedClaims(token);
      const expected = await this.expectedClaims(signal);
      checkLogoutToken(unverified, expected);
      const { claims } = await this.verify(token, signal, { isUnsolicited: true });
      return checkLogoutToken(claims, expected);
    } catch (error) {
      throw error instanceof InvalidIdToken ? new InvalidLogoutToken(error.flaw) : error;
    }
  }

  private async verify(
    token: string,
    signal: AbortSignal,
    origin: TokenOrigin = { isUnsolicited: false },
  ): Promise<SignedToken> {
    const { id_token_signing_alg_values_supported: supported } = await this.metadata(signal);
    const algorithms = acceptedAlgorithms(supported);
    return verifySigned(token, { algorithms, keyFor: (header) => this.keys.keyFor(header, signal, origin) });
  }

  private async expectedClaims(signal: AbortSignal) {
    const { issuer } = await this.metadata(signal);
    return {
      issuer,
      clientId: required(this.config.sso, 'single sign-on').clientId,
      now: await this.clock.now(),
    };
  }
}

function throwCodeRejected(error: unknown): never {
  if (!(error instanceof GrantRejected)) throw error;
  throw error.code === 'invalid_grant'
    ? new AuthorizationCodeRejected()
    : new UserInteractionRequired(error.code);
}

function throwRefreshRejected(error: unknown): never {
  throw error instanceof GrantRejected ? new RefreshTokenRejected() : error;
}
