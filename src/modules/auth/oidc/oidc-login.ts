import { Injectable } from '@nestjs/common';
import { required } from '../../../common/required.js';
import { Config } from '../../../config/config.js';
import type { RedeemedCode } from './identity-provider.js';
import { type AuthorizationSecrets, type LoginRequest, OidcStrategy } from './oidc.strategy.js';
import { toSsoIdentity } from './provider/sso-identity.js';
import { isSubject } from './provider/id-token.js';
import { subjectClaim } from './provider/sso-identity.js';
import type { ProviderMetadata } from './provider/trusted-metadata.js';
import { TokenEndpoint } from './provider/token-endpoint.js';
import { UserInfo } from './provider/user-info.js';
import { requestTimeout } from './provider/provider-request.js';
import type { SsoLogin } from './provider/sso-identity.js';

export const CALLBACK_PATH = '/api/v1/oauth/custom-oidc/callback';

/** The OpenID Connect exchange with the provider: authorization URL, token exchange and claims. */
@Injectable()
export class OidcLogin {
  constructor(
    private readonly strategy: OidcStrategy,
    private readonly tokens: TokenEndpoint,
    private readonly userInfo: UserInfo,
    private readonly config: Config,
  ) {}

  /**
   * The URL of the provider's authorization endpoint, with all parameters, or with a reference to them if the provider
   * requires pushed authorization requests.
   *
   * @throws ClientAuthenticationRejected, ClientRequestRejected or ProviderUnavailable
   */
  async authorizationUrl(
    attempt: AuthorizationSecrets,
    metadata: ProviderMetadata,
    hints: Readonly<Record<string, string>>,
  ): Promise<string> {
    const url = await this.strategy.authorizationUrl(this.toRequest(attempt, metadata, hints));
    if (metadata.require_pushed_authorization_requests === true) return this.pushed(url, metadata);
    return required(this.config.sso, 'single sign-on').urlEncodeScopeSpaces ? url : withPlusForSpaces(url);
  }

  /** Replaces the parameters of the URL by a reference to them (RFC 9126, section 4). */
  private async pushed(authorizationUrl: string, metadata: ProviderMetadata): Promise<string> {
    const parameters = Object.fromEntries(new URL(authorizationUrl).searchParams);
    const requestUri = await this.tokens.pushAuthorizationRequest(metadata, parameters, requestTimeout());
    const url = new URL(metadata.authorization_endpoint);
    url.searchParams.set('client_id', required(this.config.sso, 'single sign-on').clientId);
    url.searchParams.set('request_uri', requestUri);
    return url.href;
  }

  /** @throws the errors of IdentityProvider.redeemCode */
  async redeem(
    { attempt, code }: { attempt: AuthorizationSecrets; code: string },
    metadata: ProviderMetadata,
    signal: AbortSignal,
  ): Promise<SsoLogin> {
    const redeemed = await this.strategy.redeem(this.toRequest(attempt, metadata, {}), code, signal);
    return this.toLogin(redeemed, metadata, signal);
  }

  private async toLogin(
    { idToken, accessToken, refreshToken, claims }: RedeemedCode,
    metadata: ProviderMetadata,
    signal: AbortSignal,
  ): Promise<SsoLogin> {
    const details = await this.userInfo.load(metadata, accessToken, claims, signal);
    const subject = subjectClaim(
      claims.iss,
      required(this.config.sso, 'single sign-on').subjectClaimOverrides,
    );
    return {
      identity: toSsoIdentity(claims, details, subject),
      tokens: {
        idToken,
        idTokenExpiresAt: new Date(claims.exp * 1000),
        refreshToken,
        sid: isSubject(claims['sid']) ? claims['sid'] : null,
      },
    };
  }

  /** `form_post` is used only if the operator asks for it or the provider does not support `query`. */
  usesForm({ response_modes_supported: modes }: ProviderMetadata): boolean {
    const { response_mode: requested } = required(this.config.sso, 'single sign-on').authorizationParameters;
    if (requested !== undefined) return requested === 'form_post';
    return modes !== undefined && !modes.includes('query') && modes.includes('form_post');
  }

  private toRequest(
    attempt: AuthorizationSecrets,
    provider: ProviderMetadata,
    hints: Readonly<Record<string, string>>,
  ): LoginRequest {
    const { clientId, scopes, authorizationParameters } = required(this.config.sso, 'single sign-on');
    const callbackUrl = `${this.config.server.publicUrl}${CALLBACK_PATH}`;
    return {
      attempt,
      provider,
      client: { id: clientId, callbackUrl, scopes, usesForm: this.usesForm(provider) },
      parameters: { ...authorizationParameters, ...hints },
    };
  }
}

/** Node writes spaces as `%20`; in a query the usual form is `+`, and a literal plus is already `%2B`. */
function withPlusForSpaces(url: string): string {
  const [address, query = ''] = url.split('?', 2);
  return `${address}?${query.replaceAll('%20', '+')}`;
}
