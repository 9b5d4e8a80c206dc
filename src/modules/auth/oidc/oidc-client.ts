import { Injectable } from '@nestjs/common';
import {
  authorizationCodeGrant,
  buildAuthorizationUrl,
  buildAuthorizationUrlWithPAR,
  calculatePKCECodeChallenge,
  type Configuration,
  fetchUserInfo,
  refreshTokenGrant,
  type TokenEndpointResponse,
} from 'openid-client';
import { required } from '../../../common/collections.js';
import { Config } from '../../../config/config.js';
import { DatabaseClock } from '../../../database/transactions/database-clock.js';
import { IdentityProvider } from './identity-provider.js';
import {
  checkIdToken,
  type Claims,
  type ExpectedClaims,
  type IdTokenClaims,
  KeySet,
} from './provider/signed-tokens.js';
import { rethrowFrom } from './provider/library-errors.mapper.js';
import { ProviderClient } from './provider/provider-client.js';
import {
  AuthorizationCodeRejected,
  InvalidIdToken,
  RefreshTokenRejected,
  UserInteractionRequired,
} from './provider/provider.errors.js';
import { type Fetch, jsonObjectIn, ProviderFetch, requestTimeout } from './provider/provider-fetch.js';
import type { ProviderMetadata } from './provider/trusted-metadata.js';

export const CALLBACK_PATH = '/api/v1/oauth/custom-oidc/callback';

/** With `openid`, without which the provider sends no ID token. */
export const requestedScopes = (scopes: readonly string[]): string[] => [
  'openid',
  ...scopes.filter((scope) => scope !== 'openid'),
];

/** The values that bind the provider's response to the browser that sent the request. */
export type AuthorizationSecrets = {
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
};

/** `hints` are further parameters of the authorization request; they replace none of the protocol's own. */
export type LoginStart = {
  readonly attempt: AuthorizationSecrets;
  readonly hints: Readonly<Record<string, string>>;
};

export type AuthorizationRequest = { readonly url: string; readonly usesForm: boolean };

/** The code of a callback whose state and issuer were verified. */
export type LoginCallback = {
  readonly attempt: AuthorizationSecrets;
  readonly code: string;
  readonly signal: AbortSignal;
};

/** What a code or a refresh token was exchanged for. `claims` are those of the ID token, null if a refresh sent none. */
export type Exchanged = {
  readonly tokens: TokenEndpointResponse;
  readonly claims: IdTokenClaims | null;
  /** The database's time of the request. */
  readonly now: Date;
};
export type RedeemedCode = Exchanged & { readonly claims: IdTokenClaims; readonly userInfo: Claims };

/** This installation as a client of the provider; openid-client speaks the protocol (docs/decisions/0097). */
@Injectable()
export class OidcClient {
  private readonly keys: KeySet;

  constructor(
    private readonly provider: IdentityProvider,
    private readonly client: ProviderClient,
    private readonly fetch: ProviderFetch,
    private readonly clock: DatabaseClock,
    private readonly config: Config,
  ) {
    this.keys = new KeySet(fetch, { isUnsolicited: false });
  }

  /**
   * With all parameters, or with a reference to them if the provider requires it (RFC 9126).
   *
   * @throws ClientAuthenticationRejected, ClientRequestRejected or ProviderUnavailable
   */
  async authorizationRequest({ attempt, hints }: LoginStart): Promise<AuthorizationRequest> {
    const { scopes, authorizationParameters, urlEncodeScopeSpaces } = this.sso;
    const metadata = await this.provider.metadata();
    const usesForm = respondsByForm(metadata, authorizationParameters['response_mode']);
    const parameters = {
      ...authorizationParameters,
      ...hints,
      ...(usesForm ? { response_mode: 'form_post' } : {}),
      response_type: 'code',
      scope: requestedScopes(scopes).join(' '),
      redirect_uri: this.callbackUrl.href,
      state: attempt.state,
      nonce: attempt.nonce,
      code_challenge: await calculatePKCECodeChallenge(attempt.codeVerifier),
      code_challenge_method: 'S256',
    };
    const url =
      metadata.require_pushed_authorization_requests === true
        ? await this.pushedUrl(metadata, parameters)
        : buildAuthorizationUrl(this.client.configuration(metadata), parameters);
    if (urlEncodeScopeSpaces) url.search = url.search.replaceAll('+', '%20'); // a literal plus is `%2B`
    return { url: url.href, usesForm };
  }

