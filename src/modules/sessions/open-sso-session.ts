import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { decodeJwt } from 'jose';
import { requestMetadata } from '../../common/http/request-metadata.decorator.js';
import { required } from '../../common/required.js';
import { Config } from '../../config/config.js';
import { awaitAll } from '../../database/transactions/await-all.js';
import { DatabaseClock } from '../../database/transactions/database-clock.js';
import { newId } from '../../database/statements/new-id.js';
import { BrowserSession } from './browser-session.js';
import { SessionCookie } from './session-cookie.js';
import { sessionLength } from './session-length.js';
import { SessionSecrets } from './session-secrets.js';
import { type SsoSession, SsoSessionsRepository } from './sso-sessions.repository.js';

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

/** Opens SSO sessions. The caller has authenticated the user and opens the transaction. */
@Injectable()
export class OpenSsoSession {
  constructor(
    private readonly sessions: SsoSessionsRepository,
    private readonly secrets: SessionSecrets,
    private readonly browserSession: BrowserSession,
    private readonly cookie: SessionCookie,
    private readonly clock: DatabaseClock,
    private readonly config: Config,
  ) {}

  /** Under a new token, against session fixation; ends the previous session of this browser. */
  async run(input: {
    userId: string;
    login: VerifiedLogin;
    request: FastifyRequest;
  }): Promise<{ setCookie: string }> {
    const [createdAt] = await awaitAll([this.clock.now(), this.browserSession.end(input.request)]);
    const token = this.secrets.newToken();
    const { userAgent, clientHost } = requestMetadata(input.request);
    const session = this.buildSession(input.userId, input.login, {
      userAgent,
      clientHost,
      createdAt,
      tokenDigest: this.secrets.digest(token),
    });
    await this.sessions.insert(session);
    return { setCookie: this.cookie.serialize(token, session) };
  }

  private buildSession(
    userId: string,
    { identity, tokens }: VerifiedLogin,
    opened: Pick<SsoSession, 'createdAt' | 'tokenDigest' | 'userAgent' | 'clientHost'>,
  ): SsoSession {
    const confirmation = {
      idTokenExpiresAt: tokens.idTokenExpiresAt,
      hasRefreshToken: tokens.refreshToken !== null,
    };
    const length = sessionLength(
      confirmation,
      { startedAt: opened.createdAt, now: opened.createdAt },
      required(this.config.sso, 'single sign-on'),
    );
    const refreshToken = length.refreshDueAt === null ? null : tokens.refreshToken;
    return {
      id: newId(),
      userId,
      ...opened,
      issuer: identity.issuer,
      subject: decodeJwt(tokens.idToken).sub ?? null,
      providerSessionId: tokens.sid,
      sealedRefreshToken: refreshToken === null ? null : this.secrets.encrypt(refreshToken),
      sealedIdToken: this.secrets.encrypt(tokens.idToken),
      ...length,
    };
  }
}
