import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { decodeJwt } from 'jose';
import { Config } from '../../config/config.js';
import { sessionLength } from './sessions/session-length.js';
import { SessionSecrets } from './sessions/session-secrets.js';
import {
  type RefreshClaim,
  type RefreshedSession,
  SsoSessionsRepository,
} from './sessions/sso-sessions.repository.js';
import { IdentityProvider, type Refreshed } from './sso/identity-provider.js';
import {
  ClientAuthenticationRejected,
  InvalidIdToken,
  ProviderUnavailable,
  RefreshTokenRejected,
} from './sso/provider.errors.js';

/** How long a request waits for the one that is asking the provider; as long as that one may take. */
const WAIT_TIMEOUT_MS = 10_000;
const POLL_INTERVAL_MS = 100;

/**
 * Keeps a session of single sign-on going with its refresh token. One request at a time asks the provider for it, over
 * all replicas; no transaction is open meanwhile. What came of it is read from the session afterwards.
 */
@Injectable()
export class SessionRenewal {
  private readonly log = new Logger(SessionRenewal.name);

  constructor(
    private readonly sessions: SsoSessionsRepository,
    private readonly provider: IdentityProvider,
    private readonly secrets: SessionSecrets,
    private readonly config: Config,
  ) {}

  /** Of a session that is due. Who finds another request at it goes on with what is still good, else waits for it. */
  async renew(sessionId: string): Promise<void> {
    const claim = await this.sessions.claimRefresh(sessionId);
    if (claim) return this.refresh(claim);
    const deadline = Date.now() + WAIT_TIMEOUT_MS;
    while (Date.now() < deadline && (await this.sessions.isBeingRefreshed(sessionId)))
      await sleep(POLL_INTERVAL_MS);
  }

  /**
   * A refusal ends the session. Without a usable answer it stays what it was, and is asked about again after a pause;
   * so it is after a crash right here: the claim runs out. A provider that had given out a new refresh token by then
   * may refuse the old one, and the person has to sign in again; nobody but the provider could do better.
   */
  private async refresh(claim: RefreshClaim): Promise<void> {
    try {
      await this.sessions.confirm(claim, await this.requestRefresh(claim));
    } catch (error) {
      if (error instanceof RefreshTokenRejected) return this.sessions.removeRefused(claim);
      if (error instanceof InvalidIdToken) return this.endUnverified(claim, error);
      if (!(error instanceof ProviderUnavailable || error instanceof ClientAuthenticationRejected))
        throw error;
      this.log.warn(`a session could not be refreshed: ${'reason' in error ? error.reason : error.code}`);
      await this.sessions.pauseRefreshing(claim);
    }
  }

  /** Its refresh token is used up, and what came for it proves nothing. */
  private async endUnverified(claim: RefreshClaim, { reason }: InvalidIdToken): Promise<void> {
    this.log.warn(`a session ended: the new ID token was refused (${reason})`);
    await this.sessions.removeRefused(claim);
  }

  private async requestRefresh(claim: RefreshClaim): Promise<RefreshedSession> {
    const currentRefreshToken = this.secrets.decrypt(claim.sealedRefreshToken);
    const currentIdToken = this.secrets.decrypt(claim.sealedIdToken);
    if (currentRefreshToken === null || currentIdToken === null) throw new RefreshTokenRejected();
    const fresh = await this.provider.refresh(currentRefreshToken);
    assertSameSubject(fresh, claim);
    return this.toRefreshedSession(claim, fresh, { used: currentRefreshToken, kept: currentIdToken });
  }

  private toRefreshedSession(
    claim: RefreshClaim,
    fresh: Refreshed,
    { used: currentRefreshToken, kept: currentIdToken }: { used: string; kept: string },
  ): RefreshedSession {
    const now = new Date();
    const idTokenExpiresAt = fresh.idTokenExpiresAt ?? repeatLifetime(currentIdToken, now);
    const length = sessionLength(
      { idTokenExpiresAt, hasRefreshToken: true },
      { startedAt: claim.createdAt, now },
      this.config.sso!,
    );
    const refreshToken = fresh.refreshToken ?? currentRefreshToken;
    return {
      ...length,
      sealedRefreshToken: length.refreshDueAt ? this.secrets.encrypt(refreshToken) : null,
      sealedIdToken: fresh.idToken ? this.secrets.encrypt(fresh.idToken) : claim.sealedIdToken,
    };
  }
}

/** OpenID Connect Core, section 12.2: a new ID token is about the same person. */
function assertSameSubject({ subject }: Refreshed, session: RefreshClaim): void {
  if (subject !== null && subject !== session.subject) throw new InvalidIdToken('subject');
}

/** No new ID token came (it need not): the confirmation is worth as much as the last one was. */
function repeatLifetime(idToken: string, now: Date): Date {
  const { iat, exp } = decodeJwt(idToken);
  return new Date(now.getTime() + (exp! - iat!) * 1000);
}
