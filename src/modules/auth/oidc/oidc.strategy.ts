import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import passport, { type Strategy as AnyStrategy } from 'passport';
import { Strategy } from 'passport-openidconnect';
import { required } from '../../../common/collections.js';
import { Config } from '../../../config/config.js';
import type { AuthorizationRequest, LoginCallback, LoginStart, RedeemedCode } from './oidc-client.js';
import { CALLBACK_PATH, OidcClient } from './oidc-client.js';
import { isSubject, sessionExpiry } from './provider/signed-tokens.js';
import { type SsoLogin, subjectClaim, toSsoIdentity } from './provider/sso-identity.js';

/** Demanded by passport-openidconnect before discovery, and without single sign-on; nothing is sent to this address. */
const INERT_URL = 'https://endpoints-are-discovered.invalid';

/** Single sign-on as a strategy of passport; openid-client speaks the protocol (docs/decisions/0097). */
@Injectable()
export class OidcStrategy extends PassportStrategy(Strategy, 'custom-oidc') {
  declare success: (result: unknown) => void;
  declare error: (error: unknown) => void;

  constructor(
    private readonly client: OidcClient,
    private readonly config: Config,
  ) {
    super({
      issuer: config.sso?.issuerUrl ?? INERT_URL,
      clientID: config.sso?.clientId ?? INERT_URL,
      clientSecret: '',
      callbackURL: `${config.server.publicUrl ?? ''}${CALLBACK_PATH}`,
      authorizationURL: INERT_URL,
      tokenURL: INERT_URL,
      userInfoURL: INERT_URL,
    });
  }

  /** @throws the errors of OidcClient.authorizationRequest */
  begin(start: LoginStart): Promise<AuthorizationRequest> {
    return this.run(start);
  }

  /** @throws the errors of OidcClient.redeemCode */
  redeem(callback: LoginCallback): Promise<SsoLogin> {
    return this.run(callback);
  }

  /** passport sets `success` and `error` on the strategy that it is given, so each request has a copy. */
  private run<Result>(request: LoginStart | LoginCallback): Promise<Result> {
    return new Promise((resolve, reject) => {
      const done = (error: Error | null, result: Result) => (error ? reject(error) : resolve(result));
      passport.authenticate(Object.create(this) as AnyStrategy, done)({ ...request }, {}, done);
    });
  }

  /** The published type expects an Express request; passport passes on the argument of `run`. */
  override authenticate(input: unknown): void {
    const request = input as LoginStart | LoginCallback;
    const result =
      'code' in request
        ? this.client.redeemCode(request).then((redeemed) => this.validate(redeemed))
        : this.client.authorizationRequest(request);
    result.then(this.success, this.error);
  }

  validate({ tokens, claims, userInfo, now }: RedeemedCode): SsoLogin {
    const { subjectClaimOverrides, emailClaims } = required(this.config.sso, 'single sign-on');
    return {
      identity: toSsoIdentity(claims, userInfo, {
        identifier: subjectClaim(claims.iss, subjectClaimOverrides),
        emailClaims,
        now,
      }),
      tokens: {
        idToken: required(tokens.id_token, 'ID token'),
        idTokenExpiresAt: new Date(claims.exp * 1000),
        refreshToken: tokens.refresh_token ?? null,
        sid: isSubject(claims['sid']) ? claims['sid'] : null,
        sessionExpiresAt: sessionExpiry(claims),
      },
    };
  }
}