  private async pushedUrl(metadata: ProviderMetadata, parameters: Record<string, string>): Promise<URL> {
    const purpose = 'pushed authorization request';
    const fetch = this.fetch.for(purpose, requestTimeout());
    const request = { purpose, metadata, fetch, now: await this.clock.now() } as const;
    return this.client.sendAuthenticated(request, (configuration) =>
      buildAuthorizationUrlWithPAR(configuration, parameters),
    );
  }

  /**
   * With the claims of UserInfo, empty if the provider has none. If UserInfo fails, the login does: missing groups
   * would be read as no groups.
   *
   * @throws AuthorizationCodeRejected, UserInteractionRequired, InvalidIdToken and what `refresh` throws besides
   */
  async redeemCode({ attempt, code, signal }: LoginCallback): Promise<RedeemedCode> {
    const { state: expectedState, nonce: expectedNonce, codeVerifier: pkceCodeVerifier } = attempt;
    const metadata = await this.provider.metadata();
    const callback = this.callbackUrl;
    callback.search = String(new URLSearchParams({ code, state: expectedState, iss: metadata.issuer }));
    const exchanged = await this.exchange(metadata, expectedNonce, signal, (configuration) =>
      authorizationCodeGrant(configuration, callback, { pkceCodeVerifier, expectedState, expectedNonce }),
    );
    const { tokens, now } = exchanged;
    const claims = required(exchanged.claims, 'verified ID token');
    if (metadata.userinfo_endpoint === undefined) return { tokens, claims, now, userInfo: {} };
    const configuration = this.client.configuration(metadata, { fetch: this.fetch.for('UserInfo', signal) });
    const userInfo = await fetchUserInfo(configuration, tokens.access_token, claims.sub).catch(
      rethrowFrom('UserInfo'),
    );
    return { tokens, claims, now, userInfo };
  }

  /**
   * @throws RefreshTokenRejected, ClientAuthenticationRejected, ClientRequestRejected, InvalidIdToken or
   * ProviderUnavailable
   */
  async refresh(refreshToken: string): Promise<Exchanged> {
    const metadata = await this.provider.metadata();
    const grant = (configuration: Configuration) => refreshTokenGrant(configuration, refreshToken);
    return this.exchange(metadata, null, requestTimeout(), grant).catch((error: unknown) => {
      const isRejected =
        error instanceof AuthorizationCodeRejected || error instanceof UserInteractionRequired;
      throw isRejected ? new RefreshTokenRejected() : error;
    });
  }

  /** openid-client checks no signature of an ID token: it is verified here, and its verified claims are returned. */
  private async exchange(
    metadata: ProviderMetadata,
    nonce: string | null,
    signal: AbortSignal,
    grant: (configuration: Configuration) => Promise<TokenEndpointResponse>,
  ): Promise<Exchanged> {
    const now = await this.clock.now();
    const purpose = 'token endpoint';
    let claims: IdTokenClaims | null = null;
    const fetch: Fetch = async (url, options) => {
      const response = await this.fetch.for(purpose, signal)(url, options);
      const body = response.ok ? await jsonObjectIn(response) : null;
      if (body) claims = await this.verifiedClaims(body, metadata, { nonce, now }, signal);
      return response;
    };
    const tokens = await this.client.sendAuthenticated({ purpose, metadata, fetch, now }, grant);
    return { tokens, claims, now };
  }

  private async verifiedClaims(
    { id_token: idToken, access_token: accessToken }: Readonly<Record<string, unknown>>,
    metadata: ProviderMetadata,
    expected: Pick<ExpectedClaims, 'nonce' | 'now'>,
    signal: AbortSignal,
  ): Promise<IdTokenClaims | null> {
    if (typeof idToken !== 'string') {
      if (expected.nonce === null) return null; // a refresh; the library refuses what is no string
      throw new InvalidIdToken('malformed');
    }
    return checkIdToken(await this.keys.verify(idToken, metadata, signal), {
      ...expected,
      issuer: metadata.issuer,
      clientId: this.sso.clientId,
      accessToken: typeof accessToken === 'string' ? accessToken : null,
    });
  }

  private get sso() {
    return required(this.config.sso, 'single sign-on');
  }

  private get callbackUrl(): URL {
    return new URL(`${required(this.config.server.publicUrl, 'LANGSMITH_URL')}${CALLBACK_PATH}`);
  }
}

/** `form_post` is used only if the operator asks for it or the provider does not support `query`. */
function respondsByForm({ response_modes_supported: modes }: ProviderMetadata, requested?: string): boolean {
  if (requested !== undefined) return requested === 'form_post';
  return modes !== undefined && !modes.includes('query') && modes.includes('form_post');
}
