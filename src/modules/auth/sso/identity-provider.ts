import { Injectable } from '@nestjs/common';
import { Config } from '../../../config/config.js';
import { requestTimeout } from './provider/provider-request.js';
import { acceptedAlgorithms } from './provider/choose-key.js';
import { Discovery } from './provider/discovery.js';
import { checkIdToken, type ExpectedClaims, type IdTokenClaims } from './provider/id-token.js';
import { KeySet, type TokenOrigin } from './provider/key-set.js';
import { checkLogoutToken, type LogoutToken } from './provider/logout-token.js';
import { type SignedToken, unverifiedClaims, verifySigned } from './provider/signed-token.js';
import { GrantRejected, TokenEndpoint } from './provider/token-endpoint.js';
import type { ProviderMetadata } from './provider/trusted-metadata.js';
import {
  AuthorizationCodeRejected,
  InvalidIdToken,
  InvalidLogoutToken,
  RefreshTokenRejected,
  SsoDisabled,
} from './provider.errors.js';

export type { LogoutToken };

export type Refreshed = {
  /** Null when the provider sent no new ID token. */
  readonly idToken: string | null;
  readonly idTokenExpiresAt: Date | null;
  /** `sub` of the new ID token: it has to be the one that the session began with. */
  readonly subject: string | null;
  /** Null: the old one stays valid. */
  readonly refreshToken: string | null;
};

/** The one identity provider of the installation, as the rest of the server sees it. */
@Injectable()
export class IdentityProvider {
  constructor(
    private readonly discovery: Discovery,
    private readonly keys: KeySet,
    private readonly tokens: TokenEndpoint,
    private readonly config: Config,
  ) {}

  /** Throws ProviderUnavailable. */
  metadata(signal: AbortSignal = requestTimeout()): Promise<ProviderMetadata> {
    return this.discovery.metadata(signal);
  }

  /** Null as long as nobody knows; false makes it look again. */
  isReachable(): boolean | null {
    this.discovery.retryIfFailed();
    return this.discovery.isReachable;
  }

  /**
   * The tokens for a code, the ID token checked to the last claim.
   *
   * @throws AuthorizationCodeRejected, ClientAuthenticationRejected, InvalidIdToken or ProviderUnavailable
   */
  async redeemCode(parameters: Readonly<Record<string, string>>, nonce: string, signal: AbortSignal) {
    const tokens = await this.tokens
      .request(await this.metadata(signal), parameters, signal)
      .catch(throwCodeRejected);
    const { idToken, accessToken } = tokens;
    if (idToken === null) throw new InvalidIdToken('malformed');
    return { ...tokens, idToken, claims: await this.idTokenClaims(idToken, { nonce, accessToken }, signal) };
  }

  /** New tokens of the session; throws RefreshTokenRejected, InvalidIdToken, ClientAuthenticationRejected or ProviderUnavailable. */
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

  /** Where the browser ends the provider's session (RP-initiated logout); null when it has no such place. */
  async endSessionUrl(options: { idTokenHint: string | null; returnTo: string }): Promise<string | null> {
    const { end_session_endpoint: endpoint } = await this.metadata();
    if (endpoint === undefined) return null;
    const url = new URL(endpoint);
    if (options.idTokenHint !== null) url.searchParams.set('id_token_hint', options.idTokenHint);
    url.searchParams.set('post_logout_redirect_uri', options.returnTo);
    url.searchParams.set('client_id', this.config.sso!.clientId);
    return url.href;
  }

  /**
   * The logout token, verified; whether its `jti` was used before is for the caller to check. Anybody can send one, so
   * its claims are checked before its signature, for which the provider may have to be asked for its keys.
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
      throw error instanceof InvalidIdToken ? new InvalidLogoutToken(error.reason) : error;
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
    return { issuer, clientId: this.config.sso!.clientId, now: new Date() };
  }
}

function throwCodeRejected(error: unknown): never {
  throw error instanceof GrantRejected ? new AuthorizationCodeRejected() : error;
}

function throwRefreshRejected(error: unknown): never {
  throw error instanceof GrantRejected ? new RefreshTokenRejected() : error;
}
