import { Injectable } from '@nestjs/common';
import { Config } from '../../../config/config.js';
import { IdentityProvider } from './identity-provider.js';
import {
  type ExchangedTokens,
  type AuthorizationSecrets,
  OidcStrategy,
  type PassportRequest,
} from './oidc.strategy.js';
import { toSsoIdentity } from './provider/sso-identity.mapper.js';
import { type IdTokenClaims, isSubject } from './provider/id-token.js';
import { subjectClaim } from './provider/subject-claim.js';
import type { ProviderMetadata } from './provider/trusted-metadata.js';
import { userInfo } from './provider/user-info.js';
import type { SsoLogin } from './sso-identity.js';

const CALLBACK_PATH = '/api/v1/oauth/custom-oidc/callback';

/** The OpenID Connect exchange with the provider: authorization URL, token exchange and claims. */
@Injectable()
export class OidcLogin {
  constructor(
    private readonly strategy: OidcStrategy,
    private readonly provider: IdentityProvider,
    private readonly config: Config,
  ) {}

  /** The URL of the provider's authorization endpoint, with all parameters. */
  async authorizationUrl(attempt: AuthorizationSecrets, metadata: ProviderMetadata): Promise<string> {
    const request = this.toPassportRequest(attempt, metadata, {}, () =>
      Promise.reject(new Error('an authorization request has no code to exchange')),
    );
    const { redirect } = await this.strategy.run(request);
    return this.config.sso!.urlEncodeScopeSpaces ? redirect! : withPlusForSpaces(redirect!);
  }

  /** @throws AuthorizationCodeRejected, ClientAuthenticationRejected, InvalidIdToken or ProviderUnavailable */
  async redeem(
    { attempt, code }: { attempt: AuthorizationSecrets; code: string },
    metadata: ProviderMetadata,
    signal: AbortSignal,
  ): Promise<SsoLogin> {
    let verified: (ExchangedTokens & { claims: IdTokenClaims }) | null = null;
    const query = { code, state: attempt.state };
    const request = this.toPassportRequest(attempt, metadata, query, async (parameters) => {
      verified = await this.provider.redeemCode(parameters, attempt.nonce, signal);
      return verified;
    });
    await this.strategy.run(request).catch((error: unknown) => {
      throw unwrapError(error);
    });
    return this.toLogin(verified!, metadata, signal);
  }

  private async toLogin(
    { idToken, accessToken, refreshToken, claims }: ExchangedTokens & { claims: IdTokenClaims },
    metadata: ProviderMetadata,
    signal: AbortSignal,
  ): Promise<SsoLogin> {
    const details = await userInfo(metadata, accessToken, claims, signal);
    const subject = subjectClaim(claims.iss, this.config.sso!.subjectClaimOverrides);
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

  private toPassportRequest(
    attempt: AuthorizationSecrets,
    provider: ProviderMetadata,
    query: PassportRequest['query'],
    exchange: PassportRequest['exchange'],
  ): PassportRequest {
    const { clientId, scopes } = this.config.sso!;
    const callbackUrl = `${this.config.server.publicUrl}${CALLBACK_PATH}`;
    const client = { id: clientId, callbackUrl, scopes, usesForm: usesForm(provider) };
    return { query, attempt, provider, client, exchange };
  }
}

/** `form_post` is used only if the provider does not support `query` (OAuth 2.0 Form Post Response Mode). */
export const usesForm = ({ response_modes_supported: modes }: ProviderMetadata): boolean =>
  modes !== undefined && !modes.includes('query') && modes.includes('form_post');

/** Node writes spaces as `%20`; in a query the usual form is `+`, and a literal plus is already `%2B`. */
function withPlusForSpaces(url: string): string {
  const [address, query] = url.split('?', 2);
  return `${address}?${query!.replaceAll('%20', '+')}`;
}

/** Passport wraps the error of the exchange in `oauthError`. */
function unwrapError(error: unknown): unknown {
  return (error as { oauthError?: unknown }).oauthError ?? error;
}
