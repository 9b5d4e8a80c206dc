import { Injectable } from '@nestjs/common';
import { decodeJwt } from 'jose';
import { allowInsecureRequests, buildEndSessionUrl, Configuration } from 'openid-client';
import { required } from '../../../common/collections.js';
import { Config } from '../../../config/config.js';
import { DatabaseClock } from '../../../database/transactions/database-clock.js';
import { IdentityProvider } from './identity-provider.js';
import {
  audienceFlaw,
  type Claims,
  type ExpectedClaims,
  isSubject,
  KeySet,
  timeFlaw,
} from './provider/signed-tokens.js';
import { InvalidIdToken, InvalidLogoutToken, SsoDisabled } from './provider/provider.errors.js';
import { ProviderFetch, requestTimeout } from './provider/provider-fetch.js';

const MAX_AGE_SECONDS = 120; // of a token without `exp`
const LONGEST_TOKEN = 16_384; // characters; a token with an RSA signature has about 1,000
const LOGOUT_EVENT = 'http://schemas.openid.net/event/backchannel-logout';

export type LogoutToken = {
  readonly issuer: string;
  /** At least one of `subject` and `sid` is set. */
  readonly subject: string | null;
  readonly sid: string | null;
  readonly jti: string;
  readonly expiresAt: Date;
};

/** Logouts that continue at the provider, and those that begin there (OpenID Connect Back-Channel Logout 1.0). */
@Injectable()
export class ProviderLogout {
  private readonly keys: KeySet;

  constructor(
    private readonly provider: IdentityProvider,
    fetch: ProviderFetch,
    private readonly clock: DatabaseClock,
    private readonly config: Config,
  ) {
    this.keys = new KeySet(fetch, { isUnsolicited: true });
  }

  /**
   * The URL for RP-initiated logout; null if there is no end-session endpoint. The ID token is sent only to an endpoint
   * of the standard, which has `post_logout_redirect_uri` (docs/contract/sign-in.md#logout-at-the-provider).
   *
   * @throws ProviderUnavailable
   */
  async endSessionUrl(options: { idTokenHint: string | null; returnTo: string }): Promise<string | null> {
    const { clientId, issuerUrl: issuer, logout } = required(this.config.sso, 'single sign-on');
    const endpoint = URL.parse(logout.url ?? (await this.provider.metadata()).end_session_endpoint ?? '');
    if (endpoint === null) return null;
    const isStandard = logout.returnParameter === 'post_logout_redirect_uri';
    const parameters = {
      client_id: clientId,
      [logout.returnParameter]: options.returnTo,
      ...(options.idTokenHint !== null && isStandard ? { id_token_hint: options.idTokenHint } : {}),
    };
    for (const name of Object.keys(parameters)) endpoint.searchParams.delete(name); // the library would repeat it
    const configuration = new Configuration({ issuer, end_session_endpoint: endpoint.href }, clientId);
    allowInsecureRequests(configuration); // only for loopback: the environment and `trustedMetadata` check it
    return buildEndSessionUrl(configuration, parameters).href;
  }

  /**
   * Verifies a logout token; the caller must check that its `jti` is new. Anyone can send a logout token, so the claims
   * are checked first, before a signature check that may have to load the provider's keys.
   *
   * @throws SsoDisabled, InvalidLogoutToken or ProviderUnavailable
   */
  async verifyLogoutToken(token: string | null): Promise<LogoutToken> {
    if (!this.config.sso) throw new SsoDisabled();
    if (token === null) throw new InvalidLogoutToken('missing');
    const unverified = unverifiedClaims(token);
    const metadata = await this.provider.metadata();
    const { clientId } = required(this.config.sso, 'single sign-on');
    const expected = { issuer: metadata.issuer, clientId, now: await this.clock.now() };
    checkLogoutToken(unverified, expected);
    try {
      const { claims } = await this.keys.verify(token, metadata, requestTimeout());
      return checkLogoutToken(claims, expected);
    } catch (error) {
      throw error instanceof InvalidIdToken ? new InvalidLogoutToken(error.flaw) : error;
    }
  }
}

/** Of a token whose signature was verified (OpenID Connect Back-Channel Logout 1.0, section 2.6). */
export function checkLogoutToken(
  claims: Claims,
  expected: Pick<ExpectedClaims, 'issuer' | 'clientId' | 'now'>,
): LogoutToken {
  const { sub, sid, jti, events } = claims;
  const timed = withExpiry(claims);
  const flaw = audienceFlaw(claims, expected) ?? timeFlaw(timed, expected.now) ?? logoutFlaw(claims);
  if (flaw) throw new InvalidLogoutToken(flaw);
  if (!isLogoutEvent(events)) throw new InvalidLogoutToken('events');
  return {
    issuer: expected.issuer,
    subject: (sub as string | undefined) ?? null,
    sid: (sid as string | undefined) ?? null,
    jti: jti as string,
    expiresAt: new Date((timed['exp'] as number) * 1000),
  };
}

/** A token without `exp`, as providers of earlier drafts send, is valid for two minutes after `iat`. */
function withExpiry(claims: Claims): Claims {
  const { exp, iat } = claims;
  return exp === undefined && typeof iat === 'number' ? { ...claims, exp: iat + MAX_AGE_SECONDS } : claims;
}

/** A nonce is forbidden, so that an ID token is not accepted as a logout token. */
function logoutFlaw({ sub, sid, jti, nonce }: Claims): string | null {
  const names = [sub, sid].filter((name) => name !== undefined);
  if (nonce !== undefined) return 'nonce';
  if (names.length === 0 || !names.every(isSubject)) return 'subject';
  return isSubject(jti) ? null : 'jti';
}

function isLogoutEvent(events: unknown): boolean {
  if (typeof events !== 'object' || events === null) return false;
  const event = (events as Claims)[LOGOUT_EVENT];
  return typeof event === 'object' && event !== null;
}

/** Not verified. @throws InvalidLogoutToken if the token is too long or has no claims */
function unverifiedClaims(token: string): Claims {
  try {
    if (token.length <= LONGEST_TOKEN) return decodeJwt(token);
  } catch {
    // reported below; the parser's message would quote the token
  }
  throw new InvalidLogoutToken('malformed');
}
