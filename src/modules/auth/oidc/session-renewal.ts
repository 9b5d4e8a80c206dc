import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { decodeJwt } from 'jose';
import { required } from '../../../common/collections.js';
import { Config } from '../../../config/config.js';
import { loggedCode } from '../../../common/errors/domain-error.js';
import { DatabaseClock } from '../../../database/transactions/database-clock.js';
import {
  sessionLength,
  SessionSecrets,
  type RefreshClaim,
  type RefreshedSession,
  SsoSessionsRepository,
} from '../../sessions/index.js';
import { type Exchanged, OidcClient } from './oidc-client.js';
import { sessionExpiry } from './provider/signed-tokens.js';
import {
  ClientAuthenticationRejected,
  InvalidIdToken,
  ProviderFailed,
  RefreshTokenRejected,
  ClientRequestRejected,
} from './provider/provider.errors.js';

/** Refresh failures that say nothing about the session. */
const KEEPING_SESSIONS = [ProviderFailed, ClientAuthenticationRejected, ClientRequestRejected];

/** How long a request waits for a renewal by another request; as long as that one may take. */
const WAIT_TIMEOUT_MS = 10_000;
const POLL_INTERVAL_MS = 100;

/** One request per session over all replicas, without an open transaction. Callers read the result from the session. */
@Injectable()
export class SessionRenewal {
  private readonly log = new Logger(SessionRenewal.name);

  constructor(
    private readonly sessions: SsoSessionsRepository,
    private readonly client: OidcClient,
    private readonly secrets: SessionSecrets,
    private readonly clock: DatabaseClock,
    private readonly config: Config,
  ) {}

  /** Renews a session that is due. If another request renews it, waits only if the session is no longer confirmed. */
  async renew(sessionId: string): Promise<void> {
    const claim = await this.sessions.claimRefresh(sessionId);
    if (claim) return this.refresh(claim);
    const deadline = performance.now() + WAIT_TIMEOUT_MS;
    while (performance.now() < deadline && (await this.sessions.isBeingRefreshed(sessionId)))
      await sleep(POLL_INTERVAL_MS);
  }

  /**
   * A rejection or an invalid ID token ends the session; without a usable response it is asked about again after a
   * pause, as after a crash. If the provider has rotated the refresh token by then, the user must sign in again.
   */
  private async refresh(claim: RefreshClaim): Promise<void> {
    try {
      await this.sessions.confirm(claim, await this.requestRefresh(claim));
    } catch (error) {
      if (error instanceof RefreshTokenRejected) return this.sessions.removeRefused(claim);
      if (error instanceof InvalidIdToken) {
        this.log.warn(`a session ended: the new ID token was refused (${error.reason})`);
        return this.sessions.removeRefused(claim); // its refresh token is used up
      }
      if (!KEEPING_SESSIONS.some((kind) => error instanceof kind)) throw error;
      const failure = error as ProviderFailed;
      this.log.warn(`a session could not be refreshed: ${loggedCode(failure)} (${failure.reason})`);
      await this.sessions.pauseRefreshing(claim);
    }
  }

  private async requestRefresh(claim: RefreshClaim): Promise<RefreshedSession> {
    const currentRefreshToken = this.secrets.decrypt(claim.sealedRefreshToken);
    const currentIdToken = this.secrets.decrypt(claim.sealedIdToken);
    if (currentRefreshToken === null || currentIdToken === null) throw new RefreshTokenRejected();
    const fresh = await this.client.refresh(currentRefreshToken);
    assertSameSubject(fresh, claim);
    const { id_token: idToken, refresh_token: refreshToken = currentRefreshToken } = fresh.tokens;
    const now = await this.clock.now();
    const providerExpiresAt = (fresh.claims && sessionExpiry(fresh.claims)) ?? claim.providerExpiresAt;
    const idTokenExpiresAt = fresh.claims
      ? new Date(fresh.claims.exp * 1000)
      : repeatLifetime(currentIdToken, now);
    const length = sessionLength(
      { idTokenExpiresAt, providerExpiresAt, hasRefreshToken: true },
      { startedAt: claim.createdAt, now },
      required(this.config.sso, 'single sign-on'),
    );
    return {
      ...length,
      providerExpiresAt,
      sealedRefreshToken: length.refreshDueAt ? this.secrets.encrypt(refreshToken) : null,
      sealedIdToken: idToken ? this.secrets.encrypt(idToken) : claim.sealedIdToken,
    };
  }
}

/** OpenID Connect Core 1.0, section 12.2: a new ID token must have the same subject. */
function assertSameSubject({ claims }: Exchanged, session: RefreshClaim): void {
  if (claims !== null && claims.sub !== session.subject) throw new InvalidIdToken('subject');
}

/** A refresh response need not contain a new ID token; the previous lifetime is then repeated. */
function repeatLifetime(idToken: string, now: Date): Date {
  const { iat, exp } = decodeJwt(idToken);
  return new Date(now.getTime() + (required(exp, 'exp') - required(iat, 'iat')) * 1000);
}
