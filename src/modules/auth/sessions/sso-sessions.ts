import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { decodeJwt } from 'jose';
import { required } from '../../../common/required.js';
import { Config } from '../../../config/config.js';
import { DatabaseClock } from '../../../database/database-clock.js';
import { newId } from '../../../database/new-id.js';
import { sessionLength } from './session-length.js';
import { SessionCookie } from './session-cookie.js';
import { SessionSecrets } from './session-secrets.js';
import { SessionsRepository } from './sessions.repository.js';
import { type EndedSession, type SsoSession, SsoSessionsRepository } from './sso-sessions.repository.js';

/** The part of a verified login that its session stores. */
type VerifiedLogin = {
  readonly identity: { readonly issuer: string };
  readonly tokens: {
    readonly idToken: string;
    readonly idTokenExpiresAt: Date;
    readonly refreshToken: string | null;
    readonly sid: string | null;
  };
};

/** SSO sessions. The caller has authenticated the user and opens the transaction. */
@Injectable()
export class SsoSessions {
  constructor(
    private readonly sessions: SsoSessionsRepository,
    private readonly allSessions: SessionsRepository,
    private readonly secrets: SessionSecrets,
    private readonly cookie: SessionCookie,
    private readonly clock: DatabaseClock,
    private readonly config: Config,
  ) {}

  /**
   * Opens a session under a new token, against session fixation, and ends the previous session of this browser. Deletes
   * expired sessions of all users.
   */
  async open(input: {
    userId: string;
    login: VerifiedLogin;
    request: Pick<FastifyRequest, 'headers'>;
  }): Promise<{ setCookie: string }> {
    await this.allSessions.removeExpired();
    await this.endCurrent(input.request);
    const token = this.secrets.newToken();
    const session = this.buildSession(input.userId, input.login, {
      createdAt: await this.clock.now(),
      tokenDigest: this.secrets.digest(token),
    });
    await this.sessions.insert(session);
    return { setCookie: this.cookie.serialize(token, session) };
  }

  /**
   * Ends the session of this browser, if it has one, and clears its cookie.
   *
   * @throws CrossSiteRequest
   */
  async close(request: FastifyRequest): Promise<{ ended: EndedSession | null; setCookie: string }> {
    this.cookie.assertTrustedOrigin(request);
    return { ended: await this.endCurrent(request), setCookie: this.cookie.serializeCleared };
  }

  /** Ends all sessions of a subject at the provider, or one session there. Returns the ended sessions. */
  closeByProvider(
    issuer: string,
    target: { subject: string | null; sid: string | null },
  ): Promise<EndedSession[]> {
    return this.sessions.removeByProvider(issuer, target);
  }

  private async endCurrent({ headers }: Pick<FastifyRequest, 'headers'>): Promise<EndedSession | null> {
    const token = this.cookie.readToken(headers.cookie);
    const digest = token && this.secrets.digest(token);
    return digest ? this.sessions.removeByToken(digest) : null;
  }

  private buildSession(
    userId: string,
    { identity, tokens }: VerifiedLogin,
    { createdAt, tokenDigest }: Pick<SsoSession, 'createdAt' | 'tokenDigest'>,
  ): SsoSession {
    const confirmation = {
      idTokenExpiresAt: tokens.idTokenExpiresAt,
      hasRefreshToken: tokens.refreshToken !== null,
    };
    const length = sessionLength(
      confirmation,
      { startedAt: createdAt, now: createdAt },
      required(this.config.sso, 'single sign-on'),
    );
    const refreshToken = length.refreshDueAt === null ? null : tokens.refreshToken;
    return {
      id: newId(),
      userId,
      createdAt,
      tokenDigest,
      issuer: identity.issuer,
      subject: decodeJwt(tokens.idToken).sub ?? null,
      providerSessionId: tokens.sid,
      sealedRefreshToken: refreshToken === null ? null : this.secrets.encrypt(refreshToken),
      sealedIdToken: this.secrets.encrypt(tokens.idToken),
      ...length,
    };
  }
}
