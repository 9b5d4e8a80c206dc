import { Injectable } from '@nestjs/common';
import { Config } from '../../../config/config.js';
import { AddressThrottle } from '../../../database/address-throttle.js';
import { SsoIsOff } from '../sso/provider.errors.js';
import { IdentityProvider } from '../sso/identity-provider.js';
import { type LoginAttempt, LoginCookie } from './login-cookie.js';
import { OidcLogin } from '../sso/oidc-login.js';
import { patience } from '../sso/provider/ask.js';
import type { ProviderMetadata } from '../sso/provider/trusted-metadata.js';
import { errorOfProvider, NotThisLogin } from './login.errors.js';
import type { SsoLogin } from '../sso/sso-identity.js';
import { UsedLoginStatesRepository } from './used-login-states.repository.js';

/** What the provider sent along with the browser, and the cookies that the browser has. */
export type Callback = {
  readonly state: string | null;
  readonly code: string | null;
  readonly error: string | null;
  readonly issuer: string | null;
  readonly cookies: string | undefined;
  readonly clientHost: string | null;
};

export type ProvedLogin = { attempt: LoginAttempt; login: SsoLogin };

/** A callback → a login that the provider vouches for. Nothing of it is believed before it is known to be of this browser. */
@Injectable()
export class LoginProof {
  constructor(
    private readonly cookie: LoginCookie,
    private readonly usedStates: UsedLoginStatesRepository,
    private readonly provider: IdentityProvider,
    private readonly oidc: OidcLogin,
    private readonly throttle: AddressThrottle,
    private readonly config: Config,
  ) {}

  /** Throws SsoIsOff, TooManyRequests, NotThisLogin, ProviderSaidNo, and whatever redeeming the code throws. */
  async run(callback: Callback): Promise<ProvedLogin> {
    if (!this.config.sso) throw new SsoIsOff();
    await this.throttle.hit('login return', callback.clientHost);
    const attempt = await this.attemptOf(callback);
    const signal = patience();
    const metadata = await this.provider.metadata(signal);
    assertIssuer(callback, metadata);
    if (callback.error !== null) throw errorOfProvider(callback.error);
    if (callback.code === null) throw new NotThisLogin('no code');
    const login = await this.oidc.redeem({ attempt, code: callback.code }, metadata, signal);
    return { attempt, login };
  }

  /** Once: whoever got hold of the address and the cookie comes second. */
  private async attemptOf({ state, cookies }: Callback): Promise<LoginAttempt> {
    if (state === null) throw new NotThisLogin('no state');
    const attempt = this.cookie.find(cookies, state);
    if (!(await this.usedStates.markUsed(attempt))) throw new NotThisLogin('used');
    return attempt;
  }
}

/** RFC 9207, section 2.4: a provider that says it names itself does; one that names itself is the right one. */
function assertIssuer({ issuer }: Callback, metadata: ProviderMetadata): void {
  const isPromised = metadata.authorization_response_iss_parameter_supported === true;
  if (issuer === null ? isPromised : issuer !== metadata.issuer) throw new NotThisLogin('issuer');
}
