import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import {
  type AuthorizationSecrets,
  CALLBACK_PATH,
  IdentityProvider,
  OidcStrategy,
  type ProviderMetadata,
  requestTimeout,
  type SsoLogin,
} from '../../oidc/index.js';
import { InvalidLoginState, toProviderError } from './errors.js';

export type Callback = {
  readonly state: string | null;
  readonly code: string | null;
  readonly error: string | null;
  readonly issuer: string | null;
  readonly cookies: string | undefined;
  readonly clientHost: string | null;
};

/** 256 random bits, the entropy that RFC 7636, section 7.1 recommends for a code verifier. */
const secret = () => randomBytes(32).toString('base64url');

/** The prefix of the state names the cookie that holds the secrets. */
export const newSecrets = (prefix: string): AuthorizationSecrets => ({
  state: `${prefix}${secret()}`,
  nonce: secret(),
  codeVerifier: secret(),
});

export function callbackUrl({ state, code, error, issuer: iss }: Callback, publicUrl: string): string {
  const url = new URL(`${publicUrl}${CALLBACK_PATH}`);
  for (const [name, value] of Object.entries({ state, code, error, iss }))
    if (value !== null) url.searchParams.set(name, value);
  return url.href;
}

@Injectable()
export class RedeemCallback {
  constructor(
    private readonly provider: IdentityProvider,
    private readonly strategy: OidcStrategy,
  ) {}

  /** @throws InvalidLoginState, AuthorizationDenied, and the errors of OidcStrategy.redeem */
  async run(attempt: AuthorizationSecrets, callback: Callback): Promise<SsoLogin> {
    const signal = requestTimeout();
    assertIssuer(callback, await this.provider.metadata());
    if (callback.error !== null) throw toProviderError(callback.error);
    if (callback.code === null) throw new InvalidLoginState('no code');
    return this.strategy.redeem({ attempt, code: callback.code, signal });
  }
}

/** RFC 9207, section 2.4: `iss` is required if the provider announces it, and must match if present. */
function assertIssuer({ issuer }: Callback, metadata: ProviderMetadata): void {
  const isRequired = metadata.authorization_response_iss_parameter_supported === true;
  if (issuer === null ? isRequired : issuer !== metadata.issuer) throw new InvalidLoginState('issuer');
}
